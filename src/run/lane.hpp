// One system's lane: which call is made next and when, what becomes of a failed one, and how the
// system fares. Lanes know nothing of each other, so a system that is down delays no other (G16).
// Pure in time; the runner carries the calls.
//
// A read that failed is repeated after a growing pause, a few times. A write is never repeated
// here: its answer goes to the engine at once, which alone knows whether it may be sent again (G3,
// G6). A system is down when several things fail in a row, not when one record does; a call that is
// forbidden is that call's. While a system is down or refuses our login, one read at a time finds out
// whether it is back. A resource of which too many calls were refused waits alone until the system has forgotten.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "connect/backoff.hpp"
#include "connect/budget.hpp"
#include "connect/error_budget.hpp"
#include "connect/skew.hpp"
#include "connect/transport.hpp"
#include "model/workspace.hpp"
#include "run/call_queue.hpp"
#include "run/watcher.hpp"

namespace entente::run {

// How many more writes it is worth to prepare: of people's edits, and of a backfill.
struct WriteRoom {
    int edits = 0;
    int backfill = 0;
    bool is_none() const { return edits <= 0 && backfill <= 0; }
};

// What a call asks about: a record, a thing to be created or searched for, or (empty) a list.
using Subject = std::pair<ResourceIndex, std::string>;
Subject subject_of(const sync::Effect& effect);

class Lane {
public:
    Lane(const model::System& system, Random random, Instant now);

    void add(sync::Effect effect, Instant now);
    // What may be sent now. Ensures: counted as under way until answered or failed.
    std::optional<PlannedCall> take(Instant now);
    // When `take` may give something, if nothing is answered until then.
    Instant next_send(Instant now);

    // What goes to the engine; nullopt: the call will be made again. `reading` is the connector's.
    std::optional<sync::Answered> answered(PlannedCall call, const http::Response& response,
                                           sync::Answer reading, Instant now);
    std::optional<sync::Answered> failed(PlannedCall call, const connect::TransportFailure& failure,
                                         sync::Answer reading, Instant now);

    // A call that no request can be made of: nothing was sent.
    sync::Answered refused(PlannedCall call, sync::Answer answer, Instant now);

    // A backfill has room only while it leaves its share of the quotas to people's edits: what has begun is then finished.
    WriteRoom room(Instant now);
    // When a backfill has a share again; not later than now while it has one.
    Instant backfill_from(Instant now) const { return budget_.next_slot(now, for_edits_); }
    // Whether a call is ready that waits for nothing but an answer to one under way.
    bool is_saturated(Instant now);
    bool is_quiet() const { return queue_.size() == 0 && under_way_ == 0; }
    bool is_waiting_for_time(Instant now);  // nothing under way, and what waits may not be sent yet

    Health health() const { return health_; }
    const std::string& trouble() const { return trouble_; }  // for people: what failed last
    // Since when no call has been answered usefully; nullopt while the system is well.
    std::optional<Instant> ill_since() const { return ill_since_; }
    const CallCounts& counts() const { return counts_; }
    // When the quotas let the next call through that is ready; nullopt: nothing waits for them.
    std::optional<Instant> out_of_quota_until(Instant now);
    std::vector<model::QuotaUse> quotas(Instant now) const { return budget_.uses(now); }
    // Until when the resource waits because too many calls of it were refused; nullopt: it does not.
    std::optional<Instant> waits_until(ResourceIndex resource, Instant now) const {
        return errors_.used_up_until(resource, now);
    }

private:
    Gate gate(Instant now) const;
    std::optional<PlannedCall> next_call(Instant now);
    std::optional<PlannedCall> next_trial(Instant now);
    int prepared(Work work, Instant now);
    void ended(const PlannedCall& call);
    sync::Answered for_engine(PlannedCall call, sync::Answer answer, Instant now) const;
    std::optional<sync::Answered> judge(PlannedCall call, sync::Answer answer, bool certainly_down,
                                        Instant now);
    void fell_ill(Health health, std::string trouble, Instant now);
    void recovered();

    connect::Budget budget_;
    connect::ErrorBudget errors_;
    connect::Backoff backoff_;  // of the system: while it is down
    connect::Skew skew_;
    Random random_;
    CallQueue queue_;
    int concurrent_;
    int for_edits_;  // percent
    int under_way_ = 0;
    std::map<ResourceIndex, int> under_way_of_;
    std::array<int, works> under_way_for_{};  // by work
    std::set<Subject> failing_;               // in a row, none passing
    std::optional<Subject> last_trial_;       // that failed, while the system is ill
    Health health_ = Health::well;
    std::string trouble_;
    std::optional<Instant> ill_since_;
    Instant paused_until_{0};
    CallCounts counts_;
};

}  // namespace entente::run
