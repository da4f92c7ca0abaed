// What is left when all rests is told with its cause, its next try and the command that answers it. G16.
#include "report/waiting.hpp"

#include <gmock/gmock.h>

#include "sync/world.hpp"

namespace entente::report {
namespace {

using sync::Outcome;
using sync::Purpose;
using ::testing::HasSubstr;

const Place place{"acme", false};

class WaitingOf : public ::testing::Test {
protected:
    WaitingOf() : world_(test::small_workspace(), test::small_catalog(), true) {}

    // Writes of B meet with this, while others pass: the lists are polled now and then.
    void fail(Outcome outcome) {
        world_["B"].fails = [outcome](const sync::Effect& effect) {
            return effect.purpose == Purpose::write ? outcome : Outcome::ok;
        };
        world_.meanwhile = [this] {
            if (world_.now() < looked_at_ + Duration{3'000}) return;
            world_.ask(false);
            looked_at_ = world_.now();
        };
    }
    std::vector<Waiting> waiting() {
        const auto store = world_.store();
        return waiting_of(world_.workspace(), *store, place);
    }
    std::int64_t asleep() { return count_asleep(world_.workspace(), *world_.store()); }

    test::World world_;
    Instant looked_at_;
};

TEST_F(WaitingOf, a_write_that_nobody_can_tell_the_outcome_of_is_asleep) {
    world_.sweep();
    fail(Outcome::unknown);
    const std::string a = world_.add("A", "things", R"({"code":"T1","name":"one"})");
    EXPECT_EQ(asleep(), 0);
    world_.poll();
    const auto told = waiting();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].what, Waiting::What::write);
    EXPECT_EQ(told[0].reason, "asleep");
    EXPECT_EQ(told[0].record, "A.Thing:" + a);
    EXPECT_THAT(told[0].cause, HasSubstr("it fails"));
    EXPECT_GT(told[0].next, world_.now());
    EXPECT_LE(told[0].next, world_.now() + Duration{86'400'000});
    ASSERT_EQ(told[0].remedies.size(), 1u);
    EXPECT_EQ(told[0].remedies[0].command, "entente retry acme A.Thing:" + a);
    EXPECT_EQ(asleep(), 1);
    const std::string text = to_text(told[0], world_.workspace()).at(1);
    EXPECT_THAT(text,
                HasSubstr("it is tried again by itself from " + format_instant(told[0].next)));
    EXPECT_EQ(*to_json(told[0], world_.workspace()).find("next_try"),
              Value(format_instant(told[0].next)));
    world_["B"].fails = nullptr;
    world_.pass(86'400'000);
    world_.sweep();
    EXPECT_EQ(asleep(), 0);
    EXPECT_TRUE(waiting().empty());
}

TEST_F(WaitingOf, what_was_refused_is_told_with_its_next_offer) {
    world_.add("A", "things", R"({"code":"T1","name":"one"})");
    world_.sweep();
    fail(Outcome::rejected);
    const auto& things = world_.tables_of("A").at("things");
    world_.edit("A", "things", things.begin()->first, "name", Value("two"));
    world_.poll();
    const auto told = waiting();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].what, Waiting::What::property);
    EXPECT_EQ(told[0].reason, "held");
    EXPECT_GT(told[0].next, world_.now());
    EXPECT_EQ(asleep(), 0) << "it waits for its offer, and is no failure that goes on";
}

}  // namespace
}  // namespace entente::report
