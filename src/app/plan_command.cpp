// `entente plan`: what a run would do, exactly; nothing outside is changed.
#include <fmt/format.h>

#include <memory>

#include "app/command.hpp"
#include "app/notice_text.hpp"
#include "app/output.hpp"
#include "app/signals.hpp"
#include "app/simulated_folder.hpp"
#include "model/addresses.hpp"
#include "run/plan_run.hpp"

namespace entente::app {

namespace {

struct PlanArguments {
    FolderChoice choice;
    bool json = false;
    std::string give_up_after = "30s";
};

class PlanWatcher final : public run::Watcher {
public:
    PlanWatcher(const model::Workspace& workspace, bool json)
        : workspace_(workspace), line_(json) {}

    void notice(const sync::Notice& notice) override {
        if (auto text = notice_text(workspace_, notice)) line_.say(*text);
    }
    void health(SystemIndex system, run::Health health, const std::string& why) override {
        line_.say(health_text(workspace_, system, health, why));
    }
    void out_of_quota(SystemIndex system, Instant until) override {
        line_.say(quota_text(workspace_, system, until));
    }
    void waits(ResourceIndex resource, Instant until) override {
        line_.say(waits_text(workspace_, resource, until));
    }
    void progress(const run::Progress& progress) override {
        line_.show(fmt::format("{} read", counted(progress.records_read, "record", "records")), 0,
                   0);
    }

private:
    const model::Workspace& workspace_;
    ProgressLine line_;
};

Result<void> make_plan(const PlanArguments& arguments) {
    TRY(const Duration give_up_after, parse_duration(arguments.give_up_after));
    run::SimulatedProcesses processes;
    TRY(const auto folder, open_folder(arguments.choice, processes));
    const auto& workspace = *folder.workspace;
    report::Plan plan;
    {
        PlanWatcher watcher(workspace, arguments.json);
        TRY(auto planning, run::PlanRun::open(folder, {.give_up_after = give_up_after}, watcher));
        StopSignals signals([&] { planning->stop(); });
        TRY(plan, planning->run());
    }
    const auto warnings = model::address_warnings(workspace);
    if (arguments.json) {
        Value out = report::to_json(plan, workspace);
        Value warned = Value::list();
        for (const auto& warning : warnings) warned.as_list().push_back(warning);
        out.set("warnings", std::move(warned));
        print_json(out);
        return {};
    }
    for (const auto& warning : warnings) print_line("warning: " + warning);
    for (const auto& line : report::to_text(plan, workspace)) print_line(line);
    print_line("Nothing was written.");
    return {};
}

}  // namespace

void add_plan(CLI::App& cli, Chosen& chosen) {
    auto arguments = std::make_shared<PlanArguments>();
    CLI::App* plan = cli.add_subcommand("plan", "What a run would do; changes nothing outside");
    plan->footer(
        "Reads every system once, matches the records, and lets the engine do all the rest on\n"
        "a copy of the workspace's store, where writes are answered by nobody. Prints per flow\n"
        "what would be created, changed and parked, what would wait and why, samples, and the\n"
        "calls and time that it takes within the quotas. Nothing is written anywhere.");
    plan->add_option("DIR", arguments->choice.dir, "The workspace's folder")->required();
    add_simulated_options(*plan, arguments->choice);
    plan->add_option("--give-up-after", arguments->give_up_after,
                     "How long a system may answer nothing (status 3)")
        ->capture_default_str();
    plan->add_flag("--json", arguments->json, "Print one JSON object");
    plan->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto made = make_plan(*arguments);
            return made ? static_cast<int>(Exit::done) : report(made.error());
        };
    });
}

}  // namespace entente::app
