// Points in time as integers: milliseconds since 1970-01-01 UTC. Pure: nobody here asks a clock;
// callers pass time in.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace entente {

struct Duration {
    std::int64_t ms = 0;
    friend auto operator<=>(const Duration&, const Duration&) = default;
};

struct Instant {
    std::int64_t ms = 0;
    static constexpr Instant never() { return {INT64_MAX}; }
    friend auto operator<=>(const Instant&, const Instant&) = default;
    // never() stays never.
    friend Instant operator+(Instant t, Duration d) {
        return t == never() ? t : Instant{t.ms + d.ms};
    }
    friend Instant operator-(Instant t, Duration d) {
        return t == never() ? t : Instant{t.ms - d.ms};
    }
    friend Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }
};

// RFC 3339 with zone or Z, fractions to 9 digits (cut to ms); "2026-11-21T11:20:00.123Z". A leap
// second is the first of the next minute.
Result<Instant> parse_instant(std::string_view text);
// UTC with Z; milliseconds printed only when not zero.
std::string format_instant(Instant t);
// "2026-11-21": validated calendar date.
bool is_date(std::string_view text);
// The UTC calendar date of an instant.
std::string date_of(Instant t);
// "Sat, 21 Nov 2026 11:20:34 GMT" (RFC 9110 IMF-fixdate); a wrong day of the week is refused.
Result<Instant> parse_http_date(std::string_view text);
std::string format_http_date(Instant t);
// OData v2's "/Date(1704412800000)/", maybe with an offset for show: the milliseconds as they stand. Whether they count from
// UTC or are the wall time of a zone is the system's business.
Result<Instant> parse_odata_date(std::string_view text);
std::string format_odata_date(Instant t);
// "5s", "10min", "250ms", "1h", "1d" (configuration); bad_input otherwise.
Result<Duration> parse_duration(std::string_view text);
// "350 ms", "4.2 s", "3 min 20 s" for people.
std::string format_duration(Duration d);

}  // namespace entente
