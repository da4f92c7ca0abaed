// A token bucket: so many requests a minute, refilled evenly, on a clock that may run faster than ours. Pure; time is
// an argument, whole numbers only.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace entente::sim {

class Quota {
public:
    // Requires: per_minute in 1..1'000'000, clock in 1..clock_max. The bucket starts full.
    Quota(std::int64_t per_minute, std::int64_t clock);

    // A faster clock would overflow the arithmetic, and no machine could tell the difference.
    static constexpr std::int64_t clock_max = 1'000'000;

    // Takes one request out of the bucket, or false when it is empty.
    bool take(Instant now);

    std::int64_t limit() const { return limit_; }
    std::int64_t remaining() const { return level_ / cost; }
    // Whole real seconds, rounded up: until the bucket is full; until it holds one request (at least 1).
    std::int64_t seconds_until_full() const;
    std::int64_t seconds_until_one() const;

private:
    // The level is counted in 60'000ths of a request, so that a millisecond adds exactly `limit` of them.
    static constexpr std::int64_t cost = 60'000;

    std::int64_t seconds_for(std::int64_t missing) const;

    std::int64_t limit_;
    std::int64_t clock_;
    std::int64_t level_;
    Instant last_{INT64_MIN};
};

}  // namespace entente::sim
