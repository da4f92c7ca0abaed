// G9: an answer that comes twice acts once, whatever its call was for. Method: answers of one purpose are given again a step
// later, when what they belong to has gone on to its next call.
#include "sync/world.hpp"

namespace entente::test {
namespace {

class RepeatedAnswer : public ::testing::Test {
protected:
    World world{small_workspace(), small_catalog()};
    std::string a, b;

    RepeatedAnswer() {
        a = world.add("A", "things", R"({"code":"T1","name":"one"})");
        b = world.add("B", "things", R"({"code":"T1","name":"one"})");
        world.sweep();
    }
    void repeat(Purpose purpose) {
        world.repeats = [purpose](const Effect& effect) { return effect.purpose == purpose; };
    }
};

TEST_F(RepeatedAnswer, a_comparison_that_is_answered_twice_leads_to_one_write) {
    repeat(Purpose::compare);
    world.edit("B", "things", b, "name", "two");
    world.poll();
    EXPECT_EQ(world["A"].writes, 1);
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("two"));
}

TEST_F(RepeatedAnswer, a_write_that_is_answered_twice_is_read_back_once) {
    world["B"].answers_nothing = true;
    repeat(Purpose::write);
    int read_back = 0;
    world.tamper = [&](const Effect& effect, Answer&) {
        read_back += effect.purpose == Purpose::read_back;
    };
    world.edit("A", "things", a, "name", "two");
    world.poll();
    EXPECT_EQ(read_back, 1);
    EXPECT_EQ(world["B"].writes, 1);
}

// Goal: the second "unknown" of one write is no outcome of the next try. Method: the first try is lost, and that is told twice.
TEST_F(RepeatedAnswer, a_failure_that_is_told_twice_leads_to_one_more_try) {
    world["B"].fates = {Fate::request_lost};
    repeat(Purpose::write);
    int tries = 0;
    world.tamper = [&](const Effect& effect, Answer&) {
        tries += effect.purpose == Purpose::write;
    };
    world.edit("A", "things", a, "name", "two");
    world.poll();
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("two"));
}

TEST_F(RepeatedAnswer, a_page_that_comes_twice_is_followed_once) {
    for (int i = 0; i < 6; ++i)
        world.add("A", "things", R"({"code":"P)" + std::to_string(i) + R"("})");
    world.sweep();
    repeat(Purpose::page);
    std::vector<std::string> cursors;
    world.tamper = [&](const Effect& effect, Answer&) {
        const auto* list = std::get_if<ListCall>(&effect.call);
        if (list && effect.system == world["A"].index &&
            world.workspace().resource(list->resource).name == "things")
            cursors.push_back(list->cursor);
    };
    world.sweep();
    EXPECT_EQ(cursors, (std::vector<std::string>{"", "3", "6"}));
}

}  // namespace
}  // namespace entente::test
