// What is open or on its way when the process dies, and nobody starts it for a day; and what is on its way when its source goes.
#include "sync/world.hpp"

namespace entente::test {
namespace {

constexpr std::int64_t a_day = 86'400'000;

class Away : public ::testing::Test {
protected:
    World world{small_workspace(), small_catalog()};
    std::string a, b;

    Away() {
        a = world.add("A", "things", R"({"code":"T1","name":"one","note":"n"})");
        b = world.add("B", "things", R"({"code":"T1","name":"one","note":"n"})");
        world.sweep();
    }
    // The process dies when the value stands in B, whose answer is lost; this happens before it is started again.
    void away_when_written(const std::string& name, std::function<void()> meanwhile) {
        bool is_done = false;
        world["B"].fates = {Fate::reply_lost};
        world.meanwhile = [&, name] {
            if (is_done || world.value("B", "things", b, "name") != Value(name)) return;
            is_done = true;
            world.pass(a_day);
            meanwhile();
            world.crash();
        };
        world.poll();
        world.meanwhile = nullptr;
        EXPECT_TRUE(is_done);
        world.sweep();
    }
};

// Goal: a write that was open for a day is still ours: an edit upon it is in conflict with nobody (G2, G10).
TEST_F(Away, an_edit_upon_what_we_had_written_is_no_conflict_a_day_later) {
    world.edit("A", "things", a, "name", "two");
    away_when_written("two", [&] { world.edit("A", "things", a, "name", "three"); });
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("three"));
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("three"));
    EXPECT_EQ(world.notices[Notice::Kind::conflict], 0);
}

TEST_F(Away, an_edit_upon_it_where_we_had_written_it_is_no_conflict_either) {
    world.edit("A", "things", a, "name", "two");
    away_when_written("two", [&] { world.edit("B", "things", b, "name", "three"); });
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("three"));
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("three"));
    EXPECT_EQ(world.notices[Notice::Kind::conflict], 0);
}

// Goal: what was typed in a record that is there no more arrives (G3). Method: B cannot be written to until the record has gone.
TEST_F(Away, what_was_typed_in_a_record_before_it_went_still_travels) {
    world["B"].fates = {Fate::not_executed, Fate::not_executed};
    world.edit("A", "things", a, "name", "two");
    bool has_gone = false;
    world.meanwhile = [&] {
        if (has_gone || world["B"].fates.size() == 2) return;
        has_gone = true;
        world.remove("A", "things", a);
        world.ask(true);
    };
    world.poll();
    world.meanwhile = nullptr;
    world.sweep();
    EXPECT_TRUE(has_gone);
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("two"));
    EXPECT_EQ(world.count("A", "things"), 0u);
}

}  // namespace
}  // namespace entente::test
