#include "model/load_resource.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "model/load_mapping.hpp"
#include "model/load_pattern.hpp"
#include "model/load_rest.hpp"

namespace entente::model {
namespace {

constexpr IntegerRange max_range{1, 1'000'000};
constexpr IntegerRange digits_range{0, 12};

// What the fields of a resource have from their connector.
struct FieldContext {
    const Blanks& blanks;
    Reporter& report;
};

std::vector<FieldDefinition> load_fields(const yaml::Node& node, bool may_nest,
                                         const FieldContext& context);

void load_list(MapReader& map, FieldDefinition& field, bool may_nest, const FieldContext& context) {
    field.required = map.boolean("required").value_or(false);
    field.access =
        map.one_of<Access>("access", {{"write", Access::write}, {"write_only", Access::write_only}})
            .value_or(Access::write);
    const yaml::Node* elements = map.take("properties");
    // What is only ever sent there are the records of another resource: their fields stand there.
    if (field.access != Access::write_only) {
        map.demand("properties", "properties: {product_id: {type: text}}");
    }
    if (elements == nullptr) return;
    if (may_nest) {
        field.elements = load_fields(*elements, false, context);
    } else {
        context.report.error(field.at, "a list inside a list cannot be mapped", "remove it");
    }
}

std::optional<Value> blank_of(const FieldDefinition& field, const Blanks& blanks) {
    if (field.is_guid) return blanks.guid;
    switch (field.type) {
        case FieldType::text:
        case FieldType::code:
        case FieldType::decimal_text:
            return blanks.text;
        case FieldType::integer:
        case FieldType::decimal:
            return blanks.number;
        case FieldType::date:
            return blanks.date;
        case FieldType::instant:
            return blanks.instant;
        case FieldType::boolean:
        case FieldType::odata_date:
            return std::nullopt;
    }
    std::unreachable();
}

void load_empty(MapReader& map, FieldDefinition& field, const FieldContext& context) {
    const yaml::Node* empty = map.take("empty_is");
    if (empty == nullptr) {
        if (auto blank = blank_of(field, context.blanks)) field.empty_is = {*std::move(blank)};
        return;
    }
    const std::span<const yaml::Node> nodes =
        empty->is_list() ? std::span(empty->items) : std::span(empty, 1);
    for (const yaml::Node& node : nodes) {
        if (auto value = read_field_value(node, field.type, context.report)) {
            field.empty_is.push_back(*std::move(value));
        }
    }
}

void load_scalar(MapReader& map, FieldDefinition& field, const FieldContext& context) {
    const bool is_text = field.type == FieldType::text || field.type == FieldType::code;
    const bool is_number =
        field.type == FieldType::decimal || field.type == FieldType::decimal_text;
    if (is_text) field.max = map.integer("max", max_range);
    if (is_number) field.decimals = map.integer("digits", digits_range);
    field.required = map.boolean("required").value_or(false);
    field.access = map.one_of<Access>("access", {{"read", Access::read},
                                                 {"write", Access::write},
                                                 {"read_create", Access::read_create},
                                                 {"write_only", Access::write_only}})
                       .value_or(Access::write);
    load_empty(map, field, context);
    if (is_text) {
        for (Marked& value : map.texts("values")) field.values.push_back(std::move(value.text));
    }
}

FieldDefinition load_field(const yaml::Entry& entry, bool may_nest, const FieldContext& context) {
    FieldDefinition field;
    field.path = entry.key;
    field.at = entry.at;
    MapReader map(entry.value, fmt::format("property {}", entry.key), context.report);
    const yaml::Node* type = map.take("type");
    map.demand("type", "type: text");
    field.is_list = type != nullptr && type->is_scalar() && type->text == "list";
    field.is_guid = type != nullptr && type->is_scalar() && type->text == "guid";
    if (field.is_list) {
        load_list(map, field, may_nest, context);
    } else {
        using enum FieldType;
        field.type = map.one_of<FieldType>("type", {{"text", text},
                                                    {"guid", text},
                                                    {"integer", integer},
                                                    {"decimal", decimal},
                                                    {"decimal_text", decimal_text},
                                                    {"boolean", boolean},
                                                    {"date", date},
                                                    {"instant", instant},
                                                    {"code", code},
                                                    {"odata_date", odata_date},
                                                    {"list", text}})
                         .value_or(text);
        load_scalar(map, field, context);
    }
    map.finish();
    return field;
}

std::vector<FieldDefinition> load_fields(const yaml::Node& node, bool may_nest,
                                         const FieldContext& context) {
    expect_map(node, "`properties`", context.report);
    std::vector<FieldDefinition> fields;
    for (const yaml::Entry& entry : node.entries) {
        fields.push_back(load_field(entry, may_nest, context));
    }
    return fields;
}

void add_search(const Marked& path, QueryPattern query, ResourceDefinition& resource,
                Reporter& report) {
    if (find_field(resource.fields, path.text) == nullptr) {
        report.error(path.at, fmt::format("`search` names an unknown property '{}'", path.text),
                     suggest(path.text, paths_of(resource.fields)));
    }
    resource.resource.search.push_back({path.text, std::move(query)});
}

// A path alone is a parameter of that name, or a condition as the dialect writes it.
QueryPattern search_of(const std::string& path, Dialect dialect,
                       const ResourceDefinition& resource) {
    if (dialect == Dialect::plain) return {path, ""};
    const FieldDefinition* field = find_field(resource.fields, path);
    if (field == nullptr) return {"$filter", ""};  // reported by add_search
    return {"$filter", equality(dialect, path, {field->type, field->is_guid})};
}

void load_search(const yaml::Node& node, Dialect dialect, ResourceDefinition& resource,
                 Reporter& report) {
    if (!node.is_map()) {
        for (const Marked& path : read_texts(node, "`search`", report)) {
            add_search(path, search_of(path.text, dialect, resource), resource, report);
        }
        return;
    }
    for (const yaml::Entry& entry : node.entries) {
        QueryPattern query =
            read_query_pattern(entry.value, "a query parameter", {{"value"}, {"value"}}, report);
        if (!query.parameter.empty()) {
            add_search({entry.key, entry.at}, std::move(query), resource, report);
        }
    }
}

void check_path(const Marked& path, Reporter& report) {
    if (path.text.empty() || path.text.starts_with('/')) return;
    report.error(path.at, fmt::format("the path '{}' is not absolute", path.text),
                 fmt::format("write /{}", path.text));
}

void load_create(const yaml::Node& node, Dialect dialect, ResourceDefinition& resource,
                 Reporter& report) {
    MapReader map(node, "`create`", report);
    Resource& made = resource.resource;
    made.grade = map.one_of<CreateGrade>("grade", {{"keyed", CreateGrade::keyed},
                                                   {"searchable", CreateGrade::searchable},
                                                   {"none", CreateGrade::none}})
                     .value_or(CreateGrade::none);
    map.demand("grade", "grade: none");
    if (const yaml::Node* search = map.take("search"))
        load_search(*search, dialect, resource, report);
    made.visible_after = map.duration("visible_after").value_or(made.visible_after);
    made.late_execution = map.duration("late_execution").value_or(made.late_execution);
    made.create_shows_key =
        map.one_of<bool>("answer", {{"key", true}, {"record", false}}).value_or(false);
    if (made.grade == CreateGrade::searchable) {
        // Without all three an unknown create can only be parked, which is what grade none says.
        map.demand("search", "search: [email]");
        map.demand("visible_after", "visible_after: 5s");
        map.demand("late_execution", "late_execution: 1min");
    }
    map.finish();
}

// `feed: none`, or `feed: {path: /sync/lines, row_version: Timestamp, filter: {parameter:, value:}}`.
void load_feed(const yaml::Node& node, ResourceDefinition& resource, Reporter& report) {
    Resource& made = resource.resource;
    made.feed_is_whole = node.is_scalar() && node.text == "none";
    if (made.feed_is_whole) return;
    MapReader map(node, "`feed`", report);
    made.feed_path = map.text("path").value_or("");
    map.demand("path", "path: /sync/lines");
    resource.feed_mark = map.at("path");
    check_path({made.feed_path, resource.feed_mark}, report);
    made.row_version_at = map.text("row_version").value_or("");
    map.demand("row_version", "row_version: Timestamp");
    if (const yaml::Node* filter = map.take("filter")) {
        made.row_version_filter =
            read_query_pattern(*filter, "`filter`", {{"version"}, {"version"}}, report);
    }
    map.demand("filter", "filter: {parameter: $filter, value: \"Timestamp gt {version}\"}");
    map.finish();
}

// `listed_inside: {path: /orders, at: lines, expand: {parameter:, value:}}`.
void load_listed_inside(const yaml::Node& node, Dialect dialect, ResourceDefinition& resource,
                        Reporter& report) {
    ListedInside& made = resource.resource.listed_inside;
    MapReader map(node, "`listed_inside`", report);
    made.path = map.text("path").value_or("");
    map.demand("path", "path: /orders");
    resource.listed_mark = map.at("path");
    check_path({made.path, resource.listed_mark}, report);
    made.at = map.text("at").value_or("");
    map.demand("at", "at: lines");
    if (dialect == Dialect::odata_v2) made.expand = {"$expand", made.at};
    if (dialect == Dialect::odata_v4) made.expand = {"$expand", made.at + "($select={fields})"};
    if (const yaml::Node* expand = map.take("expand")) {
        made.expand = read_query_pattern(*expand, "`expand`", {{"fields"}, {}}, report);
    }
    map.finish();
}

// `removals: {path: /deleted, key: of, row_version: stamp, filter: {parameter:, value:}, where: {type: 2}}`.
void load_removals(const yaml::Node& node, ResourceDefinition& resource, Reporter& report) {
    RemovalFeed& made = resource.resource.removals;
    MapReader map(node, "`removals`", report);
    made.path = map.text("path").value_or("");
    map.demand("path", "path: /deleted");
    resource.removals_mark = map.at("path");
    check_path({made.path, resource.removals_mark}, report);
    made.key_at = map.text("key").value_or("");
    map.demand("key", "key: EntityKey");
    made.row_version_at = map.text("row_version").value_or("");
    map.demand("row_version", "row_version: Timestamp");
    if (const yaml::Node* filter = map.take("filter")) {
        made.filter = read_query_pattern(*filter, "`filter`", {{"version"}, {"version"}}, report);
    }
    map.demand("filter", "filter: {parameter: $filter, value: \"Timestamp gt {version}\"}");
    if (const yaml::Node* where = map.take("where");
        where && expect_map(*where, "`where`", report)) {
        for (const yaml::Entry& entry : where->entries) {
            auto value = read_text(entry.value, fmt::format("`{}`", entry.key), report);
            if (value) made.where.emplace_back(entry.key, *std::move(value));
        }
    }
    map.finish();
    if (resource.resource.feed_path.empty()) return;
    report.error(node.at, "`removals` and a feed by row version cannot stand together",
                 "leave one of them out: removals are seen by sweeps, too");
}

void load_address(const yaml::Node* key, const ConnectorDefinition& connector,
                  ResourceDefinition& made, Reporter& report) {
    const KeyDefinition definition = key == nullptr ? KeyDefinition() : load_key(*key, report);
    made.resource.key_at = definition.path;
    made.resource.key_is_integer = definition.is_integer;
    made.resource.key_is_guid = definition.is_guid;
    if (!connector.rest.record_path.empty() || connector.dialect == Dialect::plain) return;
    const FieldType type = definition.is_integer ? FieldType::integer : FieldType::text;
    made.resource.record_path =
        fmt::format("{{path}}({})", literal(connector.dialect, {type, definition.is_guid}, "id"));
}

void load_behaviour(MapReader& map, ResourceDefinition& made, Reporter& report) {
    Resource& resource = made.resource;
    resource.gone_means = map.text("gone_means").value_or("");
    resource.lines_move_version = map.boolean("lines_move_version").value_or(false);
    resource.refusals_at = map.text("edits_depend_on").value_or("");
    if (resource.refusals_at.empty() || find_field(made.fields, resource.refusals_at) != nullptr) {
        return;
    }
    report.error(
        map.at("edits_depend_on"),
        fmt::format("`edits_depend_on` names an unknown property '{}'", resource.refusals_at),
        suggest(resource.refusals_at, paths_of(made.fields)));
}

// `list: {total: PATH, order: PARAMETER, snapshot: true}`: what its connector says otherwise.
void load_proof(const yaml::Node& node, ResourceDefinition& made, Reporter& report) {
    MapReader map(node, "`list`", report);
    load_walk_proof(map, made.resource.proof, report);
    map.finish();
}

}  // namespace

std::optional<ResourceDefinition> load_resource(const yaml::Node& file,
                                                const ConnectorDefinition& connector,
                                                const std::vector<Model>& models,
                                                Reporter& report) {
    MapReader map(file, "resource", report);
    ResourceDefinition made;
    made.at = map.at("resource");
    made.resource.name = map.text("resource").value_or("");
    map.demand("resource", "resource: NAME");
    made.path_mark = map.at("path");
    made.resource.path = map.text("path").value_or("");
    map.demand("path", "path: /api/customers");
    check_path({made.resource.path, made.path_mark}, report);
    load_address(map.take("key"), connector, made, report);
    map.demand("key", "key: id");
    map.demand("properties", "properties: {name: {type: text}}");
    if (const yaml::Node* properties = map.take("properties")) {
        made.fields = load_fields(*properties, true, {connector.blanks, report});
    }
    if (const yaml::Node* create = map.take("create")) {
        load_create(*create, connector.dialect, made, report);
    }
    made.resource.proof = connector.rest.proof;
    if (const yaml::Node* list = map.take("list")) load_proof(*list, made, report);
    if (const yaml::Node* feed = map.take("feed")) load_feed(*feed, made, report);
    if (const yaml::Node* listed = map.take("listed_inside")) {
        load_listed_inside(*listed, connector.dialect, made, report);
    }
    if (const yaml::Node* removals = map.take("removals")) load_removals(*removals, made, report);
    load_behaviour(map, made, report);
    if (const yaml::Node* data_types = map.take("data_types")) {
        expect_map(*data_types, "`data_types`", report);
        for (const yaml::Entry& entry : data_types->entries) {
            auto data_type = load_data_type(entry, made, models, report);
            if (data_type) {
                made.data_types.push_back(*std::move(data_type));
            } else {
                made.unreadable.push_back(entry.key);
            }
        }
    }
    map.finish();
    if (made.resource.name.empty()) return std::nullopt;
    return made;
}

}  // namespace entente::model
