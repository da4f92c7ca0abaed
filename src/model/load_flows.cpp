#include "model/load_flows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace entente::model {
namespace {

DataTypeIndex data_type_at(std::size_t at) {
    return {static_cast<std::int32_t>(at)};
}

bool is_line(const DataType& data_type) {
    return !data_type.parent_at.empty() || data_type.is_nested() || data_type.parent;
}

void derive(const Mark& at, Workspace& workspace) {
    for (std::size_t i = 0; i < workspace.data_types.size(); ++i) {
        for (std::size_t j = 0; j < workspace.data_types.size(); ++j) {
            const DataType& from = workspace.data_types[i];
            const DataType& to = workspace.data_types[j];
            const bool is_pair = from.system != to.system && from.model == to.model;
            if (!is_pair || is_line(from) || is_line(to)) continue;
            Flow flow;
            flow.from = data_type_at(i);
            flow.to = data_type_at(j);
            flow.create = from.creates && to.share ? CreateRule::always : CreateRule::never;
            flow.at = at;
            workspace.flows.push_back(std::move(flow));
        }
    }
}

// The lines of a pair follow the rule of the pair, within what they may do themselves.
void add_implied(Workspace& workspace) {
    const std::size_t explicit_flows = workspace.flows.size();
    for (std::size_t i = 0; i < explicit_flows; ++i) {
        const Flow parent = workspace.flows[i];
        for (const DataTypeIndex from : workspace.data_type(parent.from).children) {
            for (const DataTypeIndex to : workspace.data_type(parent.to).children) {
                const DataType& source = workspace.data_type(from);
                const DataType& target = workspace.data_type(to);
                if (source.model != target.model) continue;
                Flow flow = parent;
                flow.from = from;
                flow.to = to;
                flow.implied = true;
                if (!source.creates || !target.share) flow.create = CreateRule::never;
                workspace.flows.push_back(std::move(flow));
            }
        }
    }
}

class FlowReader {
public:
    FlowReader(Workspace& workspace, Reporter& report) : workspace_(workspace), report_(report) {}

    void read(const yaml::Node& node) {
        MapReader map(node, "flow", report_);
        Flow flow;
        flow.at = node.at;
        map.demand("from", "from: System.DataType");
        map.demand("to", "to: System.DataType");
        flow.from = end(map, "from");
        flow.to = end(map, "to");
        flow.create = map.one_of<CreateRule>("create", {{"always", CreateRule::always},
                                                        {"never", CreateRule::never}})
                          .value_or(CreateRule::always);
        map.finish();
        if (!flow.from || !flow.to || !is_possible(flow, map)) return;
        workspace_.flows.push_back(std::move(flow));
    }

private:
    std::string_view name(DataTypeIndex index) const {
        return workspace_.data_type(index).full_name;
    }

    DataTypeIndex end(MapReader& map, std::string_view key) {
        const auto text = map.text(key);
        if (!text) return DataTypeIndex::none();
        const DataTypeIndex found = workspace_.find_data_type(*text);
        if (found) return found;
        const std::string system = text->substr(0, text->find('.'));
        std::vector<std::string> systems;
        for (const System& known : workspace_.systems) systems.push_back(known.name);
        if (std::ranges::find(systems, system) == systems.end()) {
            report_.error(map.at(key), fmt::format("unknown system '{}'", system),
                          suggest(system, systems));
            return DataTypeIndex::none();
        }
        std::vector<std::string> data_types;
        for (const DataType& known : workspace_.data_types) {
            if (workspace_.system(known.system).name == system) {
                data_types.push_back(known.full_name);
            }
        }
        // A system whose connector could not be loaded has none: that has been reported.
        if (!data_types.empty()) {
            report_.error(map.at(key), fmt::format("unknown data type '{}'", *text),
                          suggest(*text, data_types));
        }
        return DataTypeIndex::none();
    }

