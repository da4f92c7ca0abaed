// The measurements of ./dev bench. Each prints its lines and gives up only when something is wrong, never because a target
// is missed: it measures, it does not judge.
#pragma once

#include <cstdint>
#include <string>

namespace entente::bench {

struct Plan {
    std::int64_t records = 100'000;  // per system
    std::int64_t edits = 10'000;     // propagate
    int concurrent = 16;             // propagate: writes under way
};

// first_sync, memory and rescan: one store serves all three. `with_bare` false leaves the bare loops out (for profiling).
void measure_sync(const Plan& plan, bool with_bare);
// propagate: over loopback HTTP.
void measure_propagation(const Plan& plan);

}  // namespace entente::bench
