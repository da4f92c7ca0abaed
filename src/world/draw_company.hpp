// A script for the catalogue's own systems from a seed: two or all of them with a few of the generator's records, people who do
// what they do in a demo, and faults, each kind of which is off with probability one half (GUARANTEES section 4).
#pragma once

#include <cstdint>

#include "world/script.hpp"

namespace entente::world {

Script draw_company(std::uint64_t seed);

}  // namespace entente::world
