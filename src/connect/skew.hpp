// How far a system's clock is from ours, from the Date headers of its answers: the median of the
// last ones, so that a slow answer or a wrong header does not move it. Stamps are corrected by it
// (section 4 of the design). Pure.
#pragma once

#include <array>
#include <cstddef>

#include "base/http.hpp"
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

private:
    static constexpr std::size_t samples_max = 15;
    std::array<Duration, samples_max> samples_{};
    std::size_t count_ = 0;  // ever taken; the oldest is replaced
};

}  // namespace entente::connect
