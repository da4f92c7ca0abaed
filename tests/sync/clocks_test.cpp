// Clocks that are wrong: ours, a system's, and the times of single records. Goal: nothing that was stored or shown under a wrong
// clock blinds anybody, ends a wait early or stretches it (G1, G3, G18). Method: two linked records; time is passed back and
// forth between two lives, and times are put into records by hand.
#include "sync/world.hpp"

namespace entente::test {
namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t ten_years = 87'600 * hour;

class Clocks : public ::testing::Test {
protected:
    explicit Clocks(std::vector<model::SourceFile> catalog = small_catalog())
        : world(small_workspace(), std::move(catalog)) {
        a = world.add("A", "things", R"({"code":"T1","name":"one"})");
        b = world.add("B", "things", R"({"code":"T1","name":"one"})");
        world.sweep();
    }
    std::string name_in(const std::string& system, const std::string& id) {
        return world.value(system, "things", id, "name").as_text();
    }
    void set(std::int64_t ms) {
        world.pass(ms);
        world.crash();
    }
    Instant modified(const std::string& system, const std::string& id) {
        return world[system].tables["things"].at(id).modified;
    }
    // It shows that time, and the state that it has.
    void date(const std::string& system, const std::string& id, Instant modified) {
        FakeRecord& record = world[system].tables["things"].at(id);
        record.modified = modified;
        record.before.clear();
    }
    void expect_soon(const std::string& name) {
        const Instant began = world.now();
        world.poll();
        world.poll();
        EXPECT_EQ(name_in("A", a), name);
        EXPECT_EQ(name_in("B", b), name);
        EXPECT_LT(world.now() - began, Duration{60'000});
    }

    World world;
    std::string a, b;
};

TEST_F(Clocks, what_was_written_in_the_future_is_seen_today) {
    for (const std::int64_t ahead : {2 * hour, ten_years}) {
        set(ahead);
        world.edit("A", "things", a, "name", "ahead");
        world.sweep();
        set(-ahead);
        date("A", a, world.now());
        date("B", b, world.now());
        world.sweep();
        world.edit("B", "things", b, "name", "today");
        expect_soon("today");
        world.edit("A", "things", a, "name", "today too");
        expect_soon("today too");
    }
}

TEST_F(Clocks, a_pause_that_was_begun_in_the_future_is_over_today) {
    set(ten_years);
    world["B"].fates.push_back(Fate::not_executed);
    world.edit("A", "things", a, "name", "pauses");
    world.ask(false);
    bool has_failed = false;
    world.meanwhile = [&] {
        if (has_failed || !world["B"].fates.empty()) return;
        has_failed = true;
        set(-ten_years);
    };
    world.settle();
    world.meanwhile = nullptr;
    EXPECT_TRUE(has_failed);
    date("A", a, world.now());
    world.sweep();
    expect_soon("pauses");
}

TEST_F(Clocks, a_record_dated_far_ahead_blinds_nobody) {
    const std::string other = world.add("A", "things", R"({"code":"T2","name":"two"})");
    world.poll();
    world.edit("A", "things", a, "name", "of 2100");
    date("A", a, world.now() + Duration{ten_years});
    expect_soon("of 2100");
    world.edit("A", "things", other, "name", "true");
    world.poll();
    EXPECT_EQ(name_in("B", "2"), "true");
    world.edit("A", "things", a, "name", "true again");
    expect_soon("true again");
}

TEST_F(Clocks, an_edit_dated_ahead_was_made_no_later_than_it_was_read) {
    world.edit("A", "things", a, "name", "ahead");
    date("A", a, world.now() + Duration{ten_years});
    world.poll();
    world.pass(5'000);
    world.edit("A", "things", a, "name", "typed first");
    world.pass(5'000);
    world.edit("B", "things", b, "name", "typed last");
    expect_soon("typed last");
}

TEST_F(Clocks, polls_reach_back_by_the_overlap) {
    world.edit("A", "things", a, "note", "moves");
    world.poll();
    world.edit("A", "things", a, "name", "just before");
    date("A", a, modified("A", a) - Duration{900});
    expect_soon("just before");
}

TEST_F(Clocks, a_list_is_read_anew_when_the_clock_of_its_system_was_set) {
    Duration skew{0};
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (world.workspace().system(effect.system).name == "A") answer.skew = skew;
    };
    world.edit("A", "things", a, "note", "moves");
    world.poll();
    skew = Duration{-hour};
    world.edit("A", "things", a, "name", "twice");
    date("A", a, world.now() + skew);
    expect_soon("twice");
    EXPECT_GT(world.notices[Notice::Kind::troubled], 0);
    EXPECT_EQ(world.notices[Notice::Kind::troubled], world.notices[Notice::Kind::mended]);
}

TEST_F(Clocks, what_cannot_be_a_clock_is_told_once_and_until_it_is_over) {
    bool is_absurd = true;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (is_absurd && world.workspace().system(effect.system).name == "A")
            answer.absurd_skew = Duration{73 * 8'760 * hour};
    };
    world.poll();
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::troubled], 1);
    ASSERT_EQ(world.store()->troubles().size(), 1u);
    EXPECT_EQ(world.store()->troubles().front().kind, Trouble::Kind::clock);
    is_absurd = false;
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::mended], 1);
    EXPECT_TRUE(world.store()->troubles().empty());
}

// A replica that lags by two seconds, and shows the body from before our write with the time of the new one.
class ClocksAndLag : public Clocks {
protected:
    ClocksAndLag()
        : Clocks(small_catalog_where("catalog/connectors/plain/connector.yaml", "granularity: 1ms",
                                     "granularity: 1ms, lag: 2s")) {}
};

TEST_F(ClocksAndLag, a_wait_begun_in_the_past_begins_anew_today) {
    set(-ten_years);
    world.sweep();
    world.edit("B", "things", b, "name", "new");
    world.poll();
    set(ten_years);
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.purpose != Purpose::page || world.workspace().system(effect.system).name != "A")
            return;
        for (SeenRecord& seen : answer.records)
            if (seen.body.find("name")) seen.body.set("name", Value("one"));
    };
    world.sweep();
    world.tamper = nullptr;
    world.poll();
    EXPECT_EQ(name_in("B", b), "new");
    EXPECT_EQ(name_in("A", a), "new");
}

}  // namespace
}  // namespace entente::test
