// How long a workspace whose store failed is opened again before the process gives up: a disk that is full or away for a while
// costs a pause, one that stays so ends the process, so that whoever watches it learns of it. Pure in time.
#pragma once

#include <optional>

#include "base/time.hpp"

namespace entente::run {

class StorePatience {
public:
    // The store has failed at `now`, after it had worked since `worked_since` (nullopt: it could not be opened). Ensures: how long to
    // wait before it is opened again; nullopt: it has failed for longer than a store may, and the process should end.
    std::optional<Duration> after_failure(std::optional<Instant> worked_since, Instant now);

private:
    std::optional<Instant> failing_since_;
    int failures_ = 0;  // in a row
};

}  // namespace entente::run
