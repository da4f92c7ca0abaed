#include "world/timeline.hpp"

#include <algorithm>

namespace entente::world {

bool Timeline::next(Instant until) {
    if (coming_.empty() || coming_.begin()->first > until) {
        now_ = std::max(now_, until);
        return false;
    }
    const auto first = coming_.extract(coming_.begin());
    now_ = std::max(now_, first.key());
    first.mapped()();
    return true;
}

}  // namespace entente::world
