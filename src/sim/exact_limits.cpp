#include "sim/exact_limits.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "sim/quota.hpp"

namespace entente::sim {
namespace {

constexpr std::size_t refusals_allowed = 10;
constexpr std::int64_t hour_ms = 3'600'000;

}  // namespace

ClockWindow::ClockWindow(std::int64_t limit, Duration length, std::int64_t clock)
    : limit_(limit), length_(length), clock_(clock) {
    CHECK(clock >= 1 && clock <= Quota::clock_max, "the clock factor is 1 to 1000000");
}

bool ClockWindow::has_room(Instant now) {
    const std::int64_t window = now.ms * clock_ / length_.ms;
    // A clock that was set back opens no window again.
    if (window > window_) {
        window_ = window;
        used_ = 0;
    }
    return used_ < limit_;
}

Instant ClockWindow::reset() const {
    return {((window_ + 1) * length_.ms + clock_ - 1) / clock_};
}

ErrorBudget::ErrorBudget(std::int64_t clock) : hour_{std::max<std::int64_t>(1, hour_ms / clock)} {}

bool ErrorBudget::is_blocked(const std::string& set, Instant now) const {
    const auto at = blocked_until_.find(set);
    return at != blocked_until_.end() && now < at->second;
}

void ErrorBudget::note_refusal(const std::string& set, Instant now) {
    std::deque<Instant>& times = refusals_[set];
    while (!times.empty() && times.front() + hour_ <= now) times.pop_front();
    times.push_back(now);
    if (times.size() <= refusals_allowed) return;
    blocked_until_[set] = now + hour_;
    times.clear();
}

}  // namespace entente::sim
