// What a person says: which records are one thing, and which are not. Each is done whole or refused in words, stays so, and leaves no wrong value.
#include "sync/says.hpp"

namespace entente::test {
namespace {

// Nothing is created by itself: what belongs together is linked first.
std::string linking_only() {
    std::string yaml = small_workspace();
    yaml.replace(yaml.find("derived"), 7,
                 "\n  - {from: A.Thing, to: B.Thing, create: never}"
                 "\n  - {from: B.Thing, to: A.Thing, create: never}"
                 "\n  - {from: A.Owner, to: B.Owner, create: never}"
                 "\n  - {from: B.Owner, to: A.Owner, create: never}\n");
    return yaml;
}

class Links : public Says {
protected:
    Links() : Says(linking_only()) {}
};

// Three systems; nothing is created by itself.
class LinksOfThree : public Says {
protected:
    LinksOfThree() : Says(of_three()) {}
    static std::string of_three() {
        std::string yaml = small_workspace("", "again");
        std::string flows;
        for (const char* type : {"Thing", "Owner"})
            for (const char* from : {"A", "B", "E"})
                for (const char* to : {"A", "B", "E"})
                    if (std::string_view(from) != to)
                        flows += std::string("\n  - {from: ") + from + "." + type + ", to: " + to +
                                 "." + type + ", create: never}";
        yaml.replace(yaml.find("derived"), 7, flows + "\n");
        return yaml;
    }
};

TEST_F(LinksOfThree, what_is_gone_in_one_of_two_things_stays_out_when_they_become_one) {
    const auto a = world.add("A", "things", R"({"code":"T1","name":"Cup"})");
    const auto b = world.add("B", "things", R"({"code":"T1","name":"Cup"})");
    const auto e = world.add("E", "things", R"({"code":"X9","name":"Cup"})");
    const auto old = world.add("B", "things", R"({"code":"X9","name":"Cup"})");
    world.sweep();
    world.remove("B", "things", old);
    world.sweep();
    // E's thing has a tombstone in B, and A's a record there: the record stands, the tombstone is forgotten.
    EXPECT_EQ(link(thing("E", e), thing("A", a)).refusal, Refusal::none);
    world.settle();
    world.edit("E", "things", e, "note", "for all");
    world.poll();
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("for all"));
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("for all"));
    // Cut out again, each of the three still has its own values.
    EXPECT_EQ(apart(thing("E", e), thing("A", a)).refusal, Refusal::none);
    world.edit("E", "things", e, "note", "alone");
    look_often();
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("for all"));
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("for all"));
    EXPECT_EQ(world.count("B", "things"), 1u);
    // What came back is a newcomer, and no second record of either.
    world["B"].keep("things", old, *json::read(R"({"id":")" + old + R"(","code":"X9"})"), {});
    look_often();
    EXPECT_EQ(world.count("A", "things") + world.count("E", "things"), 2u);
}

TEST_F(Says, an_ambiguous_record_is_linked_to_the_one_that_is_named) {
    const auto a = world.add("A", "things", R"({"code":"T1","email":"x@example.org"})");
    world.add("B", "things", R"({"code":"T1","mail":"other@example.org"})");
    const auto b2 = world.add("B", "things", R"({"code":"T2","mail":"x@example.org"})");
    world.sweep();
    ASSERT_EQ(parked()[ParkReason::ambiguous], 1);
    const auto told = link(thing("A", a), thing("B", b2));
    EXPECT_EQ(told.refusal, Refusal::none) << told.text;
    look_often();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "things"), 2u);  // what the other one was is made here
    EXPECT_EQ(world.count("B", "things"), 2u);
    world.edit("A", "things", a, "note", "travels");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b2, "note"), Value("travels"));
    EXPECT_NE(said_of("A.Thing", a).find("says anna"), std::string::npos);
}

TEST_F(Says, told_apart_from_one_of_two_it_may_be_the_other_one) {
    const auto a = world.add("A", "things", R"({"code":"T1","email":"x@example.org"})");
    const auto b1 = world.add("B", "things", R"({"code":"T1","mail":"other@example.org"})");
    const auto b2 = world.add("B", "things", R"({"code":"T2","mail":"x@example.org"})");
    world.sweep();
    EXPECT_EQ(apart(thing("A", a), thing("B", b1)).refusal, Refusal::none);
    look_often();
    EXPECT_EQ(parked()[ParkReason::unsure], 1) << "an address alone is no proof";
    EXPECT_EQ(world.count("B", "things"), 2u);
    EXPECT_EQ(link(thing("A", a), thing("B", b2)).refusal, Refusal::none);
    look_often();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("B", "things"), 2u);
    world.edit("B", "things", b2, "note", "travels");
    world.poll();
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("travels"));
}

TEST_F(Says, a_duplicate_that_is_none_is_a_thing_of_its_own_for_good) {
    world.add("A", "things", R"({"code":"T1","name":"first"})");
    world.sweep();
    const auto again = world.add("A", "things", R"({"code":"T1","name":"again"})");
    world.poll();
    ASSERT_EQ(parked()[ParkReason::duplicate], 1);
    EXPECT_EQ(apart(thing("A", again), thing("A", "1")).refusal, Refusal::none);
    world.crash();
    look_often();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.count("B", "things"), 2u);
    // Changed match values are no new question either.
    world.edit("A", "things", again, "email", "y@example.org");
    look_often();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("B", "things"), 2u);
}

