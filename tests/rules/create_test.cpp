// What is found after a create of unknown outcome, in every order of lists, searches and people: the rules of
// docs/decisions/0015 hold, each has a counterexample without it, and what no rule can give is stated.
#include "rules/create_model.hpp"

#include <gtest/gtest.h>

namespace entente::rules {
namespace {

using Violations = std::map<std::string, int>;

void expect_holds(const CreateSetup& setup) {
    const CreateReport report = explore(setup, {});
    EXPECT_EQ(report.violations, Violations{});
    EXPECT_GT(report.states, 20u);
}

void expect_found(const CreateReport& report, const std::string& violation) {
    EXPECT_TRUE(report.violations.contains(violation)) << report.states << " states";
}

TEST(Create, what_a_list_showed_and_somebody_removed_is_not_made_again) {
    const CreateSetup setup{.removals = 1};
    expect_holds(setup);
    expect_found(explore(setup, {.met_counts = false}), "made again");
}

TEST(Create, somebody_s_own_record_without_a_note_empties_nothing) {
    const CreateSetup setup{.by_hand = 1};
    expect_holds(setup);
    expect_found(explore(setup, {.empty_is_no_edit = false}), "emptied");
}

TEST(Create, known_limit_what_was_met_and_is_gone_is_forgotten_when_the_process_dies) {
    expect_found(explore({.removals = 1, .crashes = 1}, {}), "made again");
}

TEST(Create, known_limit_a_note_that_was_emptied_before_the_search_is_filled_again) {
    const CreateSetup setup{.clears = 1};
    expect_found(explore(setup, {}), "overwritten");
    EXPECT_EQ(explore(setup, {.empty_is_no_edit = false}).violations, Violations{});
}

}  // namespace
}  // namespace entente::rules
