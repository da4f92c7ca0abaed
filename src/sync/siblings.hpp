// Several systems of one connector may be one system under several addresses: then what is created in one of them shows in the
// others, is taken for new there, and is created again without end. That our write to one shows in another is the proof; equal
// ids are none (G6).
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Whether a record may be created there now: where there are several systems of one connector, one record is created first, and
// the others are read before there are more. Called when nothing else holds the create back.
bool may_try(Step& step, EntityId entity, DataTypeIndex data_type);

// A page shows a record that nobody has seen there. Ensures: both data types are stopped and people told, if it is one that we
// created in another system.
void look_for_mirror(Step& step, ResourceIndex resource, const SeenRecord& seen);

// The same, where the page came before the answer to our create: it has shown, in another system, what `made` is.
void look_for_mirrored(Step& step, const Intent& create, const WorkRecord& made);

}  // namespace entente::sync
