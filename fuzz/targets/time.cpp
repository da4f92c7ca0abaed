// Times: what is parsed is formatted as what parses the same; zones lead there and back.
#include "base/time.hpp"

#include <cstring>
#include <string>

#include "base/time_zone.hpp"
#include "connect/throttle_headers.hpp"
#include "connect/time_of_change.hpp"
#include "targets/input.hpp"

namespace entente::fuzz {
namespace {

const Instant year_zero = *parse_instant("0000-01-01T00:00:00Z");
const Instant year_end = *parse_instant("9999-12-31T23:59:59.999Z");

void check_instant(Instant at) {
    const std::string text = format_instant(at);
    CHECK(text.starts_with(date_of(at)), "a point in time is on its date");
    if (at < year_zero || at > year_end) return;
    CHECK(parse_instant(text) == at, "a time is read as it was written");
    CHECK(parse_odata_date(format_odata_date(at)) == at, "an OData time is read as it was written");
    CHECK(is_date(date_of(at)), "the date of a time is a date");
    const Result<Instant> second = parse_http_date(format_http_date(at));
    CHECK(second.has_value() && at - *second < Duration{1000} && *second <= at,
          "an HTTP date is the time cut to its second");
}

void check_zone(const TimeZone& zone, Instant at) {
    const Instant wall = zone.to_local(at);
    const Instant back = zone.to_utc(wall);
    CHECK(back <= at, "of two times that the wall shows alike, the earlier is taken");
    CHECK(at - back <= Duration{3 * 3'600'000}, "clocks are put back by hours, not by days");
    CHECK(zone.wall_not_after(at) <= wall, "nothing that happens later shows an earlier wall time");
}

void check_error(const Error& error) {
    CHECK(error.kind == ErrorKind::bad_input, "a text that is no time is bad input");
}

void check_read(const std::string& text) {
    static const TimeZone amsterdam = *TimeZone::open("Europe/Amsterdam");
    for (const auto& parsed :
         {parse_instant(text), parse_http_date(text), parse_odata_date(text)}) {
        if (!parsed) {
            check_error(parsed.error());
            continue;
        }
        check_instant(*parsed);
        if (*parsed >= year_zero && *parsed <= year_end) check_zone(amsterdam, *parsed);
    }
    for (const TimeZone* zone : {static_cast<const TimeZone*>(nullptr), &amsterdam}) {
        const auto modified = connect::time_of_change(Value(text), zone);
        if (modified && *modified) check_instant(**modified);
    }
    const auto pause = connect::retry_after({{"Retry-After", text}});
    CHECK(!pause || (*pause >= Duration{0} && *pause <= Duration{24LL * 3'600'000}),
          "a pause is at most a day");
}

}  // namespace

void fuzz_time(Bytes input) {
    const std::string text(text_of(input));
    check_read(text);
    if (const auto duration = parse_duration(text)) {
        CHECK(*duration >= Duration{0} && !format_duration(*duration).empty(),
              "a duration that is read can be told");
    } else {
        check_error(duration.error());
    }
    if (const auto zone = TimeZone::open(text)) check_zone(*zone, Instant{1'795'219'200'000});
    if (text.size() < sizeof(std::int64_t)) return;
    Instant at;
    std::memcpy(&at.ms, text.data(), sizeof at.ms);
    check_instant(at);
    format_duration(Duration{at.ms});
}

}  // namespace entente::fuzz
