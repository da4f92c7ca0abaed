// One system's lane: what is repeated, what never is, and how a sick system is treated.
#include <gtest/gtest.h>

#include "run/lane.hpp"
#include "world.hpp"

namespace entente::run::test {
namespace {

class LaneTest : public testing::Test {
protected:
    LaneTest()
        : workspace_(two_systems()), lane_(workspace_.systems[0], Random(7, "test"), start) {}

    // Takes the next call, waiting as long as it takes.
    PlannedCall take() {
        const Instant next = lane_.next_send(now_);
        CHECK(next != Instant::never(), "nothing waits");
        now_ = std::max(now_, next);
        auto call = lane_.take(now_);
        CHECK(call.has_value(), "next_send promised a call");
        return *call;
    }
    std::optional<sync::Answered> reply(PlannedCall call, int status, sync::Outcome outcome) {
        sync::Answer answer;
        answer.outcome = outcome;
        answer.message = "said so";
        return lane_.answered(std::move(call), {status, {}, ""}, answer, now_);
    }
    std::optional<sync::Answered> lose(PlannedCall call, connect::TransportFailure failure,
                                       sync::Outcome outcome) {
        sync::Answer answer;
        answer.outcome = outcome;
        return lane_.failed(std::move(call), failure, answer, now_);
    }

