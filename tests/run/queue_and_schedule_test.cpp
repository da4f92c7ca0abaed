// The pure parts of the runner: in which order calls are made, and when resources are looked at.
#include <gtest/gtest.h>

#include <array>

#include "run/call_queue.hpp"
#include "run/schedule.hpp"
#include "world.hpp"

namespace entente::run::test {
namespace {

sync::Effect page_of(ResourceIndex resource, bool sweep) {
    sync::Effect effect;
    effect.purpose = sync::Purpose::page;
    effect.call = sync::ListCall{resource, std::nullopt, ""};
    effect.sweep = sweep;
    return effect;
}

sync::Answered page_answer(ResourceIndex resource, bool sweep, sync::Outcome outcome) {
    sync::Answer answer;
    answer.outcome = outcome;
    return {page_of(resource, sweep), answer};
}

// Goal: what a person's edit needs goes before polls, and those before sweeps. Method: add in the
// opposite order.
TEST(CallQueue, peoples_edits_go_before_polls_and_polls_before_sweeps) {
    CallQueue queue;
    queue.add({page_of(shop_things, true), 0, {}}, start);
    queue.add({page_of(shop_things, false), 0, {}}, start);
    queue.add({read_of(shop, sync::Purpose::compare), 0, {}}, start);
    queue.add({write_to(shop, IntentId{1}), 0, {}}, start);
    std::vector<sync::Purpose> order;
    std::vector<bool> sweeps;
    while (auto call = queue.take(start, {})) {
        order.push_back(call->effect.purpose);
        sweeps.push_back(call->effect.sweep);
    }
    using enum sync::Purpose;
    EXPECT_EQ(order, (std::vector{write, compare, page, page}));
    EXPECT_EQ(sweeps, (std::vector{false, false, false, true}));
}

// Goal: a stream of edits does not starve the sweep. Method: keep the queue full of writes and
// count turns.
TEST(CallQueue, a_sweep_gets_its_turn_among_endless_writes) {
    CallQueue queue;
    queue.add({page_of(shop_things, true), 0, {}}, start);
    int turns = 0;
    for (bool swept = false; !swept && turns < 100; ++turns) {
        queue.add({write_to(shop, IntentId{turns + 1}), 0, {}}, start);
        swept = queue.take(start, {})->effect.sweep;
    }
    EXPECT_LT(turns, 20);
}

sync::Effect backfill(IntentId intent) {
    sync::Effect effect = write_to(shop, intent);
    effect.backfill = true;
    return effect;
}

// Goal: a backfill goes behind people's edits and the looks that find them, and before sweeps. Method: add in the opposite
// order.
TEST(CallQueue, a_backfill_goes_behind_looks_and_before_sweeps) {
    CallQueue queue;
    queue.add({page_of(shop_things, true), 0, {}}, start);
    queue.add({backfill(IntentId{1}), 0, {}}, start);
    queue.add({page_of(shop_things, false), 0, {}}, start);
    queue.add({write_to(shop, IntentId{2}), 0, {}}, start);
    std::vector<Work> order;
    while (auto call = queue.take(start, {})) order.push_back(work_of(call->effect));
    EXPECT_EQ(order, (std::vector{Work::edit, Work::look, Work::backfill, Work::sweep}));
}

// Goal: no kind of work starves, whatever its share. Method: endless edits, everything else out of its share.
TEST(CallQueue, every_kind_of_work_has_a_turn_among_endless_edits) {
    CallQueue queue;
    Gate gate;
    gate.from = {start, Instant::never(), Instant::never(), Instant::never()};
    queue.add({page_of(shop_things, true), 0, {}}, start);
    queue.add({backfill(IntentId{1}), 0, {}}, start);
    queue.add({page_of(shop_things, false), 0, {}}, start);
    std::array<int, works> taken{};
    for (int turn = 0; turn < 60; ++turn) {
        queue.add({write_to(shop, IntentId{turn + 2}), 0, {}}, start);
        ++taken[static_cast<std::size_t>(work_of(queue.take(start, gate)->effect))];
    }
    EXPECT_EQ(taken, (std::array<int, works>{57, 1, 1, 1}));
}

// Goal: who has used up its share waits, and nobody else does. Method: sweeps have a share later, a poll comes meanwhile.
TEST(CallQueue, a_share_that_is_used_up_holds_back_its_own_work_only) {
    CallQueue queue;
    Gate gate;
    const Instant later = start + Duration{500};
    gate.from[static_cast<std::size_t>(Work::sweep)] = later;
    queue.add({page_of(shop_things, true), 0, {}}, start);
    EXPECT_FALSE(queue.take(start, gate));
    EXPECT_EQ(queue.next(start, gate), later);
    queue.add({page_of(shop_things, false), 0, {}}, start);
    EXPECT_EQ(queue.next(start, gate), start);
    EXPECT_EQ(work_of(queue.take(start, gate)->effect), Work::look);
    EXPECT_EQ(work_of(queue.take(later, gate)->effect), Work::sweep);
}

// Goal: `not_before` is kept to the millisecond. Method: ask one millisecond early and on time.
TEST(CallQueue, nothing_is_taken_before_its_time) {
    CallQueue queue;
    const Instant later = start + Duration{500};
    queue.add({read_of(shop, sync::Purpose::probe), 0, {}}, later);
    EXPECT_FALSE(queue.take(later - Duration{1}, {}));
    EXPECT_EQ(queue.next(start, {}), later);
    EXPECT_TRUE(queue.take(later, {}));
}

// Goal: reads only means no write. Method: one write, then a read behind it.
TEST(CallQueue, a_write_stays_when_only_reads_may_go) {
    CallQueue queue;
    queue.add({write_to(shop, IntentId{1}), 0, {}}, start);
    EXPECT_FALSE(queue.take(start, {.reads_only = true}));
    EXPECT_EQ(queue.next(start, {.reads_only = true}), Instant::never());
    queue.add({read_of(shop, sync::Purpose::check), 0, {}}, start);
    EXPECT_EQ(queue.take(start, {.reads_only = true})->effect.purpose, sync::Purpose::check);
    EXPECT_EQ(queue.ready(Work::edit, start), 1u);
}

// Goal: everything is swept at the start, then polled, then swept again in time. Method: answer
// each look at once.
TEST(Schedule, sweeps_first_then_polls_then_sweeps_again) {
    const auto workspace = two_systems();
    Schedule schedule(workspace, start);
    auto due = schedule.take_due(start);
    ASSERT_EQ(due.size(), 2u);
    EXPECT_TRUE(due[0].sweep && due[1].sweep);
    EXPECT_TRUE(schedule.take_due(start).empty()) << "one look at a time";
    for (const auto resource : {shop_things, erp_things}) {
        schedule.asked(page_of(resource, true), start);
        schedule.answered(page_answer(resource, true, sync::Outcome::ok), start);
    }
    EXPECT_EQ(schedule.next_due(), start + Duration{5'000});
    due = schedule.take_due(start + Duration{5'000});
    ASSERT_EQ(due.size(), 2u);
    EXPECT_FALSE(due[0].sweep);
    schedule.asked(page_of(shop_things, false), start + Duration{5'000});
    const Instant late = start + Duration{3'600'000};
    schedule.answered(page_answer(shop_things, false, sync::Outcome::ok), late);
    due = schedule.take_due(late);
    ASSERT_EQ(due.size(), 1u);
    EXPECT_TRUE(due[0].sweep);
}

// Goal: a look that fails is made again, at growing pauses, and is told after three. Method: fail
// it three times.
TEST(Schedule, a_failed_look_is_repeated_ever_more_slowly) {
    const auto workspace = two_systems();
    Schedule schedule(workspace, start);
    schedule.take_due(start);  // the other resource's look stays under way
    schedule.asked(page_of(erp_things, true), start);
    Instant now = start;
    std::vector<std::int64_t> pauses;
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(schedule.failing());
        schedule.asked(page_of(shop_things, true), now);
        schedule.answered(page_answer(shop_things, true, sync::Outcome::retry_later), now);
        pauses.push_back((schedule.next_due() - now).ms);
        now = schedule.next_due();
        ASSERT_EQ(schedule.take_due(now).size(), 1u);
    }
    EXPECT_EQ(pauses, (std::vector<std::int64_t>{1'000, 2'000, 4'000}));
    EXPECT_EQ(schedule.failing(), shop_things);
}

// Goal: rest needs a look that began after the last change. Method: change after the look, then
// look again.
TEST(Schedule, only_a_look_begun_after_the_change_counts) {
    const auto workspace = two_systems();
    Schedule schedule(workspace, start);
    schedule.take_due(start);
    for (const auto resource : {shop_things, erp_things}) {
        schedule.asked(page_of(resource, true), start + Duration{1});
        schedule.answered(page_answer(resource, true, sync::Outcome::ok), start + Duration{50});
    }
    EXPECT_TRUE(schedule.has_looked_after(start));
    const Instant change = start + Duration{20};
    EXPECT_FALSE(schedule.has_looked_after(change))
        << "the look began before, though it ended after";
    EXPECT_TRUE(schedule.look_after(change, start + Duration{60}));
    EXPECT_EQ(schedule.take_due(start + Duration{60}).size(), 2u);
}

// Goal: a look that the engine ignores does not hang. Method: offer it and ask for no page.
TEST(Schedule, a_look_that_leads_to_no_page_is_put_off) {
    const auto workspace = two_systems();
    Schedule schedule(workspace, start);
    const auto due = schedule.take_due(start);
    schedule.offered(due, start);
    EXPECT_TRUE(schedule.is_resting());
    EXPECT_GT(schedule.next_due(), start);
}

// Goal: nothing has failed when the engine is busy with the look before. Method: offer as many looks as would count as failing.
TEST(Schedule, a_look_that_is_put_off_again_and_again_has_not_failed) {
    const auto workspace = two_systems();
    Schedule schedule(workspace, start);
    Instant now = start;
    std::vector<std::int64_t> pauses;
    for (int i = 0; i < 4; ++i) {
        schedule.offered(schedule.take_due(now), now);
        EXPECT_FALSE(schedule.failing());
        EXPECT_FALSE(schedule.look_after(start, now)) << "not at once again";
        pauses.push_back((schedule.next_due() - now).ms);
        now = schedule.next_due();
    }
    EXPECT_EQ(pauses, (std::vector<std::int64_t>{1'000, 2'000, 4'000, 8'000}));
}

}  // namespace
}  // namespace entente::run::test
