// Times in which nobody runs the process, from seconds to days: what people do then happens without it.
#pragma once

#include "world/script.hpp"

namespace entente::world {

// Sometimes. Events that people make within some seconds are drawn out over the time away, in their order; what goes wrong then goes
// wrong after it, and all that is later comes as much later. A stream of its own. Requires: not `is_ordered`.
void draw_downtime(Script& script);

}  // namespace entente::world
