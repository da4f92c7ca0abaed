// Match (DESIGN.md section 4, rule 6, and section 2 point 3): finds the records that are the same real thing. A key
// that too many carry is no key; one candidate links, several park; a second record of one resource parks as a duplicate;
// nothing is ever merged silently (G7). Works on all pending records of a resource in order of id, after every data type of
// the model has been swept, so that the result does not depend on which system answered first (G2).
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Matches up to limits::match_per_step pending records. Ensures: progress, or false when nothing can be matched now.
bool match_some(Step& step);

// Whether records of the data type's model, or of its lines', are being matched for the first time: everything is there, and a
// moment later it is known. Writes wait for it, so that a record is written once, with the values that won.
bool is_joining(const model::Workspace& workspace, const Memory& memory, DataTypeIndex data_type);

}  // namespace entente::sync
