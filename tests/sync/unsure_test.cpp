// What is found after a create of unknown outcome (docs/decisions/0015), what a write shows that was ignored (0014), and what a
// look shows that comes while a write is being prepared: G3, G6, G12, G16.
#include <gmock/gmock.h>

#include "sync/world.hpp"

namespace entente::test {
namespace {

class Unsure : public ::testing::Test {
protected:
    World world{small_workspace(), small_catalog()};

    std::pair<std::string, std::string> linked() {
        const auto a = world.add("A", "things", R"({"code":"T1","name":"one","note":"n"})");
        const auto b = world.add("B", "things", R"({"code":"T1","name":"one","note":"n"})");
        world.sweep();
        return {a, b};
    }
    std::string only(const std::string& system) {
        EXPECT_EQ(world.count(system, "things"), 1u);
        return world[system].tables["things"].begin()->first;
    }
    // Our create in A meets that fate, and before we look for it somebody types the same thing there. The thing's id in B.
    std::string typed_by_hand_beside_our_create(Fate fate) {
        world.sweep();
        world["A"].fates = {fate};
        const auto b = world.add("B", "things", R"({"code":"T1","name":"one","note":"n"})");
        bool made = false;
        world.meanwhile = [&] {
            if (made || !world.is_planned("A", Purpose::probe)) return;
            made = true;
            world.add("A", "things", R"({"code":"T1","name":"by hand","note":null})");
        };
        world.poll();
        world.meanwhile = nullptr;
        EXPECT_TRUE(made);
        world.poll();
        return b;
    }
};

// Goal: G6 and G12 where the answer to a create is lost: what a list showed of it is evidence, though the search comes too late.
// Method: a list shows the record, it is removed, and a sweep finds that out, all before the search.
TEST_F(Unsure,
       a_create_that_a_list_showed_and_that_was_removed_before_the_search_is_not_made_again) {
    world.sweep();
    world["A"].fates = {Fate::reply_lost};
    world.add("B", "things", R"({"code":"T1","name":"one"})");
    bool asked = false, shown = false, removed = false;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        shown |= asked && effect.system == world["A"].index && effect.purpose == Purpose::page &&
                 !answer.records.empty();
    };
    world.meanwhile = [&] {
        auto& things = world["A"].tables["things"];
        if (!asked && !things.empty()) {
            asked = true;
            world.ask(false);
        } else if (shown && !removed) {
            removed = true;
            world.remove("A", "things", things.begin()->first);
            world.ask(true);
        }
    };
    world.poll();
    world.meanwhile = nullptr;
    ASSERT_TRUE(removed);
    ASSERT_EQ(world.notices[Notice::Kind::gone], 1);
    world.sweep();
    world.sweep();
    EXPECT_EQ(world["A"].creates, 1);
    EXPECT_EQ(world.count("A", "things"), 0u);
}

// Goal: what is found may be somebody's own record. Method: our create is lost, and a person makes the same thing by hand.
TEST_F(Unsure, an_empty_value_in_what_is_found_after_an_unknown_create_empties_nothing) {
    const auto b = typed_by_hand_beside_our_create(Fate::request_lost);
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("n"));
    EXPECT_EQ(world.value("A", "things", only("A"), "note"), Value("n"));
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("by hand"));
}

// Goal: of two records that match, one typed by hand, ours is the one as it was sent. Method: the answer to our create is lost.
TEST_F(Unsure, a_create_is_told_from_a_record_typed_by_hand_by_all_that_was_sent) {
    const auto b = typed_by_hand_beside_our_create(Fate::reply_lost);
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("one"));
    EXPECT_EQ(world.notices[Notice::Kind::created], 1);
    EXPECT_EQ(world.count("A", "things"), 2u);
}

