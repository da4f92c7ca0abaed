#include "connect/backoff.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace entente::connect {
namespace {

// 2^30 times any first step is longer than any longest.
constexpr int doublings_max = 30;

}  // namespace

Backoff::Backoff(BackoffPolicy policy, Random random) : policy_(policy), random_(random) {
    CHECK(policy.first.ms > 0 && policy.first <= policy.longest, "a back-off that does not grow");
}

Duration Backoff::next() {
    std::int64_t step = policy_.first.ms;
    for (int i = 0; i < std::min(failures_, doublings_max) && step < policy_.longest.ms; ++i) {
        step *= 2;
    }
    step = std::min(step, policy_.longest.ms);
    if (failures_ < doublings_max) ++failures_;
    return Duration{random_.between((step + 1) / 2, step)};
}

}  // namespace entente::connect
