#include "model/load_mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "model/load_lens.hpp"

namespace entente::model {
namespace {

std::vector<std::string> names_of(const Model& model) {
    std::vector<std::string> names;
    for (const Property& property : model.properties) names.push_back(property.name);
    return names;
}

// `lines: {path: lines, of: Order.lines}`; the path only where the lines stand inside the record.
void load_lines(const yaml::Entry& entry, PropertyIndex property,
                const std::vector<FieldDefinition>& fields, DataTypeDefinition& made,
                Reporter& report) {
    MapReader map(entry.value, fmt::format("mapping of {}", entry.key), report);
    LinesDefinition lines;
    lines.property = property;
    lines.at = entry.at;
    lines.of = map.text("of").value_or("");
    map.demand("of", "of: DATA_TYPE");
    lines.path = map.text("path").value_or("");
    const FieldDefinition* field = find_field(fields, lines.path);
    if (!lines.path.empty() && (field == nullptr || !field->is_list)) {
        report.error(map.at("path"), fmt::format("'{}' is no list of this resource", lines.path),
                     fmt::format("declare it: properties: {{{}: {{type: list, properties: ...}}}}",
                                 lines.path));
    }
    if (field != nullptr) made.data_type.lines_required = field->required;
    map.finish();
    made.lines.push_back(std::move(lines));
}

void load_map(const yaml::Node& node, const Model& model,
              const std::vector<FieldDefinition>& fields, DataTypeDefinition& made,
              Reporter& report) {
    if (!expect_map(node, "`map`", report)) return;
    std::vector<Mapping>& mappings = made.data_type.map;
    for (const yaml::Entry& entry : node.entries) {
        const PropertyIndex property = model.find(entry.key);
        if (!property) {
            report.error(entry.at,
                         fmt::format("model {} has no property '{}'", model.name, entry.key),
                         suggest(entry.key, names_of(model)));
        } else if (model[property].type == PropertyType::list) {
            load_lines(entry, property, fields, made, report);
        } else if (auto lens = load_lens(entry, model[property], fields, report)) {
            mappings.push_back({property, *std::move(lens), entry.at, {}});
        }
    }
    std::ranges::sort(mappings, {}, &Mapping::property);
    made.data_type.mapping_of.assign(model.properties.size(), -1);
    for (std::size_t i = 0; i < mappings.size(); ++i) {
        made.data_type.mapping_of[mappings[i].property.at()] = static_cast<int>(i);
    }
}

using FieldValues = std::vector<std::pair<std::string, Value>>;

// `where` and `on_create`: fields and what stands in them.
FieldValues load_field_values(MapReader& map, std::string_view key,
                              const std::vector<FieldDefinition>& fields, Reporter& report) {
    const yaml::Node* node = map.take(key);
    if (node == nullptr || !expect_map(*node, fmt::format("`{}`", key), report)) return {};
    FieldValues values;
    for (const yaml::Entry& entry : node->entries) {
        const FieldDefinition* field = find_field(fields, entry.key);
        if (field == nullptr || field->is_list) {
            report.error(entry.at,
                         fmt::format("`{}` names an unknown property '{}'", key, entry.key),
                         suggest(entry.key, paths_of(fields)));
        } else if (auto value = read_field_value(entry.value, field->type, report)) {
            values.emplace_back(entry.key, *std::move(value));
        }
    }
    return values;
}

// `inside: {data_type: Order, path: lines, key: id}`. The fields are then those of the list's
// elements.
const std::vector<FieldDefinition>* load_inside(const yaml::Node& node,
                                                const ResourceDefinition& resource,
                                                DataTypeDefinition& made, Reporter& report) {
    MapReader map(node, "`inside`", report);
    made.parent_mark = node.at;
    made.parent = map.text("data_type").value_or("");
    map.demand("data_type", "data_type: Order");
    made.data_type.nested_path = map.text("path").value_or("");
    map.demand("path", "path: lines");
    if (const yaml::Node* key = map.take("key")) {
        const KeyDefinition definition = load_key(*key, report);
        made.key_at = definition.path;
        made.key_is_integer = definition.is_integer;
    }
    map.demand("key", "key: id");
    map.finish();
    const FieldDefinition* list = find_field(resource.fields, made.data_type.nested_path);
    if (list != nullptr && list->is_list) return &list->elements;
    report.error(map.at("path"),
                 fmt::format("'{}' is no list of resource {}", made.data_type.nested_path,
                             resource.resource.name),
                 "declare it under `properties` with type: list");
    return nullptr;
}

// `parent: {data_type: Order, path: order, inside: lines}`.
void load_parent(const yaml::Node& node, const std::vector<FieldDefinition>& fields,
                 DataTypeDefinition& made, Reporter& report) {
    MapReader map(node, "`parent`", report);
    made.parent_mark = node.at;
    made.parent = map.text("data_type").value_or("");
    map.demand("data_type", "data_type: Order");
    made.data_type.parent_at = map.text("path").value_or("");
    map.demand("path", "path: order");
    made.data_type.create_inside = map.text("inside").value_or("");
    made.inside_mark = map.at("inside");
    map.finish();
    if (made.data_type.parent_at.empty()) return;
    const FieldDefinition* field = find_field(fields, made.data_type.parent_at);
    if (field == nullptr || field->is_list) {
        report.error(map.at("path"), fmt::format("unknown property '{}'", made.data_type.parent_at),
                     suggest(made.data_type.parent_at, paths_of(fields)));
    }
}

ModelIndex find_model(MapReader& map, const std::vector<Model>& models, Reporter& report) {
    const auto name = map.text("model");
    map.demand("model", "model: NAME");
    if (!name) return ModelIndex::none();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < models.size(); ++i) {
        if (models[i].name == *name) return {static_cast<std::int32_t>(i)};
        names.push_back(models[i].name);
    }
    report.error(map.at("model"), fmt::format("unknown model '{}'", *name), suggest(*name, names));
    return ModelIndex::none();
}

}  // namespace

