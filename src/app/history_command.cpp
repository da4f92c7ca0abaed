// `entente history`: what happened to one record and to the entity it belongs to.
#include "report/history.hpp"

#include <fmt/format.h>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/simulated_folder.hpp"
#include "report/words.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

namespace {

constexpr int events_max = 1000;

// One word, SYSTEM.TYPE:ID, or the two words SYSTEM.TYPE ID.
Result<sync::Act::Named> read_words(const model::Workspace& workspace, const std::string& record,
                                    const std::string& id) {
    if (id.empty()) return report::read_record_word(workspace, record);
    TRY(const DataTypeIndex data_type, report::read_data_type(workspace, record));
    return sync::Act::Named{data_type, id};
}

Result<void> show_history(const std::string& dir, bool simulated, const std::string& record,
                          const std::string& id, bool json) {
    TRY(const auto folder, read_folder(dir, simulated));
    const auto& workspace = *folder.workspace;
    TRY(const auto named, read_words(workspace, record, id));
    TRY(auto store, run::open_snapshot(folder));
    auto history =
        report::history_of(workspace, *store, named.data_type, named.external_id, events_max);
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
        std::string dir, record, id;
        bool simulated = false, json = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* history = cli.add_subcommand("history", "What happened to a record and its entity");
    history->footer(
        "Shows the records of the entity that a record belongs to, where each of its values\n"
        "came from and who does not show it yet, and every link, edit, conflict and write,\n"
        "oldest first, with the values that lost, and what people have said of it. Example:\n"
        "entente history acme Shop.Customer:c-101");
    history->add_option("DIR", arguments->dir, "The workspace's folder")->required();
    history->add_option("RECORD", arguments->record, "SYSTEM.TYPE:ID, like Shop.Customer:c-101")
        ->required();
    history->add_option("ID", arguments->id, "The id, where RECORD is the data type alone");
    history->add_flag("--simulated", arguments->simulated,
                      "Of the trial with simulated systems (DIR/state/simulated)");
    history->add_flag("--json", arguments->json, "Print one JSON object");
    history->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto shown = show_history(arguments->dir, arguments->simulated, arguments->record,
                                            arguments->id, arguments->json);
            return shown ? static_cast<int>(Exit::done) : report(shown.error());
        };
    });
}

}  // namespace entente::app
