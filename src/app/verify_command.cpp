// `entente verify`: reads the systems afresh and judges every flow, whether or not the engine runs.
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/notice_text.hpp"
#include "app/output.hpp"
#include "app/simulated_folder.hpp"
#include "report/verify.hpp"
#include "run/connectors.hpp"
#include "run/http_reader.hpp"
#include "run/simulated_processes.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

namespace {

Result<SystemIndex> system_named(const model::Workspace& workspace, std::string_view name) {
    std::string known;
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        if (workspace.systems[at].name == name) return SystemIndex{static_cast<std::int32_t>(at)};
        known += (known.empty() ? "" : ", ") + workspace.systems[at].name;
    }
    return fail(ErrorKind::bad_input,
                fmt::format("there is no system '{}'; one of: {}", name, known), "--pair");
}

Result<std::optional<report::SystemPair>> parse_pair(const model::Workspace& workspace,
                                                     const std::string& text) {
    if (text.empty()) return std::optional<report::SystemPair>();
    const auto colon = text.find(':');
    if (colon == std::string::npos) {
        return fail(ErrorKind::bad_input, fmt::format("'{}' is no pair; write A:B", text),
                    "--pair");
    }
    TRY(const SystemIndex one, system_named(workspace, std::string_view(text).substr(0, colon)));
    TRY(const SystemIndex other, system_named(workspace, std::string_view(text).substr(colon + 1)));
    return std::optional(report::SystemPair{one, other});
}

void print_gets(const report::Verdict& verdict, const model::Workspace& workspace) {
    for (const auto& [index, gets] : verdict.gets) {
        const auto& resource = workspace.resource(index);
        print_aside(fmt::format("{} {}: {}", workspace.system(resource.system).name, resource.path,
                                counted(gets, "GET", "GETs")));
    }
}

void print_findings(const report::FlowVerdict& flow) {
    for (const auto& finding : flow.findings) {
        if (finding.property.empty()) {
            print_line(fmt::format("    {} -> {}: {}", finding.from, finding.to, finding.text));
            continue;
        }
        print_line(fmt::format("    {} -> {}: {} is {} and {}", finding.from, finding.to,
                               finding.property, value_text(finding.from_value),
                               value_text(finding.to_value)));
    }
}

void print_verdict(const report::Verdict& verdict, const model::Workspace& workspace) {
    for (const auto& pair : verdict.pairs) {
        print_line(fmt::format("{} to {}", workspace.system(pair.from).name,
                               workspace.system(pair.to).name));
        for (const auto& flow : pair.flows) {
            print_line(
                fmt::format("  {} -> {}: {} linked, {} agree, {} differ, {} missing, {} waiting, "
                            "{} held, {} parked",
                            workspace.data_type(flow.from).name, workspace.data_type(flow.to).name,
                            grouped(flow.linked), grouped(flow.agree), grouped(flow.differ),
                            grouped(flow.missing), grouped(flow.waiting), grouped(flow.held),
                            grouped(flow.parked)));
            print_findings(flow);
        }
    }
    print_line(fmt::format("{}, {}", counted(verdict.differ, "value differs", "values differ"),
                           counted(verdict.missing, "record is missing", "records are missing")));
}

Result<int> verify(const FolderChoice& choice, const std::string& pair_text, bool json) {
    run::SimulatedProcesses processes;
    TRY(const auto folder, open_folder(choice, processes));
    const auto& workspace = *folder.workspace;
    TRY(const auto pair, parse_pair(workspace, pair_text));
    TRY(const auto connectors, run::open_connectors(folder));
    run::SystemClock clock;
    TRY(const auto transport, run::open_transport(connectors, clock));
    run::HttpReader reader(workspace, connectors, *transport, clock);
    TRY(auto store, run::open_snapshot(folder));
    TRY(const auto snapshot, report::read_for_verify(workspace, reader, pair));
    TRY_VOID(store->refresh());
    const auto verdict = report::verify(workspace, *store, snapshot, pair);
    TRY_VOID(store->state());
    print_gets(verdict, workspace);
    if (json)
        print_json(report::to_json(verdict, workspace));
    else
        print_verdict(verdict, workspace);
    return verdict.differ + verdict.missing == 0 ? Exit::done : Exit::differences;
}

}  // namespace

void add_verify(CLI::App& cli, Chosen& chosen) {
    struct Arguments {
        FolderChoice choice;
        std::string pair;
        bool json = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* verify_app =
        cli.add_subcommand("verify", "Read the systems afresh and judge every flow");
    verify_app->footer(
        "Reads all records of the workspace's systems over HTTP, compares what is linked\n"
        "through the mappings, and counts what differs or is missing; status 1 when anything\n"
        "does. Writes nothing. The engine may be running; simulated systems that do not\n"
        "answer are started for as long as it takes.");
    verify_app->add_option("DIR", arguments->choice.dir, "The workspace's folder")->required();
    add_simulated_options(*verify_app, arguments->choice);
    verify_app->add_option("--pair", arguments->pair, "Only the flows between two systems: A:B");
    verify_app->add_flag("--json", arguments->json, "Print one JSON object");
    verify_app->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto status = verify(arguments->choice, arguments->pair, arguments->json);
            return status ? *status : report(status.error());
        };
    });
}

}  // namespace entente::app
