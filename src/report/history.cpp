#include "report/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/json.hpp"
#include "report/words.hpp"

namespace entente::report {

namespace {

std::string_view name_of(sync::LinkOrigin origin) {
    switch (origin) {
        case sync::LinkOrigin::first:
            return "the first of its kind";
        case sync::LinkOrigin::matched:
            return "matched";
        case sync::LinkOrigin::created:
            return "created by us";
        case sync::LinkOrigin::by_hand:
            return "linked by hand";
    }
    return "";
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
    return "";
}

class Reader {
public:
    Reader(const model::Workspace& workspace, sync::StoreReader& store)
        : workspace_(workspace), store_(store) {}

    History read(EntityId entity, int limit) {
        links_ = store_.links_of_entities(std::array{entity});
        for (const auto& link : links_) add_member(link);
        for (const auto& found : store_.entities(std::array{entity})) add_values(found);
        add_events(entity, limit);
        std::ranges::stable_sort(history_.lines, {}, &HistoryLine::at);
        return std::move(history_);
    }

private:
    void add_member(const sync::Link& link) {
        for (const auto& record : store_.records(std::array{link.record})) {
            const std::string name = fmt::format(
                "{} {}", workspace_.data_type(link.data_type).full_name, record.external_id);
            names_[record.id] = name;
            history_.members.push_back({link.id, link.data_type, record.external_id, link.state,
                                        link.origin, link.made_at, record.changed_at,
                                        record.written_at});
            history_.lines.push_back(
                {link.made_at, "linked", name, "", {}, {}, std::string(name_of(link.origin))});
        }
    }

    std::string name_of_link(LinkId id) const {
        for (const auto& link : links_) {
            const auto name = names_.find(link.record);
            if (link.id == id && name != names_.end()) return name->second;
        }
        return {};
    }

    std::string origin_of(const sync::EntityProperty& held) const {
        const std::string name = name_of_link(held.origin);
        return held.origin && name.empty() ? "a record that is not linked any more" : name;
    }

    void add_values(const sync::Entity& entity) {
        const auto& model = workspace_.model(entity.model);
        for (std::size_t p = 0; p < entity.properties.size(); ++p) {
            const auto& held = entity.properties[p];
            if (held.revision.rev == 0) continue;
            const PropertyIndex property{static_cast<std::int32_t>(p)};
            HistoryValue value{property, held.value, held.revision.stamp.t, origin_of(held), {}};
            for (const auto& link : links_) add_behind(link, property, held, value);
            if (model[property].type != model::PropertyType::list)
                history_.values.push_back(std::move(value));
        }
    }

    // Who does not show the value yet, and why.
    void add_behind(const sync::Link& link, PropertyIndex property,
                    const sync::EntityProperty& held, HistoryValue& value) const {
        const auto* mapping = workspace_.data_type(link.data_type).mapping(property);
        const auto& shadow = link.shadows[property.at()];
        const bool is_in_step = shadow.revision.rev == held.revision.rev;
        if (!mapping || link.state != sync::LinkState::live || is_in_step) return;
        std::string why = "not written yet";
        if (mapping->lens.access == model::Access::read) why = "cannot be written there";
        for (const auto& hold : link.held)
            if (hold.property == property) why = "held: " + hold.reason;
        value.behind.push_back(fmt::format("{} shows {} ({})", name_of_link(link.id),
                                           shadow.value ? json::write(*shadow.value) : "nothing",
                                           why));
    }

    // What was another thing once has a history of its own.
    void add_events(EntityId entity, int limit) {
        if (!told_.insert(entity).second) return;
        for (const auto& event : store_.history(entity, limit)) {
            add_event(event);
            if (event.kind != sync::HistoryEvent::Kind::said || !event.before) continue;
            const auto other = event.before->as_decimal().to_int();
            if (other) add_events({*other}, limit);
        }
    }

    void add_event(const sync::HistoryEvent& event) {
        const bool is_said = event.kind == sync::HistoryEvent::Kind::said;
        HistoryLine line{event.at,  std::string(sync::name_of(event.kind)), "",
                         "",        is_said ? std::nullopt : event.before,  event.after,
                         event.text};
        const auto name = names_.find(event.record);
        if (name != names_.end())
            line.record = name->second;
        else if (event.data_type)
            line.record = workspace_.data_type(event.data_type).full_name;
        if (event.property && event.data_type)
            line.property =
                workspace_.model(workspace_.data_type(event.data_type).model)[event.property].name;
        history_.lines.push_back(std::move(line));
    }

