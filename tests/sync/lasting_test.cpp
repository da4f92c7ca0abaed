// What fails again and again: every repetition has a bound, ever longer pauses and an end in words; one record's failure is its own;
// what was refused is offered again; and a record is gone when it is twice not there. Decisions 0032 and 0033. G1, G6, G12, G13, G16.
#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "sync/world.hpp"

namespace entente::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// A try before anything else has passed counts for nothing.
constexpr int bound = limits::unknown_tries_max + 4;
constexpr std::int64_t minute = 60'000, hour = 60 * minute, day = 24 * hour;

class Lasting : public ::testing::Test {
protected:
    explicit Lasting(std::vector<model::SourceFile> catalog = small_catalog())
        : world(small_workspace(), std::move(catalog), true) {
        look_now_and_then();
    }

    // While one record fails, others pass: the lists are polled.
    void look_now_and_then() {
        world.meanwhile = [&] {
            if (world.now() < looked_at + Duration{3'000}) return;
            world.ask(false);
            looked_at = world.now();
        };
    }

    // A thing in both; its ids.
    std::pair<std::string, std::string> both(const std::string& code) {
        const auto a = world.add("A", "things", R"({"code":")" + code + R"(","name":"one"})");
        world.sweep();
        for (const auto& [id, record] : world.tables_of("B").at("things"))
            if (*record.body.find("code") == Value(code)) return {a, id};
        ADD_FAILURE() << code << " was not created";
        return {a, ""};
    }
    // Such calls of B about that record, or of any without a name, meet with this.
    void fail(const std::string& system, std::set<Purpose> purposes, Outcome outcome,
              const std::string& id = "") {
        world[system].fails = [=](const Effect& effect) {
            const auto* read = std::get_if<ReadCall>(&effect.call);
            const auto* update = std::get_if<UpdateCall>(&effect.call);
            const std::string& about = read ? read->external_id : update ? update->external_id : id;
            return purposes.contains(effect.purpose) && (id.empty() || about == id) ? outcome
                                                                                    : Outcome::ok;
        };
    }
    int calls(const std::string& system) {
        int sum = 0;
        for (const auto& [purpose, count] : world[system].asked)
            if (purpose != Purpose::page) sum += count;
        return sum;
    }
    std::string held_in(const std::string& data_type) {
        const auto d = world.workspace().find_data_type(data_type);
        for (const Link& link : world.store()->links(d, {}, 100))
            if (!link.held.empty()) return link.held.front().reason;
        return {};
    }
    std::int64_t parked(ParkReason reason) { return world.store()->parked_counts()[reason]; }
    // People do nothing, and every day everything is looked at.
    void days(int count) {
        for (int i = 0; i < count; ++i) {
            world.pass(day);
            world.sweep();
        }
    }

    World world;
    Instant looked_at;
};

TEST_F(Lasting, a_create_that_always_fails_is_parked_with_what_the_system_said) {
    world.sweep();
    fail("B", {Purpose::write}, Outcome::unknown);
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.poll();
    // B takes creates with a key: what became of it can only be asked by the same request, so it stays open and is told.
    EXPECT_LE(world["B"].asked[Purpose::write], bound);
    EXPECT_EQ(world.store()->intents().size(), 1u);
    EXPECT_THAT(world.texts, Contains(HasSubstr("it fails")));
    const int before = world["B"].asked[Purpose::write];
    days(3);
    EXPECT_GT(world["B"].asked[Purpose::write], before) << "at least daily";
    EXPECT_LE(world["B"].asked[Purpose::write], before + 9);
    world["B"].fails = nullptr;
    days(1);
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_TRUE(world.store()->intents().empty());
}

// B can be searched.
class LastingSearched : public Lasting {
protected:
    LastingSearched()
        : Lasting(small_catalog_where("catalog/connectors/versioned/things.yaml",
                                      "create: {grade: keyed}",
                                      "create: {grade: searchable, search: [code], visible_after: "
                                      "1s, late_execution: 2s}")) {}
};

TEST_F(LastingSearched, a_create_that_always_fails_is_parked_and_offered_again) {
    world.sweep();
    fail("B", {Purpose::write}, Outcome::unknown);
    const auto a = world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.poll();
    EXPECT_EQ(parked(ParkReason::create_failed), 1);
    const int tries = world["B"].asked[Purpose::write];
    EXPECT_LE(tries, bound);
    EXPECT_THAT(world.texts, Contains(HasSubstr("it fails")));
    world.crash();
    world.sweep();
    EXPECT_EQ(world["B"].asked[Purpose::write], tries);
    days(30);
    EXPECT_LE(world["B"].asked[Purpose::write], tries + 10) << "a week, then no more";
    EXPECT_GE(world["B"].asked[Purpose::write], tries + 6) << "daily for a week";
    world["B"].fails = nullptr;
    world.edit("A", "things", a, "name", "two");
    world.poll();
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST_F(Lasting, an_update_that_always_fails_is_held_with_what_the_system_said) {
    const auto [a, b] = both("T1");
    for (const auto& [system, id, other] : {std::tuple("B", b, "A"), std::tuple("A", a, "B")}) {
        const int before = world[system].asked[Purpose::write];
        fail(system, {Purpose::write}, Outcome::unknown);
        world.edit(other, "things", other == std::string("A") ? a : b, "note", other);
        world.poll();
        EXPECT_LE(world[system].asked[Purpose::write], before + bound);
        EXPECT_EQ(held_in(std::string(system) + ".Thing"), "it fails");
        world[system].fails = nullptr;
        days(1);
        EXPECT_EQ(world.value(system, "things", id, "note"), Value(other)) << "offered again";
        EXPECT_EQ(held_in(std::string(system) + ".Thing"), "");
    }
}

TEST_F(Lasting, a_compare_that_always_fails_ends_in_a_hold) {
    const auto [a, b] = both("T1");
    for (const Outcome outcome : {Outcome::retry_later, Outcome::rejected}) {
        world["A"].asked.clear();
        fail("A", {Purpose::compare}, outcome);
        world.edit("B", "things", b, "note", "by a person " + std::to_string(int(outcome)));
        world.poll();
        EXPECT_LE(world["A"].asked[Purpose::compare], bound);
        EXPECT_EQ(held_in("A.Thing"), "it fails");
    }
    // The bound survives what the process does not.
    world["A"].asked.clear();
    world.edit("B", "things", b, "note", "while it dies");
    int dies = 3;
    auto look = world.meanwhile;
    world.meanwhile = [&] {
        if (world["A"].asked[Purpose::compare] >= 3 && dies-- > 0) world.crash();
        look();
    };
    world.poll();
    look_now_and_then();
    EXPECT_LE(world["A"].asked[Purpose::compare], limits::unknown_tries_max + 3);
    world["A"].fails = nullptr;
    days(1);
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("while it dies"));
}

TEST_F(Lasting, a_forbidden_record_is_held_and_offered_in_a_minute) {
    const auto [a1, b1] = both("T1");
    const auto [a2, b2] = both("T2");
    fail("B", {Purpose::write}, Outcome::forbidden, b1);
    world.edit("A", "things", a1, "note", "locked");
    world.edit("A", "things", a2, "note", "free");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b2, "note"), Value("free"));
    EXPECT_EQ(held_in("B.Thing"), "it fails");
    const int before = world["B"].asked[Purpose::write];
    world.poll();
    EXPECT_EQ(world["B"].asked[Purpose::write], before);
    world["B"].fails = nullptr;
    world.pass(minute);
    world.poll();
    EXPECT_EQ(world.value("B", "things", b1, "note"), Value("locked"));
    EXPECT_EQ(held_in("B.Thing"), "");
}

