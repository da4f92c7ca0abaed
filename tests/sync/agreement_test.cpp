// The rules of DESIGN.md section 4 on the real engine and store, told as stories: people edit, calls get lost, and at rest the
// two systems agree, nothing is lost, nothing is created twice.
#include <algorithm>

#include "sync/world.hpp"

namespace entente::test {
namespace {

class Agreement : public ::testing::Test {
protected:
    World world{small_workspace(), small_catalog()};

    // One thing in both systems, linked and at rest.
    std::pair<std::string, std::string> linked() {
        const auto a = world.add("A", "things", R"({"code":"T1","name":"one","note":"n"})");
        const auto b = world.add("B", "things", R"({"code":"T1","name":"one","note":"n"})");
        world.sweep();
        EXPECT_EQ(world.total_writes(), 0);
        return {a, b};
    }
    void expect_name(const std::string& name) {
        for (const std::string system : {"A", "B"})
            for (const auto& [id, record] : world[system].tables["things"])
                EXPECT_EQ(*record.body.find("name"), Value(name)) << system << " " << id;
    }
};

TEST_F(Agreement, records_that_match_are_linked_and_nothing_is_written) {
    linked();
    world.poll();
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_EQ(world.total_writes(), 0);
}

TEST_F(Agreement, a_record_without_counterpart_is_created_once) {
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.add("B", "things", R"({"code":"T2","name":"two"})");
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.count("B", "things"), 2u);
    for (int i = 0; i < 5; ++i) world.sweep();
    EXPECT_EQ(world.total_writes(), 2);
}

TEST_F(Agreement, an_edit_travels_either_way_with_one_write) {
    const auto [a, b] = linked();
    world.edit("A", "things", a, "name", "from A");
    world.poll();
    expect_name("from A");
    world.edit("B", "things", b, "name", "from B");
    world.poll();
    expect_name("from B");
    for (int i = 0; i < 5; ++i) world.poll();
    EXPECT_EQ(world.total_writes(), 2);
}

TEST_F(Agreement, edits_of_different_properties_both_survive) {
    const auto [a, b] = linked();
    world.edit("A", "things", a, "name", "new name");
    world.edit("B", "things", b, "note", "new note");
    world.poll();
    expect_name("new name");
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("new note"));
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("new note"));
}

TEST_F(Agreement, the_later_edit_of_one_property_wins_and_the_loser_is_kept) {
    const auto [a, b] = linked();
    world.edit("B", "things", b, "name", "earlier");
    world.edit("A", "things", a, "name", "later");
    world.poll();
    expect_name("later");
    EXPECT_EQ(world.notices[Notice::Kind::conflict], 1);
    bool kept = false;
    auto store = world.store();
    for (const HistoryEvent& event : store->history(EntityId{1}, 100))
        kept |= event.kind == HistoryEvent::Kind::conflict && event.before == Value("earlier");
    EXPECT_TRUE(kept);
}

TEST_F(Agreement, a_write_is_told_though_its_answer_leaves_the_value_out) {
    const auto [a, b] = linked();
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.purpose != Purpose::write) return;
        answer.records.front().body.erase("name");
        answer.complete = false;
    };
    world.edit("A", "things", a, "name", "new");
    world.poll();
    expect_name("new");
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::write], 1);
}

TEST_F(Agreement, an_emptied_value_is_an_edit_that_travels) {
    const auto [a, b] = linked();
    world.edit("A", "things", a, "note", nullptr);
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "note"), Value());
}

TEST_F(Agreement, a_value_beats_an_empty_one_at_the_first_join) {
    const auto a = world.add("A", "things", R"({"code":"T1","name":"one"})");
    const auto b = world.add("B", "things", R"({"code":"T1","name":"one","note":"only here"})");
    world.sweep();
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("only here"));
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("only here"));
}

TEST_F(Agreement, an_edit_between_our_read_and_our_write_is_not_overwritten) {
    const auto [a, b] = linked();
    world.edit("A", "things", a, "name", "ours");
    world["B"].before_write = [&] { world.edit("B", "things", b, "note", "theirs"); };
    world.poll();
    expect_name("ours");
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("theirs"));
}

TEST_F(Agreement, a_lost_reply_to_an_update_is_settled_by_looking_or_by_the_same_request) {
    const auto [a, b] = linked();
    for (const std::string target : {"A", "B"}) {
        const std::string source = target == "A" ? "B" : "A";
        for (Fate fate : {Fate::request_lost, Fate::reply_lost, Fate::late}) {
            const std::string name = target + std::to_string(static_cast<int>(fate));
            world[target].fates = {fate};
            world.edit(source, "things", source == "A" ? a : b, "name", name);
            world.poll();
            world.poll();
            expect_name(name);
        }
    }
}

