// The engine: given what happened and the durable state, what to remember and what to do next. It only dispatches; the
// rules live in observe, match, merge, reconcile, write, lines, feed. Deterministic: no clock, thread, socket or random
// number; the same events on the same store give the same effects (G2, G10). One engine per workspace, on one thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "model/workspace.hpp"
#include "sync/event.hpp"
#include "sync/store.hpp"

namespace entente::sync {

struct EngineOptions {
    bool approve = false;     // approve every data type at once (`run --approve`)
    Duration clock_moved{0};  // the machine's clock was set, and that ended the life before
};

// One thing that the engine keeps between steps and the store does not tell: what, of which, until or since when.
struct Kept {
    char what = ' ';
    std::int64_t of = 0;
    Instant at;
};

class Engine {
public:
    // Reads what it keeps in memory (feeds, data types, open intents). Every open intent found is of unknown outcome:
    // it is probed when the first events arrive. Requires: `workspace` outlives the engine.
    static Result<std::unique_ptr<Engine>> open(const model::Workspace& workspace, Store& store,
                                                EngineOptions options, Instant now);
    virtual ~Engine() = default;

    // One transaction: applies the events in order and commits. On error nothing happened durably, and the engine must be
    // thrown away and opened again.
    virtual Result<StepResult> step(std::span<const Event> events, Instant now) = 0;

    // The earliest time at which TimePassed would do something; never() when only events can.
    virtual Instant next_due() const = 0;
    // Whether the system has pairs ready to be written now (the runner then offers Room).
    virtual bool wants_room(SystemIndex system) const = 0;
    // Nothing is under way or ready: no feed runs, no matching left, no open intent, no ready pair. Pairs that wait for a
    // person, a hold or an unlinked reference do not count.
    virtual bool at_rest() const = 0;
    virtual const std::map<ResourceIndex, FeedState>& feeds() const = 0;
    virtual const std::map<DataTypeIndex, DataTypeState>& data_types() const = 0;

    // For whoever follows every way in which things can go on (the small worlds of src/world): a copy that goes on by itself
    // upon `store`, and what tells it from another engine: two engines on equal stores that keep the same act alike.
    // Requires: `store` holds the rows that this engine's store holds, and outlives the copy.
    virtual std::unique_ptr<Engine> clone(Store& store) const = 0;
    virtual std::vector<Kept> kept() const = 0;
};

}  // namespace entente::sync
