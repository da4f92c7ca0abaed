// Lines typed anew: removed and typed again, or given new ids when the whole is saved. What came is compared with what went before
// it is made elsewhere. Lines are nested in A, a resource of their own in B (read one by one) and in C (searched by parent).
#include "sync/world.hpp"

namespace entente::test {
namespace {

using Shown = std::multiset<std::string>;

std::string in_words(const Value& line) {
    return line.find("text")->as_text() + ":" + json::write(*line.find("quantity"));
}

// One thing with lines, in all systems, and what people do to them.
struct Order {
    explicit Order(const std::string& systems = "")
        : world(small_workspace("", systems), small_catalog()) {}

    // The one thing, with these lines, in A; it is in all systems afterwards.
    void begin(const std::string& lines) {
        a = world.add("A", "things", R"({"code":"T1","lines":)" + lines + "}");
        world.sweep();
        b = world["B"].tables["things"].begin()->first;
        writes = world.total_writes();
    }
    Shown lines_a() {
        Shown out;
        const Value list = world.value("A", "things", a, "lines");
        if (list.is_list())
            for (const Value& line : list.as_list()) out.insert(in_words(line));
        return out;
    }
    Shown lines_of(const std::string& system, const std::string& resource) {
        Shown out;
        for (const auto& [id, record] : world[system].tables[resource])
            out.insert(in_words(record.body));
        return out;
    }
    Shown lines_b() { return lines_of("B", "lines"); }
    std::string line_b(const std::string& text) {
        for (const auto& [id, record] : world["B"].tables["lines"])
            if (record.body.find("text")->as_text() == text) return id;
        return {};
    }
    std::string type_b(const std::string& text, int quantity) {
        return world.add("B", "lines",
                         R"({"thing":")" + b + R"(","text":")" + text + R"(","quantity":)" +
                             std::to_string(quantity) + "}");
    }
    void retype_b(const std::string& text, int quantity) {
        world.remove("B", "lines", line_b(text));
        type_b(text, quantity);
    }
    // A person, or a script, saves the whole: every line gets a new id.
    void save_a(const std::string& lines) {
        Value list = *json::read(lines);
        for (Value& line : list.as_list()) line.set("id", Value(world["A"].next_id++));
        world.edit("A", "things", a, "lines", std::move(list));
    }
    std::int64_t waiting() { return world.store()->parked_counts()[ParkReason::retyped]; }
    int written() { return world.total_writes() - writes; }

    World world;
    std::string a, b;
    int writes = 0;
};

class Retyped : public ::testing::Test, protected Order {
protected:
    using Order::Order;
};

TEST_F(Retyped, lines_inside_a_thing_that_is_saved_anew_are_the_same_lines) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    save_a(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    world.poll();
    world.sweep();
    EXPECT_EQ(lines_b(), (Shown{"x:1", "y:2"}));
    EXPECT_EQ(written(), 0);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(Retyped, what_was_changed_while_saving_anew_travels_as_an_edit) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    save_a(R"([{"text":"y","quantity":5},{"text":"x","quantity":1}])");
    world.poll();
    EXPECT_EQ(lines_b(), (Shown{"x:1", "y:5"}));
    EXPECT_EQ(written(), 1) << "one update, no create";
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::linked], 2);
    // And back: the new lines are written to as the old ones were.
    world.edit("B", "lines", line_b("x"), "quantity", 9);
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"x:9", "y:5"}));
}

TEST_F(Retyped, a_line_of_its_own_is_the_same_line_though_only_its_coming_is_seen) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    retype_b("x", 1);
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"x:1", "y:2"}));
    EXPECT_EQ(written(), 0);
    retype_b("y", 7);
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"x:1", "y:7"}));
    world.sweep();
    EXPECT_EQ(lines_a(), lines_b());
    EXPECT_EQ(world.count("B", "lines"), 2u);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(Retyped, a_loss_that_is_seen_long_before_the_line_comes_again_is_remembered) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    world.remove("B", "lines", line_b("x"));
    world.sweep();
    world.sweep();
    type_b("x", 3);
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"x:3", "y:2"}));
    EXPECT_EQ(lines_b(), (Shown{"x:3", "y:2"}));
}

