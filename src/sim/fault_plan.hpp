// Which fault happens to which request: a seeded decision and nothing else. Used behind a real port (entente sim
// --faults) and in the deterministic world's transport, so that both spoil alike. Who asks carries the fate out: runs the
// system now, later, twice or never, and gives an answer or none; is_executed, is_answered and spoiled say which. Pure.
//
// A plan never draws what no engine could survive: a request that must not be repeated is never executed twice, and
// nothing is executed later than `late_max`, which the caller takes from what the connector declares (late_execution).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/http.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

namespace entente::sim {

enum class Fault {
    none,
    request_lost,        // not executed, no answer
    reply_lost,          // executed, no answer
    late,                // no answer; executed after the fate's delay
    twice,               // executed twice; the second answer is given
    throttled,           // 429 with Retry-After; not executed
    throttled_silently,  // 429 without; not executed
    server_error,        // 500, 502, 503 or 504; not executed
    error_after,         // 500, though executed
    html,                // 200 with an HTML page; not executed
    truncated,           // executed; the answer's body ends in the middle
    reset,               // executed; the connection breaks in mid answer: for who asks, no answer
    slow,                // executed at once; the answer comes after the fate's delay
};
inline constexpr std::size_t fault_count = 13;

std::string_view name_of(Fault fault);  // "request_lost"

// Whether the system handles the request when it arrives (`late`: it does not, but afterwards).
bool is_executed(Fault fault);
// Whether a complete HTTP answer reaches who asked.
bool is_answered(Fault fault);

// What a request does, as far as faults care. A read is never late, doubled or failed after the fact.
enum class Asked {
    read,
    repeatable_write,  // once or twice is the same: a change of a known record, a create with an idempotency key
    single_write,  // twice would make two: never drawn `twice`
};

struct FaultRates {
    std::array<int, fault_count> per_mille{};  // by Fault; of `none` without meaning
    int burst_max = 1;                         // requests in a row that a 429 lasts for, at most
    Duration late_max{0};                      // 0: nothing is executed late
    Duration slow_max{0};
    Duration retry_after_max{1'000};

    int of(Fault fault) const { return per_mille[static_cast<std::size_t>(fault)]; }
    int& of(Fault fault) { return per_mille[static_cast<std::size_t>(fault)]; }

    // Each kind is off with probability one half, else between 1 and its bound; all together leave at least three
    // requests of ten alone. Draws the same number of times whatever comes out.
    static FaultRates drawn(Random& random, Duration late_max);
};

class FaultPlan {
public:
    struct Fate {
        Fault fault = Fault::none;
        Duration delay{0};        // late, slow: 1 ms to the maximum
        int status = 0;           // server_error, error_after, throttled, throttled_silently
        Duration retry_after{0};  // throttled, server_error (zero: it does not tell): whole seconds
    };

    FaultPlan(FaultRates rates, Random random) : rates_(rates), random_(random) {}

    // The fate of the next request, and counts it. Draws the same number of times for each.
    Fate next(Asked asked);
    // From now on nothing happens to any request.
    void stop() { is_stopped_ = true; }

    const FaultRates& rates() const { return rates_; }
    std::int64_t count(Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }

private:
    Fault drawn(Asked asked);

    FaultRates rates_;
    Random random_;
    std::array<std::int64_t, fault_count> counts_{};
    Fault burst_ = Fault::none;
    std::int64_t burst_left_ = 0;
    bool is_stopped_ = false;
};

// What reaches who asked, where is_answered: `answer` is the system's own (of no meaning where it was not executed).
http::Response spoiled(const FaultPlan::Fate& fate, http::Response answer);

}  // namespace entente::sim
