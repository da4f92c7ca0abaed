#include "run/clock.hpp"

#include <algorithm>
#include <chrono>

namespace entente::run {

Instant SystemClock::now() {
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    const Instant shown{std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count()};
    latest_ = std::max(latest_, shown);
    return latest_;
}

}  // namespace entente::run
