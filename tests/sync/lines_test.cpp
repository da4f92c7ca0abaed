// Lines: nested in A, a resource of their own in B.
#include "sync/world.hpp"

namespace entente::test {
namespace {

class Lines : public ::testing::Test {
protected:
    World world{small_workspace(), small_catalog()};

    std::multiset<std::string> lines_a(const std::string& thing) {
        std::multiset<std::string> out;
        const Value list = world.value("A", "things", thing, "lines");
        if (list.is_list())
            for (const Value& line : list.as_list())
                out.insert(line.find("text")->as_text() + ":" +
                           json::write(*line.find("quantity")));
        return out;
    }
    std::multiset<std::string> lines_b() {
        std::multiset<std::string> out;
        for (const auto& [id, record] : world["B"].tables["lines"])
            out.insert(record.body.find("text")->as_text() + ":" +
                       json::write(*record.body.find("quantity")));
        return out;
    }
};

TEST_F(Lines, nested_lines_become_records_of_their_own_on_the_other_side) {
    const auto a = world.add(
        "A", "things",
        R"({"code":"T1","lines":[{"text":"x","quantity":1},{"text":"x","quantity":1},{"text":"y","quantity":2.50}]})");
    world.sweep();
    EXPECT_EQ(lines_b(), lines_a(a));
    EXPECT_EQ(lines_b().count("x:1"), 2u);  // two equal lines are not duplicates
    EXPECT_EQ(lines_b().count("y:2.50"), 1u);
    world.sweep();
    EXPECT_EQ(world.count("B", "lines"), 3u);
}

TEST_F(Lines, separate_lines_become_nested_ones) {
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"x","quantity":3})");
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"y","quantity":4})");
    world.sweep();
    world.sweep();
    ASSERT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(lines_a(world["A"].tables["things"].begin()->first), lines_b());
    EXPECT_EQ(world.count("B", "lines"), 2u);
}

TEST_F(Lines, two_equal_ones_on_both_sides_are_two_and_each_is_edited_for_itself) {
    const auto a =
        world.add("A", "things",
                  R"({"code":"T1","lines":[{"text":"x","quantity":1},{"text":"x","quantity":1}]})");
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    for (int i = 0; i < 2; ++i)
        world.add("B", "lines", R"({"thing":")" + b + R"(","text":"x","quantity":1})");
    world.sweep();
    EXPECT_EQ(world.total_writes(), 0);
    for (auto& [id, line] : world["B"].tables["lines"]) {
        world.edit("B", "lines", id, "quantity", Value(5));
        break;
    }
    world.poll();
    EXPECT_EQ(lines_b(), (std::multiset<std::string>{"x:1", "x:5"}));
    EXPECT_EQ(lines_a(a), lines_b());
}

TEST_F(Lines, matched_orders_match_their_lines_and_edits_travel_both_ways) {
    const auto a =
        world.add("A", "things",
                  R"({"code":"T1","lines":[{"text":"x","quantity":1},{"text":"y","quantity":2}]})");
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    const auto l1 = world.add("B", "lines", R"({"thing":")" + b + R"(","text":"y","quantity":2})");
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"x","quantity":1})");
    world.sweep();
    EXPECT_EQ(world.total_writes(), 0);
    world.edit("B", "lines", l1, "quantity", 7);
    world.poll();
    EXPECT_EQ(lines_a(a), (std::multiset<std::string>{"x:1", "y:7"}));
    Value list = world.value("A", "things", a, "lines");
    list.as_list()[0].set("quantity", Value(9));
    world.edit("A", "things", a, "lines", list);
    world.poll();
    EXPECT_EQ(lines_b(), (std::multiset<std::string>{"x:9", "y:7"}));
    EXPECT_EQ(world.count("B", "lines"), 2u);
}

TEST_F(Lines, a_line_added_on_either_side_appears_once_on_the_other) {
    const auto a = world.add("A", "things", R"({"code":"T1","lines":[{"text":"x","quantity":1}]})");
    world.sweep();
    const auto b = world["B"].tables["things"].begin()->first;
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"from B","quantity":2})");
    world.poll();
    world.poll();
    EXPECT_EQ(lines_a(a), (std::multiset<std::string>{"x:1", "from B:2"}));
    Value list = world.value("A", "things", a, "lines");
    list.as_list().push_back(*json::read(R"({"id":99,"text":"from A","quantity":3})"));
    world.edit("A", "things", a, "lines", list);
    world.poll();
    world.poll();
    EXPECT_EQ(lines_b(), (std::multiset<std::string>{"x:1", "from B:2", "from A:3"}));
    world.sweep();
    EXPECT_EQ(lines_a(a), lines_b());
}

