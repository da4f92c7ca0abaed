// One sentence of the scenario language that says what happens: how it is read, and how it is told. Parts of them stand in files
// of their own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "world/scenario_pattern.hpp"
#include "world/script.hpp"

namespace entente::world {

using What = decltype(Event::what);

struct Sentence {
    std::string pattern;
    std::function<What(const Pieces&, const Names&)> take;
    std::function<std::optional<Pieces>(const What&, const Names&)> tell;
};

inline const std::string& name_in(const Names& names, int system) {
    return names.at(static_cast<std::size_t>(system));
}

// Clocks that are set, and records that are dated: scenario_clocks.cpp.
void add_clocks(std::vector<Sentence>& all);
// Faults of one call: scenario_spoils.cpp.
void add_spoils(std::vector<Sentence>& all);

}  // namespace entente::world