TEST_F(Agreement, a_lost_reply_does_not_create_twice) {
    for (const std::string target : {"A", "B"})
        for (Fate fate : {Fate::request_lost, Fate::reply_lost, Fate::late}) {
            const std::size_t before = world.count(target, "things");
            world[target].fates = {fate};
            world.add(
                target == "A" ? "B" : "A", "things",
                R"({"code":"new )" + target + std::to_string(static_cast<int>(fate)) + R"("})");
            world.poll();
            world.poll();
            world.sweep();
            EXPECT_EQ(world.count(target, "things"), before + 1)
                << target << static_cast<int>(fate);
        }
    EXPECT_EQ(world.count("A", "things"), world.count("B", "things"));
}

// Found by a run with throttled lanes: D counts from when we gave up on the call, not from when it was planned.
TEST_F(Agreement, a_create_that_waited_before_it_was_sent_is_not_probed_too_early) {
    world.sweep();
    world["A"].fates = {Fate::late};
    world["A"].before_write = [&] { world.pass(60'000); };
    world.add("B", "things", R"({"code":"T1"})");
    world.poll();
    world.pass(10'000);
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world.count("B", "things"), 1u);
}

// Found by chaos seed 3034: a repeated create shows the record as it is by now, with a person's edit upon our value.
TEST_F(Agreement, an_edit_of_a_record_whose_create_is_being_repeated_is_not_taken_for_ours) {
    world.sweep();
    world["B"].fates = {Fate::reply_lost, Fate::not_executed};
    const auto a = world.add("A", "things", R"({"code":"T1","name":"ours"})");
    bool edited = false;
    world.meanwhile = [&] {
        auto& things = world["B"].tables["things"];
        if (edited || things.empty()) return;
        edited = true;
        world.edit("B", "things", things.begin()->first, "name", "theirs");
    };
    world.poll();
    world.meanwhile = nullptr;
    world.poll();
    ASSERT_TRUE(edited);
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("theirs"));
    expect_name("theirs");
}

TEST_F(Agreement, a_crash_after_any_step_changes_nothing_in_the_end) {
    int survived = 0;
    for (int steps = 1; steps < 60; ++steps) {
        World w{small_workspace(), small_catalog()};
        const auto a = w.add("A", "things", R"({"code":"T1","name":"one"})");
        w.add("B", "things", R"({"code":"T2","name":"two"})");
        w.crash_after(steps);
        w.sweep();
        w.edit("A", "things", a, "name", "edited");
        w.sweep();
        w.poll();
        ASSERT_EQ(w.count("A", "things"), 2u) << "crash after step " << steps;
        ASSERT_EQ(w.count("B", "things"), 2u) << "crash after step " << steps;
        int edited = 0;
        for (const auto& [id, record] : w["B"].tables["things"])
            edited += *record.body.find("name") == Value("edited");
        ASSERT_EQ(edited, 1) << "crash after step " << steps;
        ++survived;
    }
    EXPECT_EQ(survived, 59);
}

TEST_F(Agreement, a_refused_property_is_held_and_the_rest_goes_on) {
    const auto [a, b] = linked();
    world.edit("A", "things", a, "name", "much longer than twelve characters");
    world.edit("A", "things", a, "note", "short");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("one"));
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("short"));
    EXPECT_EQ(world.notices[Notice::Kind::held], 1);
    world.edit("A", "things", a, "name", "fits");
    world.poll();
    expect_name("fits");
}

TEST_F(Agreement, what_the_system_refuses_is_held_until_the_next_edit) {
    const auto [a, b] = linked();
    world["B"].fates = {Fate::refused};
    world.edit("A", "things", a, "name", "no");
    world.poll();
    for (int i = 0; i < 5; ++i) world.poll();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("one"));
    EXPECT_EQ(world.total_writes(), 0);
    world.edit("A", "things", a, "name", "yes");
    world.poll();
    expect_name("yes");
}

TEST_F(Agreement, a_field_that_no_longer_looks_as_declared_is_neither_believed_nor_overwritten) {
    const auto [a, b] = linked();
    world.edit("B", "things", b, "name", *json::read(R"({"first":"o","last":"ne"})"));
    world.edit("B", "things", b, "note", "still read");
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::held], 1);
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("still read"));
    world.edit("A", "things", a, "name", "new");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_TRUE(world.value("B", "things", b, "name").is_object());
    world.edit("B", "things", b, "name", "one");
    world.poll();
    expect_name("new");
}

