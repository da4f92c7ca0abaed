// Reading and writing scenarios: what is printed is read as what plays the same, and a mistake is told with its place.
#include <gtest/gtest.h>

#include "world/draw.hpp"
#include "world/scenario_files.hpp"

namespace entente::world {
namespace {

constexpr std::string_view small = R"(title: a rename
why: G1

systems: A, B
B keeps no versions
people stop at 5 s

at first A has T1 with name "x"
at 2.5 s a person in A changes name of T1 to "y"

in the end name of T1 is "y" everywhere
)";

std::string small_with(std::string_view line) {
    return std::string(small) + std::string(line) + "\n";
}

std::string message_of(std::string_view text) {
    const auto scenario = parse_scenario(text, "some.sync");
    return scenario ? "" : scenario.error().message();
}

TEST(ScenarioText, is_read_as_it_says) {
    const auto scenario = parse_scenario(small, "some.sync");
    ASSERT_TRUE(scenario.has_value()) << scenario.error().message();
    const Script& script = scenario->script;
    EXPECT_EQ(script.title, "a rename");
    EXPECT_EQ(script.systems.size(), 2u);
    EXPECT_EQ(script.systems[1].versions, sim::Traits::Versions::none);
    EXPECT_EQ(script.calm_from.ms, 5'000);
    ASSERT_EQ(script.events.size(), 2u);
    EXPECT_EQ(script.events[1].at.ms, 2'500);
    const auto& act = std::get<Act>(script.events[1].what);
    EXPECT_EQ(act.kind, Act::Kind::edit);
    EXPECT_EQ(act.value, Value("y"));
    EXPECT_EQ(scenario->expectations.size(), 1u);
    EXPECT_EQ(scenario->expectations[0].line, 11);
}

TEST(ScenarioText, what_is_printed_is_read_as_the_same) {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        const std::string printed = print_scenario(draw(seed));
        const auto again = parse_scenario(printed, "drawn");
        ASSERT_TRUE(again.has_value()) << again.error().message();
        ASSERT_EQ(print_scenario(again->script), printed);
    }
}

// What printing leaves out has no effect: the traces are the same.
TEST(ScenarioText, what_is_printed_plays_as_the_same) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const Script script = draw(seed);
        const auto again = parse_scenario(print_scenario(script), "drawn");
        ASSERT_TRUE(again.has_value());
        ASSERT_EQ(World(again->script).play().digest, World(script).play().digest)
            << print_scenario(script);
    }
}

TEST(ScenarioText, sentences_that_are_never_drawn_are_printed_as_they_are_read) {
    for (const std::string_view line :
         {"at 1 s a person in A adds \"T 1\" with lines [{\"text\":\"a\"}], note null",
          "at 1 s a person in A removes owner \"owner\"", "at 1 s commit 7 fails",
          "at 1 s commit 12 is made but not confirmed", "at 90 s the process dies",
          "at 5 s the process is away for 7200 s",
          "from 1.5 s on, just before our next write to B, the process dies",
          "just after our next read of A, a person in A clears note of that owner",
          "at 1 s the next create in B goes well"}) {
        const auto scenario = parse_scenario(small_with(line), "some.sync");
        ASSERT_TRUE(scenario.has_value()) << scenario.error().message();
        EXPECT_NE(print_scenario(scenario->script).find(line), std::string::npos)
            << print_scenario(scenario->script);
    }
}

