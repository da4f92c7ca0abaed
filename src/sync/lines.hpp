// Lines (order lines inside an order body, or a resource of their own) match only inside linked parents, as a multiset: two
// equal lines are not duplicates (DESIGN.md section 2 point 3). A line that came is compared with those that went before it is
// made elsewhere: people remove lines and type them again, and systems give every line a new id when the whole is saved
// (decision 0024). Serves G6.
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Matches these pending lines of one data type. Ensures: each is linked, or waits: outside for its parent or a reference, for a
// look at the other lines of its parent, or parked for a person.
void match_lines(Step& step, DataTypeIndex data_type, std::span<const RecordId> pending);

// The lines of the record's parent that went, are still elsewhere and were not replaced: those that this line may be, typed anew, in
// the order of their making. A person chooses one (take_over in link.hpp) or says that it is none of them.
std::vector<WorkLink*> places_of(Step& step, const WorkRecord& line, DataTypeIndex data_type);

// Matches those lines of the thing once more that wait for a person because another one went: one there came, went or came back.
void match_waiting_lines(Step& step, EntityId parent);
// The same for the thing of a line that went or came back; of what is no line, nothing.
void match_waiting_beside(Step& step, const WorkLink& link);

}  // namespace entente::sync
