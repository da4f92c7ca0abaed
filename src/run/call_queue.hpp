// The calls that wait to be made to one system, in the order in which they help people most: what a
// person's edit needs (compares, writes, and all that ends a write once begun), then checks and
// polls, then the beginnings of a backfill, then sweeps. What is passed over too often has a turn, so
// that nothing starves (G16). Pure in time.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>

#include "sync/event.hpp"

namespace entente::run {

// What a call is made for, the first before the others.
enum class Work : std::uint8_t {
    edit,      // somebody waits for it, or it ends a write that has begun
    look,      // a poll or a check: it finds people's edits
    backfill,  // begins a write of what was there before the systems knew each other
    sweep,
};
inline constexpr std::size_t works = static_cast<std::size_t>(Work::sweep) + 1;
Work work_of(const sync::Effect& effect);

// Which calls may be made.
struct Gate {
    bool reads_only = false;
    // By work: from when its share of the quotas lets it go. Who has a turn among edits need not wait for it.
    std::array<Instant, works> from{};
};

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
    // The next call that may be made now.
    std::optional<PlannedCall> take(Instant now, const Gate& gate);
    // When `take` may give something; never() when nothing waits.
    Instant next(Instant now, const Gate& gate);
    // Calls of this work that do not wait for a time.
    std::size_t ready(Work work, Instant now);
    // Calls of this work that are held.
    std::size_t held(Work work) const { return held_[static_cast<std::size_t>(work)]; }
    std::size_t size() const;

private:
    // In the order of their turns.
    enum Kind : std::size_t { edit_write, edit_read, look, backfill_write, backfill_read, sweep };
    static constexpr std::size_t kinds = 6;
    static Kind kind_of(const PlannedCall& call);
    static Work work_of_kind(std::size_t kind);
    void wake(Instant now);
    bool waits(std::size_t kind, const Gate& gate) const;
    std::optional<std::size_t> choose(Instant now, const Gate& gate);

    std::array<std::deque<PlannedCall>, kinds> ready_;
    std::multimap<Instant, PlannedCall> later_;
    std::array<std::size_t, works> held_{};  // calls in later_, put there by hold
    std::array<int, kinds>
        passed_{};  // how often a call of an earlier kind was taken while one waited
};

}  // namespace entente::run