TEST_F(Retyped, a_line_where_another_went_waits_for_a_person) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    world.remove("B", "lines", line_b("x"));
    type_b("z", 1);
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"x:1", "y:2"}));
    ASSERT_EQ(waiting(), 1);
    EXPECT_EQ(world.notices[Notice::Kind::parked], 1);
    EXPECT_NE(world.texts.back().find("\"x\", 1"), std::string::npos) << world.texts.back();
    EXPECT_NE(world.texts.back().find("entente relink"), std::string::npos);
    for (int i = 0; i < 3; ++i) world.sweep();
    world.crash();
    world.sweep();
    EXPECT_EQ(waiting(), 1);
    EXPECT_EQ(written(), 0);
    EXPECT_EQ(world.notices[Notice::Kind::parked], 1) << "told once";
}

TEST_F(Retyped, in_a_nested_list_it_waits_just_so) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    Value list = world.value("A", "things", a, "lines");
    list.as_list()[0] = *json::read(R"({"id":77,"text":"z","quantity":4})");
    world.edit("A", "things", a, "lines", list);
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(lines_b(), (Shown{"x:1", "y:2"}));
    EXPECT_EQ(waiting(), 1);
    // What else the thing needs is written all the same, and its lines stay as they are.
    world.edit("B", "lines", line_b("y"), "quantity", 6);
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"z:4", "y:6"}));
}

TEST_F(Retyped, it_goes_on_as_a_new_line_once_the_other_systems_are_rid_of_what_went) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    world.remove("B", "lines", line_b("x"));
    type_b("z", 1);
    world.poll();
    ASSERT_EQ(waiting(), 1);
    Value list = world.value("A", "things", a, "lines");
    list.as_list().erase(list.as_list().begin());
    world.edit("A", "things", a, "lines", list);
    world.poll();
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"y:2", "z:1"}));
    EXPECT_EQ(lines_b(), (Shown{"y:2", "z:1"}));
    EXPECT_EQ(waiting(), 0);
}

TEST_F(Retyped, it_goes_on_once_what_went_is_typed_again_or_comes_back) {
    for (const bool comes_back : {false, true}) {
        Order o;
        o.begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
        const std::string x = o.line_b("x");
        const FakeRecord kept = o.world["B"].tables["lines"].at(x);
        o.world.remove("B", "lines", x);
        o.type_b("z", 1);
        o.world.poll();
        ASSERT_EQ(o.waiting(), 1);
        if (comes_back)
            o.world["B"].tables["lines"][x] = kept;
        else
            o.type_b("x", 1);
        o.world.sweep();
        o.world.sweep();
        EXPECT_EQ(o.lines_a(), (Shown{"x:1", "y:2", "z:1"})) << comes_back;
        EXPECT_EQ(o.waiting(), 0);
        EXPECT_EQ(o.world.count("B", "lines"), 3u);
    }
}

TEST_F(Retyped, it_goes_on_when_it_is_corrected_to_what_went) {
    begin(R"([{"text":"x","quantity":1}])");
    world.remove("B", "lines", line_b("x"));
    const auto z = type_b("z", 1);
    world.poll();
    ASSERT_EQ(waiting(), 1);
    world.edit("B", "lines", z, "text", Value("x"));
    world.poll();
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(lines_a(), (Shown{"x:1"}));
    EXPECT_EQ(written(), 0);
}

TEST_F(Retyped, what_a_person_types_by_hand_in_the_other_system_is_the_line_that_waits) {
    begin(R"([{"text":"x","quantity":1}])");
    world.remove("B", "lines", line_b("x"));
    type_b("z", 1);
    world.poll();
    ASSERT_EQ(waiting(), 1);
    Value list = world.value("A", "things", a, "lines");
    list.as_list().push_back(*json::read(R"({"id":88,"text":"z","quantity":1})"));
    world.edit("A", "things", a, "lines", list);
    world.poll();
    world.sweep();
    EXPECT_EQ(lines_b(), (Shown{"z:1"})) << "not made twice";
    EXPECT_EQ(lines_a(), (Shown{"x:1", "z:1"}));
    EXPECT_EQ(waiting(), 0);
}