TEST_F(Unsure, a_value_that_the_system_ignored_by_its_own_answer_is_held) {
    const auto [a, b] = linked();
    world["B"].ignored = {"name"};
    world.edit("A", "things", a, "name", "two");
    world.edit("A", "things", a, "note", "m");
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::held], 1);
    EXPECT_THAT(world.texts, ::testing::Contains(::testing::HasSubstr("did not stick")));
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("m"));
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("two"));
    const int writes = world.total_writes();
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world.total_writes(), writes);
}

// Goal: what was refused stays held when the field has been unreadable in between. Method: refuse, change its form, change it back.
// Goal: what a system makes of our value is told from somebody's edit where its silent answer says which version it made (DESIGN 4,
// Write, no body). Method: it cuts texts and does not say so.
TEST_F(Unsure, the_form_of_a_value_in_the_version_that_we_made_is_the_systems) {
    const auto [a, b] = linked();
    world["B"].answers_nothing = world["B"].tells_version = true;
    world["B"].longest = 5;
    world.edit("A", "things", a, "name", "too long");
    world.poll();
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("too l"));
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("too long"));
    EXPECT_EQ(world.notices[Notice::Kind::held], 0);
    EXPECT_EQ(world.notices[Notice::Kind::written], 1);
}

TEST_F(Unsure, what_stands_in_another_version_than_we_made_cannot_be_told_and_is_held) {
    const auto [a, b] = linked();
    world["B"].answers_nothing = world["B"].tells_version = true;
    world.edit("A", "things", a, "name", "two");
    bool typed = false;
    world.meanwhile = [&] {
        if (typed || !world.is_planned("B", Purpose::read_back)) return;
        typed = true;
        world.edit("B", "things", b, "name", "three");
    };
    world.poll();
    world.meanwhile = nullptr;
    ASSERT_TRUE(typed);
    EXPECT_EQ(world.notices[Notice::Kind::held], 1);
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("three"));
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("two"));
}

TEST_F(Unsure, a_property_that_is_held_and_drifts_is_still_held_when_it_can_be_read_again) {
    const auto [a, b] = linked();
    world["B"].fates = {Fate::refused};
    world.edit("A", "things", a, "name", "no");
    world.poll();
    world.edit("B", "things", b, "name", *json::read(R"({"first":"one"})"));
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::held], 2);
    world.edit("B", "things", b, "name", "one");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world.total_writes(), 0);
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("one"));
    world.edit("A", "things", a, "name", "yes");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("yes"));
}

// Goal: an edit that a list has shown is not overwritten by a write upon an older read. Method: the read before the write to A is
// slow: it shows A as it was before the edit, and arrives after the list that shows it.
TEST_F(Unsure, a_page_that_is_newer_than_the_comparison_makes_it_be_repeated) {
    const auto [a, b] = linked();
    bool edited = false, paged = false;
    int compared = 0;
    FakeRecord before;
    world.meanwhile = [&] {
        if (edited || !world.is_planned("A", Purpose::compare)) return;
        edited = true;
        before = world["A"].tables["things"].at(a);
        world.edit("A", "things", a, "name", "typed in A");
        world.ask(false);
        world.choose = [](std::size_t n) { return n - 1; };  // the pages first, the comparison last
    };
    world.tamper = [&, a = a](const Effect& effect, Answer& answer) {
        paged |= edited && effect.purpose == Purpose::page && effect.system == world["A"].index &&
                 !answer.records.empty();
        if (effect.purpose != Purpose::compare || ++compared > 1) return;
        EXPECT_TRUE(paged);
        answer.records.clear();
        world["A"].show(a, before, answer);
    };
    world.edit("B", "things", b, "name", "from B");
    world.poll();
    world.meanwhile = nullptr;
    world.choose = nullptr;
    ASSERT_TRUE(edited);
    EXPECT_GE(compared, 2);
    world.poll();
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("typed in A"));
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("typed in A"));
    EXPECT_EQ(world.notices[Notice::Kind::conflict], 1);
}

}  // namespace
}  // namespace entente::test
