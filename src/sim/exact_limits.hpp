// What limits the calls of one user of the simulated Exact Online: so many a clock minute and a clock day, and so many
// refused answers of one set within an hour. All on a clock that may run faster than ours. Pure; time is an argument.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "base/time.hpp"

namespace entente::sim {

// A window that begins anew at every whole minute, or day, of its clock.
class ClockWindow {
public:
    // Requires: clock in 1..Quota::clock_max.
    ClockWindow(std::int64_t limit, Duration length, std::int64_t clock);

    // Goes on to the window of `now`; says whether one more call fits.
    bool has_room(Instant now);
    // Requires: room.
    void take() { ++used_; }

    std::int64_t limit() const { return limit_; }
    std::int64_t remaining() const { return limit_ - used_; }
    // When the window ends, in real time.
    Instant reset() const;

private:
    std::int64_t limit_;
    Duration length_;
    std::int64_t clock_;
    std::int64_t window_ = 0;
    std::int64_t used_ = 0;
};

// More than ten refusals of one set within an hour, and it is blocked for an hour.
class ErrorBudget {
public:
    explicit ErrorBudget(std::int64_t clock);

    bool is_blocked(const std::string& set, Instant now) const;
    void note_refusal(const std::string& set, Instant now);

private:
    Duration hour_;
    std::map<std::string, std::deque<Instant>> refusals_;
    std::map<std::string, Instant> blocked_until_;
};

}  // namespace entente::sim
