// Three and more systems, and one whose two resources are records of one thing: C, where a Thing is both a Quote and an Order.
#include <gmock/gmock.h>

#include "sync/world.hpp"

namespace entente::test {
namespace {

class Several : public ::testing::Test {
protected:
    World world{small_workspace("", "books"), small_catalog()};

    std::string only(const std::string& system, const std::string& resource) {
        EXPECT_EQ(world.count(system, resource), 1u) << system << " " << resource;
        auto& table = world[system].tables[resource];
        return table.empty() ? "" : table.begin()->first;
    }
    std::multiset<std::string> lines(const std::string& resource) {
        std::multiset<std::string> out;
        for (const auto& [id, record] : world["C"].tables[resource])
            out.insert(record.body.find("of")->as_text() + " " +
                       record.body.find("text")->as_text() + ":" +
                       json::write(*record.body.find("quantity")));
        return out;
    }
    void silence() {
        const int writes = world.total_writes();
        world.poll();
        world.sweep();
        EXPECT_EQ(world.total_writes(), writes);
    }
};

TEST_F(Several, one_thing_becomes_both_records_of_a_system) {
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.sweep();
    for (const char* resource : {"quotes", "orders"})
        EXPECT_EQ(world.value("C", resource, only("C", resource), "name"), Value("one"));
    only("B", "things");
    silence();
}

TEST_F(Several, records_that_are_there_are_linked_and_nothing_is_created) {
    for (const char* system : {"A", "B"}) world.add(system, "things", R"({"code":"T1"})");
    for (const char* resource : {"quotes", "orders"}) world.add("C", resource, R"({"code":"T1"})");
    world.sweep();
    EXPECT_EQ(world.total_writes(), 0);
    EXPECT_EQ(world.notices[Notice::Kind::linked], 3);
}

TEST_F(Several, an_edit_of_one_record_reaches_the_other_of_the_same_system) {
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.sweep();
    const std::string quote = only("C", "quotes"), order = only("C", "orders");
    world.edit("C", "quotes", quote, "name", Value("two"));
    world.poll();
    EXPECT_EQ(world.value("C", "orders", order, "name"), Value("two"));
    EXPECT_EQ(world.value("A", "things", only("A", "things"), "name"), Value("two"));
    world.edit("C", "orders", order, "name", Value("three"));
    world.poll();
    EXPECT_EQ(world.value("C", "quotes", quote, "name"), Value("three"));
    silence();
}

// Whoever edits the order saw what the quote's editor had written, even when the modified time is no later than that edit.
TEST_F(Several, who_saw_the_other_record_s_value_is_later_than_it) {
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.sweep();
    const std::string quote = only("C", "quotes"), order = only("C", "orders");
    world.edit("C", "quotes", quote, "name", Value("two"));
    world.poll();
    world.edit("C", "orders", order, "name", Value("three"));
    world["C"].tables["orders"][order].modified.ms -= 60'000;
    world.sweep();
    EXPECT_EQ(world.value("A", "things", only("A", "things"), "name"), Value("three"));
    EXPECT_EQ(world.value("C", "quotes", quote, "name"), Value("three"));
}

TEST_F(Several, what_creates_nothing_stays_alone_until_it_is_matched) {
    const auto quote = world.add("C", "quotes", R"({"code":"Q1","name":"one"})");
    world.sweep();
    EXPECT_EQ(world.count("A", "things") + world.count("B", "things") + world.count("C", "orders"),
              0u);
    world.add("A", "things", R"({"code":"Q1"})");
    world.sweep();
    EXPECT_EQ(world.value("A", "things", only("A", "things"), "name"), Value("one"));
    only("C", "orders");
    EXPECT_EQ(only("C", "quotes"), quote);
    silence();
}

TEST_F(Several, lines_are_made_with_their_parent_and_known_afterwards) {
    const auto a = world.add(
        "A", "things",
        R"({"code":"T1","lines":[{"text":"x","quantity":1},{"text":"x","quantity":1},{"text":"y","quantity":2}]})");
    world.sweep();
    const std::string order = only("C", "orders");
    EXPECT_THAT(lines("orders-lines"),
                ::testing::UnorderedElementsAre(order + " x:1", order + " x:1", order + " y:2"));
    EXPECT_EQ(world["C"].creates, 2);  // a quote and an order, each in one call
    Value list = world.value("A", "things", a, "lines");
    list.as_list()[2].set("quantity", Value(7));
    world.edit("A", "things", a, "lines", list);
    world.poll();
    EXPECT_EQ(lines("orders-lines").count(order + " y:7"), 1u);
    for (const auto& [id, record] : world["C"].tables["orders-lines"])
        if (*record.body.find("text") == Value("y"))
            world.edit("C", "orders-lines", id, "quantity", Value(9));
    world.poll();
    EXPECT_EQ(*world.value("A", "things", a, "lines").as_list()[2].find("quantity"), Value(9));
    EXPECT_EQ(world["C"].creates, 2);
    silence();
}

TEST_F(Several, lines_that_fill_several_pages_are_all_known) {
    std::string list;
    for (int i = 0; i < 8; ++i)
        list += (i ? "," : "") + std::string(R"({"text":"x)") + std::to_string(i) +
                R"(","quantity":1})";
    world.add("A", "things", R"({"code":"T1","lines":[)" + list + "]}");
    world.sweep();
    EXPECT_EQ(world.count("C", "orders-lines"), 8u);
    EXPECT_EQ(world["C"].creates, 2);
    silence();
}

