// What nobody waits for, and what goes before it (G16): all that was edited before two systems had come to know each other is a
// backfill's; people's edits are written before it.
#include <algorithm>

#include "sync/world.hpp"

namespace entente::test {
namespace {

class Backfill : public ::testing::Test {
protected:
    Backfill() {
        world.tamper = [this](const Effect& effect, Answer&) {
            if (effect.purpose != Purpose::compare && effect.purpose != Purpose::write) return;
            if (intents_.insert(effect.intent).second) begun.push_back(effect.backfill);
        };
    }
    std::string add(const std::string& system, const std::string& code, const std::string& name) {
        return world.add(system, "things",
                         R"({"code":")" + code + R"(","name":")" + name + R"("})");
    }

    World world{small_workspace(), small_catalog()};
    std::vector<bool> begun;  // of each write, in their order: whether it was a backfill's

private:
    std::set<IntentId> intents_;
};

TEST_F(Backfill, what_was_there_at_the_first_join_is_a_backfill_and_what_is_typed_later_is_not) {
    add("A", "T1", "one");
    add("B", "T2", "two");
    world.sweep();
    EXPECT_EQ(begun, (std::vector<bool>{true, true}));
    world.pass(1'000);
    add("A", "T3", "three");
    world.poll();
    EXPECT_EQ(begun, (std::vector<bool>{true, true, false}));
}

TEST_F(Backfill, a_difference_at_the_first_join_is_a_backfill_and_an_edit_is_not) {
    const auto id = add("A", "T1", "one");
    world.pass(1'000);
    add("B", "T1", "another");
    world.sweep();
    EXPECT_EQ(begun, (std::vector<bool>{true}));
    world.pass(1'000);
    world.edit("A", "things", id, "name", "typed");
    world.poll();
    EXPECT_EQ(begun, (std::vector<bool>{true, false}));
}

TEST_F(Backfill, an_edit_is_written_before_the_backfill_that_waits) {
    const auto id = add("A", "T0", "one");
    add("B", "T0", "one");
    for (int i = 1; i <= 60; ++i) add("A", "T" + std::to_string(i), "old");
    world.meanwhile = [&] {
        if (begun.size() < 4) return;
        world.meanwhile = nullptr;
        world.pass(1'000);
        world.edit("A", "things", id, "name", "typed");
        world.ask(false);
    };
    world.sweep();
    ASSERT_EQ(begun.size(), 61u);
    const auto edit = std::ranges::find(begun, false) - begun.begin();
    EXPECT_LT(edit, 20) << "sixty creates were to come";
    EXPECT_EQ(std::ranges::count(begun, false), 1);
}

TEST_F(Backfill, what_waits_is_still_a_backfill_after_a_crash) {
    for (int i = 1; i <= 9; ++i) add("A", "T" + std::to_string(i), "old");
    world.meanwhile = [&] {
        if (begun.size() < 3) return;
        world.meanwhile = nullptr;
        world.crash();
    };
    world.sweep();
    world.sweep();
    EXPECT_EQ(world.count("B", "things"), 9u);
    EXPECT_LE(std::ranges::count(begun, false), 2) << "only what had begun is simply finished";
}

}  // namespace
}  // namespace entente::test
