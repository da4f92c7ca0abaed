// Small worlds in every order (GUARANTEES X4 on the real engine). Here those that take seconds; `./dev simulate --exhaustive` takes
// all of them.
#include <gtest/gtest.h>

#include "world/exhaustive.hpp"

namespace entente::world {
namespace {

std::string told(const ExhaustiveReport& report) {
    std::string out = line_of(report);
    for (const FoundViolation& violation : report.violations) {
        out += "\n  " + violation.text;
        for (const std::string& line : violation.trace) out += "\n    " + line;
    }
    return out;
}

SmallWorld world_named(const std::string& name) {
    for (SmallWorld& world : small_worlds())
        if (world.name == name) return world;
    ADD_FAILURE() << "there is no world " << name;
    return {};
}

TEST(Exhaustive, the_quick_worlds_hold_in_every_order) {
    for (const SmallWorld& world : small_worlds()) {
        if (!world.is_quick) continue;
        const ExhaustiveReport report = explore(world);
        EXPECT_TRUE(report.is_complete && report.violations.empty()) << told(report);
        EXPECT_GT(report.ends, 0) << told(report);
    }
}

TEST(Exhaustive, a_world_is_explored_the_same_each_time) {
    const SmallWorld world = world_named("an edit each");
    const ExhaustiveReport first = explore(world), second = explore(world);
    EXPECT_EQ(line_of(first), line_of(second));
    EXPECT_GT(first.histories, 1);
}

TEST(Exhaustive, more_states_than_a_world_may_have_stop_it_and_are_told) {
    SmallWorld world = world_named("an edit each");
    world.states_max = 100;
    const ExhaustiveReport report = explore(world);
    EXPECT_FALSE(report.is_complete);
    EXPECT_NE(line_of(report).find("(stopped)"), std::string::npos);
}

}  // namespace
}  // namespace entente::world
