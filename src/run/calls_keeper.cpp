#include "run/calls_keeper.hpp"

#include <utility>

#include "run/calls_file.hpp"
#include "run/runner.hpp"

namespace entente::run {

namespace {

// Often enough for people, and nothing beside the commits.
constexpr Duration write_every{5'000};

}  // namespace

CallsKeeper::CallsKeeper(const model::Workspace& workspace, std::filesystem::path path,
                         Clock& clock, Watcher& told)
    : workspace_(workspace), path_(std::move(path)), clock_(clock), told_(told) {}

void CallsKeeper::write() {
    if (!runner_) return;
    written_ = clock_.now();
    CallsBySystem calls;
    for (std::size_t at = 0; at < workspace_.systems.size(); ++at) {
        const SystemIndex system{static_cast<std::int32_t>(at)};
        calls[workspace_.systems[at].name] = {runner_->counts(system).by_work,
                                              runner_->quotas(system)};
    }
    [[maybe_unused]] const auto for_people_only = write_calls(path_, calls, written_);
}

void CallsKeeper::out_of_quota(SystemIndex system, Instant until) {
    write();
    told_.out_of_quota(system, until);
}

void CallsKeeper::progress(const Progress& progress) {
    if (clock_.now() - written_ >= write_every) write();
    told_.progress(progress);
}

}  // namespace entente::run
