// Virtual time: what will happen, in order of time, and of being said where the times are equal. The only clock of the
// deterministic world.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "run/clock.hpp"

namespace entente::world {

class Timeline final : public run::Clock {
public:
    explicit Timeline(Instant begins) : now_(begins) {}
    Instant now() override { return now_; }

    // Requires: not in the past (then it happens now).
    void at(Instant time, std::function<void()> what) {
        coming_.emplace(std::max(time, now_), std::move(what));
    }
    // Lets happen what is next, if it is due by then. False: nothing is, and the time is `until`. What happens may throw.
    bool next(Instant until);
    void drop_all() { coming_.clear(); }

private:
    Instant now_;
    std::multimap<Instant, std::function<void()>> coming_;
};

}  // namespace entente::world
