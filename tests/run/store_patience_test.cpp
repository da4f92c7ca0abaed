// How long a workspace whose store fails is opened again: the pauses, and the end.
#include "run/store_patience.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace entente::run {
namespace {

constexpr Duration a_minute{60'000};

TEST(StorePatience, pauses_double_to_a_cap_and_end) {
    StorePatience patience;
    Instant now{1'000'000};
    const Instant began = now;
    std::vector<std::int64_t> pauses;
    while (const auto pause = patience.after_failure({}, now)) {
        pauses.push_back(pause->ms);
        now = now + *pause;
        ASSERT_LT(pauses.size(), 100u);
    }
    ASSERT_GE(pauses.size(), 8u);
    EXPECT_EQ(
        std::vector(pauses.begin(), pauses.begin() + 8),
        (std::vector<std::int64_t>{1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000}));
    EXPECT_GE((now - began).ms, limits::store_failing_ms_max);
    EXPECT_LT((now - began).ms, limits::store_failing_ms_max + a_minute.ms);
}

TEST(StorePatience, a_store_that_was_well_again_begins_anew) {
    StorePatience patience;
    Instant now{1'000'000};
    for (int i = 0; i < 12; ++i) now = now + patience.after_failure({}, now).value_or(a_minute);
    const Instant worked_since = now;
    now = now + a_minute + Duration{1};
    EXPECT_EQ(patience.after_failure(worked_since, now), Duration{1'000});
}

// Goal: a store that can be opened and fails with the first write is no store that is well.
TEST(StorePatience, one_that_works_for_a_moment_has_not_begun_anew) {
    StorePatience patience;
    Instant now{1'000'000};
    std::optional<Instant> worked_since;
    int failures = 0;
    while (const auto pause = patience.after_failure(worked_since, now)) {
        worked_since = now + *pause;
        now = *worked_since + Duration{500};
        ASSERT_LT(++failures, 100);
    }
    EXPECT_GT(failures, 8);
}

}  // namespace
}  // namespace entente::run
