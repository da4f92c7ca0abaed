// The budget, number by number, without a socket or a clock.
#include "connect/budget.hpp"

#include <gtest/gtest.h>

namespace entente::connect {
namespace {

const Instant t0{1'000'000};

BudgetLimits limits(int requests, std::int64_t per_ms, int concurrent) {
    return {{{.requests = requests,
              .per = Duration{per_ms},
              .remaining_header = "X-Remaining",
              .reset_header = "X-Reset"}},
            concurrent};
}

http::Response answer(int status, http::Headers headers) {
    return {status, std::move(headers), ""};
}
http::Response ok() {
    return answer(200, {});
}

// Sends and answers at once, as often as the budget lets it.
int burst(Budget& budget, Instant now) {
    int count = 0;
    while (budget.may_send(now) && count < 10'000) {
        budget.sent(now);
        budget.answered(now, ok());
        ++count;
    }
    return count;
}

TEST(budget, the_whole_quota_may_be_spent_at_once_and_comes_back_evenly) {
    Budget budget(limits(10, 1000, 4), t0);
    EXPECT_EQ(burst(budget, t0), 10);
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{100});
    EXPECT_FALSE(budget.may_send(t0 + Duration{99}));
    EXPECT_EQ(burst(budget, t0 + Duration{100}), 1);
    EXPECT_EQ(burst(budget, t0 + Duration{350}), 2);
    EXPECT_EQ(budget.next_slot(t0 + Duration{350}), t0 + Duration{400});
}

TEST(budget, it_never_fills_above_the_quota) {
    Budget budget(limits(10, 1000, 4), t0);
    EXPECT_EQ(burst(budget, t0), 10);
    EXPECT_EQ(burst(budget, t0 + Duration{1'000'000'000}), 10);
}

TEST(budget, uneven_rates_lose_nothing_to_rounding) {
    Budget budget(limits(7, 1000, 100), t0);
    int count = burst(budget, t0);
    for (int ms = 1; ms <= 10'000; ++ms) count += burst(budget, t0 + Duration{ms});
    EXPECT_EQ(count, 7 + 70);
}

TEST(budget, calls_under_way_are_limited_and_only_an_answer_makes_room) {
    Budget budget(limits(0, 1000, 2), t0);
    budget.sent(t0);
    EXPECT_TRUE(budget.may_send(t0));
    budget.sent(t0);
    EXPECT_EQ(budget.next_slot(t0), Instant::never());
    budget.answered(t0, ok());
    EXPECT_EQ(budget.next_slot(t0), t0);
    budget.failed(t0, true);
    EXPECT_EQ(budget.in_flight(), 0);
}

TEST(budget, a_call_that_never_left_is_given_back) {
    Budget budget(limits(1, 1000, 2), t0);
    budget.sent(t0);
    budget.failed(t0, false);
    EXPECT_TRUE(budget.may_send(t0));
    budget.sent(t0);
    budget.failed(t0, true);
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{1000});
}

TEST(budget, a_429_pauses_for_as_long_as_it_asks) {
    Budget budget(limits(100, 1000, 4), t0);
    budget.sent(t0);
    budget.answered(t0, answer(429, {{"Retry-After", "3"}}));
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{3000});
    EXPECT_FALSE(budget.may_send(t0 + Duration{2999}));
    EXPECT_TRUE(budget.may_send(t0 + Duration{3000}));
}

TEST(budget, a_429_without_a_time_pauses_until_the_reset_or_five_seconds) {
    Budget told(limits(100, 1000, 4), t0);
    told.sent(t0);
    told.answered(t0, answer(429, {{"X-Reset", "2"}}));
    EXPECT_EQ(told.next_slot(t0), t0 + Duration{2000});
    Budget untold(limits(100, 1000, 4), t0);
    untold.sent(t0);
    untold.answered(t0, answer(429, {}));
    EXPECT_EQ(untold.next_slot(t0), t0 + Duration{5000});
}

TEST(budget, a_shorter_pause_does_not_end_a_longer_one) {
    Budget budget(limits(100, 1000, 4), t0);
    budget.sent(t0);
    budget.sent(t0);
    budget.answered(t0, answer(429, {{"Retry-After", "9"}}));
    budget.answered(t0, answer(503, {{"Retry-After", "1"}}));
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{9000});
}

TEST(budget, a_503_without_a_time_is_left_to_the_back_off) {
    Budget budget(limits(100, 1000, 4), t0);
    budget.sent(t0);
    budget.answered(t0, answer(503, {}));
    EXPECT_TRUE(budget.may_send(t0));
}

TEST(budget, what_others_have_used_up_is_not_sent) {
    Budget budget(limits(100, 10'000, 4), t0);
    budget.sent(t0);
    budget.sent(t0);
    budget.answered(t0, answer(200, {{"x-remaining", "3"}}));  // one more call is under way
    budget.answered(t0, answer(200, {{"x-remaining", "2"}}));
    EXPECT_EQ(burst(budget, t0), 2);
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{100});
}

// A system whose limits run on a faster clock than declared says so in its headers, and is
// believed.
TEST(budget, what_the_system_grants_above_the_quota_is_used) {
    Budget budget(limits(10, 60'000, 4), t0);
    EXPECT_EQ(burst(budget, t0), 10);
    const Instant later = t0 + Duration{6000};
    ASSERT_TRUE(budget.may_send(later));
    budget.sent(later);
    budget.answered(later, answer(200, {{"X-Remaining", "8"}}));
    EXPECT_EQ(burst(budget, later), 8);
}

TEST(budget, none_left_waits_for_our_own_rate_where_there_is_a_quota) {
    Budget budget(limits(10, 1000, 4), t0);
    budget.sent(t0);
    budget.answered(t0, answer(200, {{"X-Remaining", "0"}, {"X-Reset", "60"}}));
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{100});
}

TEST(budget, none_left_waits_for_the_reset_where_no_quota_is_declared) {
    Budget budget(limits(0, 1000, 4), t0);
    budget.sent(t0);
    budget.answered(t0, answer(200, {{"X-Remaining", "0"}, {"X-Reset", "60"}}));
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{60'000});
}

TEST(budget, nonsense_in_headers_is_ignored) {
    Budget budget(limits(10, 1000, 4), t0);
    for (const char* text : {"", "-1", "ten", "1.5", "99999999999999999999"}) {
        budget.sent(t0);
        budget.answered(t0, answer(200, {{"X-Remaining", text}}));
    }
    EXPECT_EQ(burst(budget, t0), 5);
}

TEST(budget, a_clock_that_steps_back_neither_gives_nor_takes) {
    Budget budget(limits(10, 1000, 4), t0);
    EXPECT_EQ(burst(budget, t0), 10);
    EXPECT_EQ(burst(budget, t0 - Duration{5000}), 0);
    EXPECT_EQ(burst(budget, t0 + Duration{100}), 1);
}

}  // namespace
}  // namespace entente::connect
