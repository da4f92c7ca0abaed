// Small worlds find the rule that is left out, with a trace that leads there: what explores everything and says "holds" must be
// able to say something else. Each of these rules is the only one left out.
#include <gtest/gtest.h>

#include "base/seeded_bug.hpp"
#include "world/exhaustive.hpp"

namespace entente::world {
namespace {

ExhaustiveReport explore_with(SeededBug bug, const std::string& name) {
    for (const SmallWorld& world : small_worlds()) {
        if (world.name != name) continue;
        plant(bug);
        ExhaustiveReport report = explore(world);
        plant(std::nullopt);
        return report;
    }
    ADD_FAILURE() << "there is no world " << name;
    return {};
}

void expect_found(SeededBug bug, const std::string& world) {
    const ExhaustiveReport report = explore_with(bug, world);
    ASSERT_FALSE(report.violations.empty()) << line_of(report);
    EXPECT_FALSE(report.violations.front().trace.empty());
}

TEST(ExhaustiveSeeded, a_winner_that_counts_as_a_new_edit_is_found) {
    expect_found(SeededBug::keep_winner, "an edit each");
}
TEST(ExhaustiveSeeded, a_write_over_a_newer_version_is_found) {
    expect_found(SeededBug::skip_precondition, "an edit each");
}
TEST(ExhaustiveSeeded, the_same_world_without_a_bug_holds) {
    const SmallWorld world = small_worlds().front();
    EXPECT_TRUE(explore(world).violations.empty()) << world.name;
}

}  // namespace
}  // namespace entente::world
