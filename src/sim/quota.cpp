#include "sim/quota.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace entente::sim {

Quota::Quota(std::int64_t per_minute, std::int64_t clock)
    : limit_(per_minute), clock_(clock), level_(per_minute * cost) {
    CHECK(per_minute >= 1 && per_minute <= 1'000'000, "a quota is 1 to 1000000 a minute");
    CHECK(clock >= 1 && clock <= clock_max, "the clock factor is 1 to 1000000");
}

bool Quota::take(Instant now) {
    if (last_.ms == INT64_MIN) last_ = now;
    // A clock that was set back adds nothing; a minute fills the bucket, so more of it need not be counted.
    const std::int64_t elapsed = std::clamp<std::int64_t>(now.ms - last_.ms, 0, 60'000);
    level_ = std::min(limit_ * cost, level_ + std::min(elapsed * clock_, cost) * limit_);
    last_ = std::max(last_, now);
    if (level_ < cost) return false;
    level_ -= cost;
    return true;
}

std::int64_t Quota::seconds_for(std::int64_t missing) const {
    const std::int64_t per_second = limit_ * clock_ * 1000;
    return (std::max<std::int64_t>(missing, 0) + per_second - 1) / per_second;
}

std::int64_t Quota::seconds_until_full() const {
    return seconds_for(limit_ * cost - level_);
}

std::int64_t Quota::seconds_until_one() const {
    return std::max<std::int64_t>(1, seconds_for(cost - level_));
}

}  // namespace entente::sim
