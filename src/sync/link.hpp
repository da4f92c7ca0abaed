// Links, and what becomes of a record that gets none: made, parked, woken up. Deciding which records belong together is match's
// and lines' business; here is only what follows from it. Serves G7: a link is made once and for one entity.
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Links a record to an entity, with unset shadows: the caller then compares it, so that its values are edits upon nothing.
// Requires: no link of the two before.
WorkLink& make_link(Step& step, WorkRecord& record, DataTypeIndex data_type, EntityId entity,
                    LinkOrigin origin);

// The record is a line typed anew: it takes the place of the one whose line `link` is, with all that is known of what that one
// showed, so that what differs is an edit upon it. Requires: the link's record is gone and no write to it is open; the new record is
// live and unlinked there. Ensures: nothing waits for a person about it any more; the old record, should it come back, is a
// newcomer. Called by lines, and for a person who says so (`entente relink`).
void take_over(Step& step, WorkRecord& record, WorkLink& link);

// A new entity of the data type's model; `parent` of a line.
WorkEntity& make_entity(Step& step, ModelIndex model, EntityId parent);

// Sets the record aside for a person. Says nothing when it was parked so before.
void park_record(Step& step, WorkRecord& record, DataTypeIndex data_type, ParkReason reason,
                 std::vector<RecordId> candidates, std::string text);

// Entities that expected this record to be matched to them may have to create one instead.
void unsettle_neighbours(Step& step, const WorkRecord& record);

// Tells whoever waits for these entities or their records that they are linked now. Called at the end of a step.
void wake_waiting(Step& step);

}  // namespace entente::sync
