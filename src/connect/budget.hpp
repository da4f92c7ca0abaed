// How often one system may be called: its declared quota as a token bucket, corrected by what its
// headers say, the number of calls under way, and the pauses it asks for. Pure: a function of
// limits, time and answers; the runner asks it before every call. It keeps to the quota of others'
// making as well: when the system says that fewer are left, fewer are sent.
#pragma once

#include <cstdint>
#include <string>

#include "base/http.hpp"
#include "base/time.hpp"
#include "model/workspace.hpp"

namespace entente::connect {

struct BudgetLimits {
    int requests = 0;  // per `per`; 0: none declared
    Duration per{60'000};
    int concurrent = 4;
    std::string remaining_header;  // empty: the system does not tell
    std::string reset_header;      // seconds until there are more
};
BudgetLimits budget_limits(const model::RestProtocol& protocol);

class Budget {
public:
    Budget(BudgetLimits limits, Instant now);

    bool may_send(Instant now) const { return next_slot(now) <= now; }
    // When one more call may be sent, if nothing is answered until then; never() while only an
    // answer can make room.
    Instant next_slot(Instant now) const;

    // Requires: may_send(now) as far as calls under way go.
    void sent(Instant now);
    // The answer to one call that was sent.
    void answered(Instant now, const http::Response& response);
    // One call that was sent came to nothing. `reached`: it may have been counted by the system.
    void failed(Instant now, bool reached);

    int in_flight() const { return in_flight_; }

private:
    // Tokens are counted in parts: one request is `per.ms` parts, one millisecond brings `requests`
    // parts. Exact.
    std::int64_t parts_of(std::int64_t requests) const { return requests * limits_.per.ms; }
    std::int64_t level_at(Instant now) const;
    void refill(Instant now);
    void pause(Instant now, Duration length);
    void learn(Instant now, const http::Headers& headers);

    BudgetLimits limits_;
    std::int64_t level_;  // parts
    Instant level_of_;    // the time `level_` was computed for
    Instant paused_until_{0};
    int in_flight_ = 0;
};

}  // namespace entente::connect
