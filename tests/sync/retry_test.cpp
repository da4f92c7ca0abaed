// What a person says of what waits: it was typed anew, it is to be tried again; and what is refused, in words, without a change.
#include "sync/says.hpp"

namespace entente::test {
namespace {

TEST_F(Says, a_record_typed_anew_takes_the_old_ones_place_and_what_was_changed_meanwhile_travels) {
    const auto a = world.add("A", "things",
                             R"({"code":"T1","name":"Cup","note":"old","email":"a@b.example"})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    world.remove("A", "things", a);
    world.sweep();
    world.edit("B", "things", b, "note", "changed in B");
    const auto anew =
        world.add("A", "things", R"({"code":"T1","name":"Mug","note":"old","email":null})");
    world.poll();
    ASSERT_EQ(parked()[ParkReason::recreated], 1);
    const auto told = say(Act::Kind::relink, {thing("A", anew)});
    EXPECT_EQ(told.refusal, Refusal::none) << told.text;
    world.settle();
    EXPECT_EQ(world.value("A", "things", anew, "note"), Value("changed in B"));
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("Mug"));
    // What was not typed again is nobody's edit.
    EXPECT_EQ(world.value("B", "things", b, "mail"), Value("a@b.example"));
    EXPECT_EQ(world.value("A", "things", anew, "email"), Value("a@b.example"));
    EXPECT_EQ(world.notices[Notice::Kind::conflict], 0);
    look_often();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world.count("B", "things"), 1u);
    // The old one comes back: a second record of the same thing.
    world["A"].keep("things", a, *json::read(R"({"id":"1","code":"T1","name":"Cup"})"), {});
    look_often();
    EXPECT_EQ(parked()[ParkReason::duplicate], 1);
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("Mug"));
}

