// The process that holds the engine, in a deterministic world: the runner and the engine of production upon a store whose commits can
// go wrong. It dies where it is told to and starts anew from what is durable (G10), life after life, until its time is over or it
// has come to rest. Both kinds of worlds own one; it decides nothing.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "connect/rest_connector.hpp"
#include "run/jump_pause.hpp"
#include "run/runner.hpp"
#include "store/faulty_store.hpp"
#include "store/memory_store.hpp"
#include "world/our_clock.hpp"
#include "world/script.hpp"
#include "world/watched_engine.hpp"
#include "world/wire.hpp"

namespace entente::world {

class Process {
public:
    // What the world does about it. `starts` may call `use`.
    struct Ends {
        std::function<void()> starts;  // a life begins
        std::function<void()> died;
        std::function<void(std::string why)> gives_up;  // it ended, or did not, against G1
        std::function<void(std::string)> note;
        // An answer was given again: `difference` says what it changed; empty: nothing (G9).
        std::function<void(const std::string& difference)> repeated;
    };
    // Requires: timeline, wire and counters outlive it.
    Process(Timeline& timeline, Wire& wire, Counters& counters, const Script& script, Ends ends);

    // From the next life on it works with these; people approve what is new in them, once: what the guard stops later stays
    // stopped. Requires: they outlive it; systems are only added, and to a store in memory.
    void use(const model::Workspace& workspace,
             const std::vector<connect::RestConnector>& connectors);

    enum class Until { time, idle };
    // Lives until `end`; or until it is idle, and then `end` is too late.
    void drive(Until until, Instant end);

    // Kinds but `at_once` strike at a commit. While it is away it cannot die once more: then nothing happens, else it does not
    // return if it dies at once. Requires: called from within drive.
    void crash(const Crash& crash);
    void die();
    bool is_away() const { return is_away_; }
    // Before its next life, as `entente link` and its like do while nobody runs. Refused: noted, and that is the end of it.
    void say(sync::Act act) { said_.push_back(std::move(act)); }
    // What became of what was said, in its order.
    const std::vector<sync::ActResult>& heard() const { return heard_; }
    // At its next start people approve everything, what the guard has stopped too.
    void approve() { is_approved_ = false; }
    // So long it has run in all, and so often it was started.
    Duration up() const { return up_; }
    std::int64_t lives() const { return lives_; }
    // No commit goes wrong any more.
    void stop_crashing();

    // As after a restore of the systems: every feed is read from its beginning.
    void forget_cursors();

    sync::Store& store() { return *store_; }
    OurClock& clock() { return clock_; }
    std::int64_t commits() const { return commits_; }
    Instant started_at() const { return started_at_; }

private:
    struct Died {};  // thrown through the runner where the process dies
    void begin_by_the_clock();
    void open_store();
    store::CommitFate fate();
    Result<std::unique_ptr<sync::Engine>> open_engine();
    bool hear();
    enum class End { done, died, clock_jumped };
    End run_once(Until until);
    void stay_away(const bool& is_over);

    Timeline& timeline_;
    OurClock clock_;
    Wire& wire_;
    Counters& counters_;
    const std::uint64_t seed_;
    const bool on_sqlite_;
    const int repeated_percent_;
    Ends ends_;
    Random repeats_;
    const model::Workspace* workspace_ = nullptr;
    const std::vector<connect::RestConnector>* connectors_ = nullptr;
    bool is_approved_ = false;
    std::unique_ptr<sync::Store> durable_;
    store::MemoryStore* memory_ = nullptr;  // `durable_`, where it is one
    std::unique_ptr<store::FaultyStore> store_;
    run::Runner* runner_ = nullptr;
    run::JumpPause jump_pause_;
    Duration clock_moved_{0}, leave_clock_alone_{0};
    std::deque<sync::Act> said_;  // and not heard yet
    std::vector<sync::ActResult> heard_;
    Duration up_{0};
    std::int64_t lives_ = 0;
    std::optional<Crash::Kind> at_commit_;            // what the next commit meets with
    std::map<std::int64_t, Crash::Kind> at_commits_;  // and those of these numbers
    std::int64_t commits_ = 0;
    Duration away_{0};  // how long nobody starts it, once it has died
    bool is_away_ = false;
    Instant died_at_{-1}, started_at_;
    // Numbers what is driven: an end that comes too late is of an earlier one.
    std::int64_t phase_ = 0;
};

}  // namespace entente::world
