// How long to wait before trying again: doubling from first to longest, each time a random point of
// the upper half, so that many that failed together do not come back together. Pure over (policy,
// random stream).
#pragma once

#include "base/random.hpp"
#include "base/time.hpp"

namespace entente::connect {

struct BackoffPolicy {
    Duration first{500};
    Duration longest{60'000};
};

class Backoff {
public:
    // Requires: 0 < first <= longest.
    Backoff(BackoffPolicy policy, Random random);

    // The wait after one more failure. Ensures: at least half of the step, at most the step, never
    // above longest.
    Duration next();
    // It worked: the next failure starts from the first step again.
    void reset() { failures_ = 0; }
    int failures() const { return failures_; }

private:
    BackoffPolicy policy_;
    Random random_;
    int failures_ = 0;
};

}  // namespace entente::connect
