// The guard (G12): what would be lost is counted over every way in which a record is read, and what was put aside is believed later
// only as far as it can still be true (docs/decisions/0034).
#include "sync/world.hpp"

namespace entente::test {
namespace {

constexpr int many = 60;

class Guard : public ::testing::Test {
protected:
    void begin(const std::string& lag, const std::string& systems = "") {
        world.emplace(small_workspace("", systems),
                      lag.empty() ? small_catalog()
                                  : small_catalog_where("catalog/connectors/plain/connector.yaml",
                                                        "filter: since}",
                                                        "filter: since, lag: " + lag + "}"));
        for (int i = 0; i < many; ++i)
            ids.push_back(world->add(
                "A", "things",
                R"({"code":"T)" + std::to_string(i) + R"(","name":"one","note":"keep me"})"));
        world->sweep();
        ASSERT_EQ(world->count("B", "things"), static_cast<std::size_t>(many));
    }
    std::int64_t emptied(const std::string& system) {
        std::int64_t count = 0;
        for (const auto& [id, record] : (*world)[system].tables["things"])
            count += record.body.find("note")->is_null();
        return count;
    }
    void edit_all(int from, int until, const std::string& field, const Value& value) {
        for (int i = from; i < until; ++i)
            world->edit("A", "things", ids[static_cast<std::size_t>(i)], field, value);
    }
    // Every name of the first so many changes, and a moment later, within the lag of that, their notes are blanked.
    void import_and_blank(int count) {
        world->pass(60'000);
        edit_all(0, count, "name", Value("imported"));
        world->pass(6'000);
        world->poll();
        edit_all(0, count, "note", Value());
        world->poll();
    }
    int stops() { return world->notices[Notice::Kind::stopped]; }

    std::optional<World> world;
    std::vector<std::string> ids;
};

// Goal: rows that are doubted because of lag do not pass the guard one by one. Method: an import changes every name, and a moment
// later a column is blanked, within the lag of the change that the engine knows of.
TEST_F(Guard, is_not_passed_by_records_that_are_read_again_because_they_may_be_old) {
    begin("5s");
    import_and_blank(40);
    world->pass(6'000);
    world->settle();
    world->poll();
    EXPECT_EQ(stops(), 1);
    EXPECT_EQ(emptied("B"), 0);
}

TEST_F(Guard, believes_a_few_of_them) {
    begin("5s");
    import_and_blank(3);
    world->pass(6'000);
    world->settle();
    world->poll();
    EXPECT_EQ(stops(), 0);
    EXPECT_EQ(emptied("B"), 3);
}

// Goal: a loss that trickles in through many small looks counts together.
TEST_F(Guard, counts_what_many_polls_in_a_row_lose) {
    begin("");
    for (int i = 0; i < 40; i += 4) {
        edit_all(i, i + 4, "note", Value());
        world->poll();
    }
    EXPECT_EQ(stops(), 1);
    EXPECT_LE(emptied("B"), 20);
}

// Goal: a restart does not make the guard forget. Method: half of it is lost before the process dies, and half a moment after.
TEST_F(Guard, counts_what_was_lost_before_a_restart) {
    begin("");
    edit_all(0, 15, "note", Value());
    world->poll();
    ASSERT_EQ(emptied("B"), 15);
    world->crash();
    edit_all(15, 30, "note", Value());
    world->sweep();
    EXPECT_EQ(stops(), 1);
    EXPECT_EQ(emptied("B"), 15);
}

TEST_F(Guard, has_forgotten_after_a_minute_what_was_lost_before_a_restart) {
    begin("");
    edit_all(0, 15, "note", Value());
    world->poll();
    world->crash();
    world->sweep();
    world->pass(61'000);
    edit_all(15, 30, "note", Value());
    world->sweep();
    EXPECT_EQ(stops(), 0);
    EXPECT_EQ(emptied("B"), 30);
}

// Goal: what was stopped is not let go by a new life that would lose a little less. Method: one more than the guard believes is
// lost, the last one by itself; then the process dies, and all are looked at again.
TEST_F(Guard, lets_nothing_go_because_a_restart_has_forgotten_a_part) {
    begin("");
    edit_all(0, 1, "note", Value());
    world->poll();
    edit_all(1, 21, "note", Value());
    world->sweep();
    ASSERT_EQ(stops(), 1);
    world->crash(false);
    world->sweep();
    EXPECT_EQ(emptied("B"), 1);
}

// Goal: what a new life doubts does not end a stop. Method: a system that lags and tells no times empties two thirds of a column and
// is stopped; then the process dies, and its first look shows the same, which may be old by now and is read again.
TEST_F(Guard, goes_on_to_stop_what_a_new_life_has_yet_to_read_again) {
    begin("5s");
    world->tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.system == (*world)["A"].index)
            for (SeenRecord& seen : answer.records) seen.modified.reset();
    };
    world->pass(60'000);
    edit_all(0, 40, "note", Value());
    world->pass(6'000);
    world->sweep();
    ASSERT_EQ(stops(), 1);
    world->crash(false);
    world->ask(true);
    world->settle();
    EXPECT_EQ(stops(), 1);
    EXPECT_EQ(emptied("B"), 0);
}

// Goal: a part of what was stopped does not pass because the rest is doubted. Method: one record more than the guard believes; of one of
// them the system tells no time.
TEST_F(Guard, counts_what_a_new_life_has_yet_to_read_again) {
    begin("5s");
    world->tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.system != (*world)["A"].index) return;
        for (SeenRecord& seen : answer.records)
            if (seen.external_id == ids.front()) seen.modified.reset();
    };
    world->pass(60'000);
    edit_all(0, 21, "note", Value());
    world->pass(6'000);
    world->sweep();
    ASSERT_EQ(stops(), 1);
    world->crash(false);
    world->ask(true);
    world->settle();
    EXPECT_EQ(emptied("B"), 0);
}

TEST_F(Guard, lets_people_empty_fields_one_by_one) {
    begin("");
    for (int i = 0; i < 40; ++i) {
        edit_all(i, i + 1, "note", Value());
        world->poll();
        world->pass(6'000);
    }
    EXPECT_EQ(stops(), 0);
    EXPECT_EQ(emptied("B"), 40);
}

// Goal: reads that belong to a write count too. Method: every record is about to be written when it is emptied, so each is read
// for itself just before.
TEST_F(Guard, is_not_passed_by_the_looks_before_our_writes) {
    begin("");
    int at = 0;
    for (const auto& [id, record] : world->tables_of("B").at("things"))
        if (at++ < 40) world->edit("B", "things", id, "name", "from B");
    bool is_emptied = false;
    world->meanwhile = [&] {
        if (is_emptied || !world->is_planned("A", Purpose::compare)) return;
        is_emptied = true;
        edit_all(0, many, "note", Value());
    };
    world->poll();
    EXPECT_GE(stops(), 1);
    EXPECT_LE(emptied("B"), 20);
}

TEST_F(Guard, believes_nothing_more_of_what_it_has_stopped_until_a_person_approves) {
    begin("5s");
    import_and_blank(40);
    world->pass(60'000);
    world->poll();
    EXPECT_EQ(emptied("B"), 0);
    world->crash();  // and approves
    world->sweep();
    world->pass(6'000);
    world->sweep();
    EXPECT_EQ(emptied("B"), 40);
}

// Goal: what is stopped does not travel record by record when people go on. Method: sweeps find it stopped, and move the cursor behind
// what was emptied; one of these records is edited then, and a poll shows that one alone.
TEST_F(Guard, believes_no_poll_that_shows_one_record_of_what_it_has_stopped) {
    begin("");
    edit_all(0, 40, "note", Value());
    world->sweep();
    ASSERT_EQ(stops(), 1);
    world->pass(60'000);
    edit_all(50, 51, "name", Value("two"));
    world->sweep();
    world->pass(60'000);
    edit_all(0, 1, "name", Value("two"));
    world->poll();
    EXPECT_EQ(emptied("B"), 0);
    EXPECT_EQ(stops(), 1);
}

// Goal: what was put aside while a run is judged is an old body by the time our own write has landed. Method: a system that shows no
// times; its first page shows a cleared note and the old name, our new name lands while the other pages are read.
TEST_F(Guard, replays_no_body_that_is_older_than_our_write) {
    begin("", "silent");
    ASSERT_EQ(world->count("D", "things"), static_cast<std::size_t>(many));
    const std::string first = world->tables_of("D").at("things").begin()->first;
    const std::string code = world->value("D", "things", first, "code").as_text();
    std::string a;
    for (const auto& [id, record] : world->tables_of("A").at("things"))
        if (*record.body.find("code") == Value(code)) a = id;
    // Polls are short from now on.
    world->pass(60'000);
    edit_all(many - 1, many, "name", Value("later than all others"));
    world->poll();
    world->poll();
    int pages = 0;
    const auto tells_no_times = [&](const Effect& effect, Answer& answer) {
        if (effect.system != (*world)["D"].index) return;
        pages += effect.purpose == Purpose::page;
        for (SeenRecord& seen : answer.records) seen.modified.reset();
    };
    world->tamper = tells_no_times;
    world->sweep();
    world->edit("D", "things", first, "note", Value());
    pages = 0;
    const int edits = world->notices[Notice::Kind::edit_seen];
    bool is_typed = false;
    world->meanwhile = [&] {
        if (pages != 1 || std::exchange(is_typed, true)) return;
        world->edit("A", "things", a, "name", "two");
        world->ask(false);
    };
    world->poll();
    world->meanwhile = nullptr;
    ASSERT_TRUE(is_typed);
    EXPECT_EQ(world->notices[Notice::Kind::edit_seen], edits + 2);
    EXPECT_EQ(world->value("D", "things", first, "name"), Value("two"));
    EXPECT_EQ(world->value("A", "things", a, "name"), Value("two"));
    EXPECT_TRUE(world->value("A", "things", a, "note").is_null());
}

// Goal: what a poll put aside that failed later is no news in a later one.
TEST_F(Guard, forgets_what_a_failed_poll_has_put_aside) {
    begin("");
    edit_all(0, 4, "note", Value());
    int pages = 0;
    world->tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.purpose != Purpose::page || effect.system != (*world)["A"].index) return;
        if (resource_of(effect.call) !=
            world->workspace().data_type(world->workspace().find_data_type("A.Thing")).resource)
            return;
        if (++pages == 2) answer = {.outcome = Outcome::retry_later, .message = "broken"};
    };
    world->poll();
    world->tamper = nullptr;
    // Undone again, and one of the others is emptied.
    edit_all(0, 4, "note", Value("keep me"));
    edit_all(10, 11, "note", Value());
    world->pass(5'000);
    world->poll();
    EXPECT_EQ(emptied("B"), 1);
    EXPECT_EQ(emptied("A"), 1);
}

}  // namespace
}  // namespace entente::test
