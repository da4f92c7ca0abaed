#include "model/quota_use.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entente::model {

namespace {

Duration time_for_one(const QuotaUse& quota, std::int64_t calls, Instant now) {
    const std::int64_t missing = calls - std::max<std::int64_t>(quota.requests - quota.used, 0);
    if (missing <= 0 || quota.requests <= 0) return Duration{0};
    if (quota.refills)
        return Duration{(missing * quota.per.ms + quota.requests - 1) / quota.requests};
    const Duration rest = quota.ends ? *quota.ends - now : quota.per;
    return Duration{rest.ms + (missing - 1) / quota.requests * quota.per.ms};
}

std::int64_t number_at(const Value& json, std::string_view key) {
    const Value* found = json.find(key);
    return found && found->is_decimal() ? found->as_decimal().to_int().value_or(-1) : -1;
}

}  // namespace

QuotaUse later(QuotaUse use, Duration passed, Instant now) {
    const std::int64_t time = std::clamp<std::int64_t>(passed.ms, 0, use.per.ms);
    if (use.refills && use.per.ms > 0)
        use.used = std::max<std::int64_t>(use.used - time * use.requests / use.per.ms, 0);
    if (!use.ends || *use.ends > now) return use;
    use.used = 0;
    use.ends.reset();
    return use;
}

Duration time_for(std::span<const QuotaUse> quotas, std::int64_t calls, Instant now) {
    Duration longest{0};
    for (const QuotaUse& quota : quotas)
        longest = std::max(longest, time_for_one(quota, calls, now));
    return longest;
}

std::string to_text(const QuotaUse& use) {
    return fmt::format("{} of {} calls in {}{}", use.used, use.requests, format_duration(use.per),
                       use.ends ? ", until " + format_instant(*use.ends) : "");
}

Value to_json(const QuotaUse& use) {
    Value out = Value::object();
    out.set("requests", use.requests);
    out.set("per_s", (use.per.ms + 999) / 1000);
    out.set("used", use.used);
    out.set("refills", use.refills);
    out.set("ends", use.ends ? Value(format_instant(*use.ends)) : Value());
    return out;
}

Result<QuotaUse> quota_use_from(const Value& json) {
    QuotaUse use;
    use.requests = number_at(json, "requests");
    use.per = Duration{number_at(json, "per_s") * 1000};
    use.used = number_at(json, "used");
    const Value* refills = json.find("refills");
    use.refills = refills && *refills == Value(true);
    if (use.requests <= 0 || use.per.ms <= 0 || use.used < 0)
        return fail(ErrorKind::corrupt, "no quota stands here");
    if (const Value* ends = json.find("ends"); ends && ends->is_text()) {
        TRY(use.ends, parse_instant(ends->as_text()));
    }
    return use;
}

}  // namespace entente::model