    bool is_possible(const Flow& flow, const MapReader& map) {
        const DataType& from = workspace_.data_type(flow.from);
        const DataType& to = workspace_.data_type(flow.to);
        if (from.system == to.system) {
            report_.error(
                map.at("to"),
                fmt::format("{} and {} are in the same system", name(flow.from), name(flow.to)),
                "a flow leads from one system to another");
            return false;
        }
        if (from.model != to.model) {
            report_.error(map.at("to"),
                          fmt::format("{} is of model {}, {} of model {}", name(flow.from),
                                      workspace_.model(from.model).name, name(flow.to),
                                      workspace_.model(to.model).name),
                          fmt::format("name a data type of {}", workspace_.model(from.model).name));
            return false;
        }
        if (is_line(from) || is_line(to)) {
            report_.error(map.at(),
                          fmt::format("{} holds lines, which follow their parents",
                                      name(is_line(from) ? flow.from : flow.to)),
                          "remove this flow");
            return false;
        }
        if (flow.create == CreateRule::always && !to.share) {
            report_.error(map.at("to"), fmt::format("{} has `share: false`", name(flow.to)),
                          "write `create: never`, or remove `share: false`");
            return false;
        }
        for (const Flow& other : workspace_.flows) {
            if (other.from != flow.from || other.to != flow.to) continue;
            report_.error(map.at(),
                          fmt::format("the flow from {} to {} is there already", name(flow.from),
                                      name(flow.to)),
                          fmt::format("remove this or the one in line {}", other.at.line));
            return false;
        }
        return true;
    }

    Workspace& workspace_;
    Reporter& report_;
};

std::vector<SystemIndex> load_order(const yaml::Node& node, const Workspace& workspace,
                                    Reporter& report) {
    std::vector<std::string> names;
    for (const System& system : workspace.systems) names.push_back(system.name);
    std::vector<SystemIndex> order;
    for (const Marked& name : read_texts(node, "`prefer`", report)) {
        const auto system = std::ranges::find(names, name.text);
        const SystemIndex index{static_cast<std::int32_t>(system - names.begin())};
        if (system == names.end()) {
            report.error(name.at, fmt::format("`prefer` names an unknown system '{}'", name.text),
                         suggest(name.text, names));
        } else if (std::ranges::find(order, index) != order.end()) {
            report.error(name.at, fmt::format("`prefer` names {} twice", name.text), "remove one");
        } else {
            order.push_back(index);
        }
    }
    return order;
}

ConflictPolicy load_policy(const yaml::Node& node, const Workspace& workspace, Reporter& report) {
    ConflictPolicy policy;
    if (node.is_scalar() && node.text == "latest") return policy;
    if (!node.is_map()) {
        report.error(node.at, "this is no conflict policy", "write latest or {prefer: [SYSTEM]}");
        return policy;
    }
    MapReader map(node, "`conflicts`", report);
    map.demand("prefer", "prefer: [SYSTEM]");
    if (const yaml::Node* prefer = map.take("prefer")) {
        policy.prefer = true;
        policy.order = load_order(*prefer, workspace, report);
    }
    map.finish();
    return policy;
}

// "organisation.address.city" -> the policy's place, or null pointer (reported).
ConflictPolicy* find_policy(const yaml::Entry& entry, Workspace& workspace, Reporter& report) {
    const std::size_t dot = std::min(entry.key.find('.'), entry.key.size());
    const std::string name = entry.key.substr(0, dot);
    std::vector<std::string> models;
    for (const Model& model : workspace.models) models.push_back(model.name);
    const auto model = std::ranges::find(models, name);
    if (model == models.end()) {
        report.error(entry.at, fmt::format("unknown model '{}'", name), suggest(name, models));
        return nullptr;
    }
    const auto index = static_cast<std::size_t>(model - models.begin());
    const std::string property = entry.key.substr(std::min(dot + 1, entry.key.size()));
    const PropertyIndex found = workspace.models[index].find(property);
    if (found) return &workspace.policies[index][found.at()];
    std::vector<std::string> known;
    for (const Property& other : workspace.models[index].properties) known.push_back(other.name);
    report.error(entry.at, fmt::format("model {} has no property '{}'", name, property),
                 suggest(property, known));
    return nullptr;
}

// Whether records of this data type can give a value of the property to others.
bool supplies(const DataType& data_type, PropertyIndex property) {
    const Mapping* mapping = data_type.mapping(property);
    return mapping != nullptr && !mapping->lens.constant &&
           mapping->lens.access != Access::write_only;
}

// What a record of the target must have, and what the source cannot tell: its creates wait, unless another system tells it.
void note_missing(const Workspace& workspace, const Flow& flow, Reporter& report) {
    const DataType& from = workspace.data_type(flow.from);
    const DataType& to = workspace.data_type(flow.to);
    const Model& model = workspace.model(to.model);
    for (const Mapping& mapping : to.map) {
        const Property& property = model[mapping.property];
        const Lens& lens = mapping.lens;
        const bool is_needed = (lens.required || property.required) && !property.local &&
                               lens.access != Access::read && !lens.on_create && !lens.constant;
        if (!is_needed || supplies(from, mapping.property)) continue;
        const bool is_elsewhere =
            std::ranges::any_of(workspace.data_types, [&](const DataType& other) {
                return other.model == to.model && other.system != to.system &&
                       supplies(other, mapping.property);
            });
        report.note(
            flow.at,
            fmt::format("{} requires {}, which {} does not have: {}", to.full_name, property.name,
                        from.full_name,
                        is_elsewhere ? "its records are created there once another system has it"
                                     : "none of its records can be created there"),
            fmt::format("map {} in {}, give it `on_create` in {}, or write `create: never`",
                        property.name, from.full_name, to.full_name));
    }
}

// What the model requires and the target does not map, or cannot be given: nothing can be created there, whatever leads to it.
void note_unmapped(const Workspace& workspace, const Flow& flow, Reporter& report) {
    const DataType& to = workspace.data_type(flow.to);
    const Model& model = workspace.model(to.model);
    for (std::size_t i = 0; i < model.properties.size(); ++i) {
        const Property& property = model.properties[i];
        const Mapping* mapping = to.mapping({static_cast<std::int32_t>(i)});
        const bool is_given = mapping && (mapping->lens.access != Access::read ||
                                          mapping->lens.on_create || mapping->lens.constant);
        if (!property.required || property.local || is_given) continue;
        report.note(
            flow.at,
            fmt::format("{} requires {}, which {}: none can be created there", model.name,
                        property.name,
                        mapping ? fmt::format("cannot be written to {}", to.full_name)
                                : fmt::format("{} does not map", to.full_name)),
            fmt::format("map {} in {}, or write `create: never`", property.name, to.full_name));
    }
}

}  // namespace

