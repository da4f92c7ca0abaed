// `entente history`: what happened to one record and to the entity it belongs to.
#include "report/history.hpp"

#include <fmt/format.h>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/simulated_folder.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

namespace {

constexpr int events_max = 1000;

Result<DataTypeIndex> data_type_named(const model::Workspace& workspace, const std::string& name) {
    const DataTypeIndex found = workspace.find_data_type(name);
    if (found) return found;
    std::string known;
    for (const auto& data_type : workspace.data_types)
        known += (known.empty() ? "" : ", ") + data_type.full_name;
    return fail(ErrorKind::bad_input,
                fmt::format("there is no data type '{}'; one of: {}", name, known), "SYSTEM.TYPE");
}

Result<void> show_history(const std::string& dir, bool simulated, const std::string& type,
                          const std::string& id, bool json) {
    TRY(const auto folder, read_folder(dir, simulated));
    const auto& workspace = *folder.workspace;
    TRY(const DataTypeIndex data_type, data_type_named(workspace, type));
    TRY(auto store, run::open_snapshot(folder));
    auto history = report::history_of(workspace, *store, data_type, id, events_max);
    TRY_VOID(store->state());
    if (!history) return std::unexpected(std::move(history).error());
    if (json) {
        print_json(report::to_json(*history, workspace));
        return {};
    }
    for (const auto& line : report::to_text(*history, workspace)) print_line(line);
    return {};
}

}  // namespace

void add_history(CLI::App& cli, Chosen& chosen) {
    struct Arguments {
        std::string dir, type, id;
        bool simulated = false, json = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* history = cli.add_subcommand("history", "What happened to a record and its entity");
    history->footer(
        "Shows the records of the entity that a record belongs to, where each of its values\n"
        "came from and who does not show it yet, and every link, edit, conflict and write,\n"
        "oldest first, with the values that lost. Example: entente history acme\n"
        "Shop.Customer c-101");
    history->add_option("DIR", arguments->dir, "The workspace's folder")->required();
    history->add_option("SYSTEM.TYPE", arguments->type, "A data type, like Shop.Customer")
        ->required();
    history->add_option("ID", arguments->id, "The record's id in its system")->required();
    history->add_flag("--simulated", arguments->simulated,
                      "Of the trial with simulated systems (DIR/state/simulated)");
    history->add_flag("--json", arguments->json, "Print one JSON object");
    history->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto shown = show_history(arguments->dir, arguments->simulated, arguments->type,
                                            arguments->id, arguments->json);
            return shown ? static_cast<int>(Exit::done) : report(shown.error());
        };
    });
}

}  // namespace entente::app
