// `entente status`: where a workspace stands, from its store, whether or not the engine runs.
#include "report/status.hpp"

#include <memory>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/simulated_folder.hpp"
#include "run/calls_file.hpp"
#include "run/workspace_run.hpp"
#include "sync/walk.hpp"

namespace entente::app {

namespace {

std::vector<report::CallsMade> calls_made(const run::WorkspaceFolder& folder, Instant now) {
    const auto noted = run::read_calls(run::calls_path(folder.store_path), now);
    std::vector<report::CallsMade> out;
    for (const auto& system : folder.workspace->systems) {
        const auto found = noted.find(system.name);
        const run::SystemCalls calls = found == noted.end() ? run::SystemCalls{} : found->second;
        out.push_back({run::made_json(calls.made), calls.quotas});
    }
    return out;
}

Result<void> show_status(const report::Place& place, bool json) {
    TRY(const auto folder, read_folder(place.dir, place.simulated));
    const auto& workspace = *folder.workspace;
    TRY(auto store, run::open_snapshot(folder));
    const Instant now = run::SystemClock().now();
    const auto status = report::read_status(workspace, *store, place, calls_made(folder, now), now);
    TRY_VOID(store->state());
    if (json) {
        print_json(report::to_json(status, workspace));
        return {};
    }
    for (const auto& line : report::to_text(status, workspace, place)) print_line(line);
    return {};
}

}  // namespace

void add_status(CLI::App& cli, Chosen& chosen) {
    struct Arguments {
        report::Place place;
        bool json = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* status = cli.add_subcommand("status", "Where a workspace stands");
    status->footer(
        "Shows, per data type, what is known, linked, waiting, held, parked and gone, what was\n"
        "stopped and why, and when it was last looked at; per system, the calls its quotas\n"
        "have seen and those to come; and each thing that waits for a person, with its cause\n"
        "and the commands that answer it (--json: all of them). Reads what a run has left on\n"
        "disk only; the engine may be running.");
    status->add_option("DIR", arguments->place.dir, "The workspace's folder")->required();
    status->add_flag("--simulated", arguments->place.simulated,
                     "Of the trial with simulated systems (DIR/state/simulated)");
    status->add_flag("--json", arguments->json, "Print one JSON object");
    status->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto shown = show_status(arguments->place, arguments->json);
            return shown ? static_cast<int>(Exit::done) : report(shown.error());
        };
    });
}

}  // namespace entente::app
