// What the simulated systems told in their 429s and 503s, and whether the process kept to it (G13).
#pragma once

#include <map>
#include <string_view>
#include <utility>

#include "oracle/guarantee.hpp"
#include "world/wire.hpp"

namespace entente::world {

class Waits {
public:
    // A new process learns it anew (docs/GUARANTEES.md G13).
    void forget();
    void hear(const Flight& flight, const http::Response& response, Instant now);
    // A request leaves.
    void check(const Flight& flight, std::string_view system, oracle::Verdict& verdict) const;

private:
    // By system, and whether it is its token server, which counts for itself.
    std::map<std::pair<std::size_t, bool>, Instant> until_;
};

}  // namespace entente::world
