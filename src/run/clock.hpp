// The time of day behind a small port, so that tests drive the runner through hours in
// microseconds. Only the runner asks it; everything below gets time as an argument.
#pragma once

#include "base/time.hpp"

namespace entente::run {

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() = 0;
};

// The machine's clock. Never runs back: decisions about waiting would stand still when somebody
// sets it.
class SystemClock : public Clock {
public:
    Instant now() override;

private:
    Instant latest_{0};
};

}  // namespace entente::run
