// What a system of a scenario can do and which habits it has, in sentences behind its name: "keeps no versions",
// "lags up to 500 ms". One table reads and writes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "sim/traits.hpp"
#include "world/scenario_pattern.hpp"

namespace entente::world {

// `ability`: the sentence without the system's name.
std::expected<void, Closest> take_ability(std::string_view ability, sim::Traits& traits);
// What differs from a system of which nothing is said.
std::vector<std::string> abilities_of(const sim::Traits& traits);

}  // namespace entente::world