    const model::Workspace& workspace_;
    sync::StoreReader& store_;
    std::vector<sync::Link> links_;
    std::map<RecordId, std::string> names_;
    std::set<EntityId> told_;
    History history_;
};

std::string line_text(const HistoryLine& line) {
    std::string text =
        fmt::format("{}  {:<10} {}", format_instant(line.at), line.kind, line.record);
    if (!line.property.empty()) text += " " + line.property;
    if (line.before && line.after)
        text += fmt::format(": {} -> {}", json::write(*line.before), json::write(*line.after));
    else if (line.after)
        text += ": " + json::write(*line.after);
    if (!line.text.empty()) text += " (" + line.text + ")";
    return text;
}

std::string time_or_never(Instant at) {
    return at.ms == 0 ? "never" : format_instant(at);
}

Value time_or_null(Instant at) {
    return at.ms == 0 ? Value() : Value(format_instant(at));
}

}  // namespace

Result<History> history_of(const model::Workspace& workspace, sync::StoreReader& store,
                           DataTypeIndex data_type, const std::string& id, int limit) {
    const auto heads = store.find_records(workspace.data_type(data_type).resource, std::array{id});
    if (heads.empty() || !heads.front()) {
        return fail(ErrorKind::not_found,
                    "was never seen; `entente status` says when it was last looked for",
                    fmt::format("{} {}", workspace.data_type(data_type).full_name, id));
    }
    History history;
    for (const auto& link : store.links_of_records(std::array{heads.front()->id})) {
        if (link.data_type == data_type)
            history = Reader(workspace, store).read(link.entity, limit);
    }
    for (RecordId other : store.apart_from(heads.front()->id))
        history.apart.push_back(record_word(workspace, store, other));
    if (const auto parked = store.parked_record(heads.front()->id))
        history.parked = fmt::format("{}: {}", sync::name_of(parked->reason), parked->text);
    return history;
}

std::vector<std::string> to_text(const History& history, const model::Workspace& workspace) {
    std::vector<std::string> out;
    for (const auto& member : history.members) {
        out.push_back(fmt::format(
            "{} {}: {}, {} on {}, last changed {}, last written by us {}",
            workspace.data_type(member.data_type).full_name, member.external_id,
            name_of(member.state), name_of(member.origin), format_instant(member.linked_at),
            time_or_never(member.changed_at), time_or_never(member.written_at)));
    }
    if (history.members.empty()) out.push_back("is linked to nothing");
    for (const auto& other : history.apart) out.push_back("told apart from " + other);
    if (!history.parked.empty()) out.push_back("waits for a person, " + history.parked);
    if (!history.values.empty()) out.push_back("values:");
    for (const auto& value : history.values) {
        const auto& model =
            workspace.model(workspace.data_type(history.members.front().data_type).model);
        out.push_back(fmt::format(
            "  {} = {} (from {}, {})", model[value.property].name, json::write(value.value),
            value.origin.empty() ? "a person in Entente" : value.origin, format_instant(value.at)));
        for (const auto& behind : value.behind) out.push_back("    " + behind);
    }
    if (!history.lines.empty()) out.push_back("events:");
    for (const auto& line : history.lines) out.push_back("  " + line_text(line));
    return out;
}

Value to_json(const History& history, const model::Workspace& workspace) {
    Value members = Value::list(), values = Value::list(), events = Value::list();
    Value apart = Value::list();
    for (const auto& other : history.apart) apart.as_list().push_back(other);
    for (const auto& member : history.members) {
        members.as_list().push_back(Value(Value::Object{
            {"record", fmt::format("{} {}", workspace.data_type(member.data_type).full_name,
                                   member.external_id)},
            {"state", name_of(member.state)},
            {"origin", name_of(member.origin)},
            {"linked_at", format_instant(member.linked_at)},
            {"changed_at", time_or_null(member.changed_at)},
            {"written_at", time_or_null(member.written_at)}}));
    }
    for (const auto& value : history.values) {
        const auto& model =
            workspace.model(workspace.data_type(history.members.front().data_type).model);
        Value behind = Value::list();
        for (const auto& text : value.behind) behind.as_list().push_back(text);
        values.as_list().push_back(
            Value(Value::Object{{"property", model[value.property].name},
                                {"value", value.value},
                                {"from", value.origin.empty() ? Value() : Value(value.origin)},
                                {"at", format_instant(value.at)},
                                {"behind", std::move(behind)}}));
    }
    for (const auto& line : history.lines) {
        Value event(Value::Object{{"at", format_instant(line.at)}, {"kind", line.kind}});
        if (!line.record.empty()) event.set("record", line.record);
        if (!line.property.empty()) event.set("property", line.property);
        if (line.before) event.set("before", *line.before);
        if (line.after) event.set("after", *line.after);
        if (!line.text.empty()) event.set("text", line.text);
        events.as_list().push_back(std::move(event));
    }
    return Value(Value::Object{{"members", std::move(members)},
                               {"apart", std::move(apart)},
                               {"parked", history.parked.empty() ? Value() : Value(history.parked)},
                               {"values", std::move(values)},
                               {"events", std::move(events)}});
}

}  // namespace entente::report
