#include "connect/error_budget.hpp"

namespace entente::connect {
namespace {

// How soon to look again whether the calls under way went well.
constexpr Duration look_again{250};

bool counts(int status) {
    return status == 400 || status == 401 || status == 403 || status == 404;
}

}  // namespace

void ErrorBudget::answered(ResourceIndex resource, int status, Instant now) {
    if (allowed_ <= 0 || !counts(status)) return;
    std::deque<Instant>& errors = errors_[resource];
    errors.push_back(now);
    if (errors.size() > static_cast<std::size_t>(allowed_)) errors.pop_front();
}

std::optional<Instant> ErrorBudget::used_up_until(ResourceIndex resource, Instant now) const {
    const auto found = errors_.find(resource);
    if (found == errors_.end() || found->second.size() < static_cast<std::size_t>(allowed_)) {
        return std::nullopt;
    }
    const Instant until = found->second.front() + per_;
    return until > now ? std::optional(until) : std::nullopt;
}

Instant ErrorBudget::free_at(ResourceIndex resource, Instant now, int under_way) const {
    if (const auto until = used_up_until(resource, now)) return *until;
    const auto found = errors_.find(resource);
    if (found == errors_.end() || under_way == 0) return now;
    int recent = 0;
    for (const Instant error : found->second) recent += error + per_ > now ? 1 : 0;
    return recent + under_way < allowed_ ? now : now + look_again;
}

}  // namespace entente::connect
