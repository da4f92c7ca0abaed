// One sentence of the scenario language that says what happens: how it is read, and how it is told. Parts of them stand in files
// of their own.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
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

// What is asked for, in words: by Spoil::Asked and sim::Ailment::Asked.
inline constexpr std::array<std::string_view, 5> asked_words{"call", "read", "create", "update",
                                                             "write"};

inline const std::string& name_in(const Names& names, int system) {
    return names.at(static_cast<std::size_t>(system));
}

// Clocks that are set, and records that are dated: scenario_clocks.cpp.
void add_clocks(std::vector<Sentence>& all);
// Faults of one call: scenario_spoils.cpp.
void add_spoils(std::vector<Sentence>& all);
// What fails for a while or for ever: scenario_lasting.cpp.
void add_lasting(std::vector<Sentence>& all);

}  // namespace entente::world