TEST_F(Retyped, one_of_two_equal_lines_is_typed_anew) {
    begin(R"([{"text":"x","quantity":1},{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    retype_b("x", 1);
    world.poll();
    world.sweep();
    EXPECT_EQ(lines_a(), (Shown{"x:1", "x:1", "y:2"}));
    EXPECT_EQ(written(), 0);
    Value list = world.value("A", "things", a, "lines");
    std::swap(list.as_list()[0], list.as_list()[1]);
    world.edit("A", "things", a, "lines", list);
    world.sweep();
    EXPECT_EQ(written(), 0) << "another order of equal lines is no change";
}

TEST_F(Retyped, all_lines_one_by_one_with_looks_in_between) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2},{"text":"z","quantity":3}])");
    const auto x = line_b("x"), y = line_b("y"), z = line_b("z");
    for (const auto& id : {x, y, z}) {
        world.remove("B", "lines", id);
        world.poll();
    }
    for (const auto& [text, quantity] : std::map<std::string, int>{{"x", 1}, {"y", 5}, {"z", 3}}) {
        type_b(text, quantity);
        world.look(quantity == 5);
    }
    EXPECT_EQ(lines_a(), (Shown{"x:1", "y:5", "z:3"}));
    EXPECT_EQ(lines_b(), (Shown{"x:1", "y:5", "z:3"}));
    EXPECT_EQ(waiting(), 0);
}

// Goal: the old record is a newcomer when its place was taken. Method: both stand there in the end, so both stand elsewhere.
TEST_F(Retyped, a_line_that_comes_back_after_it_was_typed_anew_is_a_line_more) {
    begin(R"([{"text":"x","quantity":1}])");
    const auto x = line_b("x");
    const FakeRecord kept = world["B"].tables["lines"].at(x);
    retype_b("x", 4);
    world.poll();
    ASSERT_EQ(lines_a(), (Shown{"x:4"}));
    world["B"].tables["lines"][x] = kept;
    world.sweep();
    world.sweep();
    EXPECT_EQ(lines_a(), (Shown{"x:1", "x:4"}));
    EXPECT_EQ(world.count("B", "lines"), 2u);
}

TEST_F(Retyped, a_line_that_is_put_back_in_place_of_the_new_one_takes_its_place_again) {
    begin(R"([{"text":"x","quantity":1}])");
    const auto x = line_b("x");
    const FakeRecord kept = world["B"].tables["lines"].at(x);
    retype_b("x", 4);
    world.poll();
    world.remove("B", "lines", line_b("x"));
    world["B"].tables["lines"][x] = kept;
    world.sweep();
    world.sweep();
    EXPECT_EQ(lines_a(), (Shown{"x:1"}));
    EXPECT_EQ(lines_b(), (Shown{"x:1"}));
    EXPECT_EQ(waiting(), 0);
}

// Goal: what is edited elsewhere meanwhile is not lost, and not doubled. Method: our write to the old line finds it gone.
TEST_F(Retyped, an_edit_on_its_way_to_the_old_line_arrives_in_the_new_one) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    Value list = world.value("A", "things", a, "lines");
    list.as_list()[0].set("quantity", Value(9));
    world.edit("A", "things", a, "lines", list);
    world["B"].before_write = [&] { retype_b("x", 1); };
    world.poll();
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"x:9", "y:2"}));
    EXPECT_EQ(lines_b(), (Shown{"x:9", "y:2"}));
}

TEST_F(Retyped, a_line_on_its_way_to_the_other_system_is_typed_anew) {
    for (const Fate fate : {Fate::fine, Fate::reply_lost, Fate::request_lost, Fate::late}) {
        Order o;
        o.begin(R"([{"text":"x","quantity":1}])");
        o.world["A"].fates = {fate};
        o.type_b("new", 2);
        o.world["A"].before_write = [&] { o.retype_b("new", 2); };
        for (int i = 0; i < 3; ++i) o.world.poll();
        o.world.sweep();
        EXPECT_EQ(o.lines_a(), (Shown{"x:1", "new:2"})) << static_cast<int>(fate);
        EXPECT_EQ(o.lines_b(), (Shown{"x:1", "new:2"})) << static_cast<int>(fate);
        EXPECT_EQ(o.waiting(), 0);
    }
}

// Goal: G10. Method: the process dies after each of the steps in turn.
TEST_F(Retyped, a_crash_in_between_changes_nothing) {
    for (const bool nested : {false, true})
        for (int steps = 1; steps < 25; ++steps) {
            Order o;
            o.begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
            if (nested) {
                o.save_a(R"([{"text":"y","quantity":5},{"text":"x","quantity":1}])");
            } else {
                o.retype_b("x", 1);
                o.retype_b("y", 5);
            }
            o.world.crash_after(steps);
            o.world.poll();
            o.world.sweep();
            EXPECT_EQ(o.lines_a(), (Shown{"x:1", "y:5"})) << steps;
            EXPECT_EQ(o.lines_b(), (Shown{"x:1", "y:5"})) << steps;
            EXPECT_EQ(o.waiting(), 0) << steps;
        }
}

