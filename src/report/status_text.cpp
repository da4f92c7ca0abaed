#include <fmt/format.h>

#include "base/shown.hpp"
#include "report/status.hpp"

namespace entente::report {

namespace {

constexpr std::size_t waiting_told_max = 20;

Value instant_json(Instant t) {
    return t.ms == 0 ? Value() : Value(format_instant(t));
}

Value data_type_json(const DataTypeStatus& one, const model::Workspace& workspace) {
    Value parked = Value::object();
    for (const auto& [reason, count] : one.parked) parked.set(reason, count);
    Value causes = Value::list();
    for (const Waiting& cause : one.causes) causes.as_list().push_back(to_json(cause, workspace));
    Value out = Value::object();
    out.set("data_type", workspace.data_type(one.index).name);
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
    out.set("causes", std::move(causes));
    out.set("open_intents", one.open_intents);
    out.set("polled_at", one.feed ? instant_json(one.feed->polled_at) : Value());
    out.set("swept_at", one.feed ? instant_json(one.feed->swept_at) : Value());
    return out;
}

Value calls_json(const CallsStatus& calls) {
    Value quotas = Value::list();
    for (const auto& quota : calls.calls.quotas) quotas.as_list().push_back(model::to_json(quota));
    Value to_come = Value::object();
    to_come.set("edits", calls.edits);
    to_come.set("backfill", calls.backfill);
    Value out = Value::object();
    out.set("made", calls.calls.by_work);
    out.set("quotas", std::move(quotas));
    out.set("to_come", std::move(to_come));
    out.set("seconds_to_come", (calls.time.ms + 999) / 1000);
    return out;
}

std::string calls_text(const CallsStatus& calls, const std::string& system) {
    std::string line = system + ":";
    for (const auto& quota : calls.calls.quotas) line += " " + model::to_text(quota) + ";";
    line += fmt::format(" to come {} for edits and {} for a backfill", text::grouped(calls.edits),
                        text::grouped(calls.backfill));
    if (calls.time.ms > 0) line += ", at least " + format_duration(calls.time);
    return line;
}

std::string trouble_text(const sync::Trouble& trouble, const model::Workspace& workspace) {
    return fmt::format("TROUBLE with {} since {} ({}): {}",
                       subject(workspace, trouble.system, trouble.resource),
                       format_instant(trouble.since), sync::name_of(trouble.kind), trouble.text);
}

Value trouble_json(const sync::Trouble& trouble, const model::Workspace& workspace) {
    Value out = Value::object();
    out.set("kind", Value(sync::name_of(trouble.kind)));
    out.set("with", subject(workspace, trouble.system, trouble.resource));
    out.set("cause", trouble.text);
    out.set("since", instant_json(trouble.since));
    return out;
}

constexpr std::string_view columns = "{:<34} {:>8} {:>8} {:>8} {:>8} {:>6} {:>6} {:>6}  {}";

void add_data_type(const DataTypeStatus& one, const model::Workspace& workspace,
                   std::vector<std::string>& out) {
    std::int64_t parked = 0;
    for (const auto& [reason, count] : one.parked) parked += count;
    std::string last =
        !one.feed || one.feed->polled_at.ms == 0 ? "" : format_instant(one.feed->polled_at);
    if (!one.state.joined) last += "  (not joined yet)";
    if (one.open_intents > 0) last += fmt::format("  ({} under way)", one.open_intents);
    out.push_back(fmt::format(fmt::runtime(columns), workspace.data_type(one.index).full_name,
                              text::grouped(one.counts.records), text::grouped(one.counts.linked),
                              text::grouped(one.counts.pending),
                              text::grouped(one.counts.ready + one.counts.waiting),
                              text::grouped(one.counts.held), text::grouped(parked),
                              text::grouped(one.counts.gone), last));
    for (const Waiting& cause : one.causes) {
        out.push_back(fmt::format("  {}: {}", cause.reason == "stopped" ? "STOPPED" : cause.reason,
                                  cause.cause));
        for (std::string& line : to_text(cause.remedies)) out.push_back(std::move(line));
    }
}

void add_doubtful_links(const Status& status, const Place& place, std::vector<std::string>& out) {
    const std::size_t all = status.doubtful_links.size();
    if (all == 0) return;
    out.push_back(fmt::format(
        "{} that today's rules of matching would not make:",
        all == 1 ? "1 link" : text::grouped(static_cast<std::int64_t>(all)) + " links"));
    for (std::size_t i = 0; i < all && i < waiting_told_max; ++i)
        for (std::string& line : to_text(status.doubtful_links[i])) out.push_back(std::move(line));
    if (all > waiting_told_max)
        out.push_back(fmt::format("  and {} more: {}", all - waiting_told_max,
                                  command_of(place, "status", {"--json"})));
}

}  // namespace

std::vector<std::string> to_text(const Status& status, const model::Workspace& workspace,
                                 const Place& place) {
    std::vector<std::string> out{fmt::format(fmt::runtime(columns), workspace.name, "records",
                                             "linked", "pending", "waiting", "held", "parked",
                                             "gone", "last look")};
    for (const auto& one : status.data_types) add_data_type(one, workspace, out);
    for (std::size_t at = 0; at < status.calls.size(); ++at)
        out.push_back(calls_text(status.calls[at], workspace.systems[at].name));
    for (const sync::Trouble& trouble : status.troubles)
        out.push_back(trouble_text(trouble, workspace));
    add_doubtful_links(status, place, out);
    if (status.waiting.empty()) return out;
    out.push_back(fmt::format(
        "{} for a person:",
        status.waiting.size() == 1
            ? "1 thing waits"
            : text::grouped(static_cast<std::int64_t>(status.waiting.size())) + " things wait"));
    for (std::size_t i = 0; i < status.waiting.size() && i < waiting_told_max; ++i)
        for (std::string& line : to_text(status.waiting[i], workspace))
            out.push_back(std::move(line));
    if (status.waiting.size() > waiting_told_max)
        out.push_back(fmt::format("  and {} more: {}", status.waiting.size() - waiting_told_max,
                                  command_of(place, "status", {"--json"})));
    return out;
}

Value to_json(const Status& status, const model::Workspace& workspace) {
    Value systems = Value::list();
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        Value data_types = Value::list();
        for (const auto& one : status.data_types)
            if (workspace.data_type(one.index).system.at() == at)
                data_types.as_list().push_back(data_type_json(one, workspace));
        Value system = Value::object();
        system.set("name", workspace.systems[at].name);
        system.set("url", workspace.systems[at].base_url);
        system.set("calls", calls_json(status.calls[at]));
        system.set("data_types", std::move(data_types));
        systems.as_list().push_back(std::move(system));
    }
    Value waiting = Value::list();
    for (const Waiting& one : status.waiting) waiting.as_list().push_back(to_json(one, workspace));
    Value out = Value::object();
    out.set("workspace", workspace.name);
    out.set("systems", std::move(systems));
    Value troubles = Value::list();
    for (const sync::Trouble& trouble : status.troubles)
        troubles.as_list().push_back(trouble_json(trouble, workspace));
    out.set("troubles", std::move(troubles));
    out.set("waits", std::move(waiting));
    Value links = Value::list();
    for (const DoubtfulLink& link : status.doubtful_links) links.as_list().push_back(to_json(link));
    out.set("doubtful_links", std::move(links));
    return out;
}

}  // namespace entente::report
