// A script from a seed: random systems, a common truth that they know in part, people who edit, and faults, each kind of which is
// off with probability one half (GUARANTEES section 4). It never draws what makes a promise impossible.
#pragma once

#include <cstdint>

#include "world/script.hpp"

namespace entente::world {

Script draw(std::uint64_t seed);

}  // namespace entente::world