void load_flows(const yaml::Node* flows, const Mark& fallback, Workspace& workspace,
                Reporter& report) {
    if (flows == nullptr || (flows->is_scalar() && flows->text == "derived")) {
        derive(flows == nullptr ? fallback : flows->at, workspace);
    } else if (flows->is_list()) {
        FlowReader reader(workspace, report);
        for (const yaml::Node& flow : flows->items) reader.read(flow);
    } else {
        report.error(flows->at, "`flows` is neither `derived` nor a list",
                     "write derived, or a list of {from: A.X, to: B.Y}");
    }
    add_implied(workspace);
    std::set<DataTypeIndex> noted;
    for (const Flow& flow : workspace.flows) {
        if (flow.create != CreateRule::always) continue;
        note_missing(workspace, flow, report);
        if (noted.insert(flow.to).second) note_unmapped(workspace, flow, report);
    }
}

void load_policies(const yaml::Node* conflicts, const yaml::Node* properties, Workspace& workspace,
                   Reporter& report) {
    const ConflictPolicy usual =
        conflicts == nullptr ? ConflictPolicy{} : load_policy(*conflicts, workspace, report);
    for (const Model& model : workspace.models) {
        workspace.policies.emplace_back(model.properties.size(), usual);
    }
    if (properties == nullptr || !expect_map(*properties, "`properties`", report)) return;
    for (const yaml::Entry& entry : properties->entries) {
        ConflictPolicy* policy = find_policy(entry, workspace, report);
        MapReader map(entry.value, fmt::format("property {}", entry.key), report);
        map.demand("conflicts", "conflicts: latest");
        if (const yaml::Node* node = map.take("conflicts")) {
            const ConflictPolicy read = load_policy(*node, workspace, report);
            if (policy != nullptr) *policy = read;
        }
        map.finish();
    }
}

}  // namespace entente::model
