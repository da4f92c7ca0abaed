// Times are read strictly, written canonically, and the calendar is right over its whole range.
#include "base/time.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace entente {
namespace {

std::string utc(std::string_view text) {
    const Result<Instant> t = parse_instant(text);
    return t ? format_instant(*t) : t.error().text;
}

TEST(Time, an_offset_may_come_without_its_colon_or_minutes) {
    const Instant ten = parse_instant("2026-11-21T10:00:00Z").value();
    for (const char* text : {"2026-11-21T12:00:00+0200", "2026-11-21T12:00:00+02",
                             "2026-11-21 10:00:00.000+0000", "2026-11-21T04:30:00-0530"})
        EXPECT_EQ(parse_instant(text).value(), ten) << text;
}

TEST(Time, an_instant_is_read_with_its_zone) {
    EXPECT_EQ(parse_instant("1970-01-01T00:00:00Z")->ms, 0);
    EXPECT_EQ(parse_instant("2026-11-21T11:20:00.123Z")->ms, 1795260000123);
    EXPECT_EQ(utc("2026-11-21T11:20:00+02:00"), "2026-11-21T09:20:00Z");
    EXPECT_EQ(utc("2026-11-21T23:20:00-05:30"), "2026-11-22T04:50:00Z");
    EXPECT_EQ(utc("2026-11-21t11:20:00z"), "2026-11-21T11:20:00Z");
    EXPECT_EQ(utc("2026-11-21 11:20:00+00:00"), "2026-11-21T11:20:00Z");
    EXPECT_EQ(utc("2000-02-29T00:00:00Z"), "2000-02-29T00:00:00Z");
    EXPECT_EQ(utc("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
    EXPECT_EQ(utc("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
}

TEST(Time, fractions_are_cut_to_milliseconds) {
    EXPECT_EQ(utc("2026-11-21T11:20:00.1Z"), "2026-11-21T11:20:00.100Z");
    EXPECT_EQ(utc("2026-11-21T11:20:00.0000000Z"), "2026-11-21T11:20:00Z");
    EXPECT_EQ(utc("2026-11-21T11:20:00.123999999Z"), "2026-11-21T11:20:00.123Z");
    EXPECT_EQ(utc("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
}

TEST(Time, a_leap_second_is_the_first_of_the_next_minute) {
    EXPECT_EQ(utc("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
}

TEST(Time, what_is_no_instant_is_refused) {
    for (const char* text : {"",
                             "2026-11-21",
                             "2026-11-21T11:20:00",
                             "2026-11-21T11:20Z",
                             "2026-13-01T00:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "1900-02-29T00:00:00Z",
                             "2026-11-31T00:00:00Z",
                             "2026-11-21T24:00:00Z",
                             "2026-11-21T11:60:00Z",
                             "2026-11-21T11:20:61Z",
                             "2026-11-21T11:20:00.Z",
                             "2026-11-21T11:20:00.1234567890Z",
                             "2026-11-21T11:20:00+02:",
                             "2026-11-21T11:20:00+2",
                             "2026-11-21T11:20:00+020",
                             "2026-11-21T11:20:00+24:00",
                             "2026-11-21T11:20:00Zx",
                             " 2026-11-21T11:20:00Z",
                             "26-11-21T11:20:00Z",
                             "2026-00-10T00:00:00Z",
                             "2026-11-00T00:00:00Z",
                             "2026-1-21T11:20:00Z",
                             "1795260000"}) {
        const Result<Instant> t = parse_instant(text);
        ASSERT_FALSE(t.has_value()) << text;
        EXPECT_EQ(t.error().kind, ErrorKind::bad_input);
    }
}

TEST(Time, every_instant_can_be_written) {
    EXPECT_EQ(format_instant(Instant::never()), "+292278994-08-17T07:12:55.807Z");
    EXPECT_EQ(format_instant({INT64_MIN}), "-292275055-05-16T16:47:04.192Z");
    EXPECT_EQ(format_instant({-62'167'219'200'001}), "-0001-12-31T23:59:59.999Z");
}

RC_GTEST_PROP(TimeLaw, an_instant_is_read_back_as_it_was_written, ()) {
    const Instant t{*rc::gen::inRange<std::int64_t>(-62'135'596'800'000, 253'402'300'800'000)};
    RC_ASSERT(*parse_instant(format_instant(t)) == t);
    RC_ASSERT(is_date(date_of(t)));
    RC_ASSERT(format_instant(t).starts_with(date_of(t)));
    const Instant second{t.ms - ((t.ms % 1000) + 1000) % 1000};
    RC_ASSERT(*parse_http_date(format_http_date(t)) == second);
}

TEST(Time, every_day_of_four_centuries_follows_the_one_before) {
    std::string before = date_of({946'684'800'000 - 86'400'000});
    for (std::int64_t day = 0; day < 146'097; ++day) {
        const std::string date = date_of({946'684'800'000 + day * 86'400'000});
        ASSERT_TRUE(is_date(date)) << date;
        ASSERT_LT(before, date);
        before = date;
    }
    EXPECT_EQ(before, "2399-12-31");
}

TEST(Time, a_date_is_a_day_of_the_calendar) {
    EXPECT_TRUE(is_date("2026-11-21"));
    EXPECT_TRUE(is_date("2024-02-29"));
    EXPECT_FALSE(is_date("2026-02-29"));
    EXPECT_FALSE(is_date("2026-11-31"));
    EXPECT_FALSE(is_date("2026-11-21T"));
    EXPECT_FALSE(is_date("21.11.2026"));
    EXPECT_FALSE(is_date(""));
    EXPECT_EQ(date_of(*parse_instant("2026-11-21T00:30:00+02:00")), "2026-11-20");
}

TEST(Time, an_http_date_is_an_imf_fixdate) {
    const Instant t = *parse_instant("2026-11-21T11:20:34Z");
    EXPECT_EQ(format_http_date(t), "Sat, 21 Nov 2026 11:20:34 GMT");
    EXPECT_EQ(parse_http_date("Sat, 21 Nov 2026 11:20:34 GMT"), t);
    EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Instant{0});
    for (const char* text :
         {"", "Sun, 21 Nov 2026 11:20:34 GMT", "Sat, 21 Nov 2026 11:20:34 UTC",
          "Sat, 21 nov 2026 11:20:34 GMT", "Sat, 31 Nov 2026 11:20:34 GMT", "120",
          "Saturday, 21-Nov-26 11:20:34 GMT", "Sat, 1 Nov 2026 11:20:34 GMT"}) {
        EXPECT_FALSE(parse_http_date(text).has_value()) << text;
    }
}

TEST(time, odata_times_are_the_milliseconds_as_they_stand) {
    EXPECT_EQ(parse_odata_date("/Date(1704412800000)/").value(),
              parse_instant("2024-01-05T00:00:00Z").value());
    EXPECT_EQ(parse_odata_date("/Date(-1)/").value(), Instant{-1});
    EXPECT_EQ(parse_odata_date("/Date(5+0100)/").value(), Instant{5});
    EXPECT_EQ(format_odata_date(Instant{1'704'412'800'000}), "/Date(1704412800000)/");
    for (const char* bad : {"", "/Date()/", "/Date(12x)/", "/Date(1", "Date(1)", "/Date(1)",
                            "/Date(99999999999999999999)/"}) {
        EXPECT_FALSE(parse_odata_date(bad).has_value()) << bad;
    }
}

// The last of all milliseconds would mean never(), and no zone can be reckoned from the first.
TEST(time, odata_times_are_of_the_years_that_a_calendar_has) {
    const Instant first = parse_instant("0000-01-01T00:00:00Z").value();
    const Instant last = parse_instant("9999-12-31T23:59:59.999Z").value();
    EXPECT_EQ(parse_odata_date(format_odata_date(first)), first);
    EXPECT_EQ(parse_odata_date(format_odata_date(last)), last);
    for (const Instant beyond :
         {first - Duration{1}, last + Duration{1}, Instant{INT64_MIN}, Instant{INT64_MAX}}) {
        EXPECT_FALSE(parse_odata_date(format_odata_date(beyond)).has_value()) << beyond.ms;
    }
}

TEST(Time, a_duration_has_a_unit) {
    EXPECT_EQ(parse_duration("250ms")->ms, 250);
    EXPECT_EQ(parse_duration("5s")->ms, 5'000);
    EXPECT_EQ(parse_duration("10min")->ms, 600'000);
    EXPECT_EQ(parse_duration("1h")->ms, 3'600'000);
    EXPECT_EQ(parse_duration("1d")->ms, 86'400'000);
    EXPECT_EQ(parse_duration("0s")->ms, 0);
    EXPECT_EQ(parse_duration("99999999999d")->ms, 99'999'999'999 * 86'400'000);
    for (const char* text :
         {"", "5", "s", "5 s", "-5s", "1.5h", "5m", "5sec", "5S", "999999999999999999999s"}) {
        EXPECT_FALSE(parse_duration(text).has_value()) << text;
    }
}

TEST(Time, a_duration_is_written_for_people) {
    EXPECT_EQ(format_duration({0}), "0 ms");
    EXPECT_EQ(format_duration({350}), "350 ms");
    EXPECT_EQ(format_duration({4'200}), "4.2 s");
    EXPECT_EQ(format_duration({4'000}), "4 s");
    EXPECT_EQ(format_duration({59'999}), "59.9 s");
    EXPECT_EQ(format_duration({60'000}), "1 min");
    EXPECT_EQ(format_duration({200'000}), "3 min 20 s");
    EXPECT_EQ(format_duration({7'500'000}), "2 h 5 min");
    EXPECT_EQ(format_duration({90'000'000}), "1 d 1 h");
    EXPECT_EQ(format_duration({-4'200}), "-4.2 s");
}

}  // namespace
}  // namespace entente
