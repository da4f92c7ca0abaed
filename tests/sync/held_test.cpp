// What is held is the edit that could not be written, and no other one: a newer edit is sent whatever became of the older one, and
// a hold is over once the record shows a later value, by whatever way that came to be known (G3, G16).
#include "sync/world.hpp"

namespace entente::test {
namespace {

class HeldEdits : public ::testing::Test {
protected:
    void SetUp() override {
        a = world.add("A", "things", R"({"code":"T1","name":"one","note":"n"})");
        b = world.add("B", "things", R"({"code":"T1","name":"one","note":"n"})");
        world.sweep();
    }
    void refuse(const std::string& system, std::set<std::string> names) {
        world[system].refuses = [names = std::move(names)](const Value& body) -> std::string {
            const Value* name = body.find("name");
            const bool is_unwanted = name && name->is_text() && names.contains(name->as_text());
            return is_unwanted ? "no such name" : "";
        };
    }
    // Once the write to `system` is decided and before it is answered, `what` happens and is read.
    void while_it_is_sent(const std::string& system, std::function<void()> what) {
        world.meanwhile = [this, system, what = std::move(what)] {
            if (is_done || !world.is_planned(system, Purpose::write)) return;
            is_done = true;
            what();
            world.choose = [](std::size_t count) { return count - 1; };  // the write comes last
            world.ask(false);
        };
    }
    std::int64_t held(const std::string& system) {
        return world.store()->counts(world.workspace().find_data_type(system + ".Thing")).held;
    }
    Value name_in(const std::string& system) {
        return world.value(system, "things", system == "A" ? a : b, "name");
    }

    World world{small_workspace(), small_catalog()};
    std::string a, b;
    bool is_done = false;
};

TEST_F(HeldEdits, an_edit_that_was_known_before_the_older_ones_refusal_is_sent) {
    for (const std::string to : {"B", "A"}) {
        const std::string from = to == "B" ? "A" : "B";
        is_done = false;
        refuse(to, {"bad " + to});
        while_it_is_sent(
            to, [&] { world.edit(from, "things", from == "A" ? a : b, "name", "good " + to); });
        world.edit(from, "things", from == "A" ? a : b, "name", "bad " + to);
        world.poll();
        ASSERT_TRUE(is_done);
        EXPECT_EQ(world[to].refusals, 1);
        EXPECT_EQ(name_in(to), Value("good " + to));
        EXPECT_EQ(held(to), 0);
        world.choose = nullptr;
    }
}

TEST_F(HeldEdits, what_is_refused_too_is_held_in_the_place_of_the_older_one) {
    refuse("B", {"bad", "worse"});
    while_it_is_sent("B", [&] { world.edit("A", "things", a, "name", "worse"); });
    world.edit("A", "things", a, "name", "bad");
    world.poll();
    EXPECT_EQ(world["B"].refusals, 2);
    EXPECT_EQ(held("B"), 1);
    world.poll();
    EXPECT_EQ(world["B"].refusals, 2) << "neither is sent again";
    world.edit("A", "things", a, "name", "good");
    world.poll();
    EXPECT_EQ(name_in("B"), Value("good"));
    EXPECT_EQ(held("B"), 0);
}

TEST_F(HeldEdits, a_hold_is_over_once_a_later_value_has_arrived) {
    refuse("B", {"bad"});
    struct Way {
        const char* what;
        std::function<void()> prepare;
    };
    const std::vector<Way> ways{
        {"the answer shows it", [] {}},
        {"it is read back", [&] { world["B"].answers_nothing = true; }},
        {"it is found after a lost answer", [&] { world["B"].fates = {Fate::reply_lost}; }},
    };
    for (const Way& way : ways) {
        world.edit("A", "things", a, "name", "bad");
        world.poll();
        ASSERT_EQ(held("B"), 1) << way.what;
        way.prepare();
        world.edit("A", "things", a, "name", std::string("good"));
        world.poll();
        EXPECT_EQ(name_in("B"), Value("good")) << way.what;
        EXPECT_EQ(held("B"), 0) << way.what;
        world.edit("A", "things", a, "name", "one");
        world.poll();
    }
}

TEST_F(HeldEdits, a_hold_is_over_once_the_old_value_is_wanted_again) {
    refuse("B", {"bad"});
    world.edit("A", "things", a, "name", "bad");
    world.poll();
    ASSERT_EQ(held("B"), 1);
    const int writes = world.total_writes();
    world.edit("A", "things", a, "name", "one");
    world.poll();
    EXPECT_EQ(held("B"), 0);
    EXPECT_EQ(world.total_writes(), writes);
}

TEST_F(HeldEdits, a_refusal_holds_nothing_once_the_old_value_is_wanted_again) {
    refuse("B", {"bad"});
    while_it_is_sent("B", [&] { world.edit("A", "things", a, "name", "one"); });
    world.edit("A", "things", a, "name", "bad");
    world.poll();
    ASSERT_TRUE(is_done);
    EXPECT_EQ(name_in("B"), Value("one"));
    EXPECT_EQ(held("B"), 0);
}

TEST_F(HeldEdits, what_did_not_stick_is_held_and_a_newer_edit_that_was_known_by_then_is_sent) {
    world["B"].ignored = {"name"};
    world["B"].answers_nothing = true;
    while_it_is_sent("B", [&] {
        world.edit("A", "things", a, "name", "later");
        world["B"].ignored = {};
        world["B"].longest = 3;  // of the older one, the system keeps something else
    });
    world.edit("A", "things", a, "name", "first");
    world.poll();
    ASSERT_TRUE(is_done);
    EXPECT_EQ(name_in("B"), Value("lat"));
    EXPECT_EQ(held("B"), 1) << "the newer one did not stick either";
    world["B"].longest = 1'000;
    world.edit("A", "things", a, "name", "last");
    world.poll();
    EXPECT_EQ(name_in("B"), Value("last"));
    EXPECT_EQ(held("B"), 0);
}

}  // namespace
}  // namespace entente::test