// What was sent with the parent is ours when we see it: it must not win over an edit made meanwhile.
TEST_F(Several, an_edit_made_while_the_lines_are_still_to_be_seen_is_kept) {
    const auto a = world.add("A", "things", R"({"code":"T1","lines":[{"text":"x","quantity":1}]})");
    bool edited = false;
    world.meanwhile = [&] {
        if (edited || world.count("C", "orders-lines") == 0) return;
        edited = true;
        Value list = world.value("A", "things", a, "lines");
        list.as_list()[0].set("quantity", Value(5));
        world.edit("A", "things", a, "lines", list);
    };
    world.sweep();
    world.meanwhile = nullptr;
    world.poll();
    EXPECT_EQ(*world.value("A", "things", a, "lines").as_list()[0].find("quantity"), Value(5));
    EXPECT_THAT(lines("orders-lines"), ::testing::ElementsAre(only("C", "orders") + " x:5"));
    silence();
}

TEST_F(Several, a_crash_at_any_step_of_a_create_with_lines_makes_nothing_twice) {
    for (int steps = 1; steps < 60; ++steps) {
        SCOPED_TRACE(steps);
        World w{small_workspace("", "books"), small_catalog()};
        w.add("A", "things",
              R"({"code":"T1","lines":[{"text":"x","quantity":1},{"text":"y","quantity":2}]})");
        w.crash_after(steps);
        w.sweep();
        w.sweep();
        EXPECT_EQ(w.count("C", "orders"), 1u);
        EXPECT_EQ(w.count("C", "orders-lines"), 2u);
        EXPECT_EQ(w.count("C", "quotes-lines"), 2u);
        EXPECT_EQ(w.count("A", "things"), 1u);
        const int writes = w.total_writes();
        w.sweep();
        EXPECT_EQ(w.total_writes(), writes);
    }
}

TEST_F(Several, a_create_whose_record_is_gone_at_once_is_not_repeated) {
    world.add("A", "things", R"({"code":"T1"})");
    bool removed = false;
    world.meanwhile = [&] {
        if (removed || world.count("C", "orders") == 0) return;
        removed = true;
        world.remove("C", "orders", world["C"].tables["orders"].begin()->first);
    };
    world.sweep();
    world.meanwhile = nullptr;
    world.sweep();
    EXPECT_TRUE(removed);
    EXPECT_EQ(world.count("C", "orders"), 0u);
}

TEST_F(Several, a_create_of_unknown_outcome_is_told_and_not_repeated) {
    world["C"].fates = {Fate::reply_lost};
    world.add("A", "things", R"({"code":"T1"})");
    world.sweep();
    for (const char* resource : {"quotes", "orders"}) only("C", resource);
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::tried], 1);
}

TEST_F(Several, what_cannot_be_changed_there_any_more_is_held) {
    world.add("A", "owners", R"({"code":"O1"})");
    const auto other = world.add("A", "owners", R"({"code":"O2"})");
    const auto a = world.add("A", "things", R"({"code":"T1","owner":"1"})");
    world.sweep();
    world.edit("A", "things", a, "owner", Value(other));
    world.sweep();
    EXPECT_EQ(world.notices[Notice::Kind::held], 2);  // the quote's and the order's
    EXPECT_THAT(world.texts, ::testing::Contains(::testing::HasSubstr("cannot be changed there")));
    silence();
}

