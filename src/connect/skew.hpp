// How far a system's clock is from ours, from the Date headers of its answers: the median of the
// last ones, so that a slow answer or a wrong header does not move it. A clock that is set is seen
// when the last few agree on it. One that no wrong time zone explains is told, and never used:
// what was known before stays. Stamps are corrected by it (G18), and cursors and the windows of
// quotas go by it. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "base/http.hpp"
#include "base/limits.hpp"
#include "base/time.hpp"

namespace entente::connect {

class Skew {
public:
    // An answer, and when (by our clock) its call began and ended. One without a readable Date is
    // ignored, and so is a slow one, whose Date may be of any moment between.
    void seen(const http::Headers& headers, Instant began, Instant ended);
    // The system's clock minus ours; zero below 2 s, which the whole seconds of the header cannot
    // tell from nothing.
    Duration estimate() const;
    // What its answers tell in the place of a time that could be used; nullopt: nothing of the kind.
    std::optional<Duration> absurd() const;

private:
    void take(Duration sample);
    bool has_jumped() const;

    static constexpr std::size_t samples_max = 15;
    std::array<Duration, samples_max> samples_{};
    std::size_t count_ = 0;  // ever taken; the oldest is replaced
    Duration absurd_{0};
    std::size_t absurd_in_a_row_ = 0;
};

}  // namespace entente::connect
