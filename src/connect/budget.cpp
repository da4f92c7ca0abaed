#include "connect/budget.hpp"

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
constexpr Duration pause_empty_max{3'600'000};
// A larger "remaining" is taken as this: it bounds the arithmetic and nothing else.
constexpr std::int64_t remaining_max = 1'000'000;

// When there will be more, as the system says it.
std::optional<Duration> reset_in(const http::Headers& headers, const std::string& header) {
    const auto seconds = whole_number(headers, header);
    if (!seconds) return std::nullopt;
    return Duration{std::min(*seconds, pause_empty_max.ms / 1000) * 1000};
}

}  // namespace

BudgetLimits budget_limits(const model::RestProtocol& protocol) {
    const model::Quota quota = protocol.quotas.empty() ? model::Quota{} : protocol.quotas.front();
    return {std::max(quota.requests, 0), std::max(quota.per, Duration{1}),
            std::max(protocol.concurrent, 1), quota.remaining_header, quota.reset_header};
}

Budget::Budget(BudgetLimits limits, Instant now) : limits_(std::move(limits)), level_of_(now) {
    CHECK(limits_.requests >= 0 && limits_.per.ms > 0 && limits_.concurrent > 0,
          "a budget that lets nothing through");
    level_ = parts_of(limits_.requests);
}

// Refilled up to the declared quota; what the system granted above it is kept, but does not grow.
std::int64_t Budget::level_at(Instant now) const {
    const std::int64_t elapsed = std::clamp<std::int64_t>((now - level_of_).ms, 0, limits_.per.ms);
    const std::int64_t full = std::max(level_, parts_of(limits_.requests));
    return std::min(full, level_ + elapsed * limits_.requests);
}

void Budget::refill(Instant now) {
    level_ = level_at(now);
    level_of_ = std::max(level_of_, now);
}

Instant Budget::next_slot(Instant now) const {
    if (in_flight_ >= limits_.concurrent) return Instant::never();
    Instant slot = std::max(now, paused_until_);
    if (limits_.requests == 0) return slot;
    const std::int64_t lacking = parts_of(1) - level_at(now);
    if (lacking <= 0) return slot;
    const std::int64_t wait_ms = (lacking + limits_.requests - 1) / limits_.requests;
    return std::max(slot, std::max(now, level_of_) + Duration{wait_ms});
}

void Budget::sent(Instant now) {
    CHECK(in_flight_ < limits_.concurrent, "a call was sent without a slot");
    ++in_flight_;
    if (limits_.requests == 0) return;
    refill(now);
    level_ -= parts_of(1);
}

void Budget::answered(Instant now, const http::Response& response) {
    CHECK(in_flight_ > 0, "an answer to a call that was not sent");
    --in_flight_;
    learn(now, response.headers);
    const std::optional<Duration> asked = retry_after(response.headers);
    if (response.status == 429) {
        const auto reset = reset_in(response.headers, limits_.reset_header);
        pause(now, asked.value_or(reset.value_or(pause_unknown)));
    } else if (response.status == 503 && asked) {
        pause(now, *asked);
    }
}

void Budget::failed(Instant now, bool reached) {
    CHECK(in_flight_ > 0, "a failure of a call that was not sent");
    --in_flight_;
    if (reached || limits_.requests == 0) return;
    refill(now);
    level_ = std::min(level_ + parts_of(1), std::max(level_, parts_of(limits_.requests)));
}

void Budget::pause(Instant now, Duration length) {
    paused_until_ = std::max(paused_until_, now + length);
}

// The system counts better than we do: others call it too, and its quota may differ from the
// declared one. Calls under way may or may not be counted in what it says, so they are counted.
void Budget::learn(Instant now, const http::Headers& headers) {
    const auto remaining = whole_number(headers, limits_.remaining_header);
    if (!remaining) return;
    if (limits_.requests > 0) {
        const std::int64_t left = std::min(*remaining, remaining_max) - in_flight_;
        refill(now);
        level_ = parts_of(std::max<std::int64_t>(left, 0));
        return;
    }
    if (*remaining > 0) return;
    pause(now, reset_in(headers, limits_.reset_header).value_or(pause_empty));
}

}  // namespace entente::connect