TEST_F(Lasting, three_forbidden_records_are_lost_rights_and_one_at_a_time_asks_for_them) {
    std::vector<std::pair<std::string, std::string>> things;
    for (int i = 0; i < 20; ++i) things.push_back(both("T" + std::to_string(i)));
    fail("B", {Purpose::write}, Outcome::forbidden);
    for (const auto& [a, b] : things) world.edit("A", "things", a, "note", "new");
    const int before = world["B"].asked[Purpose::write];
    world.poll();
    EXPECT_LE(world["B"].asked[Purpose::write], before + 6);
    world.pass(hour);
    world.poll();
    EXPECT_LE(world["B"].asked[Purpose::write], before + 16);
    world["B"].fails = nullptr;
    days(1);
    for (const auto& [a, b] : things)
        EXPECT_EQ(world.value("B", "things", b, "note"), Value("new"));
    EXPECT_EQ(held_in("B.Thing"), "");
}

TEST_F(Lasting, a_single_404_to_any_call_about_a_record_is_no_removal) {
    const auto [a, b] = both("T1");
    int edits = 0;
    for (const auto& [system, purpose] :
         {std::pair("A", Purpose::compare), std::pair("B", Purpose::write),
          std::pair("A", Purpose::probe), std::pair("A", Purpose::write)}) {
        const std::string other = system == std::string("A") ? "B" : "A";
        if (purpose == Purpose::probe) world[system].fates = {Fate::reply_lost};
        bool is_first = true;
        world[system].fails = [&, purpose](const Effect& effect) {
            return effect.purpose == purpose && std::exchange(is_first, false) ? Outcome::not_found
                                                                               : Outcome::ok;
        };
        const Value note("edit " + std::to_string(++edits));
        world.edit(other, "things", other == "A" ? a : b, "note", note);
        world.poll();
        EXPECT_FALSE(is_first) << "asked with purpose " << int(purpose);
        EXPECT_EQ(world.value("A", "things", a, "note"), note);
        EXPECT_EQ(world.value("B", "things", b, "note"), note);
        world[system].fails = nullptr;
    }
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::gone], 0);
}

