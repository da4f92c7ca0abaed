// A company whose engine lacks one rule is found out: what says "holds" must be able to say something else. Each script holds while
// no bug is awake.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/seeded_bug.hpp"
#include "world/play.hpp"

namespace entente::world {
namespace {

// The first creates of the shop are executed, and nobody hears of it.
Script lost_replies() {
    Script script;
    script.title = "lost replies";
    script.seed = 1;
    script.company =
        CompanyPlan{.kinds = {"custom-webshop", "custom-erp"}, .records = 12, .clock = 600};
    script.calm_from = {20'000};
    for (int i = 0; i < 2; ++i) {
        Event lost;
        lost.what =
            Spoil{.asked = Spoil::Asked::create, .system = 0, .fault = sim::Fault::reply_lost};
        script.events.push_back(lost);
    }
    return script;
}

bool violates_with(SeededBug bug, int guarantee, const Script& script) {
    EXPECT_TRUE(play(script).verdict.violations().empty());
    plant(bug);
    const Outcome outcome = play(script);
    plant(std::nullopt);
    return std::ranges::any_of(outcome.verdict.violations(),
                               [&](const auto& found) { return found.guarantee == guarantee; });
}

TEST(CompanySeeded, a_create_that_is_sent_again_without_a_search_is_found) {
    EXPECT_TRUE(violates_with(SeededBug::retry_without_probe, 6, lost_replies()));
}

TEST(CompanySeeded, a_write_that_leaves_before_its_intent_is_durable_is_found) {
    EXPECT_TRUE(violates_with(SeededBug::intent_after_call, 10, lost_replies()));
}

// A phone is changed in one system and, just before we write it to the shop, in the shop.
Script two_phones(std::int64_t number) {
    Script script = lost_replies();
    script.events.clear();
    Event phone;
    phone.at = {10'000};
    phone.what = Deed{sim::Act::change_phone, number};
    script.events.push_back(phone);
    phone.when = Event::When::before_write;
    phone.what = Deed{sim::Act::change_phone, 10 + number, true};
    script.events.push_back(phone);
    return script;
}

TEST(CompanySeeded, a_write_without_a_look_just_before_is_found) {
    bool is_found = false;
    for (std::int64_t number = 1; number <= 6; ++number)
        is_found |= violates_with(SeededBug::skip_compare, 3, two_phones(number));
    EXPECT_TRUE(is_found);
}

}  // namespace
}  // namespace entente::world
