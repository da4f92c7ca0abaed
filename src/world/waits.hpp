// What the simulated systems told in their 429s, and whether the process kept to it (G13).
#pragma once

#include <string_view>
#include <vector>

#include "oracle/guarantee.hpp"
#include "world/wire.hpp"

namespace entente::world {

class Waits {
public:
    explicit Waits(std::size_t systems) : until_(systems) {}

    // A new process learns it anew (docs/GUARANTEES.md G13).
    void forget();
    void hear(const Flight& flight, const http::Response& response, Instant now);
    // A request leaves.
    void check(const Flight& flight, std::string_view system, oracle::Verdict& verdict) const;

private:
    std::vector<Instant> until_;  // by system
};

}  // namespace entente::world
