// Random traits of a simulated system: every ability and declared habit with its own chance. Used by draw.
#pragma once

#include "base/random.hpp"
#include "sim/traits.hpp"

namespace entente::world {

// `with_habits`: forms that the connector does not tell of may be drawn too.
sim::Traits draw_traits(std::string name, Random& random, bool with_habits);

// What its lists are like: whether they have ties, and what proves that one was read whole.
void draw_lists(sim::Traits& traits, Random& random);

}  // namespace entente::world
