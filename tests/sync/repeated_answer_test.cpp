// G9: an answer that comes twice acts once, whatever its call was for. Method: answers of one purpose are given again a step
// later, when what they belong to has gone on to its next call.
#include <algorithm>

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

// So many calls of that purpose are made in C, which is played once without and once with answers that come again.
int calls_in_c(Purpose purpose, bool comes_again, const std::function<void(World&)>& play) {
    World world{small_workspace("", "books"), small_catalog()};
    int calls = 0;
    world.tamper = [&](const Effect& effect, Answer&) {
        calls += effect.purpose == purpose && effect.system == world["C"].index;
    };
    if (comes_again)
        world.repeats = [=](const Effect& effect) { return effect.purpose == purpose; };
    play(world);
    return calls;
}

// Goal: what seems empty is believed after the second look, not after the second answer to the first question for rights.
// Method: a right is given back while we ask for it.
TEST(RepeatedAnswerOfRights, does_not_end_the_second_look) {
    const auto play = [](World& world) {
        world.add("C", "orders", R"({"code":"T1"})");
        world["C"].unreadable = {"orders"};
        world.meanwhile = [&world] {
            if (world.is_planned("C", Purpose::rights)) world["C"].unreadable.clear();
        };
        world.sweep();
        EXPECT_EQ(world.count("A", "things"), 1u);
    };
    EXPECT_EQ(calls_in_c(Purpose::rights, true, play), calls_in_c(Purpose::rights, false, play));
}

// Goal: a record that cannot be read for itself is asked for once at a time. Method: it is missing while its system fails.
TEST(RepeatedAnswerOfChecks, that_fails_is_tried_again_once) {
    const auto reads = [](bool comes_again) {
        World world{small_workspace(), small_catalog()};
        world.add("A", "things", R"({"code":"T1"})");
        const auto gone = world.add("A", "things", R"({"code":"T2"})");
        world.sweep();
        world.remove("A", "things", gone);
        int checks = 0;
        world.tamper = [&](const Effect& effect, Answer& answer) {
            if (effect.purpose != Purpose::check) return;
            if (++checks < 3) answer.outcome = Outcome::retry_later;
        };
        if (comes_again)
            world.repeats = [](const Effect& effect) { return effect.purpose == Purpose::check; };
        world.sweep();
        return checks;
    };
    EXPECT_EQ(reads(true), reads(false));
}

// Goal: the lines of a thing that are missing from the search for them are read once each. Method: lines are typed anew and one goes.
TEST(RepeatedAnswerOfLines, reads_each_missing_line_once) {
    const auto play = [](World& world) {
        world.add("A", "things",
                  R"({"code":"T1","lines":[{"text":"x","quantity":1},{"text":"y","quantity":2}]})");
        world.sweep();
        auto& lines = world["C"].tables["orders-lines"];
        ASSERT_EQ(lines.size(), 2u);
        const std::string order = world["C"].tables["orders"].begin()->first;
        world.remove("C", "orders-lines", std::string(lines.begin()->first));
        world.remove("C", "orders-lines", std::string(lines.begin()->first));
        world.add("C", "orders-lines", R"({"of":")" + order + R"(","text":"x","quantity":1})");
        world.poll();
    };
    EXPECT_EQ(calls_in_c(Purpose::check, true, play), calls_in_c(Purpose::check, false, play));
}

// Goal: a create that nobody can ask for counts as one try, however often its failure is told.
TEST(RepeatedAnswerOfBlindCreates, counts_as_one_try) {
    World world{
        small_workspace(),
        small_catalog_where("catalog/connectors/versioned/things.yaml", "create: {grade: keyed}",
                            "create: {grade: none, visible_after: 0s, late_execution: 1s}")};
    world.sweep();
    world["B"].fates = {Fate::request_lost};
    world.repeats = [](const Effect& effect) { return effect.purpose == Purpose::write; };
    int tries = 0;
    world.meanwhile = [&] {
        for (const Intent& intent : world.store()->intents()) tries = std::max(tries, intent.tries);
    };
    world.add("A", "things", R"({"code":"T1"})");
    world.poll();
    EXPECT_EQ(tries, 1);
    EXPECT_EQ(world.store()->parked_counts()[ParkReason::create_unknown], 1);
}

}  // namespace
}  // namespace entente::test
