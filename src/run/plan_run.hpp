// Makes the plan of a workspace: reads everything, lets the engine do all it would on a copy of the store, with a Rehearsal in
// the place of every write. Nothing outside and nothing in the workspace's own store is changed. One at a time per workspace: busy otherwise.
#pragma once

#include <memory>

#include "report/plan.hpp"
#include "run/plan_folder.hpp"
#include "run/rehearsal.hpp"
#include "run/workspace_run.hpp"

namespace entente::run {

class PlanRun {
public:
    // Requires: `folder` has a workspace; folder and watcher outlive the run. The watcher is told how the systems fare and how
    // far reading has come; what the engine does in the rehearsal is not told as if it happened.
    static Result<std::unique_ptr<PlanRun>> open(const WorkspaceFolder& folder,
                                                 const RunnerOptions& options, Watcher& watcher);
    ~PlanRun();
    PlanRun(const PlanRun&) = delete;
    PlanRun& operator=(const PlanRun&) = delete;

    // Call once. The errors are the runner's.
    Result<report::Plan> run();
    // From any thread: run() then ends with an error.
    void stop();

private:
    class Collector;
    PlanRun() = default;
    void add_calls(report::Rehearsed& rehearsed);

    const WorkspaceFolder* folder_ = nullptr;
    store::LockFile lock_;  // one plan at a time; let go of last
    PlanFolder copy_;       // the folder of the copy
    SystemClock clock_;
    Instant began_;
    std::unique_ptr<store::SqliteStore> store_;
    std::unique_ptr<store::Snapshot> reader_;
    std::vector<connect::RestConnector> connectors_;
    std::unique_ptr<connect::Transport> transport_;
    std::unique_ptr<sync::Engine> engine_;
    std::unique_ptr<Rehearsal> rehearsal_;
    std::unique_ptr<Collector> collector_;
    std::unique_ptr<Runner> runner_;
    std::atomic<bool> stopped_ = false;
};

// Data types that may be written and that nobody has approved yet, by their full names: those of a workspace that never ran,
// and those that joined it since. Ensures: a store of an older version has today's.
Result<std::vector<std::string>> unapproved(const WorkspaceFolder& folder);

}  // namespace entente::run