const FieldDefinition* find_field(const std::vector<FieldDefinition>& fields,
                                  std::string_view path) {
    const auto field = std::ranges::find(fields, path, &FieldDefinition::path);
    return field == fields.end() ? nullptr : &*field;
}

std::vector<std::string> paths_of(const std::vector<FieldDefinition>& fields) {
    std::vector<std::string> paths;
    for (const FieldDefinition& field : fields) paths.push_back(field.path);
    return paths;
}

KeyDefinition load_key(const yaml::Node& node, Reporter& report) {
    KeyDefinition key;
    if (node.is_scalar()) {
        key.path = node.text;
        return key;
    }
    MapReader map(node, "`key`", report);
    key.path = map.text("property").value_or(key.path);
    map.demand("property", "property: id");
    const std::string type =
        map.one_of<std::string>("type",
                                {{"text", "text"}, {"guid", "guid"}, {"integer", "integer"}})
            .value_or("text");
    key.is_integer = type == "integer";
    key.is_guid = type == "guid";
    map.finish();
    return key;
}

std::optional<DataTypeDefinition> load_data_type(const yaml::Entry& entry,
                                                 const ResourceDefinition& resource,
                                                 const std::vector<Model>& models,
                                                 Reporter& report) {
    MapReader map(entry.value, fmt::format("data type {}", entry.key), report);
    DataTypeDefinition made;
    made.at = entry.at;
    made.data_type.name = entry.key;
    made.data_type.creates = map.boolean("creates").value_or(true);
    made.data_type.share = map.boolean("share").value_or(true);
    made.data_type.model = find_model(map, models, report);

    const yaml::Node* inside = map.take("inside");
    const yaml::Node* parent = map.take("parent");
    const yaml::Node* properties = map.take("map");
    map.demand("map", "map: {name: path}");
    if (inside != nullptr && parent != nullptr) {
        report.error(parent->at, "lines stand inside their parent or point to it, not both",
                     "remove `inside` or `parent`");
    }
    const std::vector<FieldDefinition>* fields = &resource.fields;
    if (inside != nullptr) fields = load_inside(*inside, resource, made, report);
    if (fields != nullptr) {
        made.data_type.where = load_field_values(map, "where", *fields, report);
        made.data_type.on_create = load_field_values(map, "on_create", *fields, report);
    } else {
        map.take("where");
        map.take("on_create");
    }
    map.finish();
    if (fields == nullptr) return std::nullopt;
    if (parent != nullptr && inside == nullptr) load_parent(*parent, *fields, made, report);
    if (!made.data_type.model) return std::nullopt;
    const Model& model = models[made.data_type.model.at()];
    made.data_type.mapping_of.assign(model.properties.size(), -1);
    if (properties != nullptr) load_map(*properties, model, *fields, made, report);
    return made;
}

}  // namespace entente::model
