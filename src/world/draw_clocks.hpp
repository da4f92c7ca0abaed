// Draws what becomes of clocks: ours and the systems' are set, by seconds, hours (as daylight saving does) and years, forward and
// back; answers tell no date or that of another century; records are dated anywhere. A stream of its own: scripts without it stay
// as they are.
#pragma once

#include "world/script.hpp"

namespace entente::world {

// Adds such events to one script of five. Requires: its systems are swept.
void draw_clocks(Script& script);

}  // namespace entente::world
