// Lines (order lines inside an order body, or a resource of their own) match only inside linked parents, as a multiset: two
// equal lines are not duplicates (DESIGN.md section 2 point 3).
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Matches these pending lines of one data type. Ensures: each is linked, or waits outside for its parent or a reference.
void match_lines(Step& step, DataTypeIndex data_type, std::span<const RecordId> pending);

}  // namespace entente::sync
