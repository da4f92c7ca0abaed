// The back-off, number by number.
#include "connect/backoff.hpp"

#include <gtest/gtest.h>

namespace entente::connect {
namespace {

const BackoffPolicy policy{Duration{100}, Duration{1500}};

TEST(backoff, each_wait_lies_in_the_upper_half_of_a_doubling_step) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Backoff backoff(policy, Random(seed, "backoff"));
        for (const std::int64_t step : {100, 200, 400, 800, 1500, 1500, 1500}) {
            const std::int64_t wait = backoff.next().ms;
            EXPECT_GE(wait, (step + 1) / 2);
            EXPECT_LE(wait, step);
        }
    }
}

TEST(backoff, success_starts_it_over) {
    Backoff backoff(policy, Random(1, "backoff"));
    for (int i = 0; i < 5; ++i) backoff.next();
    EXPECT_EQ(backoff.failures(), 5);
    backoff.reset();
    EXPECT_EQ(backoff.failures(), 0);
    EXPECT_LE(backoff.next().ms, 100);
}

TEST(backoff, the_same_seed_waits_the_same_and_others_differ) {
    Backoff a(policy, Random(1, "backoff")), b(policy, Random(1, "backoff"));
    Backoff c(policy, Random(2, "backoff"));
    int different = 0;
    for (int i = 0; i < 20; ++i) {
        const Duration wait = a.next();
        EXPECT_EQ(wait, b.next());
        different += wait != c.next() ? 1 : 0;
    }
    EXPECT_GT(different, 10);
}

TEST(backoff, thousands_of_failures_do_not_overflow) {
    Backoff backoff({Duration{1}, Duration{INT64_MAX / 4}}, Random(1, "backoff"));
    for (int i = 0; i < 5000; ++i) EXPECT_GT(backoff.next().ms, 0);
}

}  // namespace
}  // namespace entente::connect
