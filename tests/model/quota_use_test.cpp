// What a quota's use says of later, and how long calls to come take: number by number.
#include "model/quota_use.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace entente::model {
namespace {

const Instant now{1'795'258'800'000};
constexpr Duration hour{3'600'000};

QuotaUse window(std::int64_t used, std::optional<Instant> ends) {
    return {.requests = 100, .per = hour, .used = used, .refills = false, .ends = ends};
}
QuotaUse refilling(std::int64_t used) {
    return {.requests = 100, .per = hour, .used = used, .refills = true, .ends = {}};
}
Duration time_for(QuotaUse use, std::int64_t calls) {
    return time_for(std::vector{use}, calls, now);
}

TEST(quota_use, calls_that_a_window_holds_take_no_time_and_others_wait_for_the_next_ones) {
    const QuotaUse half_used = window(50, now + Duration{600'000});
    EXPECT_EQ(time_for(half_used, 50), Duration{0});
    EXPECT_EQ(time_for(half_used, 51), Duration{600'000});
    EXPECT_EQ(time_for(half_used, 150), Duration{600'000});
    EXPECT_EQ(time_for(half_used, 151), Duration{600'000 + 3'600'000});
    EXPECT_EQ(time_for(window(0, {}), 101), hour) << "it begins with the first call";
}

TEST(quota_use, calls_beyond_a_refilling_quota_wait_for_its_refill) {
    EXPECT_EQ(time_for(refilling(90), 10), Duration{0});
    EXPECT_EQ(time_for(refilling(90), 20), Duration{360'000});
}

TEST(quota_use, the_slowest_quota_decides) {
    const std::vector both{refilling(0), window(99, now + hour)};
    EXPECT_EQ(time_for(both, 2, now), hour);
    EXPECT_EQ(time_for(std::vector<QuotaUse>{}, 1'000'000, now), Duration{0});
}

TEST(quota_use, time_gives_back_what_was_used) {
    EXPECT_EQ(later(refilling(50), Duration{360'000}, now).used, 40);
    EXPECT_EQ(later(refilling(50), Duration{INT64_MAX}, now).used, 0);
    EXPECT_EQ(later(window(50, now + Duration{1}), hour, now).used, 50);
    EXPECT_EQ(later(window(50, now), hour, now).used, 0);
    EXPECT_FALSE(later(window(50, now), hour, now).ends);
}

TEST(quota_use, its_json_says_it_all_and_nothing_else_is_taken_for_it) {
    const auto again = quota_use_from(to_json(window(7, now)));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->requests, 100);
    EXPECT_EQ(again->per, hour);
    EXPECT_EQ(again->used, 7);
    EXPECT_EQ(again->ends, now);
    EXPECT_FALSE(again->refills);
    EXPECT_EQ(quota_use_from(Value::object()).error().kind, ErrorKind::corrupt);
    Value wrong = to_json(window(7, now));
    wrong.set("used", "seven");
    EXPECT_FALSE(quota_use_from(wrong));
}

}  // namespace
}  // namespace entente::model
