// Shrinking: what a failure does not need is left out, and the rest still fails.
#include <gtest/gtest.h>

#include <algorithm>

#include "world/draw.hpp"
#include "world/scenario.hpp"
#include "world/shrink.hpp"

namespace entente::world {
namespace {

int crashes_in(const Script& script) {
    return static_cast<int>(std::ranges::count_if(script.events, [](const Event& event) {
        return std::holds_alternative<Crash>(event.what);
    }));
}

int removals_in(const Script& script) {
    return static_cast<int>(std::ranges::count_if(script.events, [](const Event& event) {
        const auto* act = std::get_if<Act>(&event.what);
        return act && act->kind == Act::Kind::remove;
    }));
}

Script drawn_with(auto what) {
    for (std::uint64_t seed = 1;; ++seed)
        if (Script script = draw(seed); what(script)) return script;
}

TEST(Shrink, leaves_only_what_the_failure_needs) {
    const Fails fails = [](const Script& script) {
        return crashes_in(script) >= 1 && removals_in(script) >= 2;
    };
    const Script small = shrink(drawn_with([&](const Script& script) {
                                    return fails(script) && script.systems.size() == 3;
                                }),
                                fails);
    EXPECT_TRUE(fails(small));
    EXPECT_EQ(small.events.size(), 3u) << print_scenario(small);
    EXPECT_EQ(small.systems.size(), 2u);
    for (const sim::Traits& traits : small.systems)
        EXPECT_EQ(traits, sim::Traits{.name = traits.name});
    EXPECT_EQ(small.repeated_percent, 0);
    EXPECT_TRUE(small.policies.empty());
    for (const Event& event : small.events) EXPECT_EQ(event.at.ms % 1'000, 0);
}

TEST(Shrink, keeps_an_ability_that_the_failure_needs) {
    const Fails fails = [](const Script& script) {
        return std::ranges::any_of(script.systems, [](const sim::Traits& traits) {
            return traits.quota > 0 && traits.full_update;
        });
    };
    const Script small = shrink(drawn_with(fails), fails);
    EXPECT_TRUE(fails(small));
    EXPECT_TRUE(small.events.empty());
    EXPECT_EQ(small.systems.size(), 2u);
    EXPECT_TRUE(std::ranges::any_of(small.systems, [](const sim::Traits& traits) {
        return traits == sim::Traits{.name = traits.name};
    }));
}

// A create that is lost where nobody can look for it: "fails" is here that a person is asked. What remains is a thing and a fault.
TEST(Shrink, of_real_plays_ends_in_a_scenario_that_can_be_read) {
    const Fails is_parked_by_a_loss = [](const Script& script) {
        const Outcome outcome = World(script).play();
        return !outcome.sight.parked_creates.empty();
    };
    Script script = drawn_with([&](const Script& drawn) {
        return drawn.events.size() > 30 && is_parked_by_a_loss(drawn);
    });
    const std::size_t before = script.events.size();
    const Script small = shrink(std::move(script), is_parked_by_a_loss);
    EXPECT_TRUE(is_parked_by_a_loss(small));
    EXPECT_LE(small.events.size(), 4u) << print_scenario(small);
    EXPECT_LT(small.events.size(), before);
    EXPECT_TRUE(parse_scenario(print_scenario(small), "small.sync").has_value());
}

TEST(Shrink, ends_though_everything_fails_and_though_nothing_smaller_does) {
    EXPECT_TRUE(shrink(draw(3), [](const Script&) { return true; }).events.empty());
    const Script script = draw(3);
    int asked = 0;
    const Script same = shrink(script, [&](const Script&) {
        ++asked;
        return false;
    });
    EXPECT_EQ(print_scenario(same), print_scenario(script));
    EXPECT_LE(asked, shrink_questions_max);
}

}  // namespace
}  // namespace entente::world