TEST_F(Lasting, what_is_twice_not_there_is_gone) {
    const auto [a, b] = both("T1");
    world.remove("B", "things", b);
    world.edit("A", "things", a, "note", "too late");
    world.poll();
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::gone], 1);
    world.sweep();
    EXPECT_EQ(world.count("B", "things"), 0u);
}

TEST_F(Lasting, a_record_that_takes_no_writes_and_says_that_it_is_not_there_is_held) {
    const auto [a, b] = both("T1");
    fail("B", {Purpose::write}, Outcome::not_found);
    world.edit("A", "things", a, "note", "never taken");
    world.poll();
    EXPECT_LE(world["B"].asked[Purpose::write], 1 + bound);
    EXPECT_EQ(held_in("B.Thing"), "it fails");
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::gone], 0);
}

TEST_F(Lasting, a_write_that_nobody_can_tell_the_outcome_of_stays_open) {
    const auto [a, b] = both("T1");
    const auto [a2, b2] = both("T2");
    world["A"].fates = {Fate::request_lost};
    fail("A", {Purpose::probe}, Outcome::retry_later, a);
    world.edit("B", "things", b, "note", "who knows");
    world.poll();
    EXPECT_LE(world["A"].asked[Purpose::probe], bound);
    ASSERT_EQ(world.store()->intents().size(), 1u);
    EXPECT_THAT(world.texts, Contains(HasSubstr("nobody can tell")));
    world.edit("B", "things", b2, "note", "the others go on");
    world.poll();
    EXPECT_EQ(world.value("A", "things", a2, "note"), Value("the others go on"));
    const int before = world["A"].asked[Purpose::probe];
    days(3);
    EXPECT_GE(world["A"].asked[Purpose::probe], before + 3) << "at least daily";
    EXPECT_LE(world["A"].asked[Purpose::probe], before + 6);
    EXPECT_EQ(world.store()->intents().size(), 1u);
    world["A"].fails = nullptr;
    days(1);
    EXPECT_TRUE(world.store()->intents().empty());
    days(1);
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("who knows"));
}

