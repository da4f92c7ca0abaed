// Explores a small world completely: every order of people's edits, calls, answers, faults and crashes, each state once. Each
// end (the engine rests, and a sweep of all systems changes nothing) is judged by the oracle; the same edits always end in one
// result (G2); from every state there is a way to rest (G1). Called by `simulate --exhaustive` and tests/exhaustive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "world/small_world.hpp"

namespace entente::world {

struct FoundViolation {
    int guarantee = 0;
    std::string text;
    std::vector<std::string> trace;  // who did what, from the beginning
};

struct ExhaustiveReport {
    std::string world;
    std::int64_t states = 0, transitions = 0;
    std::int64_t ends = 0;       // different ways to end up at rest, each judged
    std::int64_t histories = 0;  // of edits, without faults
    std::int64_t windows = 0;    // ends at which an edit was overwritten where nobody can help it
    bool is_complete = true;     // false: stopped at SmallWorld::states_max
    std::vector<FoundViolation> violations;  // the first of each text, by length of the trace
};

ExhaustiveReport explore(const SmallWorld& world);
// One line: name, counts, violations.
std::string line_of(const ExhaustiveReport& report);

}  // namespace entente::world
