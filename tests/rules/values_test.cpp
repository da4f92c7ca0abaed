// Each changed rule of the values, in a world that is small enough to try every order: it holds with the rule, and has a
// counterexample without it. Where a rule is not here, its decision in docs/decisions says why.
#include "rules/values_model.hpp"

#include <gtest/gtest.h>

namespace entente::rules {
namespace {

constexpr int a = 0, b = 1, c = 2;
constexpr Ability versions{.is_conditional = true};
constexpr Ability no_versions{};
constexpr std::size_t states_min = 20;

std::string told(const Report& report) {
    std::string text = std::to_string(report.states) + " states";
    for (const auto& [what, count] : report.violations)
        text += ", " + what + " " + std::to_string(count);
    return text;
}

void expect_holds(const Setup& setup) {
    const Report report = explore(setup, {});
    EXPECT_TRUE(report.violations.empty()) << told(report);
    EXPECT_GT(report.states, states_min);
    EXPECT_GT(report.rests, 0u);
}

// With all rules the world holds; without this one `violation` is found in it.
void expect_needed(const Setup& setup, bool Rules::* rule, const std::string& violation) {
    expect_holds(setup);
    Rules without;
    without.*rule = false;
    const Report report = explore(setup, without);
    EXPECT_TRUE(report.violations.contains(violation)) << told(report);
}

TEST(Values, two_systems_agree_in_every_order) {
    expect_holds({.records = {versions, versions}, .edits = {{a}, {a}, {b}, {b}}});
    expect_holds({.records = {versions, no_versions}, .edits = {{a}, {b}, {b}}});
}

TEST(Values, two_systems_agree_whatever_gets_lost) {
    for (const Ability& other : {versions, no_versions})
        expect_holds({.records = {versions, other}, .edits = {{a}, {b}}, .faults = 1});
}

TEST(Values, systems_that_lag_agree_whatever_gets_lost) {
    for (const bool answers : {true, false})
        for (const bool is_conditional : {true, false}) {
            const Ability other{.is_conditional = is_conditional, .answers = answers, .lags = true};
            expect_holds({.records = {versions, other}, .edits = {{a}, {a}, {b}}, .faults = 1});
        }
}

TEST(Values, three_systems_agree_with_a_preferred_one) {
    expect_holds(
        {.records = {versions, versions, versions}, .edits = {{a}, {b}, {c}}, .prefer = {c, a, b}});
}

// 0017. A and C have typed one value, and all show it. Then A and B edit it.
TEST(Values, without_shared_lines_two_edits_upon_one_value_fork_before_it) {
    expect_needed({.records = {versions, versions, versions},
                   .edits = {{a, true}, {c, true}, {a, false, 1}, {b, false, 1}},
                   .prefer = {c, a, b}},
                  &Rules::shares_agreed, "order");
}

// 0017. A refuses what C typed, so that their lines stay apart while B goes on from C's.
TEST(Values, cut_by_number_a_line_forgets_where_it_forked) {
    Ability refusing = versions;
    refusing.refusals = 2;
    expect_needed({.records = {refusing, versions, versions},
                   .edits = {{c}, {a}, {b, false, 1}, {a, false, 1}},
                   .prefer = {c, a, b}},
                  &Rules::cuts_common, "order");
}

// 0017. While our write of C's value to A is on its way, B goes on from that value.
TEST(Values, cut_while_a_write_is_open_a_line_no_longer_begins_where_others_do) {
    expect_needed({.records = {versions, versions, versions},
                   .edits = {{c}, {a}, {b}, {a}},
                   .prefer = {c, a, b}},
                  &Rules::cuts_at_rest, "order");
}

constexpr Ability lagging(Ability ability) {
    ability.lags = true;
    return ability;
}

TEST(Values, a_late_request_that_is_looked_for_before_it_can_be_seen_is_made_twice) {
    expect_needed({.records = {versions, lagging(no_versions)}, .edits = {{a}}, .faults = 1},
                  &Rules::waits_for_both, "twice");
}

TEST(Values, a_read_back_that_is_believed_too_early_holds_without_a_cause) {
    Ability silent = lagging(no_versions);
    silent.answers = false;
    expect_needed({.records = {versions, silent}, .edits = {{a}}}, &Rules::waits_to_read_back,
                  "hold");
}

TEST(Values, a_read_after_a_refusal_that_is_believed_too_early_undoes_an_edit) {
    expect_needed({.records = {versions, lagging(versions)}, .edits = {{a}, {b}, {a}}},
                  &Rules::waits_after_refusal, "phantom");
}

TEST(Values, a_state_that_only_its_time_makes_newer_undoes_an_edit_if_it_is_believed_too_early) {
    Ability untimely = lagging(versions);
    untimely.is_untimely = true;
    expect_holds({.records = {versions, untimely}, .edits = {{a}, {b}, {b}}, .faults = 1});
    expect_needed({.records = {versions, untimely}, .edits = {{b}}}, &Rules::waits_for_times,
                  "phantom");
}

TEST(Values, a_comparison_that_is_believed_too_early_undoes_an_edit) {
    expect_needed({.records = {versions, lagging(no_versions)}, .edits = {{a}, {a}}},
                  &Rules::waits_to_compare, "phantom");
}

TEST(Values, a_comparison_that_is_older_than_a_page_overwrites_what_was_shown) {
    expect_needed({.records = {versions, no_versions}, .edits = {{a}, {b}}},
                  &Rules::repeats_compare, "overwritten");
}

// The engine repeats it at once; docs/decisions/0013 says why.
TEST(Values, known_limit_a_comparison_that_is_repeated_at_once_may_show_the_older_state_again) {
    expect_needed({.records = {versions, lagging(no_versions)}, .edits = {{a}, {b}}},
                  &Rules::waits_to_repeat, "overwritten");
}

TEST(Values, an_ignored_value_that_counts_as_the_system_s_form_leaves_them_apart) {
    Ability ignoring = versions;
    ignoring.ignores = true;
    expect_needed({.records = {versions, ignoring}, .edits = {{a}}}, &Rules::holds_ignored,
                  "diverged");
}

}  // namespace
}  // namespace entente::rules
