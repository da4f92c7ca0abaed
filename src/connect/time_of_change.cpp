#include "connect/time_of_change.hpp"

#include <algorithm>

namespace entente::connect {
namespace {

// Seconds until the year 5138, milliseconds from 1973 on.
constexpr std::int64_t seconds_end = 100'000'000'000;
// The years that every other form has.
constexpr std::int64_t milliseconds_end = 253'402'300'800'000;

Result<Instant> in_zone(Result<Instant> wall, const TimeZone* zone) {
    if (wall && zone != nullptr) return zone->to_utc(*wall);
    return wall;
}

// "2026/11/29 ..." as "2026-11-29 ...".
std::string without_slashes(std::string text) {
    constexpr std::size_t first = 4, second = 7;
    if (text.size() > second && text[first] == '/' && text[second] == '/')
        text[first] = text[second] = '-';
    return text;
}

Result<Instant> from_text(const std::string& written, const TimeZone* zone) {
    const std::string text = without_slashes(written);
    if (const Result<Instant> at = parse_instant(text)) return at;
    if (is_date(text)) return in_zone(parse_instant(text + "T00:00:00Z"), zone);
    if (const Result<Instant> at = parse_odata_date(text)) {
        // With an offset behind them the milliseconds are of UTC.
        return text.find_first_of("+-", text.find('(') + 2) == std::string::npos ? in_zone(at, zone)
                                                                                 : at;
    }
    if (const Result<Instant> at = parse_http_date(text)) return at;
    return in_zone(parse_instant(text + "Z"), zone);
}

Result<std::optional<Instant>> from_number(const Decimal& number) {
    if (number == Decimal(0)) return std::nullopt;
    const bool is_in_range = number > Decimal(0) && number < Decimal(milliseconds_end);
    if (!is_in_range) return fail(ErrorKind::corrupt, "no time since 1970");
    const bool is_seconds = number < Decimal(seconds_end);
    const Decimal ms = is_seconds ? number.times(Decimal(1'000)) : number;
    TRY(const std::int64_t whole, ms.rounded(0).to_int());
    return Instant{whole};
}

// "0000-00-00 00:00:00": no time is all zeros in any form that is one.
bool is_blank(const std::string& text) {
    return std::ranges::all_of(text,
                               [](char c) { return std::string_view("0-/: T.Z+").contains(c); });
}

}  // namespace

Result<std::optional<Instant>> time_of_change(const Value& value, const TimeZone* zone) {
    if (value.is_null()) return std::nullopt;
    if (value.is_decimal()) return from_number(value.as_decimal());
    if (!value.is_text()) return fail(ErrorKind::corrupt, "no time");
    const std::string& text = value.as_text();
    if (is_blank(text)) return std::nullopt;
    if (const Result<Decimal> number = Decimal::parse(text)) return from_number(*number);
    TRY(const Instant at, from_text(text, zone));
    return at;
}

}  // namespace entente::connect
