// Seeded random streams, derived from (seed, name): adding one draw in one place does not shift the
// others. The same seed gives the same numbers on every machine (own generator, no std
// distributions).
#pragma once

#include <cstdint>
#include <string_view>

namespace entente {

class Random {
public:
    Random(std::uint64_t seed, std::string_view stream);
    std::uint64_t next();
    // 0 .. n-1, unbiased. Requires: n > 0.
    std::uint64_t below(std::uint64_t n);
    // low .. high, both included.
    std::int64_t between(std::int64_t low, std::int64_t high);
    // True in `percent` of 100 draws.
    bool chance(unsigned percent) { return below(100) < percent; }

private:
    std::uint64_t state_[4];
};

}  // namespace entente
