// Draws faults that last: a record, a value, a property or a list that always meets the same status, for a while or for ever; and a
// single 403 or 404 to one call. A stream of its own: scripts without it stay as they are.
#pragma once

#include "world/script.hpp"

namespace entente::world {

// Adds such faults to three scripts of ten, each kind with probability one half. `things`: so many there are, T1 and on.
void draw_lasting(Script& script, std::uint64_t things);

}  // namespace entente::world
