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

}  // namespace

Result<std::unique_ptr<WorkspaceRun>> WorkspaceRun::open(const WorkspaceFolder& folder,
                                                         const WorkspaceOptions& options,
                                                         Watcher& watcher) {
    const auto& workspace = *folder.workspace;
    std::unique_ptr<WorkspaceRun> made(new WorkspaceRun);
    TRY(made->connectors_, open_connectors(folder));
    auto opened = store::SqliteStore::open(folder.store_path.string(), store::names_of(workspace));
    if (!opened) return std::unexpected(store_error(std::move(opened).error()));
    made->store_ = std::move(*opened);
    TRY(made->transport_, open_transport(made->connectors_, made->clock_));
    TRY(made->engine_, sync::Engine::open(workspace, *made->store_, {.approve = options.approve},
                                          made->clock_.now()));
    RunnerOptions runner = options.runner;
    runner.seed = std::random_device{}();
    made->keeper_ = std::make_unique<CallsKeeper>(workspace, calls_path(folder.store_path),
                                                  made->clock_, watcher);
    const RunnerParts parts{workspace,    *made->engine_, *made->transport_,
                            made->clock_, *made->keeper_, made->connectors_};
    made->runner_ = std::make_unique<Runner>(parts, runner);
    made->keeper_->follow(*made->runner_);
    return made;
}

Result<void> WorkspaceRun::run() {
    auto ended = runner_->run();
    keeper_->write();
    return ended;
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
