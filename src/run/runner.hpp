// Drives one engine against real systems: makes the calls that the engine asks for, hands the
// answers back in batches, and decides when each resource is looked at. One thread, one loop;
// nothing in it decides about values. Systems run beside each other: each has a lane of its own.
// Serves G13 (bounded calls), G16 (one sick system delays no other), and Ctrl-C: what is in flight
// may finish, everything else is in the store.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "connect/rest_connector.hpp"
#include "connect/transport.hpp"
#include "run/clock.hpp"
#include "run/lane.hpp"
#include "run/schedule.hpp"
#include "run/watcher.hpp"
#include "sync/engine.hpp"

namespace entente::run {

class Rehearsal;

struct RunnerOptions {
    bool until_idle =
        false;  // end when everything agrees and a further look at everything found nothing new
    // until_idle: how long a system may answer nothing useful before the run gives up.
    Duration give_up_after{30'000};
    Duration call_deadline{60'000};
    std::uint64_t seed = 1;  // of the jitter in pauses
    // From so long after its beginning on, a run ends when the machine's clock is set; nullopt: it never does.
    std::optional<Duration> ends_by_clock{};
};

enum class RunEnd {
    done,         // stopped, or idle
    clock_jumped  // the engine must be thrown away, the clock anchored anew, and both opened again
};

struct RunnerParts {
    const model::Workspace& workspace;
    sync::Engine& engine;
    connect::Transport& transport;
    Clock& clock;
    Watcher& watcher;
    // One per system, in the workspace's order.
    const std::vector<connect::RestConnector>& connectors;
    Rehearsal* rehearsal =
        nullptr;  // answers in the systems' place what a plan must not ask of them
};

class Runner {
public:
    // Requires: the parts outlive the runner.
    Runner(const RunnerParts& parts, const RunnerOptions& options);

    // Runs until stop(), until idle when that was asked for, or until the clock jumps. Call once. On an error of the store
    // the engine must be thrown away; retry_later or auth: a system cannot be reached or refuses us
    // (until_idle only).
    Result<RunEnd> run();
    // Ends run(): no new calls, those in flight may finish for a while. Callable from any thread.
    void stop();

    const CallCounts& counts(SystemIndex system) const { return lanes_[system.at()].counts(); }
    // Where its declared quotas stand.
    std::vector<model::QuotaUse> quotas(SystemIndex system) const {
        return lanes_[system.at()].quotas(parts_.clock.now());
    }
    const NoticeCounts& notices() const { return notices_; }

private:
    struct UnderWay {
        SystemIndex system;
        PlannedCall call;
    };

    Result<void> work();
    bool has_clock_jumped(Instant now);
    bool is_gathering(Instant now);
    Result<void> shut_down();
    void collect(Duration timeout);
    void finished(connect::Finished done, Instant now);
    std::vector<sync::Event> events(Instant now);
    Result<void> step(std::vector<sync::Event> events, Instant now);
    void take_effects(std::vector<sync::Effect> effects, Instant now);
    void take_notices(const std::vector<sync::Notice>& notices, Instant now);
    void send(Instant now);
    WriteRoom room(std::size_t system, Instant now);
    bool is_wanted(std::size_t system, const WriteRoom& room) const;
    void submit(SystemIndex system, PlannedCall call, Instant now);
    void tell_health(SystemIndex system);
    void tell_waiting(SystemIndex system, ResourceIndex resource, Instant now);
    void tell_quota(std::size_t system, Instant now);
    void note_look(const sync::Answered& answered, Instant now);
    void tell_progress();
    Duration time_to_wait(Instant now);
    bool lanes_quiet() const;
    bool is_idle(Instant now);
    Result<void> give_up_on_feeds();
    Result<void> give_up_if_hopeless(Instant now);
    std::string trouble_with(std::size_t system) const;

    RunnerParts parts_;
    RunnerOptions options_;
    Schedule schedule_;
    std::vector<Lane> lanes_;   // by system
    std::vector<Health> told_;  // by system: what the watcher knows
    // By system: what room was offered and not used; nothing has happened since.
    enum class Declined { nothing, edits, everything };
    std::vector<Declined> declined_;
    std::map<connect::Ticket, UnderWay> under_way_;
    std::int64_t next_ticket_ = 1;
    std::deque<sync::Answered> answers_;                 // not yet given to the engine
    std::map<ResourceIndex, std::string> feed_trouble_;  // why the last look failed, for people
    std::vector<Instant> out_of_quota_;       // by system: until when, as the watcher knows
    std::map<ResourceIndex, Instant> waits_;  // until when, as the watcher knows
    std::set<ResourceIndex> denied_;          // that we may not read, as told last
    NoticeCounts notices_;
    Instant began_;
    Instant changed_at_;  // when something last changed, here or there
    int rounds_ = 0;      // looks at everything in search of rest
    std::atomic<bool> stopping_ = false;
};

}  // namespace entente::run
