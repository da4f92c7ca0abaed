// `entente status`: where a workspace stands, from its store, whether or not the engine runs.
#include <fmt/format.h>

#include <map>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/simulated_folder.hpp"
#include "run/calls_file.hpp"
#include "run/workspace_run.hpp"
#include "sync/walk.hpp"

namespace entente::app {

namespace {

constexpr int parked_shown_max = 20;
constexpr int parked_read_max = 1'000'000;

struct DataTypeStatus {
    DataTypeIndex index;
    sync::DataTypeCounts counts;
    sync::DataTypeState state;
    std::optional<sync::FeedState> feed;  // nullopt: a list inside other records
    std::map<sync::ParkReason, std::int64_t> parked;
    std::int64_t open_intents = 0;
};

// What one system has been asked, and will be.
struct CallsStatus {
    run::SystemCalls calls;
    std::int64_t edits = 0,
                 backfill = 0;  // calls to come for what is ready to be written, at least
    Duration time{0};           // that the quotas make them wait, at least
    std::int64_t to_come() const { return edits + backfill; }
};

struct Status {
    std::vector<DataTypeStatus> data_types;
    std::vector<CallsStatus> calls;    // by system
    std::vector<sync::Parked> parked;  // the first ones, for people
};

void count_parked(Status& status, const model::Workspace& workspace, sync::StoreReader& store) {
    for (auto& parked : store.parked(parked_read_max)) {
        DataTypeIndex where = parked.data_type;
        if (!where && parked.record) {
            const auto records = store.records(std::array{parked.record});
            const auto candidates = records.empty()
                                        ? std::vector<DataTypeIndex>()
                                        : workspace.data_types_of(records.front().resource);
            if (!candidates.empty()) where = candidates.front();
        }
        if (where) ++status.data_types[where.at()].parked[parked.reason];
        if (status.parked.size() < parked_shown_max) status.parked.push_back(std::move(parked));
    }
}

// A write, the look before it where it cannot be conditional, and the look after it where it shows nothing.
std::int64_t calls_of_a_write(const model::RestProtocol& rest) {
    return 1 + (rest.precondition_header.empty() ? 1 : 0) + (rest.update_shows_record ? 0 : 1);
}

// Quotas of which nobody has told anything are full.
std::vector<model::QuotaUse> full(const model::RestProtocol& rest) {
    std::vector<model::QuotaUse> out;
    for (const auto& quota : rest.quotas) {
        const bool refills = quota.reset == model::Quota::Reset::seconds;
        if (quota.requests > 0)
            out.push_back({.requests = quota.requests,
                           .per = quota.per,
                           .used = 0,
                           .refills = refills,
                           .ends = {}});
    }
    return out;
}

void count_calls(Status& status, const run::WorkspaceFolder& folder) {
    const Instant now = run::SystemClock().now();
    const auto made = run::read_calls(run::calls_path(folder.store_path), now);
    for (const auto& system : folder.workspace->systems) {
        CallsStatus calls;
        if (const auto found = made.find(system.name); found != made.end())
            calls.calls = found->second;
        if (calls.calls.quotas.empty()) calls.calls.quotas = full(system.rest);
        status.calls.push_back(std::move(calls));
    }
    for (const auto& one : status.data_types) {
        const auto at = folder.workspace->data_type(one.index).system;
        const auto each = calls_of_a_write(folder.workspace->system(at).rest);
        status.calls[at.at()].backfill += one.counts.backfill * each;
        status.calls[at.at()].edits += (one.counts.ready - one.counts.backfill) * each;
    }
    for (auto& calls : status.calls)
        calls.time = model::time_for(calls.calls.quotas, calls.to_come(), now);
}

Result<Status> read_status(const run::WorkspaceFolder& folder) {
    const auto& workspace = *folder.workspace;
    TRY(auto store, run::open_snapshot(folder));
    Status status;
    std::map<ResourceIndex, sync::FeedState> feeds;
    for (const auto& feed : store->feeds()) feeds[feed.resource] = feed;
    for (std::size_t at = 0; at < workspace.data_types.size(); ++at) {
        const DataTypeIndex index{static_cast<std::int32_t>(at)};
        status.data_types.push_back({.index = index, .counts = store->counts(index)});
        const auto feed = feeds.find(workspace.data_types[at].resource);
        if (feed != feeds.end()) status.data_types.back().feed = feed->second;
    }
    for (const auto& state : store->data_type_states())
        status.data_types[state.data_type.at()].state = state;
    for (const auto& intent : store->intents()) {
        if (!intent.parts.empty())
            ++status.data_types[intent.parts.front().data_type.at()].open_intents;
    }
    count_parked(status, workspace, *store);
    count_calls(status, folder);
    TRY_VOID(store->state());
    return status;
}

Value instant_json(Instant t) {
    return t.ms == 0 ? Value() : Value(format_instant(t));
}

// Why the last sweep may have hidden records, and what that leads to; empty: it was without doubt.
std::string doubt_of(const DataTypeStatus& one, const model::Workspace& workspace) {
    if (!one.feed || one.feed->doubt.empty()) return {};
    const auto& resource = workspace.resource(one.feed->resource);
    return sync::doubt_in_words(*one.feed, !resource.search.empty());
}

Value doubt_json(const DataTypeStatus& one, const model::Workspace& workspace) {
    const std::string text = doubt_of(one, workspace);
    if (text.empty()) return Value();
    Value out = Value::object();
    out.set("walks", std::int64_t{one.feed->doubtful_walks});
    out.set("text", text);
    return out;
}

Value data_type_json(const DataTypeStatus& one, const model::Workspace& workspace) {
    const model::DataType& data_type = workspace.data_type(one.index);
    Value parked = Value::object();
    for (const auto& [reason, count] : one.parked) parked.set(sync::name_of(reason), count);
    Value out = Value::object();
    out.set("data_type", data_type.name);
    out.set("joined", one.state.joined);
    out.set("approved", one.state.approved);
    out.set("records", one.counts.records);
    out.set("linked", one.counts.linked);
    out.set("pending", one.counts.pending);
    out.set("ready", one.counts.ready);
    out.set("waiting", one.counts.waiting);
    out.set("held", one.counts.held);
    out.set("gone", one.counts.gone);
    out.set("parked", std::move(parked));
    out.set("stopped", one.state.stopped.empty() ? Value() : Value(one.state.stopped));
    out.set("open_intents", one.open_intents);
    out.set("polled_at", one.feed ? instant_json(one.feed->polled_at) : Value());
    out.set("swept_at", one.feed ? instant_json(one.feed->swept_at) : Value());
    out.set("doubt", doubt_json(one, workspace));
    return out;
}

Value calls_json(const CallsStatus& calls) {
    Value quotas = Value::list();
    for (const auto& quota : calls.calls.quotas) quotas.as_list().push_back(model::to_json(quota));
    Value to_come = Value::object();
    to_come.set("edits", calls.edits);
    to_come.set("backfill", calls.backfill);
    Value out = Value::object();
    out.set("made", run::made_json(calls.calls.made));
    out.set("quotas", std::move(quotas));
    out.set("to_come", std::move(to_come));
    out.set("seconds_to_come", (calls.time.ms + 999) / 1000);
    return out;
}

Value status_json(const Status& status, const model::Workspace& workspace) {
    Value systems = Value::list();
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        Value data_types = Value::list();
        for (const auto& one : status.data_types) {
            const auto& data_type = workspace.data_type(one.index);
            if (data_type.system.at() == at)
                data_types.as_list().push_back(data_type_json(one, workspace));
        }
        Value system = Value::object();
        system.set("name", workspace.systems[at].name);
        system.set("url", workspace.systems[at].base_url);
        system.set("calls", calls_json(status.calls[at]));
        system.set("data_types", std::move(data_types));
        systems.as_list().push_back(std::move(system));
    }
    Value out = Value::object();
    out.set("workspace", workspace.name);
    out.set("systems", std::move(systems));
    return out;
}

void print_calls(const CallsStatus& calls, const std::string& system) {
    std::string line = system + ":";
    for (const auto& quota : calls.calls.quotas) line += " " + model::to_text(quota) + ";";
    line += fmt::format(" to come {} for edits and {} for a backfill", grouped(calls.edits),
                        grouped(calls.backfill));
    if (calls.time.ms > 0) line += ", at least " + format_duration(calls.time);
    print_line(line);
}

void print_status(const Status& status, const model::Workspace& workspace) {
    print_line(fmt::format("{:<34} {:>8} {:>8} {:>8} {:>8} {:>6} {:>6}  {}", workspace.name,
                           "records", "linked", "pending", "waiting", "held", "parked",
                           "last look"));
    for (const auto& one : status.data_types) {
        std::int64_t parked = 0;
        for (const auto& [reason, count] : one.parked) parked += count;
        const std::string looked =
            !one.feed || one.feed->polled_at.ms == 0 ? "" : format_instant(one.feed->polled_at);
        print_line(fmt::format(
            "{:<34} {:>8} {:>8} {:>8} {:>8} {:>6} {:>6}  {}{}{}",
            workspace.data_type(one.index).full_name, grouped(one.counts.records),
            grouped(one.counts.linked), grouped(one.counts.pending),
            grouped(one.counts.ready + one.counts.waiting), grouped(one.counts.held),
            grouped(parked), looked, one.state.joined ? "" : "  (not joined yet)",
            one.open_intents == 0 ? "" : fmt::format("  ({} under way)", one.open_intents)));
        if (!one.state.stopped.empty()) print_line("  STOPPED: " + one.state.stopped);
        if (const auto doubt = doubt_of(one, workspace); !doubt.empty())
            print_line("  in doubt: " + doubt);
    }
    for (std::size_t at = 0; at < status.calls.size(); ++at)
        print_calls(status.calls[at], workspace.systems[at].name);
    for (const auto& parked : status.parked)
        print_line(fmt::format("  parked, {}: {}", sync::name_of(parked.reason), parked.text));
}

Result<void> show_status(const std::string& dir, bool simulated, bool json) {
    TRY(const auto folder, read_folder(dir, simulated));
    TRY(const Status status, read_status(folder));
    if (json)
        print_json(status_json(status, *folder.workspace));
    else
        print_status(status, *folder.workspace);
    return {};
}

}  // namespace

void add_status(CLI::App& cli, Chosen& chosen) {
    struct Arguments {
        std::string dir;
        bool simulated = false, json = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* status = cli.add_subcommand("status", "Where a workspace stands");
    status->footer(
        "Shows, per data type, what is known, linked, waiting, held and parked, what was\n"
        "stopped and why, and when it was last looked at; per system, the calls its quotas\n"
        "have seen and those to come. Reads what a run has left on disk only; the engine\n"
        "may be running.");
    status->add_option("DIR", arguments->dir, "The workspace's folder")->required();
    status->add_flag("--simulated", arguments->simulated,
                     "Of the trial with simulated systems (DIR/state/simulated)");
    status->add_flag("--json", arguments->json, "Print one JSON object");
    status->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto shown = show_status(arguments->dir, arguments->simulated, arguments->json);
            return shown ? static_cast<int>(Exit::done) : report(shown.error());
        };
    });
}

}  // namespace entente::app
