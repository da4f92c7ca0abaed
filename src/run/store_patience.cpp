#include "run/store_patience.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace entente::run {

std::optional<Duration> StorePatience::after_failure(std::optional<Instant> worked_since,
                                                     Instant now) {
    const Duration pause_max{limits::store_pause_ms_max};
    // A store that has worked for longer than the longest pause was well again.
    const bool was_well = worked_since && now - *worked_since > pause_max;
    if (was_well || !failing_since_) {
        failing_since_ = now;
        failures_ = 0;
    }
    if (now - *failing_since_ >= Duration{limits::store_failing_ms_max}) return std::nullopt;
    const int doublings = std::min(failures_++, 16);
    return std::min(Duration{limits::store_pause_ms_min << doublings}, pause_max);
}

}  // namespace entente::run