TEST_F(Says, what_was_linked_by_mistake_becomes_two_things_again) {
    const auto a = world.add("A", "things", R"({"code":"T1","name":"Cup","note":"ours"})");
    const auto b = world.add("B", "things", R"({"code":"T1","name":"Cup","note":"ours"})");
    world.sweep();
    ASSERT_EQ(world.total_writes(), 0);
    EXPECT_EQ(apart(thing("A", a), thing("B", b)).refusal, Refusal::none);
    EXPECT_EQ(world.total_writes(), 0);
    look_often();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.count("B", "things"), 2u);
    world.edit("A", "things", a, "name", "Mug");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("Cup"));
    look_often();
    EXPECT_EQ(world.count("A", "things") + world.count("B", "things"), 4u);
}

TEST_F(Links, two_things_become_one_and_their_values_meet_as_at_a_first_join) {
    const auto a = world.add("A", "things", R"({"code":"T1","name":"Cup","note":"from A"})");
    const auto b = world.add("B", "things", R"({"code":"X9","name":"Cup","owner":null})");
    world.sweep();
    EXPECT_EQ(link(thing("A", a), thing("B", b)).refusal, Refusal::none);
    world.settle();
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("from A"));
    EXPECT_EQ(world.value("B", "things", b, "code"), world.value("A", "things", a, "code"));
    EXPECT_EQ(world.notices[Notice::Kind::first_join], 1);  // the codes; both are kept
    world.edit("B", "things", b, "name", "Mug");
    world.poll();
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("Mug"));
    const int writes = world.total_writes();
    look_often();
    EXPECT_EQ(world.total_writes(), writes);
    // The newest word counts.
    EXPECT_EQ(apart(thing("A", a), thing("B", b)).refusal, Refusal::none);
    EXPECT_EQ(link(thing("B", b), thing("A", a)).refusal, Refusal::none);
    world.settle();
    world.edit("A", "things", a, "note", "one again");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("one again"));
    EXPECT_TRUE(world.store()->apart_from({1}).empty());
}

TEST_F(Links, what_refers_to_either_refers_to_the_one_that_they_become) {
    const auto o = world.add("A", "owners", R"({"code":"O1"})");
    const auto p = world.add("B", "owners", R"({"code":"P1"})");
    const auto a1 = world.add("A", "things", R"({"code":"T1"})");
    const auto b1 = world.add("B", "things", R"({"code":"T1","owner":")" + p + R"("})");
    const auto a2 = world.add("A", "things", R"({"code":"T2","owner":")" + o + R"("})");
    const auto b2 = world.add("B", "things", R"({"code":"T2"})");
    world.sweep();
    EXPECT_EQ(world.total_writes(), 0);
    EXPECT_EQ(link(named("A.Owner", o), named("B.Owner", p)).refusal, Refusal::none);
    world.settle();
    EXPECT_EQ(world.value("A", "things", a1, "owner"), Value(o));
    EXPECT_EQ(world.value("B", "things", b2, "owner"), Value(p));
    EXPECT_EQ(world.value("A", "things", a2, "owner"), Value(o));
    EXPECT_EQ(world.value("B", "things", b1, "owner"), Value(p));
    look_often();
    EXPECT_EQ(world.count("A", "owners") + world.count("B", "owners"), 2u);
}

TEST_F(Links, lines_of_things_that_become_one_meet_and_none_is_doubled) {
    const auto a = world.add("A", "things",
                             R"({"code":"T1","lines":[{"text":"bolts","quantity":2},
                                 {"text":"nuts","quantity":1},{"text":"bolts","quantity":2}]})");
    const auto b = world.add("B", "things", R"({"code":"X9"})");
    for (const char* line : {R"("text":"bolts","quantity":2)", R"("text":"washers","quantity":5)"})
        world.add("B", "lines", R"({"thing":")" + b + R"(",)" + line + "}");
    world.sweep();
    EXPECT_EQ(link(thing("A", a), thing("B", b)).refusal, Refusal::none);
    world.settle();
    EXPECT_EQ(world.value("A", "things", a, "lines").as_list().size(), 4u);
    EXPECT_EQ(world.count("B", "lines"), 4u);
    const int writes = world.total_writes();
    look_often();
    EXPECT_EQ(world.total_writes(), writes);
    EXPECT_EQ(world.count("B", "lines"), 4u);
}

TEST_F(Says, lines_go_with_the_record_that_becomes_a_thing_of_its_own) {
    const auto a =
        world.add("A", "things", R"({"code":"T1","lines":[{"text":"bolts","quantity":2}]})");
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    world.add("B", "lines", R"({"thing":")" + b + R"(","text":"bolts","quantity":2})");
    world.sweep();
    ASSERT_EQ(world.total_writes(), 0);
    EXPECT_EQ(apart(thing("A", a), thing("B", b)).refusal, Refusal::none);
    look_often();
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.count("B", "things"), 2u);
    EXPECT_EQ(world.count("B", "lines"), 2u);
    for (const auto& [id, record] : world["A"].tables["things"])
        EXPECT_EQ(record.body.find("lines")->as_list().size(), 1u) << id;
}

}  // namespace
}  // namespace entente::test
