// Each trait of a simulated system, for what it does.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.hpp"
#include "sim/trait_world.hpp"

namespace entente::test {
namespace {

using sim::Form;
using sim::Traits;
using sync::Outcome;

Traits plain() {
    Traits traits;
    traits.name = "A";
    return traits;
}

TEST(TraitSystem, ids_are_in_the_order_of_their_numbers) {
    TraitWorld world(plain());
    for (int i = 0; i < 12; ++i) world.add(R"({"code": "x"})");
    std::vector<std::string> ids;
    for (const auto& seen : world.list()) ids.push_back(seen.external_id);
    EXPECT_EQ(ids.front(), "A00001");
    EXPECT_EQ(ids.back(), "A00012");
    EXPECT_TRUE(std::ranges::is_sorted(ids));
}

TEST(TraitSystem, an_update_of_another_version_is_refused) {
    TraitWorld world(plain());
    const std::string id = world.add(R"({"code": "x"})");
    world.edit(id, "name", "theirs");
    EXPECT_EQ(world.update(id, R"({"name": "ours"})", "1").outcome, Outcome::precondition_failed);
    EXPECT_EQ(world.stored(id, "name"), Value("theirs"));
    EXPECT_EQ(world.update(id, R"({"name": "ours"})", "2").outcome, Outcome::ok);
    EXPECT_EQ(world.stored(id, "name"), Value("ours"));
}

TEST(TraitSystem, a_system_without_versions_shows_none_and_heeds_none) {
    Traits traits = plain();
    traits.versions = Traits::Versions::none;
    TraitWorld world(traits);
    const std::string id = world.add(R"({"code": "x"})");
    EXPECT_EQ(world.read(id).records.front().etag, "");
    const auto answer =
        world.send("PATCH", "/things/" + id, R"({"name": "n"})", {{"If-Match", "\"7\""}});
    EXPECT_EQ(answer.status, 200);
}

TEST(TraitSystem, a_touched_version_moves_once_more_without_a_change) {
    Traits traits = plain();
    traits.versions = Traits::Versions::touched;
    TraitWorld world(traits);
    const std::string id = world.add(R"({"code": "x"})");
    EXPECT_EQ(world.update(id, R"({"name": "n"})", "1").records.front().etag, "2");
    world.now.ms += 5;
    const std::size_t changes = world.recorder.changes.size();
    EXPECT_EQ(world.read(id).records.front().etag, "3");
    EXPECT_EQ(world.read(id).records.front().etag, "3");
    EXPECT_EQ(world.read(id).records.front().modified, world.now);
    EXPECT_EQ(world.recorder.changes.size(), changes);
    world.edit(id, "name", "a person's edits are not touched");
    EXPECT_EQ(world.read(id).records.front().etag, "4");
    EXPECT_EQ(world.read(id).records.front().etag, "4");
}

TEST(TraitSystem, an_update_that_changes_nothing_moves_nothing) {
    TraitWorld world(plain());
    const std::string id = world.add(R"({"code": "x"})");
    const std::size_t changes = world.recorder.changes.size();
    EXPECT_EQ(world.update(id, R"({"code": "x"})").records.front().etag, "1");
    EXPECT_EQ(world.recorder.changes.size(), changes);
    EXPECT_EQ(world.system.counts().writes, 1);
}

TEST(TraitSystem, a_repeated_create_with_its_key_makes_one) {
    Traits traits = plain();
    traits.grade = Traits::Grade::keyed;
    TraitWorld world(traits);
    const auto first = world.create("things", R"({"code": "x"})", "key");
    const auto again = world.create("things", R"({"code": "x"})", "key");
    EXPECT_EQ(first.records.front().external_id, again.records.front().external_id);
    EXPECT_EQ(world.system.table("things").size(), 1u);
    EXPECT_EQ(world.system.counts().creates, 1);
    world.create("things", R"({"code": "x"})", "another key");
    EXPECT_EQ(world.system.table("things").size(), 2u);
}

TEST(TraitSystem, an_answer_may_hold_the_record_or_nothing_or_what_was_sent) {
    for (const auto kind :
         {Traits::Answer::record, Traits::Answer::nothing, Traits::Answer::part}) {
        Traits traits = plain();
        traits.update_answer = kind;
        traits.forms[0] = Form::upper;
        TraitWorld world(traits);
        const std::string id = world.add(R"({"code": "x", "note": "n"})");
        const auto answer = world.update(id, R"({"name": "abc"})");
        EXPECT_EQ(answer.outcome, Outcome::ok);
        if (kind == Traits::Answer::nothing) {
            EXPECT_TRUE(answer.records.empty());
            continue;
        }
        const Value& body = answer.records.front().body;
        EXPECT_EQ(*body.find("name"), Value("ABC"));
        EXPECT_EQ(body.find("note") != nullptr, kind == Traits::Answer::record);
    }
}

TEST(TraitSystem, a_create_may_show_the_key_alone) {
    Traits traits = plain();
    traits.create_shows_key = true;
    TraitWorld world(traits);
    const auto answer = world.create("things", R"({"code": "x"})");
    EXPECT_FALSE(answer.complete);
    EXPECT_EQ(answer.records.front().body.as_object().size(), 1u);
}

TEST(TraitSystem, a_full_update_empties_what_it_leaves_out_even_the_private_remark) {
    Traits traits = plain();
    traits.full_update = true;
    TraitWorld world(traits);
    const std::string id = world.add(R"({"code": "x", "name": "n", "remark": "private"})");
    Value body = world.read(id).records.front().body;
    body.set("name", Value("m"));
    EXPECT_EQ(world.update(id, json::write(body)).outcome, Outcome::ok);
    EXPECT_EQ(world.stored(id, "remark"), Value("private"));
    EXPECT_EQ(world.stored(id, "name"), Value("m"));
    EXPECT_EQ(world.update(id, R"({"code": "x"})").outcome, Outcome::ok);
    EXPECT_EQ(world.stored(id, "remark"), Value());
    EXPECT_EQ(world.stored(id, "name"), Value());
}

TEST(TraitSystem, a_poll_by_time_shows_what_changed_at_or_after_its_own_clock) {
    Traits traits = plain();
    traits.skew = {90'500};
    traits.granularity = {1'000};
    TraitWorld world(traits);
    const std::string first = world.add(R"({"code": "1"})");
    world.now.ms += 10'000;
    const std::string second = world.add(R"({"code": "2"})");
    const Instant shown = *world.read(second).records.front().modified;
    EXPECT_EQ(shown, Instant{world.now.ms + 90'000});  // cut to whole seconds
    ASSERT_EQ(world.list(shown).size(), 1u);
    EXPECT_EQ(world.list(shown).front().external_id, second);
    EXPECT_TRUE(world.list(shown + Duration{1}).empty());
    world.now.ms += 10'000;
    world.edit(first, "name", "n");
    const auto polled = world.list(shown);
    ASSERT_EQ(polled.size(), 2u);  // by time, then id
    EXPECT_EQ(polled.back().external_id, first);
    EXPECT_EQ(world.list().front().external_id, first);  // a sweep goes by id
}

TEST(TraitSystem, a_feed_by_row_version_shows_what_came_later) {
    Traits traits = plain();
    traits.feed = Traits::Feed::row_version;
    TraitWorld world(traits);
    const std::string first = world.add(R"({"code": "1"})");
    const std::string second = world.add(R"({"code": "2"})");
    const auto all = world.list({}, 0);
    ASSERT_EQ(all.size(), 2u);
    world.edit(first, "name", "n");
    const auto polled = world.list({}, all.back().row_version);
    ASSERT_EQ(polled.size(), 1u);
    EXPECT_EQ(polled.front().external_id, first);
    EXPECT_EQ(all.back().external_id, second);
}

TEST(TraitSystem, pages_by_number_shift_when_a_record_is_removed_between_them) {
    TraitWorld world(plain());
    for (int i = 0; i < 6; ++i) world.add(R"({"code": "x"})");
    sync::ListCall call{world.resource("things"), {}, ""};
    const auto first = world.carry(call);
    world.system.remove("things", "A00001", world.now);
    call.cursor = first.next;
    const auto second = world.carry(call);
    EXPECT_EQ(first.records.back().external_id, "A00003");
    EXPECT_EQ(second.records.front().external_id, "A00005");
}

TEST(TraitSystem, pages_by_cursor_or_link_go_on_where_they_were) {
    for (const auto paging : {Traits::Paging::cursor, Traits::Paging::link}) {
        Traits traits = plain();
        traits.paging = paging;
        TraitWorld world(traits);
        for (int i = 0; i < 6; ++i) world.add(R"({"code": "x"})");
        sync::ListCall call{world.resource("things"), Instant{0}, ""};
        const auto first = world.carry(call);
        world.system.remove("things", "A00001", world.now);
        call.cursor = first.next;
        const auto second = world.carry(call);
        EXPECT_EQ(second.records.front().external_id, "A00004");
        EXPECT_EQ(second.records.size(), 3u);
        EXPECT_EQ(second.next, "");
    }
}

TEST(TraitSystem, lines_inside_keep_their_ids) {
    Traits traits = plain();
    traits.lines = Traits::Lines::inside;
    TraitWorld world(traits);
    const auto made =
        world.create("things", R"({"code": "x", "lines": [{"text": "a", "quantity": 2}]})");
    const std::string id = made.records.front().external_id;
    Value list = *made.records.front().body.find("lines");
    EXPECT_EQ(*list.as_list().front().find("id"), Value("A00001"));
    list.as_list().front().set("quantity", Value(3));
    list.as_list().push_back(*json::read(R"({"text": "b"})"));
    list.as_list().push_back(*json::read(R"({"id": "A00077", "text": "gone meanwhile"})"));
    Value body = Value::object();
    body.set("lines", list);
    EXPECT_EQ(world.update(id, json::write(body)).outcome, Outcome::ok);
    EXPECT_EQ(world.stored(id, "lines"),
              *json::read(R"([{"id": "A00001", "text": "a", "quantity": 3},
                              {"id": "A00002", "text": "b", "quantity": null}])"));
    world.edit(id, "lines", *json::read(R"([{"id": "A00002", "text": "c", "quantity": 1}])"));
    EXPECT_EQ(world.stored(id, "lines"),
              *json::read(R"([{"id": "A00002", "text": "c", "quantity": 1}])"));
}

TEST(TraitSystem, lines_beside_are_found_by_their_thing_and_go_with_it) {
    Traits traits = plain();
    traits.lines = Traits::Lines::beside;
    TraitWorld world(traits);
    const std::string id = world.add(R"({"code": "x"})");
    const auto line = world.create("lines", R"({"of": ")" + id + R"(", "text": "a"})");
    ASSERT_EQ(line.outcome, Outcome::ok) << line.message;
    EXPECT_EQ(world.create("lines", R"({"of": "A00099", "text": "a"})").field, "of");
    EXPECT_EQ(world.search("of", id, "lines").records.size(), 1u);
    world.system.remove("things", id, world.now);
    EXPECT_TRUE(world.system.table("lines").empty());
    EXPECT_EQ(world.recorder.changes.back().kind, sim::Change::Kind::removed);
    world.system.bring_back("things", id, world.now);
    EXPECT_EQ(world.system.table("lines").size(), 1u);
}

TEST(TraitSystem, lines_with_their_parent_are_made_in_its_create) {
    Traits traits = plain();
    traits.lines = Traits::Lines::with_parent;
    TraitWorld world(traits);
    const auto made =
        world.create("things", R"({"code": "x", "lines": [{"text": "a"}, {"text": "b"}]})");
    EXPECT_EQ(made.records.front().body.find("lines"), nullptr);
    const auto lines = world.search("of", made.records.front().external_id, "lines");
    ASSERT_EQ(lines.records.size(), 2u);
    EXPECT_EQ(*lines.records.back().body.find("text"), Value("b"));
    EXPECT_EQ(world.recorder.changes.size(), 3u);
    const auto bad = world.create("things", R"({"code": "y", "lines": [{"text": ""}]})");
    EXPECT_EQ(bad.outcome, Outcome::rejected);
    EXPECT_EQ(world.system.table("things").size(), 1u);
}

TEST(TraitSystem, a_code_may_have_to_be_the_only_one) {
    Traits traits = plain();
    traits.unique_code = true;
    TraitWorld world(traits);
    const std::string id = world.add(R"({"code": "x"})");
    const std::string other = world.add(R"({"code": "y"})");
    EXPECT_EQ(world.create("things", R"({"code": "x"})").outcome, Outcome::already_exists);
    EXPECT_EQ(world.update(other, R"({"code": "x"})").outcome, Outcome::already_exists);
    EXPECT_EQ(world.update(other, R"({"code": "y", "name": "n"})").outcome, Outcome::ok);
    world.system.remove("things", id, world.now);
    EXPECT_EQ(world.create("things", R"({"code": "x"})").outcome, Outcome::ok);
}

TEST(TraitSystem, gives_values_its_own_form_but_not_those_of_people) {
    Traits traits = plain();
    traits.forms = {Form::cut, Form::trimmed, Form::rounded};
    TraitWorld world(traits);
    const auto made =
        world.create("things", R"({"name": "Fourteen chars", "note": " n ", "amount": 1.005})");
    const Value& body = made.records.front().body;
    EXPECT_EQ(*body.find("name"), Value("Fourteen cha"));
    EXPECT_EQ(*body.find("note"), Value("n"));
    EXPECT_EQ(*body.find("amount"), Value(*Decimal::parse("1.01")));
    const std::string id = world.add(R"({"note": " n "})");
    EXPECT_EQ(world.stored(id, "note"), Value(" n "));
}

TEST(TraitSystem, may_ignore_an_update_or_refuse_a_value) {
    Traits traits = plain();
    traits.forms = {Form::ignored, Form::refused, Form::as_is};
    TraitWorld world(traits);
    const auto made = world.create("things", R"({"name": "first"})");
    const std::string id = made.records.front().external_id;
    EXPECT_EQ(world.update(id, R"({"name": "second"})").outcome, Outcome::ok);
    EXPECT_EQ(world.stored(id, "name"), Value("first"));
    const auto refused = world.update(id, R"({"note": "n", "amount": 1})");
    EXPECT_EQ(refused.outcome, Outcome::rejected);
    EXPECT_EQ(refused.field, "note");
    EXPECT_EQ(world.stored(id, "amount"), Value());
    world.edit(id, "note", "typed");
    EXPECT_EQ(world.update(id, R"({"note": "typed"})").outcome, Outcome::ok);
    EXPECT_EQ(world.update(id, R"({"note": null})").outcome, Outcome::ok);
}

TEST(TraitSystem, answers_errors_as_declared) {
    TraitWorld world(plain());
    EXPECT_EQ(world.read("A00009").outcome, Outcome::not_found);
    EXPECT_EQ(world.update("A00009", "{}").outcome, Outcome::not_found);
    EXPECT_EQ(world.create("things", R"({"amount": "ten"})").field, "amount");
    EXPECT_EQ(world.send("GET", "/owners").status, 404);
    EXPECT_EQ(world.send("PUT", "/things/A00001", "{}").status, 405);
    EXPECT_EQ(world.send("DELETE", "/things/A00001").status, 405);
    EXPECT_EQ(world.system.counts().deletes, 1);
    EXPECT_EQ(world.send("POST", "/things", "no json").status, 400);
    const auto login = world.system.handle({"GET", "/things", {{"X-Api-Key", "x"}}, ""}, world.now);
    EXPECT_EQ(login.status, 401);
}

TEST(TraitSystem, a_backup_brings_everything_back_and_gives_no_id_or_version_again) {
    TraitWorld world(plain());
    const std::string kept = world.add(R"({"code": "kept"})");
    const std::string removed = world.add(R"({"code": "removed"})");
    const auto backup = world.system.backup();
    world.edit(kept, "name", "later");
    world.system.remove("things", removed, world.now);
    const std::string newer = world.add(R"({"code": "newer"})");
    world.recorder.changes.clear();
    world.system.restore(backup, world.now);
    EXPECT_EQ(world.stored(kept, "name"), Value());
    EXPECT_EQ(world.read(kept).records.front().etag, "3");
    EXPECT_EQ(world.read(removed).records.front().etag, "2");
    EXPECT_EQ(world.system.table("things").size(), 2u);
    ASSERT_EQ(world.recorder.changes.size(), 3u);
    EXPECT_EQ(world.recorder.changes[0].kind, sim::Change::Kind::changed);
    EXPECT_EQ(world.recorder.changes[1].kind, sim::Change::Kind::removed);
    EXPECT_EQ(world.recorder.changes[2].kind, sim::Change::Kind::returned);
    EXPECT_GT(world.add(R"({"code": "again"})"), newer);
}

TEST(TraitSystem, the_witness_is_told_of_every_change_and_of_all_that_is_shown) {
    TraitWorld world(plain());
    const std::string id = world.add(R"({"code": "x", "remark": "private"})");
    world.update(id, R"({"name": "n"})");
    ASSERT_EQ(world.recorder.changes.size(), 2u);
    const sim::Change& ours = world.recorder.changes.back();
    EXPECT_FALSE(ours.by_person);
    EXPECT_EQ(*ours.before.find("name"), Value());
    EXPECT_EQ(*ours.after.find("name"), Value("n"));
    EXPECT_EQ(*ours.after.find("remark"), Value("private"));
    EXPECT_EQ(ours.sent, *json::read(R"({"name": "n"})"));
    world.list();
    world.search("code", "x");
    EXPECT_EQ(world.recorder.shown_bodies.size(), 3u);
    EXPECT_EQ(*world.recorder.shown_bodies.back().body.find("name"), Value("n"));
}

}  // namespace
}  // namespace entente::test
