// A scenario: a script in words that people write, read and keep (tests/scenario/*.sync), and what must hold at its end. The
// sentences: docs/TESTING.md. What is drawn or made smaller is printed in the same words, so that it can become one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "world/scenario_expect.hpp"
#include "world/script.hpp"

namespace entente::world {

struct Scenario {
    Script script;
    std::vector<std::string> why;  // lines
    std::vector<Expectation> expectations;
};

// Errors: bad_input that names file, line, what is wrong and what would be right. What is read can be played.
Result<Scenario> parse_scenario(std::string_view text, std::string_view file);
// parse_scenario reads it as a script that plays the same. Pieces without effect (the status of a lost request) are left out.
std::string print_scenario(const Script& script);

// The end of a played scenario as it should not be, a text each: violated guarantees, unmet expectations with their line.
std::vector<std::string> failures_of(const Scenario& scenario, const Outcome& outcome);

}  // namespace entente::world