// Goal: a write that may still be executed is waited for. Method: it is, after a newer edit has come.
TEST_F(Lasting, what_is_executed_late_undoes_no_newer_edit) {
    const auto [a, b] = both("T1");
    world["A"].fates = {Fate::late};
    world["A"].asked.clear();
    world.edit("B", "things", b, "note", "first");
    bool is_first = true;
    world.meanwhile = [&, id = b] {
        if (!is_first || world["A"].asked[Purpose::write] == 0) return;
        is_first = false;
        world.edit("B", "things", id, "note", "second");
        world.ask(false);
    };
    world.poll();
    world.pass(5'000);
    world.poll();
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("second"));
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("second"));
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::conflict], 0);
}

TEST_F(Lasting, what_sleeps_is_asked_about_at_once_when_a_person_says_so) {
    const auto [a, b] = both("T1");
    world["A"].fates = {Fate::request_lost};
    fail("A", {Purpose::probe}, Outcome::retry_later, a);
    world.edit("B", "things", b, "note", "who knows");
    world.poll();
    ASSERT_EQ(world.store()->intents().size(), 1u);
    world["A"].fails = nullptr;
    world.poll();
    ASSERT_EQ(world.store()->intents().size(), 1u) << "it sleeps";
    const auto d = world.workspace().find_data_type("A.Thing");
    const auto said = world.say({.kind = Act::Kind::retry, .records = {{d, a}}, .by = "Ann"});
    EXPECT_EQ(said.refusal, Refusal::none) << said.text;
    EXPECT_THAT(said.text, HasSubstr("1 asleep to be tried now"));
    world.poll();
    EXPECT_TRUE(world.store()->intents().empty());
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("who knows"));
}

TEST_F(Lasting, what_a_system_cannot_serve_waits_at_longer_and_longer_pauses) {
    const auto [a, b] = both("T1");
    const auto [a2, b2] = both("T2");
    world.tamper = [&, b1 = b](const Effect& effect, Answer& answer) {
        if (effect.purpose == Purpose::write && answer.outcome == Outcome::unknown)
            answer.is_of_system = true;
    };
    fail("B", {Purpose::write}, Outcome::unknown, b);
    world.edit("A", "things", a, "note", "waits");
    world.poll();
    EXPECT_LE(world["B"].asked[Purpose::write], 24);
    const int before = world["B"].asked[Purpose::write];
    days(2);
    EXPECT_GT(world["B"].asked[Purpose::write], before);
    EXPECT_EQ(held_in("B.Thing"), "") << "nothing is known of it";
    world["B"].fails = nullptr;
    days(1);
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("waits"));
}

// Goal: while nothing passes a failure says nothing of one record. Method: B answers nothing at all for a day.
TEST_F(Lasting, an_outage_uses_up_no_bound) {
    const auto [a, b] = both("T1");
    bool is_out = true;
    world["B"].fails = [&](const Effect& effect) {
        if (!is_out) return Outcome::ok;
        return is_write(effect.call) ? Outcome::unknown : Outcome::retry_later;
    };
    world.edit("A", "things", a, "note", "after the outage");
    int steps = 0;
    world.meanwhile = [&] { is_out = ++steps < 400; };
    for (int i = 0; i < 100; ++i) {
        world.pass(minute);
        world.poll();
    }
    EXPECT_EQ(held_in("B.Thing"), "");
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("after the outage"));
}

TEST_F(Lasting, a_refused_property_is_offered_alone) {
    const auto [a, b] = both("T1");
    world["B"].refuses = [](const Value& body) {
        return json::write(body).contains("closed") ? std::string("the period is closed") : "";
    };
    world.edit("A", "things", a, "note", "closed");
    world.poll();
    ASSERT_EQ(held_in("B.Thing"), "the period is closed");
    world.edit("A", "things", a, "name", "open");
    world.pass(2 * hour);
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("open"));
    EXPECT_LE(world["B"].refusals, 2);
    world["B"].refuses = nullptr;
    days(1);
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("closed"));
}

}  // namespace
}  // namespace entente::test
