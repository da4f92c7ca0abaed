// What a scenario demands of its end, in sentences: "name of T1 is "Acme" everywhere", "T1 has 1 record in B". It is demanded
// beside all that the oracle demands of every run.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "world/scenario_pattern.hpp"
#include "world/world.hpp"

namespace entente::world {

struct Expectation {
    std::string text;  // the sentence behind "in the end"
    int line = 0;
};

// Nothing, where the sentence can be understood.
std::expected<void, Closest> check_expectation(std::string_view sentence, const Names& names);
// What is instead, for people; nothing where it holds. Requires: it can be understood.
std::optional<std::string> unmet(const Expectation& expectation, const Script& script,
                                 const Outcome& outcome);

}  // namespace entente::world
