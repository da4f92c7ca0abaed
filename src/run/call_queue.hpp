// The calls that wait to be made to one system, in the order in which they help people most: what a
// person's edit needs (compares, writes, read-backs, probes), then checks and polls, then sweeps. A
// lower kind still gets every n-th turn, so that nothing starves. Pure in time.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>

#include "sync/event.hpp"

namespace entente::run {

struct PlannedCall {
    sync::Effect effect;
    int tries = 0;         // made so far
    Instant began;         // the last one
    bool is_held = false;  // by CallQueue::hold

    bool is_read() const { return !sync::is_write(effect.call); }
};

class CallQueue {
public:
    void add(PlannedCall call, Instant not_before);
    // A call that was taken and may not be made before then. Counts as held until it is taken again.
    void hold(PlannedCall call, Instant not_before);
    // The next call that may be made now; reads only when asked so.
    std::optional<PlannedCall> take(Instant now, bool reads_only);
    // When `take` may give something; never() when nothing waits.
    Instant next(Instant now, bool reads_only);
    // Calls for people's edits that do not wait for a time.
    std::size_t urgent(Instant now);
    // Calls for people's edits that are held.
    std::size_t held() const { return held_; }
    std::size_t size() const;

private:
    enum Kind : std::size_t { urgent_read, urgent_write, poll, sweep };
    static constexpr std::size_t kinds = 4;
    static Kind kind_of(const PlannedCall& call);
    void wake(Instant now);
    std::optional<Kind> choose(bool reads_only);

    std::array<std::deque<PlannedCall>, kinds> ready_;
    std::multimap<Instant, PlannedCall> later_;
    std::size_t held_ = 0;  // calls for people's edits in later_, put there by hold
    int taken_ahead_ = 0;   // turns in a row that a lower kind has waited
};

}  // namespace entente::run
