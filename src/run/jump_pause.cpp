#include "run/jump_pause.hpp"

#include <algorithm>
#include <utility>

namespace entente::run {

Duration JumpPause::after(Duration life) {
    constexpr Duration min{limits::clock_left_alone_ms_min};
    constexpr Duration max{limits::clock_left_alone_ms_max};
    const bool is_rare = life >= max && life.ms >= 2 * pause_.ms;
    if (std::exchange(is_first_, false) || is_rare)
        pause_ = Duration{0};
    else
        pause_ = std::clamp(Duration{2 * pause_.ms}, min, max);
    return pause_;
}

}  // namespace entente::run
