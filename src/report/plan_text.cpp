#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json.hpp"
#include "report/plan.hpp"

namespace entente::report {

namespace {

constexpr std::size_t shown_samples = 2;
constexpr std::size_t shown_text_max = 160;

std::string shown(const Value& value) {
    std::string text = json::write(value);
    if (text.size() <= shown_text_max) return text;
    std::size_t end = shown_text_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

std::string changes_text(const PlannedWrite& write) {
    std::vector<std::string> parts;
    for (const auto& change : write.changes) {
        parts.push_back(
            fmt::format("{} {} -> {}", change.path, shown(change.before), shown(change.after)));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string_view ending(std::int64_t n) {
    return n == 1 ? "" : "s";
}

// Lines of one flow. Samples are kept by resource: those of a resource are shown with the first flow that leads there.
class FlowText {
public:
    FlowText(const Plan& plan, const model::Workspace& workspace, std::vector<std::string>& lines)
        : plan_(plan), workspace_(workspace), lines_(lines) {}

    void add(const FlowPlan& flow) {
        lines_.push_back(fmt::format(
            "{} -> {}: {} linked, would create {} and change {}{}", name(flow.from), name(flow.to),
            flow.linked, flow.created, flow.updated,
            flow.parked == 0 ? "" : fmt::format("; {} wait for a person", flow.parked)));
        for (const auto& wait : flow.waits) add(wait);
        const ResourceIndex resource = workspace_.data_type(flow.to).resource;
        if (flow.created > 0) add_creates(resource);
        if (flow.updated > 0) add_updates(resource);
    }

    // No flow leads there, but edits of what is linked travel everywhere: one line for each target.
    void add_besides() {
        std::map<DataTypeIndex, std::vector<const FlowPlan*>> by_target;
        for (const auto& flow : plan_.flows)
            if (!flow.is_flow && (flow.created + flow.updated > 0 || !flow.waits.empty()))
                by_target[flow.to].push_back(&flow);
        if (by_target.empty()) return;
        lines_.push_back("Besides, what is linked stays in step:");
        for (const auto& [to, flows] : by_target) {
            std::vector<std::string> parts;
            for (const auto* flow : flows)
                parts.push_back(
                    fmt::format("{}{} from {}", flow->updated,
                                flow->created == 0 ? "" : fmt::format(" and {} new", flow->created),
                                name(flow->from)));
            lines_.push_back(
                fmt::format("  {} would change: {}", name(to), fmt::join(parts, ", ")));
            for (const auto* flow : flows)
                for (const auto& wait : flow->waits) add(wait);
            add_updates(workspace_.data_type(to).resource);
        }
    }

private:
    const std::string& name(DataTypeIndex index) const {
        return workspace_.data_type(index).full_name;
    }

    void add(const PlannedWait& wait) {
        const bool is_more = wait.records > static_cast<std::int64_t>(wait.samples.size());
        lines_.push_back(fmt::format("    {} record{} would wait: {} ({}{})", wait.records,
                                     ending(wait.records), wait.why, fmt::join(wait.samples, ", "),
                                     is_more ? ", ..." : ""));
    }

    const std::vector<PlannedWrite>& first_time(
        const std::map<ResourceIndex, std::vector<PlannedWrite>>& samples, ResourceIndex resource) {
        static const std::vector<PlannedWrite> none;
        const auto found = samples.find(resource);
        const bool is_shown = !shown_.insert({&samples, resource}).second;
        return is_shown || found == samples.end() ? none : found->second;
    }

    void add_creates(ResourceIndex resource) {
        std::size_t left = shown_samples;
        for (const auto& write : first_time(plan_.rehearsed.creates, resource)) {
            if (left-- == 0) return;
            lines_.push_back("    new: " + shown(write.body));
        }
    }

    void add_updates(ResourceIndex resource) {
        std::size_t left = shown_samples;
        for (const auto& write : first_time(plan_.rehearsed.updates, resource)) {
            if (left-- == 0) return;
            lines_.push_back(fmt::format("    {}: {}", write.external_id, changes_text(write)));
        }
    }

    const Plan& plan_;
    const model::Workspace& workspace_;
    std::vector<std::string>& lines_;
    std::set<std::pair<const void*, ResourceIndex>> shown_;
};

std::string duration_text(Duration time) {
    if (time.ms < 5'400'000) return fmt::format("{} min", (time.ms + 59'999) / 60'000);
    return fmt::format("{:.1f} h", static_cast<double>(time.ms) / 3'600'000.0);
}

Value write_json(const PlannedWrite& write) {
    Value out = Value::object();
    if (write.external_id.empty()) {
        out.set("body", write.body);
        return out;
    }
    out.set("id", write.external_id);
    Value changes = Value::list();
    for (const auto& change : write.changes) {
        changes.as_list().push_back(Value(Value::Object{
            {"path", change.path}, {"before", change.before}, {"after", change.after}}));
    }
    out.set("changes", std::move(changes));
    return out;
}

Value flow_json(const FlowPlan& flow, const Plan& plan, const model::Workspace& workspace) {
    const auto& to = workspace.data_type(flow.to);
    Value waits = Value::list();
    for (const auto& wait : flow.waits) {
        Value samples = Value::list();
        for (const auto& sample : wait.samples) samples.as_list().push_back(sample);
        waits.as_list().push_back(Value(Value::Object{
            {"why", wait.why}, {"records", wait.records}, {"samples", std::move(samples)}}));
    }
    Value out = Value::object();
    out.set("from", workspace.data_type(flow.from).full_name);
    out.set("to", to.full_name);
    out.set("flow", flow.is_flow);
    out.set("linked", flow.linked);
    out.set("created", flow.created);
    out.set("updated", flow.updated);
    out.set("parked", flow.parked);
    out.set("waiting", std::move(waits));
    for (const auto& [key, samples, wanted] :
         {std::tuple("new", &plan.rehearsed.creates, flow.created),
          std::tuple("changed", &plan.rehearsed.updates, flow.updated)}) {
        const auto found = samples->find(to.resource);
        if (wanted == 0 || found == samples->end()) continue;
        Value list = Value::list();
        for (const auto& write : found->second) list.as_list().push_back(write_json(write));
        out.set(key, std::move(list));
    }
    return out;
}

}  // namespace

std::vector<std::string> to_text(const Plan& plan, const model::Workspace& workspace) {
    std::vector<std::string> lines;
    FlowText text(plan, workspace, lines);
    for (const auto& flow : plan.flows)
        if (flow.is_flow) text.add(flow);
    text.add_besides();
    for (const auto& why : plan.rehearsed.stopped) lines.push_back("stopped: " + why);
    for (std::size_t at = 0; at < plan.rehearsed.calls.size(); ++at) {
        const auto& calls = plan.rehearsed.calls[at];
        std::string line = fmt::format("{}: read with {} call{}; ", workspace.systems[at].name,
                                       calls.made, ending(calls.made));
        if (calls.to_come() == 0) {
            line += "nothing to write";
        } else {
            line += fmt::format(
                "{} to come ({} creates, {} updates, {} reads; {} of the writes "
                "are a backfill's), {}",
                calls.to_come(), calls.creates, calls.updates, calls.reads, calls.backfill,
                calls.time.ms < 60'000
                    ? std::string("within a minute")
                    : "at least " + duration_text(calls.time) + " within its quota");
        }
        lines.push_back(std::move(line));
        for (const auto& quota : calls.quotas) lines.push_back("  used: " + model::to_text(quota));
    }
    return lines;
}

Value to_json(const Plan& plan, const model::Workspace& workspace) {
    Value flows = Value::list();
    for (const auto& flow : plan.flows) {
        if (flow.is_flow || flow.created + flow.updated > 0 || !flow.waits.empty())
            flows.as_list().push_back(flow_json(flow, plan, workspace));
    }
    Value systems = Value::object();
    for (std::size_t at = 0; at < plan.rehearsed.calls.size(); ++at) {
        const auto& calls = plan.rehearsed.calls[at];
        Value quotas = Value::list();
        for (const auto& quota : calls.quotas) quotas.as_list().push_back(model::to_json(quota));
        systems.set(workspace.systems[at].name,
                    Value(Value::Object{{"calls_made", calls.made},
                                        {"creates", calls.creates},
                                        {"updates", calls.updates},
                                        {"reads", calls.reads},
                                        {"backfill", calls.backfill},
                                        {"quotas", std::move(quotas)},
                                        {"calls_to_come", calls.to_come()},
                                        {"seconds_to_come", (calls.time.ms + 999) / 1000}}));
    }
    Value parked = Value::object();
    for (const auto& [reason, count] : plan.parked) parked.set(sync::name_of(reason), count);
    Value stopped = Value::list();
    for (const auto& why : plan.rehearsed.stopped) stopped.as_list().push_back(why);
    Value out = Value::object();
    out.set("workspace", workspace.name);
    out.set("flows", std::move(flows));
    out.set("parked", std::move(parked));
    out.set("stopped", std::move(stopped));
    out.set("systems", std::move(systems));
    return out;
}

}  // namespace entente::report
