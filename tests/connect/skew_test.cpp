// The skew of a system's clock, from Date headers.
#include "connect/skew.hpp"

#include <gtest/gtest.h>

namespace entente::connect {
namespace {

const Instant noon = parse_instant("2026-11-21T12:00:00Z").value();

// An answer whose Date is `skew` off, to a call that took `took`.
void see(Skew& skew, Duration off, Duration took) {
    const Instant middle = noon + Duration{took.ms / 2};
    skew.seen({{"Date", format_http_date(middle + off)}}, noon, noon + took);
}

TEST(skew, nothing_seen_is_no_skew) {
    EXPECT_EQ(Skew().estimate(), Duration{0});
}

TEST(skew, less_than_two_seconds_is_noise) {
    Skew skew;
    for (int i = 0; i < 5; ++i) see(skew, Duration{1000}, Duration{10});
    EXPECT_EQ(skew.estimate(), Duration{0});
}

TEST(skew, a_clock_that_is_off_is_told_within_a_second) {
    for (const std::int64_t off : {-7'200'000, -60'000, -5000, 5000, 90'000}) {
        Skew skew;
        for (int i = 0; i < 5; ++i) see(skew, Duration{off}, Duration{40});
        EXPECT_NEAR(static_cast<double>(skew.estimate().ms), static_cast<double>(off), 1000.0);
    }
}

TEST(skew, a_few_wrong_dates_do_not_move_it) {
    Skew skew;
    for (int i = 0; i < 10; ++i) see(skew, Duration{60'000}, Duration{10});
    for (int i = 0; i < 2; ++i) see(skew, Duration{-7'200'000}, Duration{10});
    see(skew, Duration{60'000}, Duration{10});
    for (int i = 0; i < 2; ++i) see(skew, Duration{-7'200'000}, Duration{10});
    EXPECT_NEAR(static_cast<double>(skew.estimate().ms), 60'000.0, 1000.0);
}

TEST(skew, it_follows_a_clock_that_was_set_right) {
    Skew skew;
    for (int i = 0; i < 20; ++i) see(skew, Duration{60'000}, Duration{10});
    for (int i = 0; i < 15; ++i) see(skew, Duration{0}, Duration{10});
    EXPECT_EQ(skew.estimate(), Duration{0});
}

TEST(skew, three_answers_that_agree_show_a_clock_that_was_set) {
    for (const std::int64_t off : {-3'600'000, 3'600'000, 20'000}) {
        Skew skew;
        for (int i = 0; i < 20; ++i) see(skew, Duration{0}, Duration{10});
        see(skew, Duration{off}, Duration{10});
        see(skew, Duration{off}, Duration{10});
        EXPECT_EQ(skew.estimate(), Duration{0});
        see(skew, Duration{off}, Duration{10});
        EXPECT_NEAR(static_cast<double>(skew.estimate().ms), static_cast<double>(off), 1000.0);
    }
}

TEST(skew, three_that_differ_from_each_other_move_nothing) {
    Skew skew;
    for (int i = 0; i < 20; ++i) see(skew, Duration{0}, Duration{10});
    for (const std::int64_t off : {3'600'000, 60'000, 7'200'000})
        see(skew, Duration{off}, Duration{10});
    EXPECT_EQ(skew.estimate(), Duration{0});
}

TEST(skew, another_century_is_told_and_not_used) {
    constexpr Duration century{36'500LL * 86'400'000};
    Skew skew;
    for (int i = 0; i < 5; ++i) see(skew, Duration{60'000}, Duration{10});
    see(skew, century, Duration{10});
    EXPECT_EQ(skew.absurd(), std::nullopt) << "once is a slip";
    for (int i = 0; i < 20; ++i) see(skew, century, Duration{10});
    ASSERT_TRUE(skew.absurd().has_value());
    EXPECT_NEAR(static_cast<double>(skew.absurd()->ms), static_cast<double>(century.ms), 1000.0);
    EXPECT_NEAR(static_cast<double>(skew.estimate().ms), 60'000.0, 1000.0);
    skew.seen({}, noon, noon);
    EXPECT_TRUE(skew.absurd().has_value()) << "no Date changes nothing";
    see(skew, Duration{60'000}, Duration{10});
    EXPECT_EQ(skew.absurd(), std::nullopt);
}

TEST(skew, who_begins_with_another_century_is_told_at_once) {
    Skew skew;
    see(skew, Duration{-36'500LL * 86'400'000}, Duration{10});
    EXPECT_EQ(skew.estimate(), Duration{0});
    EXPECT_TRUE(skew.absurd().has_value());
}

TEST(skew, slow_answers_and_unreadable_dates_are_ignored) {
    Skew skew;
    see(skew, Duration{60'000}, Duration{5001});
    skew.seen({{"Date", "yesterday"}}, noon, noon);
    skew.seen({}, noon, noon);
    skew.seen({{"Date", format_http_date(noon)}}, noon, noon - Duration{1});
    EXPECT_EQ(skew.estimate(), Duration{0});
}

}  // namespace
}  // namespace entente::connect
