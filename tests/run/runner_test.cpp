// The runner's loop, with an engine and systems that do what the test says.
#include "run/runner.hpp"

#include <gtest/gtest.h>

#include <set>

#include "world.hpp"

namespace entente::run::test {
namespace {

struct RecordingWatcher : Watcher {
    std::vector<std::pair<SystemIndex, Health>> told;
    std::vector<std::pair<SystemIndex, Instant>> quotas;
    void out_of_quota(SystemIndex system, Instant until) override {
        quotas.emplace_back(system, until);
    }
    void health(SystemIndex system, Health health, const std::string&) override {
        told.emplace_back(system, health);
    }
};

class RunnerTest : public testing::Test {
protected:
    RunnerTest()
        : workspace_(two_systems()),
          connectors_(connectors_of(workspace_)),
          transport_(clock_),
          engine_(workspace_) {
        transport_.answer = [](const http::Request& request) -> Reply {
            const bool is_list = request.method == "GET" && request.url.ends_with("/things");
            return is_list ? list_of_nothing() : http::Response{200, {}, R"({"id":"1"})"};
        };
    }
    std::unique_ptr<Runner> make(RunnerOptions options) {
        const RunnerParts parts{workspace_, engine_, transport_, clock_, watcher_, connectors_};
        return std::make_unique<Runner>(parts, options);
    }
    // Stops the runner after so much fake time: a test that goes wrong ends.
    void stop_after(Runner& runner, Duration time) {
        transport_.on_wait = [this, &runner, end = clock_.now() + time] {
            if (clock_.now() >= end) runner.stop();
        };
    }

