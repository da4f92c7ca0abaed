// Match and link (DESIGN.md section 4, rule 6, and section 2 point 3): finds the records that are the same real thing. A key
// that too many carry is no key; one candidate links, several park; a second record of one resource parks as a duplicate;
// nothing is ever merged silently (G7). Works on all pending records of a resource in order of id, after every data type of
// the model has been swept, so that the result does not depend on which system answered first (G2).
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Matches up to limits::work_per_step pending records. Ensures: progress, or false when nothing can be matched now.
bool match_some(Step& step);

// Links a record to an entity, with unset shadows: the caller then compares it, so that its values are edits upon nothing.
// Requires: no link of the two before.
WorkLink& make_link(Step& step, WorkRecord& record, DataTypeIndex data_type, EntityId entity, LinkOrigin origin);

// A new entity of the data type's model.
WorkEntity& make_entity(Step& step, ModelIndex model, EntityId parent);

// Tells whoever waits for these entities or their records that they are linked now. Called at the end of a step.
void wake_waiting(Step& step);

void park_record(Step& step, WorkRecord& record, DataTypeIndex data_type, ParkReason reason, std::vector<RecordId> candidates,
                 std::string text);

}  // namespace entente::sync
