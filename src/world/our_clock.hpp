// The clock of the process' machine in the deterministic world: the true time, and how far the script has set it off. As the
// machine's own one it never jumps within a life (run/clock.hpp).
#pragma once

#include <vector>

#include "world/timeline.hpp"

namespace entente::world {

class OurClock final : public run::Clock {
public:
    // Requires: `timeline` outlives it.
    explicit OurClock(Timeline& timeline) : timeline_(timeline) { anchor(); }

    Instant now() override { return timeline_.now() + anchored_.back().off; }
    Duration ahead() override { return {off_.ms - anchored_.back().off.ms}; }
    void anchor() override { anchored_.push_back({timeline_.now(), off_}); }

    // Somebody sets the time of day.
    void set(Duration by);
    // What the true time was when this clock showed that. Of several such times: the last one.
    Instant true_time_of(Instant shown) const;

private:
    struct Anchored {
        Instant at;  // true time
        Duration off;
    };
    Timeline& timeline_;
    Duration off_{0};
    std::vector<Anchored> anchored_;
};

}  // namespace entente::world