TEST(ScenarioText, a_mistake_is_told_with_file_line_and_what_would_be_right) {
    EXPECT_EQ(message_of(small_with("at 3 s a person in C removes T1")),
              "some.sync:12: 'at 3 s a person in C removes T1' is not understood from column 20 on "
              "('C removes T1'): there should be a system");
    EXPECT_EQ(message_of(small_with("at 3 s a person in A removs T1")),
              "some.sync:12: 'at 3 s a person in A removs T1' is not understood from column 22 on "
              "('removs T1'): there should be 'adds line', 'adds another line', 'changes quantity "
              "of line', 'removes "
              "line', 'types line', 'saves all lines of', 'adds', 'clears', 'changes', 'removes' "
              "or 'brings back'");
    EXPECT_EQ(message_of(small_with("in the end name of T1 is y everywhere")),
              "some.sync:12: 'in the end name of T1 is y everywhere' is not understood from column "
              "26 on ('y everywhere'): there should be 'empty', 'held in' or a value (\"text\", "
              "12.5, null)");
    EXPECT_NE(message_of(small_with("B lags a bit")).find("some.sync:12: 'B lags a bit'"),
              std::string::npos);
    EXPECT_NE(message_of("title: x\nA keeps no versions\n").find("some.sync:2: before"),
              std::string::npos);
    EXPECT_NE(message_of("systems: A, B\n").find("'title: ...'"), std::string::npos);
    EXPECT_NE(message_of("title: x\nsystems: A, A\n").find("two systems 'A'"), std::string::npos);
    EXPECT_NE(message_of(small_with("joining later: B")).find("should stand together"),
              std::string::npos);
    EXPECT_NE(message_of(small_with("the workspace says: conflicts: {prefer: [Z]}"))
                  .find("the workspace cannot be loaded: entente.yaml"),
              std::string::npos);
}

// The sentences of the table in docs/TESTING.md: what stands in backticks before a comment in brackets or a comma.
std::vector<std::string> documented_sentences() {
    const std::string text =
        text_of_file(std::filesystem::path(ENTENTE_SOURCE_DIR) / "docs" / "TESTING.md");
    const std::size_t begin = text.find("| about | sentences |"), end = text.find("\n\n", begin);
    std::vector<std::string> out;
    for (std::size_t at = text.find('`', begin); at < end;) {
        const std::size_t close = text.find('`', at + 1);
        out.push_back(text.substr(at + 1, close - at - 1));
        at = text.find('`', close + 1);
    }
    return out;
}

TEST(ScenarioText, every_documented_sentence_is_understood) {
    std::size_t sentences = 0;
    for (const std::string& line : documented_sentences()) {
        const bool is_word =
            (line.starts_with("probe") || line.starts_with("sweep") || line.starts_with("double") ||
             line.starts_with("fault") || line.starts_with(", "));
        const bool needs_more = line.contains("joining later") || line.contains("the others join");
        if (is_word) continue;
        ++sentences;
        std::string text = "title: x\nsystems: A, B, C\n";
        if (line.starts_with("systems: ")) text = "title: x\n";
        if (needs_more) text += "joining later: C\nat 5 s the others join\n";
        const auto scenario = parse_scenario(text + line + "\n", "TESTING.md");
        EXPECT_TRUE(scenario.has_value()) << scenario.error().message();
    }
    EXPECT_GT(sentences, 80u);
}

// The demands of a scenario are no decoration: each kind of them fails where it should.
TEST(ScenarioText, what_does_not_hold_is_told) {
    for (const std::string_view sentence :
         {"name of T1 is \"x\" everywhere", "name of T1 is \"x\" in B", "name of T1 is empty in A",
          "note of T1 is \"x\" in A", "name of T2 is \"y\" in A", "B has no record of T1",
          "B has 2 records of T1", "name of T1 is held in B", "T1 waits for a person in B",
          "there is 1 conflict", "there are 2 differences at a first join",
          "\"x\" is kept as the loser of name of T1", "we have created no record in B",
          "we have made 5 updates in B", "we have met \"precondition failed\"",
          "quantity of line \"a\" of T1 is 1 in A"}) {
        const auto scenario =
            parse_scenario(small_with("in the end " + std::string(sentence)), "some.sync");
        ASSERT_TRUE(scenario.has_value()) << scenario.error().message();
        const auto failures = failures_of(*scenario, World(scenario->script).play());
        ASSERT_EQ(failures.size(), 1u) << sentence;
        EXPECT_TRUE(failures[0].starts_with("line 12: in the end " + std::string(sentence)))
            << failures[0];
    }
}

}  // namespace
}  // namespace entente::world
