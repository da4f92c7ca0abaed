// Whatever commit goes wrong, in scenarios of every kind: the guarantees hold.
#include <gtest/gtest.h>

#include "world/crash_loop.hpp"
#include "world/scenario_files.hpp"

namespace entente::world {
namespace {

// Every commit of the short scenarios; of the long ones, and of the pairs, every n-th: what ./dev test has time for.
constexpr std::int64_t plays_each = 250, plays_double = 400, plays_on_sqlite = 60;

void expect_no_findings(const CrashLoop& loop) {
    EXPECT_GT(loop.plays, 0);
    int shown = 0;
    for (const CrashFinding& finding : loop.findings) {
        if (++shown > 2) break;
        ADD_FAILURE() << "G" << finding.violations.front().guarantee << ": "
                      << finding.violations.front().text << "\n"
                      << print_scenario(finding.script);
    }
    EXPECT_EQ(loop.findings.size(), 0u) << "of " << loop.plays << " plays";
}

Script script_of(const std::string& name) {
    return scenario_in(std::filesystem::path(ENTENTE_SOURCE_DIR) / "tests" / "scenario" /
                       (name + ".sync"))
        .script;
}

class EveryCommit : public testing::TestWithParam<const char*> {};

TEST_P(EveryCommit, may_fail_or_stay_unconfirmed) {
    expect_no_findings(crash_loop(script_of(GetParam()), plays_each));
}

INSTANTIATE_TEST_SUITE_P(all, EveryCommit,
                         testing::Values("fast_forward", "conflict_latest", "clear_against_value",
                                         "first_join", "did_not_stick", "refused_value",
                                         "lost_reply_of_keyed_create",
                                         "lost_reply_of_searched_create", "late_create",
                                         "before_our_write", "removed", "references",
                                         "lines_on_both_sides", "late_joiner"),
                         [](const auto& file) { return std::string(file.param); });

TEST(EveryTwoCommits, may_fail_or_stay_unconfirmed) {
    expect_no_findings(double_crash_loop(script_of("lost_reply_of_searched_create"), plays_double));
}

TEST(EveryCommitOnSqlite, may_fail_or_stay_unconfirmed) {
    Script script = script_of("lost_reply_of_searched_create");
    script.on_sqlite = true;
    expect_no_findings(crash_loop(script, plays_on_sqlite));
}

// The loop does what it says: each numbered commit is met once, in a new process.
TEST(OneCommit, that_is_to_fail_fails) {
    Script script = script_of("fast_forward");
    Event crash;
    crash.what = Crash{Crash::Kind::commit_fails, 3};
    script.events.insert(script.events.begin(), crash);
    int met = 0;
    const Outcome outcome = World(script).play(
        [&](const std::string& line) { met += line.ends_with("a commit goes wrong") ? 1 : 0; });
    EXPECT_EQ(met, 1);
    EXPECT_GT(outcome.commits, 10);
}

}  // namespace
}  // namespace entente::world
