// Draws what people do who type lines anew: all of a thing in one go, or one by one, seconds apart; or another line in the place of
// one that they remove. A stream of its own: scripts without it stay as they are.
#pragma once

#include "world/script.hpp"

namespace entente::world {

// Adds such acts to three scripts of ten. `things`: so many there are, T1 and on; `next_value` is counted up with each new value.
void draw_retyped(Script& script, std::uint64_t things, std::int64_t& next_value);

}  // namespace entente::world
