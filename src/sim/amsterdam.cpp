#include "sim/amsterdam.hpp"

#include <fmt/core.h>

#include <charconv>

#include "base/error.hpp"

namespace entente::sim {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

// 01:00 UTC on the last Sunday of a month that has 31 days.
std::int64_t last_sunday_ms(std::string_view year, std::string_view month) {
    const auto last_day = parse_instant(fmt::format("{}-{}-31T00:00:00Z", year, month));
    CHECK(last_day.has_value(), "March and October have 31 days");
    const std::int64_t days = last_day->ms / day_ms;
    const std::int64_t after_sunday = (days + 4) % 7;  // 1970-01-01 was a Thursday
    return (days - after_sunday) * day_ms + hour_ms;
}

std::int64_t offset_ms(Instant t) {
    const std::string year = date_of(t).substr(0, 4);
    const bool is_summer = t.ms >= last_sunday_ms(year, "03") && t.ms < last_sunday_ms(year, "10");
    return is_summer ? 2 * hour_ms : hour_ms;
}

}  // namespace

WallTime wall_time(Instant t) {
    return {t.ms + offset_ms(t)};
}

Instant earliest_at(WallTime t) {
    for (const std::int64_t offset : {2 * hour_ms, hour_ms}) {
        const Instant candidate{t.ms - offset};
        if (wall_time(candidate) >= t) return candidate;
    }
    return {t.ms - hour_ms};
}

std::string date_text(WallTime t) {
    return fmt::format("/Date({})/", t.ms);
}

std::optional<WallTime> parse_date_text(std::string_view text) {
    constexpr std::string_view begin = "/Date(", end = ")/";
    if (!text.starts_with(begin) || !text.ends_with(end)) return std::nullopt;
    text.remove_prefix(begin.size());
    text.remove_suffix(std::min(text.size(), end.size()));
    std::int64_t ms = 0;
    const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), ms);
    const bool is_whole = failure == std::errc() && stop == text.data() + text.size();
    // Year 9999: what lies behind it is no time of a business record.
    constexpr std::int64_t ms_max = 253'402'300'799'999;
    if (!is_whole || ms < -ms_max || ms > ms_max) return std::nullopt;
    return WallTime{ms};
}

std::optional<WallTime> parse_wall_time(std::string_view text) {
    const auto instant = parse_instant(std::string(text) + "Z");
    if (!instant) return std::nullopt;
    return WallTime{instant->ms};
}

std::optional<WallTime> parse_day(std::string_view text) {
    std::optional<WallTime> time = parse_date_text(text);
    if (!time && is_date(text)) time = parse_wall_time(std::string(text) + "T00:00:00");
    if (!time) time = parse_wall_time(text);
    if (!time) return std::nullopt;
    const std::int64_t into_day = (time->ms % day_ms + day_ms) % day_ms;
    return WallTime{time->ms - into_day};
}

}  // namespace entente::sim
