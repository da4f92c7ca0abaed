// The measurements of ./dev bench. Each prints its lines and gives up only when something is wrong, never because a target
// is missed: it measures, it does not judge.
#pragma once

#include <cstdint>
#include <string>

namespace entente::bench {

struct Plan {
    int systems = 3;  // 2 or 3: the first one shows webshop's form, all others the ERP's
    std::int64_t records = 100'000;  // per system
    std::int64_t edits = 10'000;     // propagate
    int concurrent = 16;             // propagate: writes under way
};

// first_sync, memory and rescan: one store serves all three. `with_bare` false leaves the bare loops out (for profiling).
void measure_sync(const Plan& plan, bool with_bare);
// propagate: over loopback HTTP.
void measure_propagation(const Plan& plan);
// phones: what is E.164 but for its punctuation, and what libphonenumber must read.
void measure_phones(const Plan& plan);

}  // namespace entente::bench
