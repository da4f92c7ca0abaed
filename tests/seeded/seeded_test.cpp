// The list of seeded bugs, its marks, and what finds them: with each bug awake some test of tests/sync fails, or there is a proof
// of its own beside this file; and the program holds none of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/seeded_bug.hpp"
#include "e2e/process.hpp"

namespace entente {
namespace {

const std::filesystem::path root = ENTENTE_SOURCE_DIR;

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

// What the stories of tests/sync cannot see: their systems do not lag, leave nothing out, share one clock and have no wire.
const std::set<std::string_view>& proved_here() {
    static const std::set<std::string_view> names{
        "own_write",          "confirm",           "max_agree",
        "keep_unseen",        "park_unstuck",      "short_wait",
        "null_for_missing",   "delete_on_absence", "full_body",
        "old_page_believed",  "skew_ignored",      "blind_retry",
        "unknown_as_failed",  "quota_ignored",     "ignore_retry_after",
        "poll_slackens",      "absurd_skew_used",  "forbidden_is_login",
        "bad_row_stops_page",
    };
    return names;
}

// The exit status of tests/sync, stopped at the first failure, with that bug awake. Few random worlds: this is a check that
// marks are alive, not the measure of the tests.
int status_of_stories(const std::string& bug) {
    e2e::ProcessOptions options;
    options.program = ENTENTE_STORIES;
    options.environment = {"ENTENTE_SEEDS=20"};
    if (!bug.empty()) options.environment.push_back("ENTENTE_PLANT=" + bug);
    return e2e::Process({"--gtest_brief=1", "--gtest_fail_fast"}, options).wait();
}

TEST(SeededBugs, are_listed_in_the_order_of_the_enumeration_with_names_of_their_own) {
    std::set<std::string_view> names;
    int at = 0;
    for (const SeededBugInfo& info : seeded_bugs()) {
        EXPECT_EQ(static_cast<int>(info.bug), at++) << info.name;
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_EQ(seeded_bug_named(info.name), info.bug);
        EXPECT_TRUE(info.violates.starts_with("G")) << info.name;
        EXPECT_TRUE(info.left_out.ends_with(".")) << info.name;
    }
    EXPECT_GE(at, 24);
    EXPECT_EQ(seeded_bug_named("none of them"), std::nullopt);
}

TEST(SeededBugs, have_a_mark_each_in_the_engine) {
    std::string sources;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "src"))
        if (entry.path().extension() == ".cpp") sources += read(entry.path());
    for (const SeededBugInfo& info : seeded_bugs()) {
        const std::string name(info.name);
        EXPECT_TRUE(sources.contains("SEEDED(" + name + ")") ||
                    sources.contains("SEEDED_WHERE(" + name + ","))
            << name;
    }
}

TEST(SeededBugs, do_nothing_until_one_is_planted) {
    EXPECT_FALSE(reach(SeededBug::guard_off));
    plant(SeededBug::guard_off);
    EXPECT_TRUE(reach(SeededBug::guard_off));
    EXPECT_FALSE(reach(SeededBug::match_first));
    EXPECT_EQ(times_reached(), 1);
    plant(std::nullopt);
    EXPECT_FALSE(reach(SeededBug::guard_off));
    EXPECT_EQ(times_reached(), 0);
}

TEST(SeededStories, hold_while_all_bugs_sleep) {
    EXPECT_EQ(status_of_stories(""), 0);
    EXPECT_EQ(status_of_stories("no such bug"), 2);
}

class StoriesWith : public ::testing::TestWithParam<SeededBugInfo> {};

TEST_P(StoriesWith, fail) {
    if (proved_here().contains(GetParam().name)) GTEST_SKIP() << "has a proof of its own";
    EXPECT_NE(status_of_stories(std::string(GetParam().name)), 0) << GetParam().left_out;
}

INSTANTIATE_TEST_SUITE_P(Bug, StoriesWith,
                         ::testing::ValuesIn(seeded_bugs().begin(), seeded_bugs().end()),
                         [](const auto& info) { return std::string(info.param.name); });

// What a binary with the registry cannot hide. The names alone are words that any program may hold.
std::vector<std::string> traces_in(const std::filesystem::path& binary) {
    const std::string bytes = read(binary);
    EXPECT_GT(bytes.size(), 100'000u) << binary;
    std::vector<std::string> found;
    for (const SeededBugInfo& info : seeded_bugs())
        if (bytes.contains(info.left_out)) found.emplace_back(info.name);
    for (const std::string symbol : {"seeded_bugs", "SeededBug", "times_reached"})
        if (bytes.contains(symbol)) found.push_back(symbol);
    return found;
}

TEST(Program, holds_no_seeded_bug) {
    EXPECT_EQ(traces_in(ENTENTE_BINARY), std::vector<std::string>{});
}

TEST(Program, would_be_found_out) {
    // The same search where they are: all sentences and all symbols.
    EXPECT_EQ(traces_in(ENTENTE_STORIES).size(), seeded_bugs().size() + 3);
}

}  // namespace
}  // namespace entente
