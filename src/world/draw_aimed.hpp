// Scripts aimed at one rule each that chance alone does not reach: something fails for minutes just after an answer was lost, two lines
// of one thing read alike, a version is as coarse as a second, a create is refused until a person corrects it, a row cannot be read or a
// record is forbidden while people work in all others. A stream of its own: the other seeds are as if there were none.
#pragma once

#include <cstdint>
#include <optional>

#include "world/script.hpp"

namespace entente::world {

// One seed of fifteen. Else none.
std::optional<Script> draw_aimed(std::uint64_t seed);

}  // namespace entente::world