TEST_F(Several, who_may_not_read_is_not_taken_for_empty) {
    world["C"].unreadable = {"orders"};
    world.add("C", "orders", R"({"code":"T1"})");
    world.add("A", "things", R"({"code":"T1"})");
    world.sweep();
    EXPECT_EQ(world.total_writes(), 0);  // nothing of this model has joined: it was not swept
    EXPECT_THAT(world.texts, ::testing::Contains(::testing::HasSubstr("no right to read orders")));
    const auto told = [&] {
        return std::ranges::count_if(
            world.texts, [](const std::string& text) { return text.contains("no right to read"); });
    };
    EXPECT_EQ(told(), 1);
    world.pass(120'000);
    world.sweep();
    EXPECT_EQ(told(), 1) << "once, not with every look";
    world["C"].unreadable.clear();
    world.pass(120'000);
    world.sweep();
    EXPECT_EQ(world.count("C", "orders"), 1u);
    EXPECT_EQ(world.count("C", "quotes"), 1u);
}

// Some systems give the id of a removed record to the next one (a table whose counter is the largest id).
TEST(ReusedId, the_new_record_is_not_taken_for_the_one_that_had_its_id) {
    World world{small_workspace(), small_catalog()};
    const auto a = world.add("A", "things",
                             R"({"code":"T1","name":"old","lines":[{"text":"x","quantity":1}]})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    world.remove("B", "things", b);
    world["B"].reused_id = b;
    world.add("A", "things", R"({"code":"T2","name":"new"})");
    world.poll();
    ASSERT_EQ(world.value("B", "things", b, "code"), Value("T2"));
    world.sweep();
    world.sweep();
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("old"));
    EXPECT_EQ(world.value("A", "things", a, "code"), Value("T1"));
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1);
    const int writes = world.total_writes();
    world.edit("A", "things", a, "name", Value("older"));
    world.sweep();
    EXPECT_EQ(world.total_writes(), writes);  // what is gone is not written to
}

// A record with lines nested in it: their ids begin with its own.
TEST(ReusedId, lines_inside_the_new_record_are_its_own) {
    World world{small_workspace(), small_catalog()};
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"x","quantity":1})");
    world.sweep();
    const std::string a = world["A"].tables["things"].begin()->first;
    world.remove("A", "things", a);
    world["A"].reused_id = a;
    world["A"].next_id = 1;  // its lines are counted from the beginning again, too
    const auto second = world.add("B", "things", R"({"code":"T2"})");
    world.add("B", "lines", R"({"thing":")" + second + R"(","text":"y","quantity":2})");
    world.poll();
    world.sweep();
    world.sweep();
    ASSERT_EQ(world.value("A", "things", a, "code"), Value("T2"));
    EXPECT_EQ(world.value("A", "things", a, "lines").as_list().size(), 1u);
    EXPECT_EQ(world.count("B", "lines"), 2u);
    EXPECT_EQ(world.value("B", "lines", "2", "text"), Value("x"));
}

