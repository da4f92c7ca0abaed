// The wall clock of Europe/Amsterdam and the ways in which the simulated Exact Online writes times: as that wall clock
// read as if it were UTC. The rule of the European Union since 1996: an hour ahead of UTC, two from the last Sunday of
// March to the last Sunday of October, each at 01:00 UTC. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace entente::sim {

// What a clock on a wall in Amsterdam shows, as milliseconds since 1970-01-01 00:00 on that clock.
struct WallTime {
    std::int64_t ms = 0;
    friend auto operator<=>(const WallTime&, const WallTime&) = default;
};

WallTime wall_time(Instant t);
// The first moment at which the wall shows `t` or later: of an hour that comes twice, the first.
Instant earliest_at(WallTime t);

// "/Date(1795000000000)/"
std::string date_text(WallTime t);
std::optional<WallTime> parse_date_text(std::string_view text);
// "2026-11-21T10:00:00", with a fraction or without.
std::optional<WallTime> parse_wall_time(std::string_view text);
// The day of "/Date(ms)/", "2026-11-21T00:00:00" or "2026-11-21", at midnight.
std::optional<WallTime> parse_day(std::string_view text);

}  // namespace entente::sim
