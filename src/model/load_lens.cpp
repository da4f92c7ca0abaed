#include "model/load_lens.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "model/load_mapping.hpp"

namespace entente::model {
namespace {

constexpr IntegerRange decimals_range{0, 12};

bool is_textual(PropertyType type) {
    return type <= PropertyType::currency;
}

bool is_text_field(FieldType type) {
    return type == FieldType::text || type == FieldType::code;
}

std::string_view name_of_field(FieldType type) {
    constexpr std::string_view names[] = {"text", "integer", "decimal", "decimal_text", "boolean",
                                          "date", "instant", "code",    "odata_date"};
    return names[static_cast<std::size_t>(type)];
}

bool converts(FieldType field, PropertyType property) {
    switch (property) {
        case PropertyType::integer:
        case PropertyType::decimal:
            return field == FieldType::integer || field == FieldType::decimal ||
                   field == FieldType::decimal_text;
        case PropertyType::boolean:
            return field == FieldType::boolean;
        case PropertyType::date:
        case PropertyType::instant:
            return field == FieldType::date || field == FieldType::instant ||
                   field == FieldType::odata_date;
        case PropertyType::list:
            return false;
        default:
            return is_text_field(field) || field == FieldType::integer;
    }
}

// What is read from one map, with everything that the parts below need.
struct Context {
    const Property& property;
    const FieldDefinition& field;
    Reporter& report;
};

void load_forms(MapReader& map, Lens& lens, const Context& context) {
    const std::vector<Marked> names = map.texts("text");
    constexpr std::pair<std::string_view, TextForm> forms[] = {
        {"trim", TextForm::trim},     {"squeeze", TextForm::squeeze},
        {"upper", TextForm::upper},   {"lower", TextForm::lower},
        {"digits", TextForm::digits}, {"no_space", TextForm::no_space}};
    std::vector<std::string> known;
    for (const auto& [name, form] : forms) known.emplace_back(name);
    for (const Marked& name : names) {
        const auto form =
            std::ranges::find(forms, name.text, &std::pair<std::string_view, TextForm>::first);
        if (form == std::end(forms)) {
            context.report.error(name.at, fmt::format("unknown text form '{}'", name.text),
                                 suggest(name.text, known));
        } else {
            lens.forms.push_back(form->second);
        }
    }
    if (!names.empty() && !(is_textual(lens.type) && is_text_field(lens.field))) {
        context.report.error(map.at("text"), "`text` is for text only", "remove it");
    }
}

void load_limits(MapReader& map, Lens& lens, const Context& context) {
    const auto longer = map.one_of<bool>("longer", {{"truncate", true}, {"park", false}});
    lens.truncates = longer.value_or(false);
    if (longer && !lens.max) {
        context.report.error(map.at("longer"),
                             fmt::format("`longer` needs to know how long `{}` may be", lens.path),
                             "declare max: under the resource's properties");
    }
    const auto decimals = map.integer("decimals", decimals_range);
    if (decimals) lens.decimals = decimals;
    if (decimals && lens.type != PropertyType::decimal) {
        context.report.error(map.at("decimals"), "`decimals` is for decimals only", "remove it");
    }
}

void check_listed(const Value& canonical, const Mark& at, const Context& context) {
    const std::vector<std::string>& allowed = context.property.values;
    if (allowed.empty() || !canonical.is_text()) return;
    if (std::ranges::find(allowed, canonical.as_text()) != allowed.end()) return;
    context.report.error(
        at, fmt::format("{} has no value '{}'", context.property.name, canonical.as_text()),
        suggest(canonical.as_text(), allowed));
}

void load_value_pair(const yaml::Entry& entry, Lens& lens, const Context& context) {
    yaml::Node key;
    key.kind = yaml::Node::Kind::scalar;
    key.text = entry.key;
    key.at = entry.at;
    const auto canonical = read_property_value(key, lens.type, context.report);
    if (!canonical) return;
    check_listed(*canonical, entry.at, context);
    const std::span<const yaml::Node> nodes =
        entry.value.is_list() ? std::span(entry.value.items) : std::span(&entry.value, 1);
    for (const yaml::Node& node : nodes) {
        auto system = read_field_value(node, lens.field, context.report);
        if (!system) continue;
        const auto& declared = context.field.values;
        if (!declared.empty() && system->is_text() &&
            std::ranges::find(declared, system->as_text()) == declared.end()) {
            context.report.error(node.at,
                                 fmt::format("`{}` has no value '{}'", lens.path, node.text),
                                 suggest(node.text, declared));
        }
        lens.values.emplace_back(*canonical, *std::move(system));
    }
}

void load_values(MapReader& map, Lens& lens, const Context& context) {
    if (const yaml::Node* values = map.take("values")) {
        if (expect_map(*values, "`values`", context.report)) {
            for (const yaml::Entry& entry : values->entries) load_value_pair(entry, lens, context);
        }
    } else if (is_textual(lens.type)) {
        // A field with a closed list takes nothing else, so nothing else is written to it.
        for (const std::string& value : context.field.values)
            lens.values.emplace_back(value, value);
    }
    const yaml::Node* otherwise = map.take("otherwise");
    if (otherwise == nullptr) return;
    lens.values_otherwise = read_property_value(*otherwise, lens.type, context.report);
    if (!lens.values_otherwise) return;
    const bool is_listed = std::ranges::any_of(
        lens.values, [&](const auto& pair) { return pair.first == *lens.values_otherwise; });
    if (!is_listed) {
        context.report.error(otherwise->at,
                             fmt::format("`otherwise` gives '{}', which `values` cannot write back",
                                         otherwise->text),
                             "add it to `values`");
    }
}

void load_empty(MapReader& map, Lens& lens, const Context& context) {
    if (const yaml::Node* empty = map.take("empty")) {
        const std::span<const yaml::Node> nodes =
            empty->is_list() ? std::span(empty->items) : std::span(empty, 1);
        std::vector<Value> values;
        for (const yaml::Node& node : nodes) {
            if (auto value = read_field_value(node, lens.field, context.report)) {
                values.push_back(*std::move(value));
            }
        }
        lens.empty_is.insert(lens.empty_is.begin(), values.begin(), values.end());
    }
    if (const yaml::Node* means = map.take("empty_means")) {
        lens.empty_means = read_property_value(*means, lens.type, context.report);
    }
    if (const yaml::Node* on_create = map.take("on_create")) {
        lens.on_create = read_field_value(*on_create, lens.field, context.report);
    }
}

void load_reference(MapReader& map, Lens& lens, const Context& context) {
    for (Marked& name : map.texts("reference")) lens.refers_to.push_back(std::move(name.text));
    const bool is_reference = lens.type == PropertyType::reference;
    if (is_reference) map.demand("reference", "reference: DATA_TYPE");
    if (is_reference && !lens.values.empty()) {
        context.report.error(map.at("values"), "a reference has no listed values",
                             "remove `values`: ids are translated by links");
    }
    if (!is_reference && !lens.refers_to.empty()) {
        context.report.error(
            map.at("reference"),
            fmt::format("{} is no reference but {}", context.property.name, name_of(lens.type)),
            "remove `reference`");
    }
}

void check_conversion(const Lens& lens, const Mark& at, const Context& context) {
    const bool is_listed = !lens.values.empty() && lens.type != PropertyType::reference;
    if (is_listed || converts(lens.field, lens.type)) return;
    context.report.error(
        at,
        fmt::format("`{}` is {} and cannot hold {}, which is {}", lens.path,
                    name_of_field(lens.field), context.property.name, name_of(lens.type)),
        lens.type == PropertyType::reference
            ? "declare it as text or integer"
            : "say which value means which: values: {canonical: system}");
}

const FieldDefinition* find_declared(const std::string& path, const Mark& at,
                                     const std::vector<FieldDefinition>& fields, Reporter& report) {
    const FieldDefinition* field = find_field(fields, path);
    if (field != nullptr && !field->is_list) return field;
    report.error(at,
                 field == nullptr ? fmt::format("unknown property '{}' of the resource", path)
                                  : fmt::format("`{}` is a list", path),
                 field == nullptr ? suggest(path, paths_of(fields)) : "map one of its elements");
    return nullptr;
}

Lens lens_over(const FieldDefinition& field, const Property& property) {
    Lens lens;
    lens.path = field.path;
    lens.field = field.type;
    lens.type = property.type;
    lens.access = field.access;
    lens.required = field.required;
    lens.max = field.max;
    lens.decimals = field.decimals;
    lens.empty_is = field.empty_is;
    return lens;
}

// `stage: {constant: quote}`: no field behind it, so nothing but the value.
std::optional<Lens> load_constant(const yaml::Entry& entry, const Property& property,
                                  Reporter& report) {
    MapReader map(entry.value, fmt::format("mapping of {}", entry.key), report);
    Lens lens;
    lens.type = property.type;
    lens.access = Access::read;
    const yaml::Node* node = map.take("constant");
    map.finish();
    if (node == nullptr) return std::nullopt;
    if (property.type == PropertyType::reference) {
        report.error(node->at, "a reference has no constant", "map it to the field of the id");
        return std::nullopt;
    }
    lens.constant = read_property_value(*node, property.type, report);
    if (!lens.constant) return std::nullopt;
    check_listed(*lens.constant, node->at, {property, FieldDefinition(), report});
    return lens;
}

}  // namespace

std::optional<Lens> load_lens(const yaml::Entry& entry, const Property& property,
                              const std::vector<FieldDefinition>& fields, Reporter& report) {
    if (entry.value.is_map() && entry.value.find("constant") != nullptr) {
        return load_constant(entry, property, report);
    }
    // `name: displayName` is short for `name: {path: displayName}`.
    yaml::Node long_form = entry.value;
    if (entry.value.is_scalar()) {
        long_form = {};
        long_form.kind = yaml::Node::Kind::map;
        long_form.at = entry.value.at;
        long_form.entries.push_back({"path", entry.value.at, entry.value});
    }
    MapReader map(long_form, fmt::format("mapping of {}", entry.key), report);
    const auto path = map.text("path");
    map.demand("path", "path: PROPERTY");
    const FieldDefinition* field =
        path ? find_declared(*path, map.at("path"), fields, report) : nullptr;
    // The keys are read even when the field is unknown, so that their own errors show at once.
    const FieldDefinition unknown;
    const Context context{property, field == nullptr ? unknown : *field, report};
    Lens lens = lens_over(context.field, property);
    load_forms(map, lens, context);
    load_values(map, lens, context);
    load_empty(map, lens, context);
    load_reference(map, lens, context);
    if (field != nullptr) {
        load_limits(map, lens, context);
        check_conversion(lens, map.at("path"), context);
    } else {
        map.take("longer");
        map.take("decimals");
    }
    map.finish();
    if (field == nullptr) return std::nullopt;
    return lens;
}

}  // namespace entente::model
