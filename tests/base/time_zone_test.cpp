// Wall times of a zone, above all in the hours that are shown twice or never. Method: Amsterdam's two changes of 2026.
#include "base/time_zone.hpp"

#include <gtest/gtest.h>

namespace entente {
namespace {

Instant at(const char* text) {
    return parse_instant(text).value();
}

TimeZone amsterdam() {
    return TimeZone::open("Europe/Amsterdam").value();
}

TEST(time_zone, a_wall_is_ahead_by_one_hour_in_winter_and_two_in_summer) {
    const TimeZone zone = amsterdam();
    EXPECT_EQ(zone.to_local(at("2026-11-21T10:00:00.123Z")), at("2026-11-21T11:00:00.123Z"));
    EXPECT_EQ(zone.to_local(at("2026-07-01T10:00:00Z")), at("2026-07-01T12:00:00Z"));
    EXPECT_EQ(zone.to_utc(at("2026-11-21T11:00:00.123Z")), at("2026-11-21T10:00:00.123Z"));
    EXPECT_EQ(zone.to_utc(at("2026-07-01T12:00:00Z")), at("2026-07-01T10:00:00Z"));
}

TEST(time_zone, an_hour_that_is_shown_twice_is_the_earlier_one) {
    const TimeZone zone = amsterdam();
    EXPECT_EQ(zone.to_utc(at("2026-10-25T02:30:00Z")), at("2026-10-25T00:30:00Z"));
    EXPECT_EQ(zone.to_utc(at("2026-10-25T01:59:59Z")), at("2026-10-24T23:59:59Z"));
    EXPECT_EQ(zone.to_utc(at("2026-10-25T03:00:00Z")), at("2026-10-25T02:00:00Z"));
}

TEST(time_zone, an_hour_that_is_never_shown_is_read_as_the_earlier_point_in_time) {
    const TimeZone zone = amsterdam();
    EXPECT_EQ(zone.to_utc(at("2026-03-29T02:30:00Z")), at("2026-03-29T00:30:00Z"));
    EXPECT_EQ(zone.to_utc(at("2026-03-29T03:00:00Z")), at("2026-03-29T01:00:00Z"));
}

TEST(time_zone, nothing_later_shows_an_earlier_wall_than_the_one_to_ask_from) {
    const TimeZone zone = amsterdam();
    EXPECT_EQ(zone.wall_not_after(at("2026-11-21T10:00:00Z")), at("2026-11-21T11:00:00Z"));
    const Instant begin = at("2026-10-24T20:00:00Z");
    for (int from = 0; from < 600; from += 10) {
        const Instant since = begin + Duration{from * 60'000LL};
        const Instant asked = zone.wall_not_after(since);
        for (int later = 0; later < 600; later += 10) {
            EXPECT_LE(asked, zone.to_local(since + Duration{later * 60'000LL})) << from << later;
        }
    }
}

TEST(time_zone, a_name_that_is_no_zone_is_refused) {
    EXPECT_TRUE(TimeZone::open("UTC").has_value());
    for (const char* name : {"", "Europe/Amsterdamm", "CEST+", "nowhere"}) {
        EXPECT_FALSE(TimeZone::open(name).has_value()) << name;
    }
}

}  // namespace
}  // namespace entente
