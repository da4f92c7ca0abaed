#include "connect/budget.hpp"

#include "base/seeded_bug.hpp"
#include "connect/throttle_headers.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace entente::connect {
namespace {

// A 429 that names no time. Shorter would hammer a system that just asked us not to.
constexpr Duration pause_unknown{5'000};
// "None left" without a quota of our own to go by, and without a reset time.
constexpr Duration pause_empty{1'000};
// A 429 at the end of a window: its clock may be a little behind ours.
constexpr Duration pause_min{1'000};
// Whatever a system tells: its clock may be set anywhere.
constexpr Duration pause_max{86'400'000};
// Seeded: what is left of a pause that nobody keeps.
constexpr Duration pause_ignored{100};

bool is_window(const model::Quota& quota) {
    return quota.reset != model::Quota::Reset::seconds && quota.requests > 0;
}

}  // namespace

BudgetLimits budget_limits(const model::RestProtocol& protocol) {
    // The parts of a batch are calls of their own.
    return {protocol.quotas, std::max(protocol.concurrent, 1) + protocol.batch_max};
}

Budget::Budget(BudgetLimits limits, Instant now) : concurrent_(limits.concurrent) {
    CHECK(concurrent_ > 0, "a budget that lets nothing through");
    for (model::Quota& declared : limits.quotas) {
        const Duration per = std::max(declared.per, Duration{1});
        const int requests = std::max(declared.requests, 0);
        if (is_window(declared)) {
            windows_.push_back({std::move(declared), WindowQuota(requests, per)});
        } else {
            refilling_.push_back({std::move(declared), RefillingQuota(requests, per, now)});
        }
    }
}

Instant Budget::next_slot(Instant now, int kept) const {
    if (in_flight_ >= concurrent_) return Instant::never();
    const Instant unpaused = std::max(now, paused_until_);
    Instant slot = unpaused;
    for (const Refilling& part : refilling_) slot = std::max(slot, part.quota.next_slot(now, kept));
    for (const Window& part : windows_)
        slot = std::max(slot, part.quota.next_slot(now, in_flight_, kept));
    return slot > unpaused && SEEDED(quota_ignored) ? unpaused : slot;
}

int Budget::free(Instant now, int kept, int most) const {
    if (now < paused_until_) return 0;
    if (SEEDED(quota_ignored)) return most;
    std::int64_t free = most;
    for (const Refilling& part : refilling_)
        if (part.quota.is_declared()) free = std::min(free, part.quota.free(now, kept));
    for (const Window& part : windows_)
        free = std::min(free, part.quota.free(now, in_flight_, kept));
    return static_cast<int>(free);
}

std::vector<model::QuotaUse> Budget::uses(Instant now) const {
    std::vector<model::QuotaUse> out;
    for (const Refilling& part : refilling_)
        if (part.quota.is_declared()) out.push_back(part.quota.use(now));
    for (const Window& part : windows_) out.push_back(part.quota.use(now));
    return out;
}

void Budget::sent(Instant now) {
    CHECK(in_flight_ < concurrent_, "a call was sent without a slot");
    ++in_flight_;
    for (Refilling& part : refilling_) part.quota.sent(now);
    for (Window& part : windows_) part.quota.sent(now);
}

void Budget::answered(Instant now, const http::Response& response) {
    CHECK(in_flight_ > 0, "an answer to a call that was not sent");
    --in_flight_;
    for (Refilling& part : refilling_) {
        const QuotaTold told = read_quota(part.declared, response.headers, now, skew_);
        part.quota.answered(now, told, in_flight_);
        const bool is_empty = told.remaining && *told.remaining == 0;
        if (is_empty && !part.quota.is_declared()) {
            pause(now, told.reset ? *told.reset - now : pause_empty);
        }
    }
    for (Window& part : windows_) {
        part.quota.answered(now, read_quota(part.declared, response.headers, now, skew_));
    }
    const std::optional<Duration> asked = retry_after(response.headers);
    if (response.status == 429 && SEEDED(ignore_retry_after)) {
        pause(now, pause_ignored);
    } else if (response.status == 429) {
        pause(now, asked ? *asked : pause_of_429(now, response.headers));
    } else if (response.status == 503 && asked && !SEEDED(ignore_retry_after)) {
        pause(now, *asked);
    }
}

// Without Retry-After: until the quota that was hit is reset. Some tell that one only; where several
// are told, it is one with none left.
Duration Budget::pause_of_429(Instant now, const http::Headers& headers) const {
    std::optional<Duration> first, of_empty;
    const auto look = [&](const model::Quota& declared) {
        const QuotaTold told = read_quota(declared, headers, now, skew_);
        if (!told.reset) return;
        const Duration most = is_window(declared) ? declared.per : *told.reset - now;
        const Duration wait = std::clamp(*told.reset - now, std::min(pause_min, most), most);
        if (!first || wait < *first) first = wait;
        const bool is_empty = told.remaining && *told.remaining == 0;
        if (is_empty && (!of_empty || wait > *of_empty)) of_empty = wait;
    };
    for (const Refilling& part : refilling_) look(part.declared);
    for (const Window& part : windows_) look(part.declared);
    return of_empty.value_or(first.value_or(pause_unknown));
}

void Budget::failed(Instant now, bool reached) {
    CHECK(in_flight_ > 0, "a failure of a call that was not sent");
    --in_flight_;
    for (Refilling& part : refilling_) part.quota.failed(now, reached);
    for (Window& part : windows_) part.quota.failed(now, reached);
}

void Budget::pause(Instant now, Duration length) {
    paused_until_ = std::max(paused_until_, now + std::min(length, pause_max));
}

}  // namespace entente::connect
