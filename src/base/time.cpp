#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/shown.hpp"

namespace entente {
namespace {

constexpr std::int64_t ms_per_second = 1000;
constexpr std::int64_t ms_per_minute = 60 * ms_per_second;
constexpr std::int64_t ms_per_hour = 60 * ms_per_minute;
constexpr std::int64_t ms_per_day = 24 * ms_per_hour;

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Date {
    std::int64_t year = 1970;
    int month = 1;
    int day = 1;
};

struct Clock {
    int hour = 0;
    int minute = 0;
    int second = 0;
    int ms = 0;
};

// Eats a text from the front; every take says whether what it wanted was there.
struct Cursor {
    std::string_view rest;

    bool take(std::string_view wanted) {
        if (!rest.starts_with(wanted)) return false;
        rest.remove_prefix(wanted.size());
        return true;
    }
    bool take_number(std::size_t digits, int& number) {
        if (rest.size() < digits) return false;
        number = 0;
        for (const char c : rest.substr(0, digits)) {
            if (c < '0' || c > '9') return false;
            number = number * 10 + (c - '0');
        }
        rest.remove_prefix(digits);
        return true;
    }
    template <std::size_t n>
    bool take_name(const std::array<std::string_view, n>& names, int& position) {
        for (position = 0; position < static_cast<int>(n); ++position) {
            if (take(names[static_cast<std::size_t>(position)])) return true;
        }
        return false;
    }
};

bool is_leap(std::int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_of_month(std::int64_t year, int month) {
    constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month == 2 && is_leap(year)) return 29;
    return days[static_cast<std::size_t>(month - 1)];
}

bool is_valid(const Date& date) {
    return date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_of_month(date.year, date.month);
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t ms_of_day(Instant t) {
    return (t.ms % ms_per_day + ms_per_day) % ms_per_day;
}

// Days since 1970-01-01 in the proleptic Gregorian calendar. Years begin in March here, so that the
// leap day comes last; an era is the 400 years after which the calendar repeats.
std::int64_t days_of(const Date& date) {
    const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = floor_divide(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month_from_march = (date.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

Date date_at(std::int64_t days) {
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floor_divide(shifted, 146'097);
    const std::int64_t day_of_era = shifted - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    Date date;
    date.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    date.month =
        static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
    return date;
}

Clock clock_at(std::int64_t ms_of_day) {
    return {static_cast<int>(ms_of_day / ms_per_hour),
            static_cast<int>(ms_of_day / ms_per_minute % 60),
            static_cast<int>(ms_of_day / ms_per_second % 60),
            static_cast<int>(ms_of_day % ms_per_second)};
}

Instant instant_at(const Date& date, const Clock& clock) {
    return {days_of(date) * ms_per_day + clock.hour * ms_per_hour + clock.minute * ms_per_minute +
            clock.second * ms_per_second + clock.ms};
}

// Four digits; years outside of what RFC 3339 knows get a sign, as ISO 8601 wants it.
std::string text_of(const Date& date) {
    const bool is_plain = date.year >= 0 && date.year <= 9999;
    return is_plain ? fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day)
                    : fmt::format("{:+05}-{:02}-{:02}", date.year, date.month, date.day);
}

bool take_date(Cursor& in, Date& date) {
    int year = 0;
    if (!in.take_number(4, year) || !in.take("-") || !in.take_number(2, date.month) ||
        !in.take("-") || !in.take_number(2, date.day)) {
        return false;
    }
    date.year = year;
    return is_valid(date);
}

// A leap second (60) becomes the first of the next minute, as every system clock has it.
bool take_clock(Cursor& in, Clock& clock) {
    return in.take_number(2, clock.hour) && in.take(":") && in.take_number(2, clock.minute) &&
           in.take(":") && in.take_number(2, clock.second) && clock.hour <= 23 &&
           clock.minute <= 59 && clock.second <= 60;
}

// "." and 1 to 9 digits, or nothing. What is finer than a millisecond is cut off.
bool take_fraction(Cursor& in, Clock& clock) {
    if (!in.take(".")) return true;
    int digits = 0;
    int weight = 100;
    for (int digit = 0; in.take_number(1, digit); ++digits) {
        clock.ms += digit * weight;
        weight /= 10;
    }
    return digits >= 1 && digits <= 9;
}

// "Z", "+02:00", "-0530" or "+02".
bool take_zone(Cursor& in, Duration& offset) {
    if (in.take("Z") || in.take("z")) return true;
    const bool is_west = in.take("-");
    if (!is_west && !in.take("+")) return false;
    int hours = 0;
    int minutes = 0;
    if (!in.take_number(2, hours)) return false;
    const bool has_colon = in.take(":");
    if (!in.take_number(2, minutes) && (has_colon || !in.rest.empty())) return false;
    offset.ms = (hours * ms_per_hour + minutes * ms_per_minute) * (is_west ? -1 : 1);
    return hours <= 23 && minutes <= 59;
}

Error refused(std::string_view text, std::string_view why) {
    return {ErrorKind::bad_input, fmt::format("\"{}\" is {}", text::shown(text, 60), why), {}};
}

int weekday_of(std::int64_t days) {
    return static_cast<int>(days + 4 - 7 * floor_divide(days + 4, 7));  // 1970-01-01 was a Thursday
}

struct Unit {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::array<Unit, 5> units = {Unit{"ms", 1},
                                       {"s", ms_per_second},
                                       {"min", ms_per_minute},
                                       {"h", ms_per_hour},
                                       {"d", ms_per_day}};

}  // namespace

Result<Instant> parse_instant(std::string_view text) {
    Cursor in{text};
    Date date;
    Clock clock;
    Duration offset;
    const bool is_instant = take_date(in, date) && (in.take("T") || in.take("t") || in.take(" ")) &&
                            take_clock(in, clock) && take_fraction(in, clock) &&
                            take_zone(in, offset) && in.rest.empty();
    if (!is_instant) {
        return std::unexpected(refused(text, "no RFC 3339 time (\"2026-11-21T11:20:00Z\")"));
    }
    return instant_at(date, clock) - offset;
}

std::string format_instant(Instant t) {
    const std::int64_t days = floor_divide(t.ms, ms_per_day);
    const Clock clock = clock_at(ms_of_day(t));
    std::string out = fmt::format("{}T{:02}:{:02}:{:02}", text_of(date_at(days)), clock.hour,
                                  clock.minute, clock.second);
    if (clock.ms != 0) out += fmt::format(".{:03}", clock.ms);
    out += 'Z';
    return out;
}

bool is_date(std::string_view text) {
    Cursor in{text};
    Date date;
    return take_date(in, date) && in.rest.empty();
}

std::string date_of(Instant t) {
    return text_of(date_at(floor_divide(t.ms, ms_per_day)));
}

Result<Instant> parse_http_date(std::string_view text) {
    Cursor in{text};
    Date date;
    Clock clock;
    int weekday = 0;
    int year = 0;
    bool is_http_date = in.take_name(weekdays, weekday) && in.take(", ") &&
                        in.take_number(2, date.day) && in.take(" ") &&
                        in.take_name(months, date.month) && in.take(" ") &&
                        in.take_number(4, year) && in.take(" ") && take_clock(in, clock) &&
                        in.take(" GMT") && in.rest.empty();
    date.year = year;
    date.month += 1;
    is_http_date = is_http_date && is_valid(date) && weekday_of(days_of(date)) == weekday;
    if (!is_http_date) {
        return std::unexpected(refused(text, "no HTTP date (\"Sat, 21 Nov 2026 11:20:34 GMT\")"));
    }
    return instant_at(date, clock);
}

std::string format_http_date(Instant t) {
    const std::int64_t days = floor_divide(t.ms, ms_per_day);
    const Date date = date_at(days);
    const Clock clock = clock_at(ms_of_day(t));
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       weekdays[static_cast<std::size_t>(weekday_of(days))], date.day,
                       months[static_cast<std::size_t>(date.month - 1)], date.year, clock.hour,
                       clock.minute, clock.second);
}

Result<Instant> parse_odata_date(std::string_view text) {
    constexpr std::string_view open = "/Date(";
    constexpr std::string_view close = ")/";
    const auto error = [&] {
        return std::unexpected(refused(text, "no OData time (\"/Date(1704412800000)/\")"));
    };
    if (!text.starts_with(open) || !text.ends_with(close)) return error();
    const char* const begin = text.data() + open.size();
    const char* const end = text.data() + text.size() - close.size();
    Instant at;
    const auto [stop, code] = std::from_chars(begin, end, at.ms);
    if (code != std::errc() || (stop != end && *stop != '+' && *stop != '-')) return error();
    // The years that every other spelling of a time has: sums of times then stay in range.
    if (at < instant_at({0, 1, 1}, {}) || at >= instant_at({10'000, 1, 1}, {})) return error();
    return at;
}

std::string format_odata_date(Instant t) {
    return fmt::format("/Date({})/", t.ms);
}

Result<Duration> parse_duration(std::string_view text) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view unit = text.substr(digits);
    for (const Unit& known : units) {
        // 11 digits cannot overflow, not even as days, and are three years of milliseconds.
        if (unit != known.name || digits == 0 || digits > 11) continue;
        std::int64_t number = 0;
        for (const char c : text.substr(0, digits)) number = number * 10 + (c - '0');
        return Duration{number * known.ms};
    }
    return std::unexpected(
        refused(text, "no duration: a whole number and ms, s, min, h or d (\"10min\")"));
}

std::string format_duration(Duration d) {
    if (d.ms < 0) {
        return d.ms == INT64_MIN ? "-" + format_duration({INT64_MAX})
                                 : "-" + format_duration({-d.ms});
    }
    if (d.ms < ms_per_second) return fmt::format("{} ms", d.ms);
    if (d.ms < ms_per_minute) {
        const std::int64_t tenths = d.ms / 100;
        return tenths % 10 == 0 ? fmt::format("{} s", tenths / 10)
                                : fmt::format("{}.{} s", tenths / 10, tenths % 10);
    }
    // The unit that fits and the next smaller one: nobody needs the seconds of a day.
    std::size_t large = units.size() - 1;
    while (units[large].ms > d.ms) --large;
    const Unit& small = units[large - 1];
    const std::int64_t rest = d.ms % units[large].ms / small.ms;
    std::string out = fmt::format("{} {}", d.ms / units[large].ms, units[large].name);
    if (rest != 0) out += fmt::format(" {} {}", rest, small.name);
    return out;
}

}  // namespace entente
