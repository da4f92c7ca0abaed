// Everything that keeps one workspace in agreement, put together: store, connectors, transport,
// engine, runner. `run` and `demo` open one; destroying it lets go of the workspace. All on the
// caller's thread, except stop().
#pragma once

#include <memory>
#include <vector>

#include "run/calls_keeper.hpp"
#include "run/clock.hpp"
#include "run/connectors.hpp"
#include "run/runner.hpp"
#include "run/workspace_folder.hpp"
#include "store/sqlite_store.hpp"

namespace entente::run {

struct WorkspaceOptions {
    bool approve = false;  // allow writes to every data type, for good
    RunnerOptions runner;
};

class WorkspaceRun {
public:
    // Requires: `folder` has a workspace; folder and watcher outlive the run. store: the store
    // cannot be used, or another process has the workspace.
    static Result<std::unique_ptr<WorkspaceRun>> open(const WorkspaceFolder& folder,
                                                      const WorkspaceOptions& options,
                                                      Watcher& watcher);

    Result<void> run();
    void stop() { runner_->stop(); }

    const sync::Engine& engine() const { return *engine_; }
    const Runner& runner() const { return *runner_; }

private:
    WorkspaceRun() = default;

    SystemClock clock_;
    std::unique_ptr<store::SqliteStore> store_;
    std::vector<connect::RestConnector> connectors_;
    std::unique_ptr<connect::Transport> transport_;
    std::unique_ptr<sync::Engine> engine_;
    std::unique_ptr<CallsKeeper> keeper_;
    std::unique_ptr<Runner> runner_;
};

// A view of the workspace's store, whether or not somebody runs it. not_found when nothing has run
// yet.
Result<std::unique_ptr<store::Snapshot>> open_snapshot(const WorkspaceFolder& folder);

}  // namespace entente::run