TEST_F(Lines, a_removed_line_is_gone_and_does_not_come_back) {
    const auto a =
        world.add("A", "things",
                  R"({"code":"T1","lines":[{"text":"x","quantity":1},{"text":"y","quantity":2}]})");
    world.sweep();
    Value list = world.value("A", "things", a, "lines");
    list.as_list().erase(list.as_list().begin());
    world.edit("A", "things", a, "lines", list);
    world.poll();
    world.edit("A", "things", a, "name", "touched");
    world.poll();
    world.sweep();
    EXPECT_EQ(lines_a(a), (std::multiset<std::string>{"y:2"}));
    EXPECT_EQ(world.count("B", "lines"), 2u);  // nothing is deleted anywhere yet
}

TEST_F(Lines, a_lost_reply_does_not_double_a_line) {
    for (Fate fate : {Fate::request_lost, Fate::reply_lost, Fate::late}) {
        World w{small_workspace(), small_catalog()};
        w.add("A", "things", R"({"code":"T1","lines":[{"text":"x","quantity":1}]})");
        w.sweep();
        const auto b = w["B"].tables["things"].begin()->first;
        w["A"].fates = {fate};
        w.add("B", "lines", R"({"thing":")" + b + R"(","text":"new","quantity":2})");
        w.poll();
        w.poll();
        w.sweep();
        const Value list = w.value("A", "things", w["A"].tables["things"].begin()->first, "lines");
        EXPECT_EQ(list.as_list().size(), 2u) << static_cast<int>(fate);
        EXPECT_EQ(w.count("B", "lines"), 2u) << static_cast<int>(fate);
    }
}

// Goal: a write that the system refuses is not made for ever (G13, G16). Method: a new line is all there is to write, and
// nothing says what was wrong with it.
TEST_F(Lines, a_refused_write_of_new_lines_waits_for_a_person_and_stops_nothing_else) {
    const auto b = world.add("B", "things", R"({"code":"T1","name":"one"})");
    world.sweep();
    const auto a = world["A"].tables["things"].begin()->first;
    world["A"].fates.assign(5, Fate::refused);
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"x","quantity":1})");
    for (int i = 0; i < 3; ++i) world.poll();
    EXPECT_EQ(world["A"].fates.size(), 4u) << "asked once";
    EXPECT_EQ(world.store()->parked_counts()[ParkReason::create_failed], 1);
    world["A"].fates.clear();
    world.edit("B", "things", b, "name", "two");
    world.poll();
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("two"));
    EXPECT_TRUE(lines_a(a).empty());
}

TEST_F(Lines, a_line_that_came_while_its_thing_was_gone_is_made_when_it_comes_back) {
    const auto a = world.add("A", "things", R"({"code":"T1","lines":[{"text":"x","quantity":1}]})");
    world.sweep();
    const auto b = world["B"].tables["things"].begin()->first;
    const FakeRecord kept = world["B"].tables["things"].at(b);
    world.remove("B", "things", b);
    world.sweep();
    ASSERT_EQ(world.notices[Notice::Kind::gone], 1);
    Value list = world.value("A", "things", a, "lines");
    list.as_list().push_back(*json::read(R"({"id":99,"text":"y","quantity":2})"));
    world.edit("A", "things", a, "lines", list);
    world.sweep();
    ASSERT_EQ(lines_b(), (std::multiset<std::string>{"x:1"}));
    world["B"].tables["things"][b] = kept;
    world.sweep();
    world.poll();
    EXPECT_EQ(lines_b(), (std::multiset<std::string>{"x:1", "y:2"}));
}

TEST_F(Lines, a_line_that_came_to_a_thing_that_was_gone_is_taken_when_that_comes_back) {
    world.add("A", "things", R"({"code":"T1"})");
    world.sweep();
    const auto b = world["B"].tables["things"].begin()->first;
    const FakeRecord kept = world["B"].tables["things"].at(b);
    world.remove("B", "things", b);
    world.sweep();
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"x","quantity":1})");
    world.poll();
    world["B"].tables["things"][b] = kept;
    world.sweep();
    world.poll();
    const auto a = world["A"].tables["things"].begin()->first;
    EXPECT_EQ(lines_a(a), (std::multiset<std::string>{"x:1"}));
}

TEST_F(Lines, history_tells_each_line_that_was_made_with_its_parent) {
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    for (const char* text : {"x", "y"})
        world.add("B", "lines", R"({"thing":")" + b + R"(","text":")" + text + R"("})");
    world.sweep();
    ASSERT_EQ(world["A"].writes, 1) << "all in one request";
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::create], 3);
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"added"})");
    world.poll();
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::create], 4);
}

TEST_F(Lines, a_line_is_settled_though_the_answer_to_its_write_leaves_the_lines_out) {
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    const auto line =
        world.add("B", "lines", R"({"thing":")" + b + R"(","text":"x","quantity":1})");
    world.sweep();
    const auto told = world.store()->history_counts()[HistoryEvent::Kind::write];
    const int writes = world["A"].writes;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.purpose != Purpose::write) return;
        answer.records.front().body.erase("lines");
        answer.complete = false;
    };
    world.edit("B", "lines", line, "quantity", 7);
    world.poll();
    world.poll();
    EXPECT_EQ(world["A"].writes, writes + 1);
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::write], told + 1);
}

}  // namespace
}  // namespace entente::test
