// `entente history`: what happened to one record and to the entity it belongs to.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "app/command.hpp"
#include "app/notice_text.hpp"
#include "app/output.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

namespace {

constexpr int events_max = 1000;

struct History {
    std::vector<std::string> members;  // "CustomERP.Customer 4711 (live)"
    std::vector<sync::HistoryEvent> events;
    std::optional<sync::Parked> parked;
    std::map<RecordId, std::string> names;  // of records that the events name
};

Result<DataTypeIndex> data_type_named(const model::Workspace& workspace, const std::string& name) {
    const DataTypeIndex found = workspace.find_data_type(name);
    if (found) return found;
    std::string known;
    for (const auto& data_type : workspace.data_types)
        known += (known.empty() ? "" : ", ") + data_type.full_name;
    return fail(ErrorKind::bad_input,
                fmt::format("there is no data type '{}'; one of: {}", name, known), "SYSTEM.TYPE");
}

std::string_view name_of(sync::LinkState state) {
    switch (state) {
        case sync::LinkState::live:
            return "live";
        case sync::LinkState::gone:
            return "gone";
        case sync::LinkState::unlinked:
            return "unlinked";
    }
    return "live";
}

void add_members(History& history, const model::Workspace& workspace, sync::StoreReader& store,
                 EntityId entity) {
    for (const auto& link : store.links_of_entities(std::array{entity})) {
        for (const auto& record : store.records(std::array{link.record})) {
            const std::string name = fmt::format(
                "{} {}", workspace.data_type(link.data_type).full_name, record.external_id);
            history.names[record.id] = name;
            history.members.push_back(fmt::format("{} ({})", name, name_of(link.state)));
        }
    }
}

Result<History> read_history(const run::WorkspaceFolder& folder, DataTypeIndex data_type,
                             const std::string& id) {
    const auto& workspace = *folder.workspace;
    TRY(auto store, run::open_snapshot(folder));
    const auto heads = store->find_records(workspace.data_type(data_type).resource, std::array{id});
    TRY_VOID(store->state());
    if (heads.empty() || !heads.front()) {
        return fail(ErrorKind::not_found,
                    "was never seen; `entente status` says when it was last looked for",
                    fmt::format("{} {}", workspace.data_type(data_type).full_name, id));
    }
    History history;
    history.parked = store->parked_record(heads.front()->id);
    for (const auto& link : store->links_of_records(std::array{heads.front()->id})) {
        if (link.data_type != data_type) continue;
        add_members(history, workspace, *store, link.entity);
        history.events = store->history(link.entity, events_max);
    }
    TRY_VOID(store->state());
    return history;
}

std::string event_line(const History& history, const model::Workspace& workspace,
                       const sync::HistoryEvent& event) {
    std::string line =
        fmt::format("{}  {:<10}", format_instant(event.at), sync::name_of(event.kind));
    const auto name = history.names.find(event.record);
    if (name != history.names.end())
        line += " " + name->second;
    else if (event.data_type)
        line += " " + workspace.data_type(event.data_type).full_name;
    if (event.property && event.data_type) {
        line +=
            " " + workspace.model(workspace.data_type(event.data_type).model)[event.property].name;
    }
    if (event.before && event.after)
        line += fmt::format(": {} -> {}", value_text(event.before), value_text(event.after));
    else if (event.after)
        line += ": " + value_text(event.after);
    if (!event.text.empty()) line += " (" + event.text + ")";
    return line;
}

Value event_json(const History& history, const model::Workspace& workspace,
                 const sync::HistoryEvent& event) {
    Value out = Value::object();
    out.set("at", format_instant(event.at));
    out.set("kind", sync::name_of(event.kind));
    const auto name = history.names.find(event.record);
    if (name != history.names.end()) out.set("record", name->second);
    if (event.data_type) out.set("data_type", workspace.data_type(event.data_type).full_name);
    if (event.property && event.data_type) {
        out.set("property",
                workspace.model(workspace.data_type(event.data_type).model)[event.property].name);
    }
    if (event.before) out.set("before", *event.before);
    if (event.after) out.set("after", *event.after);
    if (!event.text.empty()) out.set("text", event.text);
    return out;
}

void print_history(const History& history, const model::Workspace& workspace) {
    for (const auto& member : history.members) print_line(member);
    if (history.members.empty()) print_line("is linked to nothing");
    if (history.parked) {
        print_line(fmt::format("waits for a person, {}: {}", sync::name_of(history.parked->reason),
                               history.parked->text));
    }
    for (const auto& event : history.events) print_line(event_line(history, workspace, event));
}

Value history_json(const History& history, const model::Workspace& workspace) {
    Value members = Value::list();
    for (const auto& member : history.members) members.as_list().push_back(member);
    Value events = Value::list();
    for (const auto& event : history.events)
        events.as_list().push_back(event_json(history, workspace, event));
    Value out = Value::object();
    out.set("members", std::move(members));
    out.set("parked", history.parked ? Value(history.parked->text) : Value());
    out.set("events", std::move(events));
    return out;
}

Result<void> show_history(const std::string& dir, const std::string& type, const std::string& id,
                          bool json) {
    TRY(const auto folder, run::read_workspace_folder(dir));
    if (!folder.workspace) TRY_VOID(run::require_workspace_folder(dir));
    TRY(const DataTypeIndex data_type, data_type_named(*folder.workspace, type));
    TRY(const History history, read_history(folder, data_type, id));
    if (json)
        print_json(history_json(history, *folder.workspace));
    else
        print_history(history, *folder.workspace);
    return {};
}

}  // namespace

void add_history(CLI::App& cli, Chosen& chosen) {
    struct Arguments {
        std::string dir, type, id;
        bool json = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* history = cli.add_subcommand("history", "What happened to a record and its entity");
    history->footer(
        "Shows every edit, write, conflict and link of the entity that a record belongs to,\n"
        "oldest first, with the values that lost. Example: entente history acme\n"
        "CustomWebshop.Customer c-101");
    history->add_option("DIR", arguments->dir, "The workspace's folder")->required();
    history->add_option("SYSTEM.TYPE", arguments->type, "A data type, like CustomWebshop.Customer")
        ->required();
    history->add_option("ID", arguments->id, "The record's id in its system")->required();
    history->add_flag("--json", arguments->json, "Print one JSON object");
    history->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto shown =
                show_history(arguments->dir, arguments->type, arguments->id, arguments->json);
            return shown ? static_cast<int>(Exit::done) : report(shown.error());
        };
    });
}

}  // namespace entente::app
