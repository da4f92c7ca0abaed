// Scripts around one circumstance that chance alone seldom brings together: a theme. Used by draw.
#pragma once

#include <cstdint>
#include <optional>

#include "world/script.hpp"

namespace entente::world {

// A seed in seven has a theme. It is drawn from a stream of its own: the other seeds are as if there were none.
std::optional<Script> draw_theme(std::uint64_t seed);

}  // namespace entente::world
