// The clock of a run behind a small port, so that tests drive the runner through hours in microseconds. Only the runner asks it;
// everything below gets time as an argument. It is an axis: the machine's time of day where it was anchored, and from there on
// the time that has passed. So whatever happens to the time of day, no wait ends early or never within a life, and the skew of
// each system, which is measured against it, stays what it is (G1, G10, G18). How far the time of day has left the axis is told;
// what is done about it is the runner's business.
#pragma once

#include "base/time.hpp"

namespace entente::run {

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() = 0;
    // The time of day minus now(): not zero once somebody has set it.
    virtual Duration ahead() { return {}; }
    // From here on by the time of day as it is. Requires: nobody holds an earlier now() of this life.
    virtual void anchor() {}
};

// The machine's clock. What passes is counted by one that nobody sets and that goes on while the machine sleeps.
class SystemClock : public Clock {
public:
    SystemClock() { anchor(); }
    Instant now() override;
    Duration ahead() override;
    void anchor() override;

private:
    Duration anchored_{0};  // the time of day minus what had passed
};

}  // namespace entente::run
