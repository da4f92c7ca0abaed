// The plan of faults: what it never draws, that it repeats itself, and what each fault does to an answer.
#include "sim/fault_plan.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

namespace entente::sim {
namespace {

constexpr int requests = 4'000;

FaultRates all_at(int per_mille) {
    FaultRates rates;
    rates.per_mille.fill(per_mille);
    rates.late_max = Duration{1'000};
    rates.slow_max = Duration{200};
    rates.retry_after_max = Duration{2'000};
    return rates;
}

std::set<Fault> drawn_for(Asked asked, const FaultRates& rates) {
    FaultPlan plan(rates, Random(1, "faults"));
    std::set<Fault> drawn;
    for (int i = 0; i < requests; ++i) drawn.insert(plan.next(asked).fault);
    return drawn;
}

std::vector<Fault> sequence(FaultPlan plan) {
    std::vector<Fault> faults;
    for (int i = 0; i < 200; ++i)
        faults.push_back(plan.next(i % 2 ? Asked::read : Asked::single_write).fault);
    return faults;
}

TEST(fault_plan, every_fault_befalls_a_write_that_may_be_repeated) {
    EXPECT_EQ(drawn_for(Asked::repeatable_write, all_at(50)).size(), fault_count);
}

TEST(fault_plan, a_write_that_must_not_be_repeated_is_never_doubled) {
    const auto drawn = drawn_for(Asked::single_write, all_at(50));
    EXPECT_FALSE(drawn.contains(Fault::twice));
    EXPECT_TRUE(drawn.contains(Fault::late));
}

TEST(fault_plan, a_read_is_never_late_doubled_or_failed_after_the_fact) {
    const auto drawn = drawn_for(Asked::read, all_at(50));
    for (const Fault fault : {Fault::late, Fault::twice, Fault::error_after})
        EXPECT_FALSE(drawn.contains(fault)) << name_of(fault);
    EXPECT_TRUE(drawn.contains(Fault::html));
}

TEST(fault_plan, nothing_is_late_where_no_time_is_given_for_it) {
    FaultRates rates = all_at(50);
    rates.late_max = Duration{0};
    EXPECT_FALSE(drawn_for(Asked::repeatable_write, rates).contains(Fault::late));
}

TEST(fault_plan, nothing_is_later_than_it_may_be) {
    FaultPlan plan(all_at(70), Random(2, "faults"));
    std::int64_t latest = 0, earliest = 1'000;
    for (int i = 0; i < requests; ++i) {
        const auto fate = plan.next(Asked::repeatable_write);
        if (fate.fault != Fault::late) continue;
        latest = std::max(latest, fate.delay.ms);
        earliest = std::min(earliest, fate.delay.ms);
    }
    EXPECT_LE(latest, 1'000);
    EXPECT_GT(latest, 800);
    EXPECT_GE(earliest, 1);
}

TEST(fault_plan, the_same_seed_draws_the_same_faults) {
    EXPECT_EQ(sequence({all_at(50), Random(3, "faults")}),
              sequence({all_at(50), Random(3, "faults")}));
    EXPECT_NE(sequence({all_at(50), Random(3, "faults")}),
              sequence({all_at(50), Random(4, "faults")}));
}

TEST(fault_plan, counts_what_it_drew_and_draws_nothing_once_stopped) {
    FaultPlan plan(all_at(70), Random(5, "faults"));
    for (int i = 0; i < requests; ++i) plan.next(Asked::repeatable_write);
    std::int64_t all = 0;
    for (std::size_t i = 0; i < fault_count; ++i) all += plan.count(static_cast<Fault>(i));
    EXPECT_EQ(all, requests);
    EXPECT_GT(plan.count(Fault::reset), 0);
    plan.stop();
    for (int i = 0; i < requests; ++i)
        ASSERT_EQ(plan.next(Asked::repeatable_write).fault, Fault::none);
}

TEST(fault_plan, throttling_lasts_for_some_requests_in_a_row) {
    FaultRates rates = all_at(0);
    rates.of(Fault::throttled) = 10;
    rates.burst_max = 8;
    FaultPlan plan(rates, Random(6, "faults"));
    int longest = 0, row = 0;
    for (int i = 0; i < requests; ++i) {
        row = plan.next(Asked::read).fault == Fault::throttled ? row + 1 : 0;
        longest = std::max(longest, row);
    }
    EXPECT_GE(longest, 6);
    EXPECT_LE(longest, 16) << "two bursts may follow each other";
}

TEST(fault_plan, drawn_rates_leave_some_kinds_out_and_some_requests_alone) {
    int kinds_off = 0, kinds = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Random random(seed, "rates");
        const auto rates = FaultRates::drawn(random, Duration{500});
        EXPECT_LE(std::accumulate(rates.per_mille.begin(), rates.per_mille.end(), 0), 700);
        EXPECT_EQ(rates.late_max, Duration{500});
        EXPECT_EQ(rates.of(Fault::none), 0);
        for (std::size_t i = 1; i < fault_count; ++i, ++kinds)
            kinds_off += rates.per_mille[i] == 0 ? 1 : 0;
    }
    EXPECT_GT(kinds_off, kinds * 4 / 10);
    EXPECT_LT(kinds_off, kinds * 6 / 10);
}

TEST(fault_plan, spoils_answers_as_each_fault_says) {
    const http::Response answer{200, {{"Content-Type", "application/json"}}, "{\"id\":17}"};
    const auto throttled = spoiled({Fault::throttled, {0}, 429, {2'000}}, answer);
    EXPECT_EQ(throttled.status, 429);
    EXPECT_EQ(http::find(throttled.headers, "retry-after"), "2");
    const auto silently = spoiled({Fault::throttled_silently, {0}, 429, {0}}, answer);
    EXPECT_EQ(silently.status, 429);
    EXPECT_FALSE(http::find(silently.headers, "Retry-After"));
    EXPECT_EQ(spoiled({Fault::server_error, {0}, 503, {0}}, answer).status, 503);
    EXPECT_EQ(spoiled({Fault::error_after, {0}, 500, {0}}, answer).status, 500);
    const auto page = spoiled({Fault::html, {0}, 0, {0}}, answer);
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.body.contains("<html>"));
    EXPECT_EQ(spoiled({Fault::truncated, {0}, 0, {0}}, answer).body, "{\"id");
    EXPECT_EQ(spoiled({Fault::none, {0}, 0, {0}}, answer).body, answer.body);
    EXPECT_EQ(spoiled({Fault::slow, {100}, 0, {0}}, answer).body, answer.body);
}

TEST(fault_plan, says_what_is_executed_and_what_is_answered) {
    for (const Fault fault :
         {Fault::request_lost, Fault::late, Fault::throttled, Fault::server_error, Fault::html})
        EXPECT_FALSE(is_executed(fault)) << name_of(fault);
    for (const Fault fault : {Fault::none, Fault::reply_lost, Fault::twice, Fault::error_after,
                              Fault::truncated, Fault::reset, Fault::slow})
        EXPECT_TRUE(is_executed(fault)) << name_of(fault);
    for (const Fault fault : {Fault::request_lost, Fault::reply_lost, Fault::late, Fault::reset})
        EXPECT_FALSE(is_answered(fault)) << name_of(fault);
}

}  // namespace
}  // namespace entente::sim
