// How many refused calls (400, 401, 403, 404) one resource may still cause before the system shuts us out of it for an hour or more.
// Counted per resource over a sliding time; when they are used up, its calls wait until the oldest is forgotten. Pure.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace entente::connect {

class ErrorBudget {
public:
    // `allowed` 0: any number.
    ErrorBudget(int allowed, Duration per) : allowed_(allowed), per_(per) {}

    void answered(ResourceIndex resource, int status, Instant now);
    // Until when nothing may be asked of the resource; nullopt: it is not shut.
    std::optional<Instant> used_up_until(ResourceIndex resource, Instant now) const;
    // When one more call of it may be sent: `now`, or later. `under_way`: calls of it that may still go wrong.
    Instant free_at(ResourceIndex resource, Instant now, int under_way) const;

private:
    int allowed_;
    Duration per_;
    std::map<ResourceIndex, std::deque<Instant>> errors_;  // the last ones, oldest first
};

}  // namespace entente::connect
