// A time zone of the IANA database: between points in time and what the clocks on the walls there show. Wall times are Instants
// too, read as if they were UTC. Pure: the same table answers for all times. Used where a system tells local times.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace entente {

class TimeZone {
public:
    // "Europe/Amsterdam", "UTC"; bad_input when there is no such zone.
    static Result<TimeZone> open(std::string_view name);

    Instant to_local(Instant t) const;
    // The point in time at which the wall shows this. Where it shows it twice, or never (the hours when clocks are put back or
    // forward): the earlier one, so that whoever asks for what changed since then asks for too much, not for too little.
    Instant to_utc(Instant wall) const;
    // A wall time that nothing which happens at `t` or later is before, not even when clocks are put back in between.
    Instant wall_not_after(Instant t) const;

private:
    struct Table;
    explicit TimeZone(std::shared_ptr<const Table> table) : table_(std::move(table)) {}

    std::shared_ptr<const Table> table_;
};

}  // namespace entente