    model::Workspace workspace_;
    std::vector<connect::RestConnector> connectors_;
    FakeClock clock_;
    FakeTransport transport_;
    FakeEngine engine_;
    RecordingWatcher watcher_;
};

bool is_to_shop(const http::Request& request) {
    return request.url.starts_with("http://127.0.0.1:1/");
}

// Goal: a run ends when the time of day has left its clock by more than a time server slews, either way, and says so. Method: it
// is set while the run waits.
TEST_F(RunnerTest, ends_when_the_clock_jumps) {
    for (const std::int64_t ms : {-3'600'000, 11'000}) {
        auto runner = make({.ends_by_clock = Duration{0}});
        const Instant began = clock_.now();
        clock_.set(Duration{9'000});
        transport_.on_wait = [&] {
            if (clock_.now() >= began + Duration{5'000}) clock_.set(Duration{ms});
            if (clock_.now() >= began + Duration{60'000}) runner->stop();
        };
        EXPECT_EQ(runner->run().value(), RunEnd::clock_jumped);
        EXPECT_GE(clock_.now(), began + Duration{5'000});
        EXPECT_LT(clock_.now(), began + Duration{20'000});
    }
}

// Goal: a clock that has just jumped is left alone for as long as was said, and plans are never ended by one.
TEST_F(RunnerTest, leaves_a_clock_alone_that_it_is_not_to_follow) {
    clock_.set(Duration{3'600'000});
    for (const bool is_plan : {true, false}) {
        RunnerOptions options;
        if (!is_plan) options.ends_by_clock = Duration{40'000};
        auto runner = make(options);
        stop_after(*runner, Duration{30'000});
        EXPECT_EQ(runner->run().value(), RunEnd::done);
    }
}

// Goal: until idle sweeps everything, and ends when a further look found nothing. Method: two quiet
// systems.
TEST_F(RunnerTest, until_idle_ends_when_a_further_look_finds_nothing) {
    auto runner = make({.until_idle = true});
    ASSERT_TRUE(runner->run());
    const auto looks = engine_.all<sync::FeedDue>();
    EXPECT_GE(looks.size(), 2u);
    EXPECT_TRUE(looks[0].sweep && looks[1].sweep);
    EXPECT_LT((clock_.now() - start).ms, 1'000)
        << "nobody waits for the next poll when everything rests";
}

// Goal: a backfill that is out of its share is offered no room, edits are, and it goes on by itself. Method: an engine that
// always wants room and uses none, and a quota of which most is used up.
TEST_F(RunnerTest, a_backfill_out_of_its_share_is_offered_room_again_when_it_has_one) {
    model::Quota hour;
    hour.requests = 10;
    hour.per = Duration{3'600'000};
    hour.remaining_header = "Left";
    hour.reset_header = "Reset";
    hour.reset = model::Quota::Reset::epoch_milliseconds;
    workspace_.systems[1].rest.quotas = {hour};
    const std::string end = std::to_string((start + hour.per).ms);
    transport_.answer = [&](const http::Request&) -> Reply {
        return http::Response{200, {{"Left", "2"}, {"Reset", end}}, "[]"};
    };
    workspace_.systems[0].poll_every = workspace_.systems[1].poll_every = hour.per;
    engine_.hungry = {erp};
    engine_.open = 1;
    auto runner = make({});
    stop_after(*runner, Duration{3'540'000});
    ASSERT_TRUE(runner->run());
    const auto rooms = engine_.all<sync::Room>();
    ASSERT_GE(rooms.size(), 3u);
    EXPECT_LT(rooms.size(), 10u) << "nothing is offered again and again";
    const auto without = std::ranges::find(rooms, 0, &sync::Room::backfill);
    ASSERT_NE(without, rooms.end());
    EXPECT_GT(without->edits, 0);
    EXPECT_GT(rooms.back().backfill, 0);
}

// Goal: an engine that is busy with the look before does not end the run. Method: it begins no look for a while.
TEST_F(RunnerTest, looks_that_the_engine_puts_off_do_not_end_until_idle) {
    engine_.looks_put_off = 10;
    auto runner = make({.until_idle = true});
    const auto ended = runner->run();
    ASSERT_TRUE(ended) << ended.error().message();
    EXPECT_EQ(engine_.looks_put_off, 0);
}

// Goal: a change found by the last look asks for another one. Method: the third page shows an edit.
TEST_F(RunnerTest, a_change_in_the_last_look_asks_for_another) {
    int pages = 0;
    engine_.on_event = [&](const sync::Event& event, sync::StepResult& out) {
        if (!std::holds_alternative<sync::Answered>(event) || ++pages != 3) return;
        out.notices.push_back({.kind = sync::Notice::Kind::edit_seen});
    };
    auto runner = make({.until_idle = true});
    ASSERT_TRUE(runner->run());
    EXPECT_GE(engine_.all<sync::FeedDue>().size(), 5u);
}

// Goal: systems run beside each other, each within its own concurrency. Method: many reads of both,
// slow answers.
TEST_F(RunnerTest, each_system_keeps_to_its_own_concurrency) {
    transport_.latency = Duration{100};
    bool asked = false;
    engine_.on_event = [&](const sync::Event&, sync::StepResult& out) {
        for (int i = 0; i < 20 && !asked; ++i) {
            out.effects.push_back(read_of(shop, sync::Purpose::probe));
            out.effects.push_back(read_of(erp, sync::Purpose::probe));
        }
        asked = true;
    };
    auto runner = make({.until_idle = true});
    ASSERT_TRUE(runner->run());
    EXPECT_EQ(transport_.most_at_once["http://127.0.0.1:1"], 2);
    EXPECT_EQ(transport_.most_at_once["http://127.0.0.1:2"], 2);
    EXPECT_EQ(runner->counts(shop).by_purpose[static_cast<std::size_t>(sync::Purpose::probe)], 20);
}

// The times at which the engine heard of the answers to 40 calls of the shop, each answered within a millisecond.
std::set<Instant> times_of_answers(FakeEngine& engine, FakeClock& clock, Runner& runner,
                                   const sync::Effect& effect) {
    bool asked = false;
    std::set<Instant> out;
    engine.on_event = [&, effect](const sync::Event& event, sync::StepResult& result) {
        const auto* answered = std::get_if<sync::Answered>(&event);
        if (answered && answered->effect.purpose == effect.purpose) out.insert(clock.now());
        for (int i = 0; i < 40 && !asked; ++i) result.effects.push_back(effect);
        asked = true;
    };
    EXPECT_TRUE(runner.run());
    return out;
}

// Goal: one durable commit serves many writes, and none waits long for others. Method: 40 writes, two at a time.
TEST_F(RunnerTest, answers_to_writes_wait_for_others_while_more_are_to_be_sent) {
    transport_.latency = Duration{1};
    auto runner = make({.until_idle = true});
    const auto times = times_of_answers(engine_, clock_, *runner, write_to(shop, IntentId{1}));
    EXPECT_GE(times.size(), 2u);
    EXPECT_LE(times.size(), 5u);
    for (const sync::Answered& answered : engine_.all<sync::Answered>()) {
        if (!answered.effect.intent) continue;
        EXPECT_LE((*times.lower_bound(answered.answer.ended) - answered.answer.ended).ms, 10);
    }
}

// Goal: what somebody looks for waits for nothing. Method: 40 reads, two at a time.
TEST_F(RunnerTest, answers_to_looks_do_not_wait_for_others) {
    transport_.latency = Duration{1};
    auto runner = make({.until_idle = true});
    const auto times =
        times_of_answers(engine_, clock_, *runner, read_of(shop, sync::Purpose::check));
    EXPECT_GE(times.size(), 20u);
}

// Goal: nobody wonders why nothing happens. Method: the ERP lets one call through in ten minutes, and there are three.
TEST_F(RunnerTest, a_used_up_quota_is_told_once_for_each_wait) {
    workspace_.systems[erp.at()].rest.quotas = {{.requests = 1, .per = Duration{600'000}}};
    bool asked = false;
    engine_.on_event = [&](const sync::Event&, sync::StepResult& out) {
        for (int i = 0; i < 2 && !asked; ++i)
            out.effects.push_back(read_of(erp, sync::Purpose::probe));
        asked = true;
    };
    auto runner = make({.until_idle = true, .give_up_after = Duration{10'000'000}});
    stop_after(*runner, Duration{1'150'000});
    ASSERT_TRUE(runner->run());
    ASSERT_EQ(watcher_.quotas.size(), 2u);
    for (const auto& [system, until] : watcher_.quotas) EXPECT_EQ(system, erp);
    EXPECT_GE((watcher_.quotas[1].second - watcher_.quotas[0].second).ms, 590'000);
}

// Goal: a dead system delays no other, and the run says which one it is. Method: refuse the shop's
// connections.
TEST_F(RunnerTest, a_system_that_is_down_stops_no_other_and_is_named_in_the_end) {
    transport_.answer = [](const http::Request& request) -> Reply {
        if (is_to_shop(request)) return std::unexpected(refused_connection());
        return list_of_nothing();
    };
    auto runner = make({.until_idle = true, .give_up_after = Duration{30'000}});
    const auto ended = runner->run();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::retry_later);
    EXPECT_EQ(ended.error().where, "Shop");
    EXPECT_GE((clock_.now() - start).ms, 30'000);
    EXPECT_LT((clock_.now() - start).ms, 90'000);
    EXPECT_GE(runner->counts(erp).records_read + runner->counts(erp).calls, 5)
        << "the other one is looked at meanwhile";
    ASSERT_FALSE(watcher_.told.empty());
    EXPECT_EQ(watcher_.told.front(), (std::pair{shop, Health::down}));
}

// Goal: a refused login ends the run with kind auth, without waiting for half a minute.
TEST_F(RunnerTest, a_refused_login_ends_the_run_soon) {
    transport_.answer = [](const http::Request& request) -> Reply {
        return is_to_shop(request) ? http::Response{401, {}, "{}"} : list_of_nothing();
    };
    const auto ended = make({.until_idle = true})->run();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::auth);
    EXPECT_LT((clock_.now() - start).ms, 10'000);
}

// Goal: a page of HTML is no list, however often it is asked for. Method: a captive portal for a
// shop.
TEST_F(RunnerTest, a_system_that_answers_html_cannot_be_reached) {
    transport_.answer = [](const http::Request& request) -> Reply {
        return is_to_shop(request) ? http::Response{200, {}, "<html>sign in</html>"}
                                   : list_of_nothing();
    };
    const auto ended = make({.until_idle = true, .give_up_after = Duration{5'000}})->run();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().where, "Shop");
}

// Goal: a list that is refused for ever (400) ends the run with its path. Method: the system is
// well otherwise.
TEST_F(RunnerTest, a_resource_that_cannot_be_listed_is_named) {
    transport_.answer = [](const http::Request& request) -> Reply {
        return is_to_shop(request) ? http::Response{400, {}, "{}"} : list_of_nothing();
    };
    const auto ended = make({.until_idle = true})->run();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::drift);
    EXPECT_NE(ended.error().where.find("/things"), std::string::npos);
}

// Goal: after stop() no new call leaves, and the answers of those under way reach the engine.
// Method: stop in mid-flight.
TEST_F(RunnerTest, what_is_in_flight_may_finish_after_stop) {
    transport_.latency = Duration{500};
    bool asked = false;
    engine_.on_event = [&](const sync::Event&, sync::StepResult& out) {
        for (int i = 0; i < 5 && !asked; ++i) out.effects.push_back(write_to(erp, IntentId{i + 1}));
        asked = true;
    };
    auto runner = make({});
    int waits = 0;
    std::size_t sent = 0;
    transport_.on_wait = [&] {
        if (++waits != 1) return;
        sent = transport_.requests.size();
        runner->stop();
    };
    ASSERT_TRUE(runner->run());
    EXPECT_EQ(transport_.requests.size(), sent) << "no new call";
    EXPECT_EQ(engine_.all<sync::Answered>().size(), sent) << "every answer was stepped";
    EXPECT_EQ(transport_.cancelled, 0);
}

// Goal: stop ends within its limit whatever the systems do. Method: an answer that takes an hour.
TEST_F(RunnerTest, stop_does_not_wait_for_ever) {
    transport_.latency = Duration{3'600'000};
    auto runner = make({});
    transport_.on_wait = [&] { runner->stop(); };
    ASSERT_TRUE(runner->run());
    EXPECT_LE((clock_.now() - start).ms, limits::shutdown_ms_max + 1'000);
    EXPECT_GT(transport_.cancelled, 0);
}

// Goal: room is offered to who wants it, and not again and again to who declines. Method: an engine
// that never uses it.
TEST_F(RunnerTest, room_that_is_declined_is_not_offered_in_a_loop) {
    engine_.hungry = {erp};
    auto runner = make({});
    stop_after(*runner, Duration{60'000});
    ASSERT_TRUE(runner->run());
    const auto rooms = engine_.all<sync::Room>();
    EXPECT_GE(rooms.size(), 1u);
    EXPECT_LT(rooms.size(), 100u);
    for (const auto& room : rooms) EXPECT_EQ(room.system, erp);
}

// Goal: polls keep their period. Method: an hour of fake time.
TEST_F(RunnerTest, polls_come_every_few_seconds) {
    auto runner = make({});
    stop_after(*runner, Duration{100'000});
    ASSERT_TRUE(runner->run());
    const auto looks = engine_.all<sync::FeedDue>();
    EXPECT_GE(looks.size(), 36u);
    EXPECT_LE(looks.size(), 44u);
}

// Goal: an error of the store ends the run as such.
TEST_F(RunnerTest, a_full_disk_ends_the_run) {
    engine_.store_is_full = true;
    const auto ended = make({})->run();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::store);
}

// Goal: a probe waits for its time. Method: not_before in ten seconds.
TEST_F(RunnerTest, a_probe_is_not_sent_before_its_time) {
    bool asked = false;
    engine_.on_event = [&](const sync::Event&, sync::StepResult& out) {
        if (asked) return;
        asked = true;
        auto probe = read_of(erp, sync::Purpose::probe);
        probe.not_before = start + Duration{10'000};
        out.effects.push_back(probe);
    };
    ASSERT_TRUE(make({.until_idle = true})->run());
    for (const auto& answered : engine_.all<sync::Answered>()) {
        if (answered.effect.purpose != sync::Purpose::probe) continue;
        EXPECT_GE(answered.answer.began, start + Duration{10'000});
    }
    EXPECT_GE((clock_.now() - start).ms, 10'000);
}

}  // namespace
}  // namespace entente::run::test