// A system that finds by itself that it has the thing answers with the record it has.
TEST(ReusedId, a_create_that_is_answered_with_the_same_thing_waits_for_a_person) {
    World world{small_workspace(), small_catalog()};
    world.add("A", "things", R"({"code":"T1"})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    world["B"].answers_with = b;
    world.add("A", "things", R"({"code":"T2","name":"second"})");
    world.poll();
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_EQ(world.value("B", "things", b, "code"), Value("T1"));
    EXPECT_THAT(world.texts, ::testing::Contains(::testing::HasSubstr("create_failed")));
}

TEST(Silent, a_resource_without_changes_is_searched_before_a_create) {
    World world{small_workspace("", "silent"), small_catalog()};
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    // Somebody types the same thing while we are about to create it.
    bool typed = false;
    world.meanwhile = [&] {
        if (typed || world["B"].creates == 0) return;
        typed = true;
        world.add("D", "things", R"({"code":"T1","note":"theirs"})");
    };
    world.sweep();
    world.meanwhile = nullptr;
    EXPECT_TRUE(typed);
    EXPECT_GT(world["D"].searches, 0);
    EXPECT_EQ(world.count("D", "things"), 1u);
    world.sweep();
    EXPECT_EQ(world.value("D", "things", world["D"].tables["things"].begin()->first, "name"),
              Value("one"));
    EXPECT_EQ(world.value("A", "things", "1", "note"), Value("theirs"));
}

TEST(LateJoin, a_system_added_later_is_matched_before_anything_is_created) {
    World world{small_workspace(), small_catalog(), true};
    for (int i = 0; i < 5; ++i) {
        const std::string code = R"({"code":"T)" + std::to_string(i) + R"(","name":"same"})";
        world.add(i % 2 ? "A" : "B", "things", code);
    }
    world.sweep();
    world.configure(small_workspace("", "again books"));
    for (int i = 0; i < 5; ++i) {
        const std::string code = R"({"code":"T)" + std::to_string(i) + R"(","note":"late"})";
        world.add("E", "things", code);
        world.add("C", "orders", code);
    }
    world.add("E", "things", R"({"code":"T9","name":"new"})");
    world.sweep();
    world.sweep();
    for (const auto& [system, resource] : {std::pair("A", "things"),
                                           {"B", "things"},
                                           {"E", "things"},
                                           {"C", "orders"},
                                           {"C", "quotes"}})
        EXPECT_EQ(world.count(system, resource), 6u) << system << " " << resource;
    EXPECT_EQ(world.notices[Notice::Kind::parked], 0);
    const int writes = world.total_writes();
    world.sweep();
    EXPECT_EQ(world.total_writes(), writes);
}

TEST(LateJoin, what_was_there_before_is_created_in_it) {
    World world{small_workspace(), small_catalog(), true};
    for (int i = 0; i < 700; ++i)  // more than one step looks at
        world.add("A", "things", R"({"code":"T)" + std::to_string(i) + R"("})");
    world.sweep();
    world.configure(small_workspace("", "again"));
    world.add("E", "things", R"({"code":"T3"})");
    world.sweep();
    EXPECT_EQ(world.count("E", "things"), 700u);
    EXPECT_EQ(world["E"].creates, 699);
    EXPECT_EQ(world.count("A", "things") + world.count("B", "things"), 1400u);
}

TEST(LateJoin, a_flow_that_creates_from_now_on_creates_what_was_there) {
    const std::string never =
        "\n  - {from: A.Thing, to: B.Thing, create: never}\n  - {from: A.Owner, to: B.Owner}\n";
    const auto with = [&](const std::string& flows) {
        std::string yaml = small_workspace();
        yaml.replace(yaml.find("derived"), 7, flows);
        return yaml;
    };
    World world{with(never), small_catalog(), true};
    world.add("A", "things", R"({"code":"T1"})");
    world.sweep();
    EXPECT_EQ(world.count("B", "things"), 0u);
    world.configure(with("\n  - {from: A.Thing, to: B.Thing}\n  - {from: A.Owner, to: B.Owner}\n"));
    world.sweep();
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST(LateJoin, a_match_rule_that_is_new_holds_for_what_was_there) {
    World world{small_workspace(), small_catalog(), true};
    std::string& model = world.catalog().front().text;
    const std::string rules = model;
    model.replace(model.find("[[code], [email]]"), 17, "[[code]]");
    world.configure(small_workspace());
    world.add("A", "things", R"({"code":"T1","email":"a@b.example"})");
    world.sweep();
    model = rules;
    world.configure(small_workspace("", "again"));
    world.add("E", "things", R"({"code":"Z9","mail":"a@b.example"})");
    world.sweep();
    for (const char* system : {"A", "B", "E"})
        EXPECT_EQ(world.count(system, "things"), 1u) << system;
}

TEST(LateJoin, what_changes_elsewhere_while_it_joins_is_not_lost) {
    World world{small_workspace(), small_catalog(), true};
    const auto a = world.add("A", "things", R"({"code":"T0","name":"old"})");
    world.sweep();
    world.configure(small_workspace("", "again"));
    world.add("E", "things", R"({"code":"T0","name":"old"})");
    bool edited = false;
    world.meanwhile = [&] {
        if (!edited) world.edit("A", "things", a, "name", Value("newer"));
        edited = true;
    };
    world.sweep();
    world.meanwhile = nullptr;
    world.poll();
    for (const char* system : {"A", "B", "E"})
        EXPECT_EQ(
            world.value(system, "things", world[system].tables["things"].begin()->first, "name"),
            Value("newer"))
            << system;
}

}  // namespace
}  // namespace entente::test
