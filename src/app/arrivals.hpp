// Watches a run for edits that arrive elsewhere, and says so: "Shop.Customer c-101 phone:
// '+31 ..' -> CustomERP 4711 in 42 ms". Also counts them, for the summary.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "run/simulated_processes.hpp"
#include "run/watcher.hpp"
#include "run/workspace_folder.hpp"

namespace entente::app {

class Arrivals final : public run::Watcher {
public:
    // Requires: all of them outlive it.
    Arrivals(const run::WorkspaceFolder& folder, run::SimulatedProcesses& processes, bool json)
        : folder_(folder), processes_(processes), json_(json) {}

    void notice(const sync::Notice& notice) override;
    void health(SystemIndex system, run::Health health, const std::string& why) override;
    void out_of_quota(SystemIndex system, Instant until) override;
    void waits(ResourceIndex resource, Instant until) override;

    // A line among the arrivals, from any thread.
    void say(const std::string& line);

    std::int64_t arrived() const { return arrived_; }
    std::int64_t conflicts() const { return conflicts_; }

private:
    using Edited = std::pair<EntityId, PropertyIndex>;

    void seen(const sync::Notice& notice);
    void written(const sync::Notice& notice);
    void created(const sync::Notice& notice);
    std::string record_name(const sync::Notice& notice) const;
    std::string origin_of(const sync::Notice& created) const;

    const run::WorkspaceFolder& folder_;
    run::SimulatedProcesses& processes_;
    bool json_;
    std::map<Edited, std::string> sources_;  // where the last edit of a property was seen
    std::int64_t arrived_ = 0;
    std::int64_t conflicts_ = 0;
    std::mutex mutex_;  // guards standard output: people and the engine speak from two threads
};

}  // namespace entente::app
