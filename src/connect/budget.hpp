// How often one system may be called: all its quotas at once, corrected by what its headers say, the
// number of calls under way, and the pauses it asks for. Pure: a function of
// limits, time and answers; the runner asks it before every call. It keeps to the quota of others'
// making as well: when the system says that fewer are left, fewer are sent.
#pragma once

#include <vector>

#include "base/http.hpp"
#include "base/time.hpp"
#include "connect/quota.hpp"
#include "model/workspace.hpp"

namespace entente::connect {

struct BudgetLimits {
    std::vector<model::Quota> quotas;
    int concurrent = 4;
};
BudgetLimits budget_limits(const model::RestProtocol& protocol);

class Budget {
public:
    Budget(BudgetLimits limits, Instant now);

    bool may_send(Instant now) const { return next_slot(now) <= now; }
    // When one more call may be sent, if nothing is answered until then; never() while only an
    // answer can make room. `kept`: percent of each quota that is left to others; 0 if nothing is said.
    Instant next_slot(Instant now, int kept) const;
    Instant next_slot(Instant now) const { return next_slot(now, 0); }
    // How many calls may be sent one after the other now, at most `most`, by somebody who leaves `kept` percent to others.
    int free(Instant now, int kept, int most) const;
    // Where the declared quotas stand, in the order of their kinds: those that refill, then those of a window.
    std::vector<model::QuotaUse> uses(Instant now) const;

    // Requires: may_send(now) as far as calls under way go.
    void sent(Instant now);
    // The system's clock minus ours: some say when they will take more by their own clock.
    void clock_is_off(Duration skew) { skew_ = skew; }
    // The answer to one call that was sent.
    void answered(Instant now, const http::Response& response);
    // One call that was sent came to nothing. `reached`: it may have been counted by the system.
    void failed(Instant now, bool reached);

    int in_flight() const { return in_flight_; }

private:
    void pause(Instant now, Duration length);
    Duration pause_of_429(Instant now, const http::Headers& headers) const;

    struct Refilling {
        model::Quota declared;
        RefillingQuota quota;
    };
    struct Window {
        model::Quota declared;
        WindowQuota quota;
    };
    int concurrent_;
    std::vector<Refilling> refilling_;
    std::vector<Window> windows_;
    Duration skew_{0};
    Instant paused_until_{0};
    int in_flight_ = 0;
};

}  // namespace entente::connect
