#include "base/time_zone.hpp"

#include <fmt/format.h>
#include <unicode/basictz.h>
#include <unicode/timezone.h>

#include <algorithm>

namespace entente {
namespace {

// Clocks are put back by an hour at most wherever business is done, and by three anywhere.
constexpr Duration longest_step_back{3 * 3'600'000};

}  // namespace

struct TimeZone::Table {
    std::unique_ptr<icu::BasicTimeZone> zone;

    Duration offset(Instant t) const {
        int32_t raw = 0;
        int32_t daylight = 0;
        UErrorCode status = U_ZERO_ERROR;
        zone->getOffset(static_cast<UDate>(t.ms), 0, raw, daylight, status);
        CHECK(U_SUCCESS(status) != 0, "a zone that was opened knows its offset");
        return Duration{raw + daylight};
    }
};

Result<TimeZone> TimeZone::open(std::string_view name) {
    const icu::UnicodeString id =
        icu::UnicodeString::fromUTF8({name.data(), static_cast<int32_t>(name.size())});
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
    if (zone == nullptr || *zone == icu::TimeZone::getUnknown()) {
        return fail(ErrorKind::bad_input, fmt::format("'{}' is no time zone", name));
    }
    // What createTimeZone makes of a name of the database is always one with rules.
    auto* const with_rules = dynamic_cast<icu::BasicTimeZone*>(zone.get());
    if (with_rules == nullptr) {
        return fail(ErrorKind::bad_input, fmt::format("'{}' is no time zone", name));
    }
    auto table = std::make_shared<Table>();
    (void)zone.release();
    table->zone.reset(with_rules);
    return TimeZone(std::move(table));
}

Instant TimeZone::to_local(Instant t) const {
    return t + table_->offset(t);
}

Instant TimeZone::to_utc(Instant wall) const {
    int32_t raw = 0;
    int32_t daylight = 0;
    UErrorCode status = U_ZERO_ERROR;
    // Never shown: as if the clocks had been put forward already, which is the larger offset.
    table_->zone->getOffsetFromLocal(static_cast<UDate>(wall.ms), UCAL_TZ_LOCAL_LATTER,
                                     UCAL_TZ_LOCAL_FORMER, raw, daylight, status);
    CHECK(U_SUCCESS(status) != 0, "a zone that was opened knows its offset");
    return wall - Duration{raw + daylight};
}

Instant TimeZone::wall_not_after(Instant t) const {
    return t + std::min(table_->offset(t), table_->offset(t + longest_step_back));
}

}  // namespace entente
