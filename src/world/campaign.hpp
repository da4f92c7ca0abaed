// Many seeds: each is drawn, played twice and, where its history must not depend on the schedule, under other schedules too. What
// came of them is added up for people: how often each guarantee could have failed, which faults there were, what happened at least
// once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "world/world.hpp"

namespace entente::world {

// What must have happened in a campaign, or its chaos has become tame.
const std::vector<std::string>& sometimes_counters();

struct SeedResult {
    std::uint64_t seed = 0;
    oracle::Verdict verdict;
    Counters counters;
    Duration lasted{0};  // virtual time
    std::vector<std::string> last;
};

SeedResult play_seed(std::uint64_t seed);
// The same of a script: `scripts` of one seed are what a failing one is made smaller to.
SeedResult play_twice(const Script& script);

struct Totals {
    std::int64_t seeds = 0;
    std::array<std::int64_t, oracle::guarantees + 1> tries{};
    std::array<std::int64_t, oracle::guarantees + 1> violations{};
    Counters counters;
    Duration lasted{0};

    void add(const SeedResult& result);
    std::int64_t violated() const;
    std::vector<std::string> missing() const;  // sometimes-counters that stayed 0
};

std::string_view title_of(int guarantee);  // "convergence"

}  // namespace entente::world
