#include "run/plan_run.hpp"

#include <algorithm>
#include <random>

#include "run/connectors.hpp"
#include "run/files.hpp"
#include "store/copy.hpp"

namespace entente::run {

namespace fs = std::filesystem;

// What the engine does in the rehearsal.
class PlanRun::Collector final : public Watcher {
public:
    explicit Collector(Watcher& told) : told_(told) {}

    void notice(const sync::Notice& notice) override {
        using Kind = sync::Notice::Kind;
        if (notice.kind == Kind::created) {
            rehearsed.created.push_back({notice.entity, notice.data_type, notice.external_id});
        } else if (notice.kind == Kind::written) {
            rehearsed.written.push_back(
                {notice.entity, notice.data_type, notice.external_id, notice.property});
        } else if (notice.kind == Kind::stopped) {
            rehearsed.stopped.push_back(notice.text);
        } else if (notice.kind == Kind::swept || notice.kind == Kind::refused ||
                   notice.kind == Kind::troubled) {
            told_.notice(notice);
        }
    }
    void health(SystemIndex system, Health health, const std::string& why) override {
        told_.health(system, health, why);
    }
    void waits(ResourceIndex resource, Instant until) override { told_.waits(resource, until); }
    void out_of_quota(SystemIndex system, Instant until) override {
        told_.out_of_quota(system, until);
    }
    void progress(const Progress& progress) override { told_.progress(progress); }

    report::Rehearsed rehearsed;

private:
    Watcher& told_;
};

PlanRun::~PlanRun() {
    runner_.reset();
    engine_.reset();
    reader_.reset();
    store_.reset();
}

Result<std::unique_ptr<PlanRun>> PlanRun::open(const WorkspaceFolder& folder,
                                               const RunnerOptions& options, Watcher& watcher) {
    const auto& workspace = *folder.workspace;
    std::unique_ptr<PlanRun> made(new PlanRun);
    made->folder_ = &folder;
    TRY(made->connectors_, open_connectors(folder));
    TRY_VOID(make_private_folder(folder.store_path.parent_path()));
    TRY(made->lock_, store::LockFile::take(folder.store_path.string() + ".plan.lock"));
    TRY(made->copy_, PlanFolder::make(folder.store_path));
    const fs::path file = made->copy_.store_file();
    if (auto copied = store::copy_store(folder.store_path.string(), file.string());
        !copied && copied.error().kind != ErrorKind::not_found)
        return std::unexpected(std::move(copied).error());
    const store::Names names = store::names_of(workspace);
    TRY(made->store_, store::SqliteStore::open(file.string(), names));
    TRY(made->reader_, store::SqliteStore::open_reader(file.string(), names));
    TRY(made->transport_, open_transport(made->connectors_, made->clock_));
    TRY(made->engine_,
        sync::Engine::open(workspace, *made->store_, {.approve = true}, made->clock_.now()));
    made->rehearsal_ = std::make_unique<Rehearsal>(workspace, *made->reader_);
    made->collector_ = std::make_unique<Collector>(watcher);
    RunnerOptions runner = options;
    runner.until_idle = true;
    runner.seed = std::random_device{}();
    made->runner_ = std::make_unique<Runner>(
        RunnerParts{workspace, *made->engine_, *made->transport_, made->clock_, *made->collector_,
                    made->connectors_, made->rehearsal_.get()},
        runner);
    return made;
}

void PlanRun::stop() {
    stopped_ = true;
    runner_->stop();
}

void PlanRun::add_calls(report::Rehearsed& rehearsed) {
    const auto& workspace = *folder_->workspace;
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        const SystemIndex system{static_cast<std::int32_t>(at)};
        auto& calls = rehearsed.calls[at];
        calls.made = runner_->counts(system).calls;
        calls.quotas = runner_->quotas(system);
        calls.time = model::time_for(calls.quotas, calls.to_come(), clock_.now());
    }
}

Result<report::Plan> PlanRun::run() {
    began_ = clock_.now();
    TRY_VOID(runner_->run());
    if (stopped_) return fail(ErrorKind::busy, "was stopped before it had read everything", "plan");
    TRY_VOID(reader_->refresh());
    report::Rehearsed rehearsed = rehearsal_->rehearsed();
    rehearsed.began = began_;
    rehearsed.created = std::move(collector_->rehearsed.created);
    rehearsed.written = std::move(collector_->rehearsed.written);
    rehearsed.stopped = std::move(collector_->rehearsed.stopped);
    add_calls(rehearsed);
    auto plan = report::plan(*folder_->workspace, *reader_, std::move(rehearsed));
    TRY_VOID(reader_->state());
    return plan;
}

Result<std::vector<std::string>> unapproved(const WorkspaceFolder& folder) {
    const auto& workspace = *folder.workspace;
    std::vector<bool> approved(workspace.data_types.size(), false);
    TRY_VOID(bring_up(folder));
    TRY(const store::Age age, store::age_of(folder.store_path.string()));
    if (age != store::Age::none) {
        TRY(auto store, open_snapshot(folder));
        for (const auto& state : store->data_type_states())
            approved[state.data_type.at()] = state.approved;
        TRY_VOID(store->state());
    }
    std::vector<std::string> names;
    for (std::size_t at = 0; at < approved.size(); ++at) {
        if (!approved[at] && workspace.data_types[at].share)
            names.push_back(workspace.data_types[at].full_name);
    }
    return names;
}

}  // namespace entente::run
