#include "connect/quota.hpp"

#include "connect/throttle_headers.hpp"

#include <algorithm>

namespace entente::connect {
namespace {

constexpr Duration reset_in_max{3'600'000};
// A larger number is no time of this millennium, and would overflow what is computed from it.
constexpr std::int64_t epoch_seconds_max = 32'503'680'000;
// A larger "remaining" is taken as this: it bounds the arithmetic and nothing else.
constexpr std::int64_t remaining_max = 1'000'000;
// Who waits no longer than this for one more call needs nothing to be kept.
constexpr std::int64_t refill_told_ms = 1'000;

}  // namespace

QuotaTold read_quota(const model::Quota& quota, const http::Headers& headers, Instant now,
                     Duration skew) {
    QuotaTold told;
    told.remaining = whole_number(headers, quota.remaining_header);
    if (told.remaining) told.remaining = std::min(*told.remaining, remaining_max);
    const auto reset = whole_number(headers, quota.reset_header);
    if (!reset) return told;
    told.window = *reset;
    switch (quota.reset) {
        case model::Quota::Reset::seconds:
            told.reset = now + Duration{std::min(*reset, reset_in_max.ms / 1000) * 1000};
            break;
        case model::Quota::Reset::epoch_seconds:
            if (*reset <= epoch_seconds_max) told.reset = Instant{*reset * 1000} - skew;
            break;
        case model::Quota::Reset::epoch_milliseconds:
            if (*reset <= epoch_seconds_max * 1000) told.reset = Instant{*reset} - skew;
            break;
    }
    return told;
}

RefillingQuota::RefillingQuota(int requests, Duration per, Instant now)
    : requests_(requests), per_(per), level_of_(now) {
    CHECK(requests_ >= 0 && per_.ms > 0, "a quota that lets nothing through");
    level_ = parts_of(requests_);
}

// Refilled up to the declared quota; what the system granted above it is kept, but does not grow.
std::int64_t RefillingQuota::level_at(Instant now) const {
    const std::int64_t elapsed = std::clamp<std::int64_t>((now - level_of_).ms, 0, per_.ms);
    const std::int64_t full = std::max(level_, parts_of(requests_));
    return std::min(full, level_ + elapsed * requests_);
}

void RefillingQuota::refill(Instant now) {
    level_ = level_at(now);
    level_of_ = std::max(level_of_, now);
}

std::int64_t RefillingQuota::parts_kept(int kept) const {
    const bool is_quick = per_.ms <= requests_ * refill_told_ms;
    return is_quick ? 0 : parts_of(requests_) / 100 * kept;
}

std::int64_t RefillingQuota::free(Instant now, int kept) const {
    CHECK(is_declared(), "a quota that nobody declared is free without end");
    return std::max<std::int64_t>(level_at(now) - parts_kept(kept), 0) / parts_of(1);
}

model::QuotaUse RefillingQuota::use(Instant now) const {
    const std::int64_t used = std::max<std::int64_t>(requests_ - free(now, 0), 0);
    return {.requests = requests_, .per = per_, .used = used, .refills = true, .ends = {}};
}

Instant RefillingQuota::next_slot(Instant now, int kept) const {
    if (!is_declared()) return now;
    const std::int64_t lacking = parts_of(1) + parts_kept(kept) - level_at(now);
    if (lacking <= 0) return now;
    const std::int64_t wait_ms = (lacking + requests_ - 1) / requests_;
    return std::max(now, level_of_) + Duration{wait_ms};
}

void RefillingQuota::sent(Instant now) {
    if (!is_declared()) return;
    refill(now);
    level_ -= parts_of(1);
}

// The system counts better than we do: others call it too, and its quota may differ from the
// declared one.
void RefillingQuota::answered(Instant now, const QuotaTold& told, int in_flight) {
    if (!told.remaining || !is_declared()) return;
    refill(now);
    level_ = parts_of(std::max<std::int64_t>(*told.remaining - in_flight, 0));
}

void RefillingQuota::failed(Instant now, bool reached) {
    if (reached || !is_declared()) return;
    refill(now);
    level_ = std::min(level_ + parts_of(1), std::max(level_, parts_of(requests_)));
}

WindowQuota::WindowQuota(int requests, Duration per)
    : requests_(requests), per_(per), left_(requests) {
    CHECK(requests_ > 0 && per_.ms > 0, "a quota that lets nothing through");
}

std::int64_t WindowQuota::kept_at(Instant now, int kept) const {
    const Duration to_go = has_begun(now) ? std::min(ends_ - now, per_) : per_;
    return requests_ * kept * to_go.ms / (100 * per_.ms);
}

std::int64_t WindowQuota::free(Instant now, int in_flight, int kept) const {
    return std::max<std::int64_t>(left_at(now) - in_flight - kept_at(now, kept), 0);
}

model::QuotaUse WindowQuota::use(Instant now) const {
    const auto ends = has_begun(now) ? std::optional(ends_) : std::nullopt;
    return {.requests = requests_,
            .per = per_,
            .used = requests_ - std::max<std::int64_t>(left_at(now), 0),
            .refills = false,
            .ends = ends};
}

Instant WindowQuota::next_slot(Instant now, int in_flight, int kept) const {
    if (free(now, in_flight, kept) > 0) return now;
    if (is_over(now)) return Instant::never();
    const std::int64_t left = left_ - in_flight;
    if (left <= 0 || !has_begun(now)) return ends_;
    // Until so little is kept that one is free: less than `left`.
    return ends_ - Duration{(left * 100 * per_.ms - 1) / (requests_ * kept)};
}

void WindowQuota::roll(Instant now) {
    if (!is_over(now)) return;
    left_ = requests_;
    ends_ = Instant::never();
    told_.reset();
}

void WindowQuota::sent(Instant now) {
    roll(now);
    if (ends_ == Instant::never()) ends_ = now + per_;
}

void WindowQuota::answered(Instant now, const QuotaTold& told) {
    roll(now);
    --left_;
    if (!told.remaining) return;
    if (told.reset) {
        // Of a window that is over, or of the one before: what it says is no longer true.
        if (*told.reset <= now || told_.value_or(0) > told.window) return;
        // The next window has begun there before it did by our clock.
        if (told_.value_or(told.window) < told.window) left_ = requests_ - 1;
        told_ = told.window;
        // A window longer than declared is a wrong clock, and must not shut us out.
        ends_ = std::min(*told.reset, now + per_);
    }
    left_ = std::min(left_, *told.remaining);
}

void WindowQuota::failed(Instant now, bool reached) {
    roll(now);
    if (reached) --left_;
}

}  // namespace entente::connect