    model::Workspace workspace_;
    Lane lane_;
    Instant now_ = start;
};

// Goal: a write of unknown outcome is never sent again by the runner. Method: lose its answer; the
// engine gets it.
TEST_F(LaneTest, a_write_without_answer_goes_to_the_engine_at_once) {
    lane_.add(write_to(shop, IntentId{5}), now_);
    const auto answered = lose(take(), no_answer(), sync::Outcome::unknown);
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->answer.outcome, sync::Outcome::unknown);
    EXPECT_EQ(answered->effect.intent, IntentId{5});
    EXPECT_TRUE(lane_.is_quiet());
}

// Goal: even a write that was certainly not executed is the engine's to repeat, since its compare
// has grown old.
TEST_F(LaneTest, a_throttled_write_goes_to_the_engine) {
    lane_.add(write_to(shop, IntentId{5}), now_);
    const auto answered = reply(take(), 429, sync::Outcome::retry_later);
    ASSERT_TRUE(answered);
    EXPECT_EQ(lane_.counts().throttled, 1);
    EXPECT_EQ(lane_.health(), Health::well) << "a system that throttles is well";
}

// Goal: a read is repeated a few times with growing pauses, then told. Method: answer 500 for ever.
TEST_F(LaneTest, a_failing_read_is_repeated_and_then_told) {
    lane_.add(read_of(shop, sync::Purpose::check), now_);
    int calls = 0;
    std::optional<sync::Answered> answered;
    while (!answered) {
        ASSERT_LT(++calls, 20);
        answered = reply(take(), 500, sync::Outcome::retry_later);
    }
    EXPECT_EQ(calls, 4);
    EXPECT_GT((now_ - start).ms, 300);
    EXPECT_EQ(answered->answer.outcome, sync::Outcome::retry_later);
}

// Goal: an old compare is worthless, so it is not repeated here.
TEST_F(LaneTest, a_failing_compare_goes_to_the_engine) {
    lane_.add(read_of(shop, sync::Purpose::compare), now_);
    EXPECT_TRUE(reply(take(), 500, sync::Outcome::retry_later));
}

// Goal: a 429 pauses the whole system as long as it asks, and costs the read no try. Method: ten of
// them, then an answer.
TEST_F(LaneTest, throttled_reads_wait_as_asked_and_are_not_given_up) {
    lane_.add(read_of(shop, sync::Purpose::check), now_);
    lane_.add(read_of(shop, sync::Purpose::probe), now_);
    for (int i = 0; i < 10; ++i) {
        auto call = take();
        const Instant before = now_;
        sync::Answer answer;
        answer.outcome = sync::Outcome::retry_later;
        answer.retry_after = Duration{2'000};
        EXPECT_FALSE(
            lane_.answered(std::move(call), {429, {{"Retry-After", "2"}}, ""}, answer, now_));
        EXPECT_GE(lane_.next_send(now_), before + Duration{2'000})
            << "the other call waits as well";
    }
    EXPECT_EQ(lane_.counts().throttled, 10);
}

// Goal: while a system is down one read at a time asks whether it is back, and no write leaves.
// Method: refuse, then answer.
TEST_F(LaneTest, a_system_that_is_down_is_asked_with_one_read_at_a_time) {
    lane_.add(read_of(shop, sync::Purpose::check), now_);
    lose(take(), refused_connection(), sync::Outcome::retry_later);
    EXPECT_EQ(lane_.health(), Health::down);
    EXPECT_EQ(lane_.ill_since(), start);
    EXPECT_EQ(lane_.room(now_).edits, 0);
    lane_.add(write_to(shop, IntentId{1}), now_);
    lane_.add(read_of(shop, sync::Purpose::check), now_);
    auto trial = take();
    EXPECT_TRUE(trial.is_read());
    EXPECT_FALSE(lane_.take(now_ + Duration{60'000})) << "one at a time";
    reply(std::move(trial), 200, sync::Outcome::ok);
    EXPECT_EQ(lane_.health(), Health::well);
    EXPECT_FALSE(lane_.ill_since());
    EXPECT_FALSE(take().is_read()) << "the write goes first now";
}

// Goal: pauses while down grow and are bounded. Method: refuse for an hour of fake time and count
// the calls.
TEST_F(LaneTest, a_system_that_stays_down_is_not_hammered) {
    int calls = 0;
    while (now_ < start + Duration{3'600'000}) {
        lane_.add(read_of(shop, sync::Purpose::check), now_);
        lose(take(), refused_connection(), sync::Outcome::retry_later);
        ++calls;
    }
    EXPECT_LT(calls, 260);
    EXPECT_GT(calls, 100);
}

// Goal: a refused login pauses the system and keeps the read. Method: 401, wait, 200.
TEST_F(LaneTest, a_refused_login_is_tried_again_slowly_with_the_same_read) {
    lane_.add(read_of(shop, sync::Purpose::check), now_);
    EXPECT_FALSE(reply(take(), 401, sync::Outcome::auth));
    EXPECT_EQ(lane_.health(), Health::refused);
    EXPECT_EQ(lane_.next_send(now_), now_ + Duration{60'000});
    EXPECT_TRUE(reply(take(), 200, sync::Outcome::ok));
    EXPECT_EQ(lane_.health(), Health::well);
}

// Goal: the engine learns when a call began and ended, by our clock.
TEST_F(LaneTest, answers_carry_their_times) {
    lane_.add(read_of(shop, sync::Purpose::check), now_);
    auto call = take();
    now_ = now_ + Duration{30};
    const auto answered = reply(std::move(call), 200, sync::Outcome::ok);
    EXPECT_EQ(answered->answer.began, start);
    EXPECT_EQ(answered->answer.ended, start + Duration{30});
}

// Goal: room for writes is bounded and shrinks with what is prepared. Method: fill it.
TEST_F(LaneTest, room_shrinks_with_what_is_prepared) {
    const int room = lane_.room(now_).edits;
    ASSERT_GT(room, 0);
    for (int i = 0; i < room; ++i) lane_.add(write_to(shop, IntentId{i + 1}), now_);
    EXPECT_EQ(lane_.room(now_).edits, 0);
    take();
    EXPECT_EQ(lane_.room(now_).edits, 0) << "under way counts too";
}

// A system that shuts a resource out for an hour after too many refused calls.
class ShutOutTest : public testing::Test {
protected:
    ShutOutTest() : workspace_(limited()), lane_(workspace_.systems[0], Random(7, "test"), start) {}

    static model::Workspace limited() {
        model::Workspace workspace = two_systems();
        workspace.systems[0].rest.errors_allowed = 2;
        workspace.systems[0].rest.errors_per = Duration{3'600'000};
        return workspace;
    }
    static sync::Effect read_of_resource(ResourceIndex resource) {
        sync::Effect effect = read_of(shop, sync::Purpose::compare);
        effect.call = sync::ReadCall{resource, "1"};
        return effect;
    }
    void refuse_one(ResourceIndex resource) {
        lane_.add(read_of_resource(resource), now_);
        auto call = lane_.take(now_);
        CHECK(call.has_value(), "it is free");
        sync::Answer answer;
        answer.outcome = sync::Outcome::not_found;
        ASSERT_TRUE(lane_.answered(*std::move(call), {404, {}, ""}, answer, now_));
    }

    const ResourceIndex sick_{0};
    const ResourceIndex sound_{1};
    model::Workspace workspace_;
    Lane lane_;
    Instant now_ = start;
};

// Goal: no call goes to a resource that would shut us out, and the others go on. Method: refuse two.
TEST_F(ShutOutTest, a_resource_with_too_many_errors_waits_alone) {
    refuse_one(sick_);
    EXPECT_FALSE(lane_.waits_until(sick_, now_));
    refuse_one(sick_);
    const Instant until = start + Duration{3'600'000};
    EXPECT_EQ(lane_.waits_until(sick_, now_), until);
    lane_.add(read_of_resource(sick_), now_);
    lane_.add(read_of_resource(sound_), now_);
    const auto call = lane_.take(now_);
    ASSERT_TRUE(call);
    EXPECT_EQ(sync::resource_of(call->effect.call), sound_);
    EXPECT_FALSE(lane_.take(now_));
    EXPECT_EQ(lane_.next_send(now_), until);
    EXPECT_EQ(lane_.health(), Health::well);
    EXPECT_TRUE(lane_.take(until));
    EXPECT_FALSE(lane_.waits_until(sick_, until));
}

// Goal: writes that wait for a shut resource do not use up the room of the others.
TEST_F(ShutOutTest, what_waits_leaves_room_for_others) {
    refuse_one(sick_);
    refuse_one(sick_);
    const int before = lane_.room(now_).edits;
    for (int i = 0; i < 100; ++i) lane_.add(read_of_resource(sick_), now_);
    EXPECT_FALSE(lane_.take(now_));
    EXPECT_EQ(lane_.room(now_).edits, before);
    for (int i = 0; i < 2'000; ++i) lane_.add(read_of_resource(sick_), now_);
    EXPECT_FALSE(lane_.take(now_));
    EXPECT_EQ(lane_.room(now_).edits, 0) << "but not without end";
}

// A system with a hundred calls a day, of which 20 % are kept for edits.
class ShareTest : public testing::Test {
protected:
    ShareTest() : workspace_(limited()), lane_(workspace_.systems[0], Random(7, "test"), start) {}

    static model::Workspace limited() {
        model::Workspace workspace = two_systems();
        model::Quota day;
        day.requests = 100;
        day.per = Duration{86'400'000};
        day.remaining_header = "Left";
        day.reset_header = "Reset";
        day.reset = model::Quota::Reset::epoch_milliseconds;
        workspace.systems[0].rest.quotas = {day};
        workspace.systems[0].rest.for_edits = 20;
        return workspace;
    }
    static sync::Effect backfill() {
        sync::Effect effect = write_to(shop, IntentId{1});
        effect.backfill = true;
        return effect;
    }
    static sync::Effect sweep() {
        sync::Effect effect = read_of(shop, sync::Purpose::page);
        effect.sweep = true;
        return effect;
    }
    void make(sync::Effect effect) {
        lane_.add(std::move(effect), now_);
        auto call = lane_.take(now_);
        CHECK(call.has_value(), "it has a share");
        lane_.answered(*std::move(call), {200, {}, ""}, {}, now_);
    }
    // A backfill as large as it may be; gives its calls.
    int use_up_the_share() {
        int calls = 0;
        for (; lane_.room(now_).backfill > 0; ++calls) make(backfill());
        return calls;
    }

    model::Workspace workspace_;
    Lane lane_;
    Instant now_ = start;
};

// Goal: a backfill leaves the edits their share of the day, and an edit is made at once. Method: use up the backfill's part.
TEST_F(ShareTest, an_edit_is_made_at_once_in_the_middle_of_a_backfill_out_of_its_share) {
    EXPECT_EQ(use_up_the_share(), 80);
    EXPECT_GT(lane_.backfill_from(now_), now_);
    EXPECT_GT(lane_.room(now_).edits, 0);
    for (int edits = 0; edits < 20; ++edits) make(write_to(shop, IntentId{2}));
    lane_.add(write_to(shop, IntentId{2}), now_);
    EXPECT_FALSE(lane_.take(now_)) << "the day is used up";
}

// Goal: looks leave half of that share, sweeps all of it. Method: the same, then a sweep and polls.
TEST_F(ShareTest, a_sweep_waits_and_looks_leave_half_of_the_share) {
    use_up_the_share();
    lane_.add(sweep(), now_);
    EXPECT_FALSE(lane_.take(now_));
    int looks = 0;
    for (lane_.add(read_of(shop, sync::Purpose::check), now_); auto call = lane_.take(now_);
         lane_.add(read_of(shop, sync::Purpose::check), now_), ++looks) {
        EXPECT_FALSE(call->effect.sweep);
        lane_.answered(*std::move(call), {200, {}, ""}, {}, now_);
    }
    EXPECT_EQ(looks, 10);
}

// Goal: what is kept shrinks with the day, so a backfill goes on and nothing is wasted. Method: wait as long as it says.
TEST_F(ShareTest, a_backfill_goes_on_as_the_day_passes_and_may_use_all_of_it) {
    int calls = use_up_the_share();
    const Instant end = start + Duration{86'400'000};
    while (lane_.backfill_from(now_) < end) {
        now_ = lane_.backfill_from(now_);
        calls += use_up_the_share();
    }
    EXPECT_EQ(calls, 100);
}

// Goal: a write that has begun is not left in the middle. Method: a backfill is prepared, then the share is used up.
TEST_F(ShareTest, what_has_begun_is_finished) {
    lane_.add(backfill(), now_);
    use_up_the_share();
    EXPECT_EQ(lane_.room(now_).backfill, 0);
    lane_.add(backfill(), now_);
    EXPECT_TRUE(lane_.take(now_));
}

// Goal: that we may not read one resource is no refused login. Method: the question about rights.
TEST_F(LaneTest, a_right_that_is_missing_leaves_the_system_well) {
    sync::Effect effect = read_of(shop, sync::Purpose::check);
    effect.call = sync::RightsCall{ResourceIndex{0}};
    lane_.add(effect, now_);
    const auto denied = reply(take(), 200, sync::Outcome::forbidden);
    ASSERT_TRUE(denied);
    EXPECT_EQ(denied->answer.outcome, sync::Outcome::forbidden);
    EXPECT_EQ(denied->answer.message, "said so");
    EXPECT_EQ(lane_.health(), Health::well);
    lane_.add(effect, now_);
    EXPECT_FALSE(reply(take(), 401, sync::Outcome::auth)) << "this is the login, and is repeated";
    EXPECT_EQ(lane_.health(), Health::refused);
}

}  // namespace
}  // namespace entente::run::test
