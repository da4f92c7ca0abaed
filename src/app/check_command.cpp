// `entente check`: is the workspace's configuration right, what is still to be filled in, and what
// does it mean.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/simulated_folder.hpp"
#include "model/describe.hpp"
#include "run/connectors.hpp"
#include "run/lag_experiment.hpp"
#include "run/live_check.hpp"
#include "run/simulated_processes.hpp"
#include "run/workspace_folder.hpp"

namespace entente::app {

namespace {

using Severity = model::Diagnostic::Severity;

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::error:
            return "error";
        case Severity::to_fill_in:
            return "to_fill_in";
        case Severity::note:
            return "note";
    }
    return "error";
}

Value diagnostic_json(const model::Diagnostic& diagnostic) {
    Value out = Value::object();
    out.set("severity", name_of(diagnostic.severity));
    out.set("file", diagnostic.at.file);
    out.set("line", diagnostic.at.line);
    out.set("column", diagnostic.at.column);
    out.set("what", diagnostic.what);
    out.set("right", diagnostic.right);
    return out;
}

void print_diagnostics(const model::Diagnostics& diagnostics, Severity severity,
                       std::string_view title) {
    bool first = true;
    for (const auto& diagnostic : diagnostics) {
        if (diagnostic.severity != severity) continue;
        if (severity == Severity::error) {
            print_error(diagnostic.text());
            continue;
        }
        if (first) print_line(title);
        first = false;
        print_line("  " + diagnostic.text());
    }
}

std::int64_t count_flows(const model::Workspace& workspace, bool implied) {
    return std::ranges::count(workspace.flows, implied, &model::Flow::implied);
}

// The description begins with the flows: those that were declared, then those of lines.
void print_description(const model::Workspace& workspace,
                       const std::vector<std::string>& description) {
    const std::int64_t declared = count_flows(workspace, false);
    const std::int64_t implied = count_flows(workspace, true);
    std::int64_t at = 0;
    print_line(counted(declared, "flow", "flows") + ":");
    for (const auto& line : description) {
        if (at == declared && implied > 0) {
            print_line(
                fmt::format("Lines that follow them, {}:", counted(implied, "flow", "flows")));
        }
        if (at == declared + implied) print_line("Data types:");
        print_line("  " + line);
        ++at;
    }
}

int check_as_json(const run::WorkspaceFolder& folder, const std::vector<std::string>& description,
                  const std::vector<std::string>& warnings) {
    Value diagnostics = Value::list();
    for (const auto& diagnostic : folder.diagnostics)
        diagnostics.as_list().push_back(diagnostic_json(diagnostic));
    Value lines = Value::list();
    for (const auto& line : description) lines.as_list().push_back(line);
    Value warned = Value::list();
    for (const auto& warning : warnings) warned.as_list().push_back(warning);
    Value out = Value::object();
    out.set("usable", folder.workspace.has_value());
    out.set("diagnostics", std::move(diagnostics));
    out.set("warnings", std::move(warned));
    if (folder.workspace) {
        out.set("flows", count_flows(*folder.workspace, false));
        out.set("flows_of_lines", count_flows(*folder.workspace, true));
    }
    out.set("description", std::move(lines));
    print_json(out);
    return folder.workspace ? Exit::done : Exit::unusable;
}

int check(const std::string& dir, bool as_json) {
    auto folder = run::read_workspace_folder(dir);
    if (!folder) return report(folder.error());
    std::vector<std::string> description, warnings;
    if (folder->workspace) {
        auto mistakes = run::connector_mistakes(*folder);
        std::ranges::move(mistakes, std::back_inserter(folder->diagnostics));
        if (!mistakes.empty()) folder->workspace.reset();
    }
    if (folder->workspace) {
        description = model::describe(*folder->workspace);
        warnings = run::secret_warnings(*folder);
    }
    if (as_json) return check_as_json(*folder, description, warnings);
    print_diagnostics(folder->diagnostics, Severity::error, "");
    if (!folder->workspace) return Exit::unusable;
    print_diagnostics(folder->diagnostics, Severity::to_fill_in, "To fill in before it can run:");
    print_diagnostics(folder->diagnostics, Severity::note, "Notes:");
    for (const auto& warning : warnings) print_error(warning);
    print_description(*folder->workspace, description);
    return Exit::done;
}

struct LiveChoice {
    bool live = false;
    bool experiment = false;
    bool write = false;
};

Result<int> check_live(const FolderChoice& choice, const LiveChoice& wanted, bool as_json) {
    run::SimulatedProcesses processes;
    TRY(const auto folder, open_folder(choice, processes));
    TRY(const auto connectors, run::open_connectors(folder));
    run::SystemClock clock;
    TRY(const auto transport, run::open_transport(connectors, clock));
    const auto& workspace = *folder.workspace;
    report::LiveFindings findings =
        run::LiveCheck(workspace, connectors, *transport, clock).check();
    if (wanted.experiment) {
        run::LagExperiment experiment(workspace, connectors, *transport, clock);
        for (auto& finding : experiment.run(wanted.write)) findings.push_back(std::move(finding));
    }
    if (as_json) {
        print_json(report::to_json(findings));
    } else {
        for (const auto& finding : findings) print_line(report::to_text(finding));
    }
    const bool is_wrong = std::ranges::find(findings, report::LiveFinding::Verdict::wrong,
                                            &report::LiveFinding::verdict) != findings.end();
    return is_wrong ? Exit::unusable : Exit::done;
}

}  // namespace

void add_check(CLI::App& cli, Chosen& chosen) {
    struct Arguments {
        FolderChoice choice;
        LiveChoice live;
        bool json = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* check_app = cli.add_subcommand("check", "Validate a workspace and say what it means");
    check_app->footer(
        "Validates DIR/entente.yaml with the catalogue and DIR/catalog. Errors name file,\n"
        "line and column and end with status 2; what is still to be filled in (unset secrets,\n"
        "base URLs) is listed and is no error.\n"
        "With --live each connector is tested against its system: login, one page of each\n"
        "resource and the next, one record, changes, searches, $metadata where there is one.\n"
        "One line per check: `ok`; `WRONG` with what, where and what would be right; `open`\n"
        "where nothing was there to look at. Status 2 when anything is wrong. It only reads,\n"
        "unless --experiment --write says otherwise.");
    check_app->add_option("DIR", arguments->choice.dir, "The workspace's folder")->required();
    auto* live = check_app->add_flag("--live", arguments->live.live,
                                     "Test its connectors against the systems");
    add_simulated_options(*check_app, arguments->choice);
    check_app->get_option("--simulated")->needs(live);
    auto* experiment = check_app->add_flag("--experiment", arguments->live.experiment,
                                           "Say how `visible_after` and `lag` would be measured");
    experiment->needs(live);
    check_app
        ->add_flag("--write", arguments->live.write,
                   "Measure them: creates one test record per list, and changes it")
        ->needs(experiment);
    check_app->add_flag("--json", arguments->json, "Print one JSON object");
    check_app->callback([arguments, &chosen] {
        chosen = [arguments] {
            if (!arguments->live.live) return check(arguments->choice.dir, arguments->json);
            const auto status = check_live(arguments->choice, arguments->live, arguments->json);
            return status ? *status : report(status.error());
        };
    });
}

}  // namespace entente::app
