// How far one quota of a system is used up, as a value that is shown, kept in a file and reckoned with: by the runner, the plan and
// `status` alike (G13). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "base/value.hpp"

namespace entente::model {

struct QuotaUse {
    std::int64_t requests = 0;  // that one period allows
    Duration per{0};
    std::int64_t used = 0;        // by us and, where the system tells, by others
    bool refills = false;         // evenly; else as a whole, when its period ends
    std::optional<Instant> ends;  // of the period under way, where it comes back as a whole
};

// What has become of it by then, if nobody has called since.
QuotaUse later(QuotaUse use, Duration passed, Instant now);

// How long the quotas make so many calls wait, at least.
Duration time_for(std::span<const QuotaUse> quotas, std::int64_t calls, Instant now);

// "312 of 5000 calls in 24 h, until 2026-11-22T00:00:00Z"
std::string to_text(const QuotaUse& use);
// {"requests","per_s","used","refills","ends"}
Value to_json(const QuotaUse& use);
// corrupt: not what to_json wrote.
Result<QuotaUse> quota_use_from(const Value& json);

}  // namespace entente::model
