// Scripts about values that chance alone seldom brings together: an import that empties a column, with and without lag; a newer
// edit while an older one is being refused; what was put aside while a look is judged, or while a write is under way; people who
// fill private fields of records that are written whole.
#pragma once

#include <optional>

#include "world/script.hpp"

namespace entente::world {

// The seed's script about values, if it has one.
std::optional<Script> draw_values(std::uint64_t seed);

}  // namespace entente::world
