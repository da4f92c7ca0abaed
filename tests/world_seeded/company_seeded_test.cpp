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

}  // namespace
}  // namespace entente::world
