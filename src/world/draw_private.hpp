// What people do to values that is easily forgotten: they edit private fields, which no connector knows of, at any time and just
// beside our calls. A stream of its own.
#pragma once

#include <cstdint>

#include "world/script.hpp"

namespace entente::world {

// `things`: that there are, T1 and so on. `next_value` is counted on, so that no two values are one.
void draw_private(Script& script, std::uint64_t things, std::int64_t& next_value);

}  // namespace entente::world
