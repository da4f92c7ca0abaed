#include "world/our_clock.hpp"

#include <algorithm>

namespace entente::world {

void OurClock::set(Duration by) {
    // No machine's clock stands before this.
    constexpr Instant earliest{86'400'000};
    const Instant shows = std::max(timeline_.now() + off_ + by, earliest);
    off_ = shows - timeline_.now();
}

Instant OurClock::true_time_of(Instant shown) const {
    Instant until = Instant::never();
    for (std::size_t i = anchored_.size(); i-- > 0; until = anchored_[i].at) {
        const Instant at = shown - anchored_[i].off;
        if (at >= anchored_[i].at && at <= until) return at;
    }
    return shown - anchored_.back().off;
}

}  // namespace entente::world
