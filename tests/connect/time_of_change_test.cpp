// Every form in which a time of change is read, and what is none.
#include "connect/time_of_change.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace entente::connect {
namespace {

const Instant noon = parse_instant("2026-11-29T12:00:00Z").value();

TEST(TimeOfChange, every_form_is_told_from_all_others) {
    for (const char* json :
         {R"("2026-11-29T12:00:00Z")", R"("2026-11-29t12:00:00.000z")", R"("2026-11-29 12:00:00")",
          R"("2026-11-29T12:00:00")", R"("2026-11-29T13:00:00+01:00")",
          R"("2026-11-29T13:00:00.000+0100")", R"("2026/11/29 12:00:00")",
          R"("Sun, 29 Nov 2026 12:00:00 GMT")", R"("/Date(1795953600000)/")",
          R"("/Date(1795953600000+0100)/")", "1795953600", "1795953600000", "1795953600.000",
          R"("1795953600")", R"("1795953600000")"}) {
        const auto at = time_of_change(json::read(json).value(), nullptr);
        ASSERT_TRUE(at.has_value()) << json;
        EXPECT_EQ(*at, noon) << json;
    }
}

TEST(TimeOfChange, parts_of_a_second_are_kept) {
    EXPECT_EQ(time_of_change(json::read("1795953600.25").value(), nullptr).value(),
              noon + Duration{250});
}

TEST(TimeOfChange, nothing_and_zeros_are_no_time) {
    for (const char* json : {"null", R"("")", R"("0000-00-00")", R"("0000-00-00 00:00:00")",
                             R"("0000-00-00T00:00:00Z")", "0", R"("0")"}) {
        const auto at = time_of_change(json::read(json).value(), nullptr);
        ASSERT_TRUE(at.has_value()) << json;
        EXPECT_FALSE(at->has_value()) << json;
    }
}

TEST(TimeOfChange, anything_else_is_an_error) {
    for (const char* json :
         {R"("yesterday")", R"("29-11-2026")", R"("11/29/2026")", R"("/Date()/")",
          R"("/Date(12x)/")", R"("/Date(1")", "-1", "1e300", "true", "[]", "{}", "253402300800000",
          R"("2026-13-01T00:00:00Z")", R"("2026-11-29T12:00:00 CET")"})
        EXPECT_FALSE(time_of_change(json::read(json).value(), nullptr).has_value()) << json;
}

TEST(TimeOfChange, what_names_no_zone_is_the_wall_time_of_the_system) {
    const TimeZone amsterdam = TimeZone::open("Europe/Amsterdam").value();
    for (const char* json : {R"("2026-11-29 13:00:00")", R"("2026/11/29 13:00:00")",
                             R"("2026-11-29T12:00:00Z")", "1795953600"})
        EXPECT_EQ(time_of_change(json::read(json).value(), &amsterdam).value(), noon) << json;
}

}  // namespace
}  // namespace entente::connect
