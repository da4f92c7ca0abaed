// How long a new beginning leaves the machine's clock alone, when it has just jumped. A clock that two programs set in turns would
// else have all lists read over and over; meanwhile our own simply goes on. Pure.
#pragma once

#include "base/limits.hpp"
#include "base/time.hpp"

namespace entente::run {

class JumpPause {
public:
    // The last life has ended with a jump, after so long. Nothing for the first jump: a machine that has just started is set
    // right.
    Duration after(Duration life);

private:
    Duration pause_{0};
    bool is_first_ = true;
};

}  // namespace entente::run