TEST_F(Agreement, a_gone_record_is_not_created_again_and_the_others_go_on) {
    const auto [a, b] = linked();
    world.remove("B", "things", b);
    world.sweep();
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1);
    world.edit("A", "things", a, "name", "still here");
    world.sweep();
    EXPECT_EQ(world.count("B", "things"), 0u);
    EXPECT_EQ(world.count("A", "things"), 1u);
}

TEST_F(Agreement, a_system_that_answers_writes_with_nothing_is_read_back) {
    const auto [a, b] = linked();
    world["A"].answers_nothing = world["B"].answers_nothing = true;
    world.edit("A", "things", a, "name", "from A");
    world.poll();
    expect_name("from A");
    world.edit("B", "things", b, "name", "from B");
    world.poll();
    expect_name("from B");
    for (int i = 0; i < 3; ++i) world.poll();
    EXPECT_EQ(world.total_writes(), 2);
}

TEST_F(Agreement, a_write_that_was_not_executed_is_tried_again) {
    const auto [a, b] = linked();
    world["B"].fates = {Fate::not_executed, Fate::not_executed};
    world.edit("A", "things", a, "name", "at last");
    world.poll();
    expect_name("at last");
}

// Goal: an answer that shows a part of the record takes nothing from what is known of the rest. Method: B answers a write with that
// part, and what is known of its record is looked at before it is read again.
class AnsweredInPart : public Agreement {
protected:
    void answer_a_write_with(const std::string& part) {
        const auto [a, b] = linked();
        id = b;
        world.tamper = [part](const Effect& effect, Answer& answer) {
            if (effect.purpose == Purpose::write) answer.records.front().body = *json::read(part);
        };
        world.edit("A", "things", a, "name", "two");
        world.poll();
    }
    // Null: it is not known.
    Value known(const std::string& field) {
        const auto& resources = world.workspace().resources;
        const auto things = std::ranges::find_if(resources, [&](const model::Resource& resource) {
            return resource.system == world["B"].index && resource.name == "things";
        });
        const ResourceIndex index{static_cast<std::int32_t>(things - resources.begin())};
        auto store = world.store();
        const auto heads = store->find_records(index, std::array{id});
        const auto body = json::read(store->records(std::array{heads.front()->id}).front().body);
        const Value* found = body->find(field);
        return found ? *found : Value();
    }
    std::string id;  // in B
};

TEST_F(AnsweredInPart, what_it_leaves_out_is_as_it_was) {
    answer_a_write_with(R"({"name":"TWO"})");
    EXPECT_EQ(known("code"), Value("T1"));
    EXPECT_EQ(known("note"), Value("n"));
    EXPECT_EQ(known("name"), Value("TWO")) << "the system's form of it";
}

TEST_F(AnsweredInPart, what_it_leaves_out_of_ours_is_as_we_sent_it) {
    answer_a_write_with(R"({"note":"n"})");
    EXPECT_EQ(known("name"), Value("two"));
    world.tamper = {};
    world.poll();
    expect_name("two");
    EXPECT_EQ(world.total_writes(), 1);
}

// Goal: empty is a value with a time like any other. Method: a clear that is read after a value that was typed later elsewhere, by one
// who had not seen it: the system with the clear could not be reached at first.
TEST_F(Agreement, a_clear_loses_against_what_was_typed_later_and_read_first) {
    const auto [a, b] = linked();
    world.pass(60'000);
    world.edit("A", "things", a, "note", Value("both"));
    world.poll();
    ASSERT_EQ(world.value("B", "things", b, "note"), Value("both"));
    world.pass(60'000);
    world.edit("B", "things", b, "note", Value());
    world.pass(10'000);
    world.edit("A", "things", a, "note", Value("typed later"));
    world["B"].down = true;
    world.meanwhile = [&] { world["B"].down = world.notices[Notice::Kind::edit_seen] < 2; };
    world.poll();
    world.meanwhile = nullptr;
    world.poll();
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("typed later"));
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("typed later"));
}

TEST_F(Agreement, a_preferred_system_wins_a_conflict_even_when_earlier) {
    World w{small_workspace("conflicts: {prefer: [B]}\n"), small_catalog()};
    const auto a = w.add("A", "things", R"({"code":"T1","name":"one"})");
    const auto b = w.add("B", "things", R"({"code":"T1","name":"one"})");
    w.sweep();
    w.edit("B", "things", b, "name", "preferred");
    w.edit("A", "things", a, "name", "later");
    w.poll();
    EXPECT_EQ(w.value("A", "things", a, "name"), Value("preferred"));
    w.edit("A", "things", a, "name", "upon it");
    w.poll();
    EXPECT_EQ(w.value("B", "things", b, "name"), Value("upon it"));
}

}  // namespace
}  // namespace entente::test