TEST_F(Says, linking_where_a_record_has_gone_takes_its_place) {
    const auto a = world.add("A", "things", R"({"code":"T1","name":"Cup"})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    world.remove("A", "things", a);
    world.sweep();
    const auto anew = world.add("A", "things", R"({"code":"T1","name":"Cup"})");
    world.poll();
    EXPECT_EQ(link(thing("A", anew), thing("B", b)).refusal, Refusal::none);
    look_often();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST_F(Says, a_record_that_could_take_several_places_is_told_which) {
    const auto first = world.add("A", "things", R"({"code":"T1","email":"a@b.example"})");
    world.sweep();
    world.remove("A", "things", first);
    world.sweep();
    const auto anew = world.add("A", "things", R"({"code":"Z7"})");
    world.poll();
    const auto refused = say(Act::Kind::relink, {thing("A", anew)});
    EXPECT_EQ(refused.refusal, Refusal::linked);  // nothing told it from a new thing
    EXPECT_EQ(say(Act::Kind::relink, {thing("A", "99")}).refusal, Refusal::unknown);
    const auto again = world.add("A", "things", R"({"code":"T1"})");
    world.poll();
    EXPECT_EQ(say(Act::Kind::relink, {thing("A", again), thing("A", anew)}).refusal,
              Refusal::still_there);
    EXPECT_EQ(say(Act::Kind::relink, {thing("A", again), thing("A", first)}).refusal,
              Refusal::none);
    look_often();
    EXPECT_TRUE(parked().empty());
}

TEST_F(Says, a_refused_create_is_offered_again) {
    world.sweep();
    world["B"].fates = {Fate::refused};
    const auto a = world.add("A", "things", R"({"code":"T1"})");
    world.poll();
    ASSERT_EQ(parked()[ParkReason::create_failed], 1);
    const auto told = say(Act::Kind::retry, {thing("A", a)});
    EXPECT_EQ(told.refusal, Refusal::none) << told.text;
    world.settle();
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(say(Act::Kind::retry, {thing("A", a)}).refusal, Refusal::nothing_waits);
}

TEST_F(Says, a_held_property_is_written_again) {
    const auto a = world.add("A", "things", R"({"code":"T1"})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    world["B"].fates = {Fate::refused};
    world.edit("A", "things", a, "note", "refused once");
    world.poll();
    ASSERT_EQ(world.value("B", "things", b, "note"), Value());
    Act all;
    all.kind = Act::Kind::retry;
    all.all = true;
    all.by = "anna";
    EXPECT_EQ(world.say(all).refusal, Refusal::none);
    world.settle();
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("refused once"));
    EXPECT_EQ(world.say(all).refusal, Refusal::nothing_waits);
}

// Goal: a value that did not stick is written again when a person says so (G1, G16). Method: B ignores notes, until it does not.
TEST_F(Says, what_did_not_stick_is_written_again) {
    const auto a = world.add("A", "things", R"({"code":"T1","note":"old"})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    world["B"].ignored = {"note"};
    world.edit("A", "things", a, "note", "ours");
    world.poll();
    ASSERT_EQ(world.notices[Notice::Kind::held], 1);
    EXPECT_EQ(say(Act::Kind::retry, {thing("A", a)}).refusal, Refusal::none);
    world.settle();
    EXPECT_EQ(world.notices[Notice::Kind::held], 2) << "it did not stick once more";
    world["B"].ignored.clear();
    EXPECT_EQ(say(Act::Kind::retry, {thing("A", a)}).refusal, Refusal::none);
    world.settle();
    look_often();
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("ours"));
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("ours"));
    EXPECT_EQ(say(Act::Kind::retry, {thing("A", a)}).refusal, Refusal::nothing_waits);
}

// B takes creates that nobody can ask for afterwards.
class SaysOfBlindCreates : public Says {
protected:
    SaysOfBlindCreates()
        : Says(small_workspace(),
               small_catalog_where(
                   "catalog/connectors/versioned/things.yaml", "create: {grade: keyed}",
                   "create: {grade: none, visible_after: 0s, late_execution: 1s}")) {
        world.sweep();
        world["B"].fates = {Fate::request_lost};
        a = world.add("A", "things", R"({"code":"T1"})");
        world.poll();
    }
    std::string a;
};

TEST_F(SaysOfBlindCreates,
       a_create_that_was_never_answered_is_made_again_only_if_somebody_has_looked) {
    ASSERT_EQ(parked()[ParkReason::create_unknown], 1);
    EXPECT_EQ(say(Act::Kind::retry, {thing("A", a)}).refusal, Refusal::never_answered);
    Act act;
    act.kind = Act::Kind::retry;
    act.all = true;
    EXPECT_EQ(world.say(act).refusal, Refusal::never_answered);
    world.settle();
    EXPECT_EQ(world.count("B", "things"), 0u);
    act.all = false;
    act.is_not_there = true;
    act.records = {thing("A", a)};
    EXPECT_EQ(world.say(act).refusal, Refusal::none);
    world.settle();
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_TRUE(parked().empty());
}

TEST_F(SaysOfBlindCreates, what_is_there_after_all_is_linked) {
    const auto b = world.add("B", "things", R"({"code":"other"})");
    world.sweep();
    ASSERT_EQ(parked()[ParkReason::create_unknown], 1);
    const auto refused = link(thing("A", a), thing("B", b));
    // It was taken for a new thing, and is in A by now.
    EXPECT_EQ(refused.refusal, Refusal::in_the_way);
    EXPECT_EQ(refused.concerns.size(), 2u);
}

TEST_F(Says, what_cannot_be_is_refused_and_changes_nothing) {
    const auto early = world.add("A", "things", R"({"code":"T1"})");
    EXPECT_EQ(link(thing("A", early), thing("B", "7")).refusal, Refusal::unknown);
    const auto o = world.add("A", "owners", R"({"code":"O1"})");
    const auto second = world.add("A", "things", R"({"code":"T2"})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    const std::string last = world["B"].tables["things"].rbegin()->first;
    const auto links = world.store()->counts(world.workspace().find_data_type("A.Thing")).linked;
    EXPECT_EQ(link(thing("A", early), thing("A", early)).refusal, Refusal::same_record);
    EXPECT_EQ(link(thing("A", early), thing("A", second)).refusal, Refusal::same_resource);
    EXPECT_EQ(link(thing("A", early), named("A.Owner", o)).refusal, Refusal::other_model);
    const auto clash = link(thing("A", early), thing("B", last));
    EXPECT_EQ(clash.refusal, Refusal::in_the_way);
    EXPECT_EQ(clash.concerns.size(), 2u);
    EXPECT_NE(clash.text.find("A.Thing:"), std::string::npos) << clash.text;
    world.remove("B", "things", last);
    world.sweep();
    EXPECT_EQ(link(thing("A", early), thing("B", last)).refusal, Refusal::gone);
    EXPECT_EQ(link(thing("A", early), thing("B", b)).refusal, Refusal::none);  // they are one
    EXPECT_EQ(world.store()->counts(world.workspace().find_data_type("A.Thing")).linked, links);
    EXPECT_TRUE(world.store()->apart_from({1}).empty());
}

TEST_F(Says, what_is_being_written_waits_for_its_outcome) {
    const auto a = world.add("A", "things", R"({"code":"T1"})");
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    world.sweep();
    bool was_asked = false;
    world.meanwhile = [&] {
        if (was_asked || !world.is_planned("B", Purpose::write)) return;
        was_asked = true;
        EXPECT_EQ(apart(thing("A", a), thing("B", b)).refusal, Refusal::being_written);
    };
    world.edit("A", "things", a, "note", "under way");
    world.poll();
    EXPECT_TRUE(was_asked);
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("under way"));
}

TEST_F(Says, an_act_holds_though_the_process_dies_just_after_it) {
    for (int steps = 1; steps <= 6; ++steps) {
        World again{small_workspace(), small_catalog()};
        const auto a = again.add("A", "things", R"({"code":"T1","note":"x"})");
        const auto b = again.add("B", "things", R"({"code":"T1","note":"x"})");
        again.sweep();
        Act act;
        act.kind = Act::Kind::apart;
        act.records = {{again.workspace().find_data_type("A.Thing"), a},
                       {again.workspace().find_data_type("B.Thing"), b}};
        EXPECT_EQ(again.say(act).refusal, Refusal::none);
        again.crash();
        again.crash_after(steps);
        again.sweep();
        again.sweep();
        EXPECT_EQ(again.count("A", "things"), 2u) << steps;
        EXPECT_EQ(again.count("B", "things"), 2u) << steps;
        EXPECT_TRUE(again.store()->parked_counts().empty()) << steps;
    }
}

}  // namespace
}  // namespace entente::test
