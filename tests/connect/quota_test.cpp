// Quotas of fixed windows, several at once, and the errors a resource may cause: number by number, without socket or clock.
#include <gtest/gtest.h>

#include "connect/budget.hpp"
#include "connect/error_budget.hpp"

namespace entente::connect {
namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t day = 1440 * minute;
const Instant t0{1'795'258'800'000};

BudgetLimits windows(int concurrent) {
    using enum model::Quota::Reset;
    model::Quota small{.requests = 5,
                       .per = {minute},
                       .remaining_header = "M-Left",
                       .reset_header = "M-Reset",
                       .reset = epoch_milliseconds};
    model::Quota large{.requests = 12,
                       .per = {day},
                       .remaining_header = "D-Left",
                       .reset_header = "D-Reset",
                       .reset = epoch_milliseconds};
    return {{small, large}, concurrent};
}

http::Response told(int status, const std::string& which, std::int64_t left, Instant reset) {
    return {status,
            {{which + "-Left", std::to_string(left)}, {which + "-Reset", std::to_string(reset.ms)}},
            ""};
}

void call(Budget& budget, Instant now, const http::Response& response) {
    ASSERT_TRUE(budget.may_send(now)) << now.ms - t0.ms;
    budget.sent(now);
    budget.answered(now, response);
}

// As a system counts that nobody else calls: `left` of the minute before this burst.
int burst(Budget& budget, Instant now, std::int64_t left, Instant reset) {
    int count = 0;
    while (budget.may_send(now) && count < 100) {
        budget.sent(now);
        budget.answered(now, told(200, "M", --left, reset));
        ++count;
    }
    return count;
}

TEST(quota, before_the_first_answer_the_declared_number_holds) {
    Budget budget(windows(100), t0);
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(budget.may_send(t0));
        budget.sent(t0);
    }
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{minute});
}

// What is kept shrinks with the window: 20 of 100 at first, none at its end.
TEST(quota, what_is_kept_for_others_shrinks_with_the_window) {
    WindowQuota quota(100, {minute});
    quota.sent(t0);
    quota.failed(t0, true);
    EXPECT_EQ(quota.free(t0, 0, 20), 79);
    EXPECT_EQ(quota.free(t0 + Duration{minute / 2}, 0, 20), 89);
    EXPECT_EQ(quota.free(t0 + Duration{minute - 1}, 0, 20), 99);
    EXPECT_EQ(quota.free(t0, 0, 0), 99);
    for (int i = 1; i < 90; ++i) quota.failed(t0, true);
    EXPECT_EQ(quota.next_slot(t0, 0, 0), t0);
    const Instant slot = quota.next_slot(t0, 0, 20);
    EXPECT_GT(quota.free(slot, 0, 20), 0);
    EXPECT_EQ(quota.free(slot - Duration{1}, 0, 20), 0);
    for (int i = 90; i < 100; ++i) quota.failed(t0, true);
    EXPECT_EQ(quota.next_slot(t0, 0, 20), t0 + Duration{minute}) << "nothing is left for anybody";
}

TEST(quota, a_slow_refill_keeps_its_part_and_a_quick_one_nothing) {
    RefillingQuota slow(100, {day}, t0);
    EXPECT_EQ(slow.free(t0, 20), 80);
    for (int i = 0; i < 80; ++i) slow.sent(t0);
    EXPECT_EQ(slow.next_slot(t0, 0), t0);
    EXPECT_EQ(slow.next_slot(t0, 20), t0 + Duration{day / 100});
    RefillingQuota quick(60, {minute}, t0);
    EXPECT_EQ(quick.free(t0, 20), 60);
}

// What a system tells counts: others have used it up.
TEST(quota, the_share_is_of_what_the_system_says_is_left) {
    Budget budget(windows(4), t0);
    call(budget, t0, told(200, "D", 3, t0 + Duration{day}));
    EXPECT_EQ(budget.free(t0, 25, 100), 0) << "3 of 12 are left, and 3 are kept";
    EXPECT_EQ(budget.free(t0, 0, 100), 3);
    EXPECT_EQ(budget.uses(t0)[1].used, 9);
    EXPECT_EQ(budget.uses(t0)[1].ends, t0 + Duration{day});
}

