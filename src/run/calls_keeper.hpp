// Passes on what a watcher is told, and now and then writes down what the calls have come to (calls_file.hpp). A disk that refuses
// it stops nothing.
#pragma once

#include <filesystem>

#include "model/workspace.hpp"
#include "run/clock.hpp"
#include "run/watcher.hpp"

namespace entente::run {

class Runner;

class CallsKeeper final : public Watcher {
public:
    // Requires: all outlive the keeper.
    CallsKeeper(const model::Workspace& workspace, std::filesystem::path path, Clock& clock,
                Watcher& told);
    // Whose calls are kept; nothing is written before. Requires: `runner` outlives what the keeper is told.
    void follow(const Runner& runner) { runner_ = &runner; }
    void write();

    void notice(const sync::Notice& notice) override { told_.notice(notice); }
    void health(SystemIndex system, Health health, const std::string& why) override {
        told_.health(system, health, why);
    }
    void waits(ResourceIndex resource, Instant until) override { told_.waits(resource, until); }
    void out_of_quota(SystemIndex system, Instant until) override;
    void progress(const Progress& progress) override;

private:
    const model::Workspace& workspace_;
    std::filesystem::path path_;
    Clock& clock_;
    Watcher& told_;
    const Runner* runner_ = nullptr;
    Instant written_;
};

}  // namespace entente::run
