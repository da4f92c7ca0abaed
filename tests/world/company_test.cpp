// Companies: the catalogue's own systems in the deterministic world. Fixed seeds hold, the same script plays alike, and what people do
// depends on nothing but its number.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/system.hpp"
#include "world/campaign.hpp"
#include "world/company.hpp"
#include "world/draw_company.hpp"
#include "world/play.hpp"
#include "world/shrink.hpp"

namespace entente::world {
namespace {

Script quiet_company(std::vector<std::string> kinds) {
    Script script;
    script.title = "quiet";
    script.seed = 1;
    script.company = CompanyPlan{.kinds = std::move(kinds), .records = 12, .clock = 600};
    script.calm_from = {20'000};
    return script;
}

Event deed_at(Duration at, sim::Act act, std::int64_t number) {
    Event event;
    event.at = at;
    event.what = Deed{act, number};
    return event;
}

std::string violations_of(const oracle::Verdict& verdict) {
    std::string text;
    for (const oracle::Violation& violation : verdict.violations())
        text += "G" + std::to_string(violation.guarantee) + " " + violation.text + "\n";
    return text;
}

class CompanySeed : public testing::TestWithParam<std::uint64_t> {};

TEST_P(CompanySeed, holds) {
    ASSERT_TRUE(script_of(GetParam()).company.has_value());
    const SeedResult result = play_seed(GetParam());
    EXPECT_EQ(violations_of(result.verdict), "");
    for (const int guarantee : {1, 3, 6, 7, 8, 10, 12, 13, 19})
        EXPECT_GT(result.verdict.tries(guarantee), 0) << "G" << guarantee;
}

INSTANTIATE_TEST_SUITE_P(fixed, CompanySeed, testing::Values(7, 15, 23, 31, 63, 95, 255));

TEST(Company, is_drawn_of_two_to_four_systems_of_every_kind) {
    std::map<std::string, int> drawn;
    std::set<std::size_t> sizes;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const Script script = draw_company(seed);
        sizes.insert(script.company->kinds.size());
        for (const std::string& kind : script.company->kinds) ++drawn[kind];
    }
    EXPECT_EQ(sizes, (std::set<std::size_t>{2, 3, 4}));
    for (const std::string& kind : sim::system_kinds()) EXPECT_GE(drawn[kind], 50) << kind;
}

TEST(Company, logs_in_by_token_and_writes_in_batches_where_a_system_wants_it) {
    Script script = quiet_company({"custom-webshop", "business-central"});
    script.events.push_back(deed_at({8'000}, sim::Act::create_customer, 1));
    const Outcome outcome = play(script);
    EXPECT_EQ(violations_of(outcome.verdict), "");
    EXPECT_GT(outcome.counters.at("login"), 0);
    EXPECT_GT(outcome.counters.at("batch"), 0);
}

TEST(Company, waits_as_long_as_a_token_server_says) {
    Script script = quiet_company({"custom-webshop", "business-central"});
    Event throttled;
    throttled.what = Spoil{.asked = Spoil::Asked::read,
                           .system = 1,
                           .fault = sim::Fault::throttled,
                           .status = 429,
                           .retry_after = {4'000}};
    script.events.push_back(throttled);
    EXPECT_EQ(violations_of(play(script).verdict), "");
}

TEST(Company, every_deed_of_people_is_in_the_ledger_and_arrives) {
    Script script = quiet_company(sim::system_kinds());
    for (int act = 0; act < sim::acts; ++act)
        script.events.push_back(deed_at({8'000 + 500 * act}, static_cast<sim::Act>(act), act + 1));
    const Outcome outcome = play(script);
    EXPECT_EQ(violations_of(outcome.verdict), "");
    EXPECT_GE(outcome.counters.at("edits"), sim::acts);
}

// The shop has no versions: what is typed there between our look and our write is overwritten without a trace, and counted.
TEST(Company, an_edit_between_our_look_and_our_write_is_a_window) {
    std::int64_t windows = 0;
    for (std::int64_t number = 1; number <= 6; ++number) {
        Script script = quiet_company({"custom-webshop", "custom-erp"});
        script.events.push_back(deed_at({10'000}, sim::Act::change_phone, number));
        Event there = deed_at({10'000}, sim::Act::change_phone, 10 + number);
        there.when = Event::When::before_write;
        std::get<Deed>(there.what).is_in_that_record = true;
        script.events.push_back(there);
        const Outcome outcome = play(script);
        EXPECT_EQ(violations_of(outcome.verdict), "");
        windows += outcome.counters.at("window");
    }
    EXPECT_GT(windows, 0);
}

// Who empties a field before we have matched its record finds it filled with the other system's value: that is no edit (G3). Afterwards
// it is one.
TEST(Company, a_clear_is_an_edit_once_its_record_is_linked) {
    for (const bool is_early : {true, false}) {
        Script script = quiet_company({"custom-webshop", "exact-online"});
        script.company->records = 13;
        script.events.push_back(deed_at({is_early ? 0 : 8'000}, sim::Act::clear_value, 4));
        const Outcome outcome = play(script);
        EXPECT_EQ(violations_of(outcome.verdict), "");
        EXPECT_EQ(outcome.counters.at("edits"), 1);
        EXPECT_EQ(outcome.counters.at("window"), is_early ? 1 : 0);
    }
}

TEST(Company, people_type_no_value_twice) {
    Company company({.kinds = {"custom-webshop", "custom-erp"}, .records = 12}, 3);
    std::set<std::string> typed;
    for (int number = 1; number <= 40; ++number)
        company.work({sim::Act::change_phone, number}, Instant{1'793'600'000'000});
    for (const sim::Edit& edit : company.ledger()) typed.insert(edit.after.as_text());
    EXPECT_EQ(company.ledger().size(), 40u);
    EXPECT_EQ(typed.size(), 40u);
}

TEST(Company, is_made_smaller_by_leaving_out_events) {
    const auto crashes = [](const Script& script) {
        return std::ranges::any_of(script.events, [](const Event& event) {
            return std::holds_alternative<Crash>(event.what);
        });
    };
    std::uint64_t seed = 1;
    while (!crashes(draw_company(seed))) ++seed;
    const Script small = shrink(draw_company(seed), crashes);
    EXPECT_TRUE(small.company.has_value());
    EXPECT_EQ(small.events.size(), 1u);
}

TEST(Company, is_told_in_words) {
    Script script = quiet_company({"custom-webshop", "custom-erp"});
    script.events.push_back(deed_at({1'500}, sim::Act::create_order, 4));
    Event lost;
    lost.at = {2'000};
    lost.what = Spoil{.asked = Spoil::Asked::create, .system = 1, .fault = sim::Fault::reply_lost};
    script.events.push_back(lost);
    const std::string words = words_of(script);
    EXPECT_NE(words.find("at 1.500 s, people do create_order (deed 4)"), std::string::npos)
        << words;
    EXPECT_NE(words.find("the reply to the next create in custom-erp is lost"), std::string::npos)
        << words;
}

}  // namespace
}  // namespace entente::world
