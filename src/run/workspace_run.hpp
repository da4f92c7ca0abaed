// Everything that keeps one workspace in agreement, put together: store, connectors, transport,
// engine, runner. `run` and `demo` open one; destroying it lets go of the workspace. All on the
// caller's thread, except stop(). When the machine's clock is set, it begins anew by itself, as after
// a restart.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "run/calls_keeper.hpp"
#include "run/clock.hpp"
#include "run/connectors.hpp"
#include "run/jump_pause.hpp"
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

    // Requires: nobody keeps what engine() or runner() gave before.
    Result<void> run();
    void stop();

    const sync::Engine& engine() const { return *engine_; }
    const Runner& runner() const { return *runner_; }

private:
    WorkspaceRun(const WorkspaceFolder& folder, const WorkspaceOptions& options, Watcher& watcher)
        : folder_(folder), options_(options), watcher_(watcher) {}
    Result<void> begin(Duration clock_moved, Duration leave_clock_alone);

    const WorkspaceFolder& folder_;
    WorkspaceOptions options_;
    Watcher& watcher_;
    SystemClock clock_;
    std::unique_ptr<store::SqliteStore> store_;
    std::vector<connect::RestConnector> connectors_;
    std::unique_ptr<connect::Transport> transport_;
    std::unique_ptr<sync::Engine> engine_;
    std::unique_ptr<CallsKeeper> keeper_;
    std::unique_ptr<Runner> runner_;
    std::mutex
        stopping_;  // guards is_stopped_, and runner_ against being replaced while it is stopped
    bool is_stopped_ = false;
};

// Brings a store of an older version to today's; nothing happens to any other, nor where there is none. store: it cannot be
// used, or somebody else runs the workspace.
Result<void> bring_up(const WorkspaceFolder& folder);

// A view of the workspace's store, whether or not somebody runs it. bad_input when nothing has run
// yet.
Result<std::unique_ptr<store::Snapshot>> open_snapshot(const WorkspaceFolder& folder);

}  // namespace entente::run