// Goal: an end in words. Method: the reads of the other lines fail for ever, then no more.
TEST_F(Retyped, lines_that_cannot_be_read_keep_the_new_one_waiting_and_a_person_is_told) {
    begin(R"([{"text":"x","quantity":1}])");
    int reads = 0;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.purpose != Purpose::check || effect.turn == 0) return;
        ++reads;
        answer = Answer{.outcome = Outcome::rejected, .message = "not for you"};
    };
    retype_b("x", 1);
    world.poll();
    EXPECT_LE(reads, 16);
    EXPECT_EQ(waiting(), 1);
    EXPECT_NE(world.texts.back().find("not for you"), std::string::npos) << world.texts.back();
    EXPECT_EQ(lines_a(), (Shown{"x:1"}));
    world.tamper = nullptr;
    world.sweep();
    EXPECT_EQ(lines_a(), (Shown{"x:1"}));
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(written(), 0);
}

// Goal: what two people type at once is one line. Method: the look at the other lines is under way while the other one comes.
TEST_F(Retyped, the_same_line_typed_on_both_sides_is_matched_after_the_look) {
    begin(R"([{"text":"x","quantity":1}])");
    type_b("new", 2);
    Value list = world.value("A", "things", a, "lines");
    list.as_list().push_back(*json::read(R"({"id":88,"text":"new","quantity":2})"));
    world.edit("A", "things", a, "lines", list);
    world.poll();
    world.sweep();
    EXPECT_EQ(lines_a(), (Shown{"x:1", "new:2"}));
    EXPECT_EQ(lines_b(), (Shown{"x:1", "new:2"}));
}

TEST_F(Retyped, a_line_more_costs_a_read_of_each_line) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    int reads = 0;
    world.tamper = [&](const Effect& effect, Answer&) {
        reads += effect.purpose == Purpose::check ? 1 : 0;
    };
    type_b("z", 3);
    world.poll();
    EXPECT_EQ(reads, 3);
    EXPECT_EQ(lines_a(), (Shown{"x:1", "y:2", "z:3"}));
}

class RetypedOfThree : public Retyped {
protected:
    RetypedOfThree() : Retyped("books") {}
    std::string order() { return world["C"].tables["orders"].begin()->first; }
    std::string line_c(const std::string& text) {
        for (const auto& [id, record] : world["C"].tables["orders-lines"])
            if (record.body.find("text")->as_text() == text) return id;
        return {};
    }
    void retype_c(const std::string& text, int quantity) {
        world.remove("C", "orders-lines", line_c(text));
        world.add("C", "orders-lines",
                  R"({"of":")" + order() + R"(","text":")" + text + R"(","quantity":)" +
                      std::to_string(quantity) + "}");
    }
    Shown lines_c() { return lines_of("C", "orders-lines"); }
};

TEST_F(RetypedOfThree, all_systems_go_on_with_the_same_lines) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    ASSERT_EQ(lines_c(), (Shown{"x:1", "y:2"}));
    const int searches = world["C"].searches;
    retype_c("x", 1);
    retype_c("y", 8);
    world.poll();
    EXPECT_EQ(world["C"].searches - searches, 1) << "one search shows them all";
    world.poll();
    EXPECT_EQ(lines_a(), (Shown{"x:1", "y:8"}));
    EXPECT_EQ(lines_b(), (Shown{"x:1", "y:8"}));
    EXPECT_EQ(lines_c(), (Shown{"x:1", "y:8"}));
    save_a(R"([{"text":"x","quantity":3},{"text":"y","quantity":8}])");
    world.poll();
    world.sweep();
    EXPECT_EQ(lines_b(), (Shown{"x:3", "y:8"}));
    EXPECT_EQ(lines_c(), (Shown{"x:3", "y:8"}));
    EXPECT_EQ(waiting(), 0);
}

TEST_F(RetypedOfThree, two_systems_save_anew_at_once) {
    begin(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    save_a(R"([{"text":"x","quantity":1},{"text":"y","quantity":2}])");
    retype_c("x", 1);
    retype_c("y", 2);
    world.poll();
    world.sweep();
    EXPECT_EQ(lines_a(), (Shown{"x:1", "y:2"}));
    EXPECT_EQ(lines_b(), (Shown{"x:1", "y:2"}));
    EXPECT_EQ(lines_c(), (Shown{"x:1", "y:2"}));
    EXPECT_EQ(written(), 0);
}

}  // namespace
}  // namespace entente::test
