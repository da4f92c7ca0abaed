// A simulated system behind a bad wire: a fault plan decides what becomes of each request. For whoever mounts it on a
// port: ask `fate` once for each request, then do what it says with `handle`, or drop the connection and hand the
// request to `prepare_late`. Requests of people and to /sim/ are never spoiled. Time is an argument; no sockets.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/fault_plan.hpp"
#include "sim/system.hpp"

namespace entente::sim {

// A request with this header is one of a person, whose browser works.
inline constexpr std::string_view person_header = "X-Sim-Person";

// A request that will be executed, but not yet.
struct LateRequest {
    http::Request request;
    http::Response seen;  // what its record showed when it arrived, where it needs no version
};

class FaultySystem {
public:
    // Requires: `system` outlives it; `late_max` is what the engine was told of late execution, or less.
    FaultySystem(SimulatedSystem& system, std::uint64_t seed, Duration late_max);

    FaultPlan::Fate fate(const http::Request& request);
    // Executes the request as often as the fate says, and gives the spoiled answer. `/sim/stats` tells what happened so
    // far as `faults`; `POST /sim/calm` ends all faults, and is answered like it.
    http::Response handle(const http::Request& request, const FaultPlan::Fate& fate, Instant now);

    LateRequest prepare_late(const http::Request& request, Instant now);
    // Executes it, unless its record has changed since it arrived: a change without a version would overwrite what
    // nobody can have seen, which no engine can prevent.
    void execute_late(const LateRequest& late, Instant now);

private:
    http::Response statistics(const http::Request& request, Instant now);

    SimulatedSystem& system_;
    FaultPlan plan_;
};

}  // namespace entente::sim
