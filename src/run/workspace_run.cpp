#include "run/workspace_run.hpp"

#include <fmt/format.h>

#include <random>

#include "run/calls_file.hpp"
#include "run/connectors.hpp"

namespace entente::run {

namespace {

// A workspace that somebody else runs is, for the one who asks, a store that cannot be used.
Error store_error(Error error) {
    if (error.kind == ErrorKind::busy)
        error.text += "; one workspace is run by one process at a time";
    error.kind = ErrorKind::store;
    return error;
}

Result<std::unique_ptr<store::SqliteStore>> open_store(const WorkspaceFolder& folder) {
    auto opened =
        store::SqliteStore::open(folder.store_path.string(), store::names_of(*folder.workspace));
    if (!opened) return std::unexpected(store_error(std::move(opened).error()));
    return opened;
}

}  // namespace

Result<std::unique_ptr<WorkspaceRun>> WorkspaceRun::open(const WorkspaceFolder& folder,
                                                         const WorkspaceOptions& options,
                                                         Watcher& watcher) {
    std::unique_ptr<WorkspaceRun> made(new WorkspaceRun(folder, options, watcher));
    made->options_.runner.seed = std::random_device{}();
    TRY(made->connectors_, open_connectors(folder));
    TRY(made->store_, open_store(folder));
    TRY_VOID(made->begin({}, {}));
    return made;
}

// A life: all that holds times of our clock is made anew.
Result<void> WorkspaceRun::begin(Duration clock_moved, Duration leave_clock_alone) {
    const auto& workspace = *folder_.workspace;
    std::unique_ptr<Runner> ended;
    {
        const std::lock_guard lock(stopping_);
        ended = std::move(runner_);
    }
    ended.reset();
    clock_.anchor();
    TRY(transport_, open_transport(connectors_, clock_));
    TRY(engine_, sync::Engine::open(workspace, *store_,
                                    {.approve = options_.approve, .clock_moved = clock_moved},
                                    clock_.now()));
    options_.approve = false;  // what the guard stops later stays stopped
    keeper_ =
        std::make_unique<CallsKeeper>(workspace, calls_path(folder_.store_path), clock_, watcher_);
    RunnerOptions options = options_.runner;
    options.ends_by_clock = leave_clock_alone;
    const RunnerParts parts{workspace, *engine_, *transport_, clock_, *keeper_, connectors_};
    const std::lock_guard lock(stopping_);
    runner_ = std::make_unique<Runner>(parts, options);
    keeper_->follow(*runner_);
    if (is_stopped_) runner_->stop();
    return {};
}

Result<void> WorkspaceRun::run() {
    JumpPause pause;
    while (true) {
        const Instant began = clock_.now();
        const auto ended = runner_->run();
        keeper_->write();
        if (!ended) return std::unexpected(ended.error());
        if (*ended == RunEnd::done) return {};
        const Duration life = clock_.now() - began;
        TRY_VOID(begin(clock_.ahead(), pause.after(life)));
    }
}

void WorkspaceRun::stop() {
    const std::lock_guard lock(stopping_);
    is_stopped_ = true;
    if (runner_) runner_->stop();
}

Result<void> bring_up(const WorkspaceFolder& folder) {
    TRY(const store::Age age, store::age_of(folder.store_path.string()));
    if (age == store::Age::older) TRY_VOID(open_store(folder));
    return {};
}

Result<std::unique_ptr<store::Snapshot>> open_snapshot(const WorkspaceFolder& folder) {
    auto opened = store::SqliteStore::open_reader(folder.store_path.string(),
                                                  store::names_of(*folder.workspace));
    if (opened) return opened;
    Error error = std::move(opened).error();
    if (error.kind == ErrorKind::not_found) {
        return fail(ErrorKind::bad_input, "nothing has run here yet; run it first: entente run DIR",
                    folder.store_path.string());
    }
    return std::unexpected(store_error(std::move(error)));
}

}  // namespace entente::run
