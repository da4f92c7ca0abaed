#include "model/load_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace entente::model {
namespace {

bool needs_model(PropertyType type) {
    return type == PropertyType::reference || type == PropertyType::list;
}

// What may say `identifies`: values of their own that travel.
void check_identity(const Property& property, const Mark& at, Reporter& report) {
    if (!property.identifies) return;
    using enum PropertyType;
    const bool is_value = !needs_model(property.type) && property.type != boolean;
    if (!is_value)
        report.error(at,
                     fmt::format("property {} is a {} and cannot identify", property.name,
                                 name_of(property.type)),
                     "leave `identifies` out");
    if (property.local)
        report.error(at,
                     fmt::format("property {} is local: each system has its own, so it identifies "
                                 "nothing to another",
                                 property.name),
                     "leave out `identifies` or `scope: local`");
}

Property load_property(const yaml::Entry& entry, Reporter& report) {
    Property property;
    property.name = entry.key;
    property.at = entry.at;
    MapReader map(entry.value, fmt::format("property {}", entry.key), report);
    using enum PropertyType;
    const auto type = map.one_of<PropertyType>("type", {{"text", text},
                                                        {"name", name},
                                                        {"code", code},
                                                        {"postal_code", postal_code},
                                                        {"email", email},
                                                        {"phone", phone},
                                                        {"vat_number", vat_number},
                                                        {"country", country},
                                                        {"currency", currency},
                                                        {"integer", integer},
                                                        {"decimal", decimal},
                                                        {"boolean", boolean},
                                                        {"date", date},
                                                        {"instant", instant},
                                                        {"reference", reference},
                                                        {"list", list}});
    property.type = type.value_or(text);
    map.demand("type", "type: text");
    property.required = map.boolean("required").value_or(false);
    property.local =
        map.one_of<bool>("scope", {{"local", true}, {"shared", false}}).value_or(false);
    property.identifies = map.boolean("identifies").value_or(false);
    check_identity(property, map.at("identifies"), report);
    if (property.type == reference) {
        property.to = map.text("to").value_or("");
        map.demand("to", "to: MODEL");
    }
    if (property.type == list) {
        property.to = map.text("of").value_or("");
        map.demand("of", "of: MODEL");
    }
    if (property.type == code) {
        for (Marked& value : map.texts("values")) property.values.push_back(std::move(value.text));
    }
    map.finish();
    return property;
}

// A rule is a list of properties, or a map that says how closely they are compared.
void load_rule(const yaml::Node& node, Model& model, Reporter& report) {
    MatchRule rule;
    const yaml::Node* parts = &node;
    std::optional<MapReader> map;
    if (node.is_map()) {
        map.emplace(node, "match rule", report);
        rule.is_loose =
            map->one_of<bool>("compare", {{"loose", true}, {"exact", false}}).value_or(false);
        map->demand("properties", "properties: [name, city]");
        parts = map->take("properties");
        map->finish();
        if (parts == nullptr) return;
    }
    std::vector<std::string> names;
    for (const Property& property : model.properties) names.push_back(property.name);
    for (const Marked& part : read_texts(*parts, "a match rule", report)) {
        const PropertyIndex property = model.find(part.text);
        if (!property) {
            report.error(part.at,
                         fmt::format("match rule names an unknown property '{}' of {}", part.text,
                                     model.name),
                         suggest(part.text, names));
        } else if (model[property].type == PropertyType::list) {
            report.error(part.at, fmt::format("'{}' is a list and cannot be matched", part.text),
                         "remove it from the rule");
        } else {
            rule.properties.push_back(property);
        }
    }
    if (parts->is_list() && parts->items.empty()) {
        report.error(parts->at, "a match rule without properties would match everything",
                     "name its properties: [a, b]");
    }
    if (rule.is_loose && model.decides(rule)) {
        report.error(node.at, "a rule with a property that identifies compares exactly",
                     "leave out `compare: loose`, or the property");
    }
    if (!rule.properties.empty()) model.match.push_back(std::move(rule));
}

}  // namespace

std::optional<Model> load_model(const yaml::Node& file, Reporter& report) {
    MapReader map(file, "model", report);
    Model model;
    model.at = map.at("model");
    model.name = map.text("model").value_or("");
    map.demand("model", "model: NAME");
    map.demand("properties", "properties: {name: {type: text}}");
    if (const yaml::Node* properties = map.take("properties")) {
        expect_map(*properties, "`properties`", report);
        for (const yaml::Entry& entry : properties->entries) {
            model.properties.push_back(load_property(entry, report));
        }
    }
    if (const yaml::Node* match = map.take("match")) {
        if (!match->is_list()) {
            report.error(match->at, "`match` is a list of rules, each a list of properties",
                         "write [[vat_number], [name, city]]");
        }
        for (const yaml::Node& rule : match->items) load_rule(rule, model, report);
        const auto identifying = std::ranges::count_if(model.properties, &Property::identifies);
        if (std::max(model.match.size(), static_cast<std::size_t>(identifying)) > match_rules_max) {
            report.error(match->at,
                         fmt::format("a model has at most {} match rules and so many properties "
                                     "that identify",
                                     match_rules_max),
                         "leave out the weakest");
        }
        std::set<PropertyIndex> named;
        for (const MatchRule& rule : model.match) named.insert(rule.begin(), rule.end());
        if (named.size() > match_properties_max) {
            report.error(match->at,
                         fmt::format("the match rules of a model name at most {} properties; these "
                                     "name {}",
                                     match_properties_max, named.size()),
                         "leave out the weakest rules");
        }
    }
    map.finish();
    if (model.name.empty()) return std::nullopt;
    if (model.name.contains('.')) {
        report.error(model.at, fmt::format("the model's name '{}' holds a dot", model.name),
                     "use _ instead: model.property must be unambiguous");
    }
    return model;
}

void check_models(const std::vector<Model>& models, Reporter& report) {
    std::vector<std::string> names;
    for (const Model& model : models) names.push_back(model.name);
    for (const Model& model : models) {
        for (const Property& property : model.properties) {
            if (!needs_model(property.type) || property.to.empty()) continue;
            if (std::ranges::find(names, property.to) != names.end()) continue;
            report.error(property.at,
                         fmt::format("property {} leads to an unknown model '{}'", property.name,
                                     property.to),
                         suggest(property.to, names));
        }
    }
}

const Model* parent_of(const std::vector<Model>& models, std::string_view name) {
    for (const Model& model : models) {
        const bool has_list = std::ranges::any_of(model.properties, [&](const Property& property) {
            return property.type == PropertyType::list && property.to == name;
        });
        if (has_list) return &model;
    }
    return nullptr;
}

}  // namespace entente::model