TEST(quota, an_empty_window_lets_nothing_through_until_its_reset) {
    Budget budget(windows(4), t0);
    const Instant reset = t0 + Duration{20'000};
    EXPECT_EQ(burst(budget, t0, 5, reset), 5);
    EXPECT_EQ(budget.next_slot(t0), reset);
    EXPECT_FALSE(budget.may_send(reset - Duration{1}));
    EXPECT_EQ(burst(budget, reset, 5, reset + Duration{minute}), 5);
}

TEST(quota, what_others_have_used_up_is_not_sent) {
    Budget budget(windows(4), t0);
    const Instant reset = t0 + Duration{20'000};
    call(budget, t0, told(200, "M", 1, reset));
    call(budget, t0, told(200, "M", 0, reset));
    EXPECT_EQ(budget.next_slot(t0), reset);
}

TEST(quota, never_more_is_sent_than_declared_whatever_is_told) {
    Budget budget(windows(4), t0);
    EXPECT_EQ(burst(budget, t0, 1000, t0 + Duration{20'000}), 5);
}

TEST(quota, calls_under_way_count_as_not_yet_told) {
    Budget budget(windows(4), t0);
    const Instant reset = t0 + Duration{20'000};
    budget.sent(t0);
    budget.sent(t0);
    budget.sent(t0);
    budget.answered(t0, told(200, "M", 3, reset));
    EXPECT_TRUE(budget.may_send(t0));
    budget.sent(t0);
    EXPECT_EQ(budget.next_slot(t0), reset) << "three are under way and three were left";
    budget.answered(t0, told(200, "M", 4, reset));
    EXPECT_EQ(budget.next_slot(t0), reset) << "an answer that was overtaken gives nothing back";
}

TEST(quota, a_call_that_never_left_is_given_back_and_a_lost_one_is_not) {
    Budget budget(windows(4), t0);
    const Instant reset = t0 + Duration{20'000};
    EXPECT_EQ(burst(budget, t0, 5, reset), 5);
    const Instant next = reset;
    for (int i = 0; i < 4; ++i) {
        budget.sent(next);
        budget.failed(next, false);
    }
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(budget.may_send(next)) << i;
        budget.sent(next);
        budget.failed(next, true);
    }
    EXPECT_FALSE(budget.may_send(next));
}

TEST(quota, the_day_holds_when_the_minute_would_not) {
    Budget budget(windows(4), t0);
    const Instant midnight = t0 + Duration{10 * minute};
    int sent = 0;
    for (int m = 0; m < 9; ++m) {
        const Instant now = t0 + Duration{m * minute};
        sent += burst(budget, now, 5, now + Duration{minute});
    }
    EXPECT_EQ(sent, 12);
    const Instant now = t0 + Duration{9 * minute};
    EXPECT_GT(budget.next_slot(now), now);
    Budget told_day(windows(4), t0);
    call(told_day, t0, told(200, "D", 0, midnight));
    EXPECT_EQ(told_day.next_slot(t0), midnight);
}

TEST(quota, a_faster_clock_is_believed_by_its_resets) {
    Budget budget(windows(4), t0);
    int sent = 0;
    for (int second = 0; second < 2; ++second) {
        const Instant now = t0 + Duration{second * 1000};
        sent += burst(budget, now, 5, now + Duration{1000});
    }
    EXPECT_EQ(sent, 10);
}

TEST(quota, a_late_answer_of_the_window_before_changes_nothing) {
    Budget budget(windows(4), t0);
    const Instant first = t0 + Duration{1000};
    call(budget, t0, told(200, "M", 4, first));
    budget.sent(t0);
    const Instant second = first + Duration{minute};
    call(budget, first, told(200, "M", 4, second));
    budget.answered(first, told(200, "M", 0, first));
    EXPECT_TRUE(budget.may_send(first));
}

// Goal: windows of a system whose clock is a little ahead of ours are told apart by their resets.
TEST(quota, a_window_that_has_begun_there_already_is_the_one_that_counts) {
    Budget budget(windows(4), t0);
    const Instant first = t0 + Duration{1000};
    const Instant second = first + Duration{minute};
    budget.sent(t0);
    budget.sent(t0);
    budget.sent(t0);
    budget.answered(t0, told(200, "M", 0, first));
    EXPECT_FALSE(budget.may_send(t0));
    const Instant now = t0 + Duration{900};
    budget.answered(now, told(200, "M", 4, second));
    EXPECT_TRUE(budget.may_send(now));
    budget.answered(now, told(200, "M", 0, first));
    EXPECT_TRUE(budget.may_send(now)) << "this one was on its way for long";
}

TEST(quota, a_window_that_is_over_by_our_clock_is_not_opened_again) {
    Budget budget(windows(4), t0);
    const Instant reset = t0 + Duration{1000};
    budget.sent(t0);
    for (int i = 0; i < 3; ++i) call(budget, reset, {200, {}, ""});
    budget.answered(reset, told(200, "M", 0, reset));
    call(budget, reset, {200, {}, ""});
    EXPECT_FALSE(budget.may_send(reset)) << "three, the late one and one more";
}

TEST(quota, a_429_pauses_until_the_reset_of_the_limit_it_names) {
    Budget minute_hit(windows(4), t0);
    const Instant reset = t0 + Duration{20'000};
    call(minute_hit, t0, told(429, "M", 0, reset));
    EXPECT_EQ(minute_hit.next_slot(t0), reset);
    Budget day_hit(windows(4), t0);
    call(day_hit, t0, told(429, "D", 0, t0 + Duration{100 * minute}));
    EXPECT_EQ(day_hit.next_slot(t0), t0 + Duration{100 * minute});
    Budget silent(windows(4), t0);
    call(silent, t0, {429, {}, ""});
    EXPECT_EQ(silent.next_slot(t0), t0 + Duration{5000});
}

TEST(quota, a_429_that_tells_both_limits_means_the_empty_one) {
    Budget budget(windows(4), t0);
    http::Response both = told(429, "M", 0, t0 + Duration{20'000});
    const http::Response large = told(429, "D", 7, t0 + Duration{100 * minute});
    both.headers.insert(both.headers.end(), large.headers.begin(), large.headers.end());
    call(budget, t0, both);
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{20'000});
}

TEST(quota, a_429_whose_reset_is_past_by_our_clock_still_pauses) {
    Budget budget(windows(4), t0);
    call(budget, t0, told(429, "M", 0, t0 - Duration{10}));
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{1000});
}

TEST(quota, resets_are_corrected_by_the_skew_of_the_clocks) {
    Budget budget(windows(4), t0);
    budget.clock_is_off(Duration{30'000});  // theirs is half a minute ahead
    EXPECT_EQ(burst(budget, t0, 5, t0 + Duration{50'000}), 5);
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{20'000});
}

TEST(quota, a_reset_farther_away_than_a_window_is_long_does_not_shut_us_out) {
    Budget budget(windows(4), t0);
    EXPECT_EQ(burst(budget, t0, 5, t0 + Duration{100 * day}), 5);
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{minute});
}

TEST(quota, nonsense_in_headers_is_ignored) {
    for (const char* text :
         {"", "-1", "ten", "1.5", "99999999999999999999", "9223372036854775807"}) {
        Budget budget(windows(4), t0);
        const http::Response odd{200, {{"M-Left", "4"}, {"M-Reset", text}}, ""};
        for (int i = 0; i < 4; ++i) call(budget, t0, odd);
        EXPECT_TRUE(budget.may_send(t0)) << text;
    }
}

TEST(quota, epoch_seconds_are_read_too) {
    model::Quota declared{.requests = 2,
                          .per = {minute},
                          .remaining_header = "L",
                          .reset_header = "R",
                          .reset = model::Quota::Reset::epoch_seconds};
    Budget budget({{declared}, 4}, t0);
    call(budget, t0, {200, {{"L", "0"}, {"R", std::to_string(t0.ms / 1000 + 7)}}, ""});
    EXPECT_EQ(budget.next_slot(t0), t0 + Duration{7000});
}

// Goal: whatever the system tells in whatever order, no window sees more calls than it allows.
// Method: a system that counts by the clock's minute, answers that overtake each other.
TEST(quota, no_window_ever_sees_more_calls_than_it_allows) {
    model::Quota declared{.requests = 5,
                          .per = {minute},
                          .remaining_header = "L",
                          .reset_header = "R",
                          .reset = model::Quota::Reset::epoch_milliseconds};
    Budget budget({{declared}, 3}, t0);
    std::map<std::int64_t, int> seen;  // calls by window
    std::vector<http::Response> under_way;
    std::uint64_t dice = 12345;
    Instant now = t0;
    for (int i = 0; i < 20'000; ++i) {
        dice = dice * 6364136223846793005ULL + 1442695040888963407ULL;
        const auto roll = static_cast<std::size_t>(dice >> 33);
        now = now + Duration{static_cast<std::int64_t>(roll % 900)};
        if (budget.may_send(now)) {
            const std::int64_t window = now.ms / minute;
            const int used = ++seen[window];
            ASSERT_LE(used, 5) << i;
            budget.sent(now);
            under_way.push_back(
                {200,
                 {{"L", std::to_string(5 - used)}, {"R", std::to_string((window + 1) * minute)}},
                 ""});
        }
        if (!under_way.empty() && roll % 3 != 0) {
            const std::size_t which = roll % under_way.size();
            budget.answered(now, under_way[which]);
            under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(which));
        }
    }
    EXPECT_GT(seen.size(), 100u);
}

constexpr ResourceIndex orders{2};
constexpr ResourceIndex items{3};

TEST(error_budget, a_resource_waits_until_its_oldest_error_is_forgotten) {
    ErrorBudget errors(2, Duration{60 * minute});
    errors.answered(orders, 404, t0);
    EXPECT_EQ(errors.free_at(orders, t0, 0), t0);
    errors.answered(orders, 403, t0 + Duration{minute});
    const Instant now = t0 + Duration{2 * minute};
    EXPECT_EQ(errors.free_at(orders, now, 0), t0 + Duration{60 * minute});
    EXPECT_EQ(errors.used_up_until(orders, now), t0 + Duration{60 * minute});
    EXPECT_EQ(errors.free_at(items, now, 0), now) << "the others go on";
    const Instant later = t0 + Duration{60 * minute};
    EXPECT_EQ(errors.free_at(orders, later, 0), later);
    errors.answered(orders, 400, later);
    EXPECT_EQ(errors.free_at(orders, later, 0), t0 + Duration{61 * minute});
}

TEST(error_budget, only_refusals_of_our_making_count) {
    ErrorBudget errors(1, Duration{minute});
    for (const int status : {200, 204, 409, 429, 500, 503}) {
        errors.answered(orders, status, t0);
        EXPECT_EQ(errors.free_at(orders, t0, 0), t0) << status;
    }
    for (const int status : {400, 401, 403, 404}) {
        ErrorBudget fresh(1, Duration{minute});
        fresh.answered(orders, status, t0);
        EXPECT_GT(fresh.free_at(orders, t0, 0), t0) << status;
    }
}

TEST(error_budget, calls_under_way_may_go_wrong_too) {
    ErrorBudget errors(3, Duration{minute});
    errors.answered(orders, 404, t0);
    EXPECT_EQ(errors.free_at(orders, t0, 1), t0);
    EXPECT_GT(errors.free_at(orders, t0, 2), t0);
}

TEST(error_budget, a_system_that_counts_no_errors_is_never_waited_for) {
    ErrorBudget errors(0, Duration{minute});
    for (int i = 0; i < 100; ++i) errors.answered(orders, 404, t0);
    EXPECT_EQ(errors.free_at(orders, t0, 9), t0);
}

}  // namespace
}  // namespace entente::connect
