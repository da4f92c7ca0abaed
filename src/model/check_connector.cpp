#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/load_connector.hpp"
#include "model/load_mapping.hpp"
#include "model/load_model.hpp"
#include "model/load_pattern.hpp"

namespace entente::model {
namespace {

// Where a data type of a connector stands.
struct Place {
    const ResourceDefinition* resource = nullptr;
    const DataTypeDefinition* data_type = nullptr;
};

class ConnectorCheck {
public:
    ConnectorCheck(const ConnectorDefinition& connector, const std::vector<Model>& models,
                   Reporter& report)
        : connector_(connector), models_(models), report_(report) {}

    void run() {
        check_names();
        check_settings();
        for (const ResourceDefinition& resource : connector_.resources) {
            check_grade(resource);
            for (const DataTypeDefinition& data_type : resource.data_types) {
                check_references(data_type);
                check_parent(resource, data_type);
                check_learning(resource, data_type);
                check_lines(data_type);
                check_required(resource, data_type);
                check_one_writer(data_type);
            }
            check_one_writer(resource);
        }
    }

private:
    const Model& model_of(const DataTypeDefinition& data_type) const {
        return models_[data_type.data_type.model.at()];
    }
    Place find(std::string_view name) const {
        for (const ResourceDefinition& resource : connector_.resources) {
            for (const DataTypeDefinition& data_type : resource.data_types) {
                if (data_type.data_type.name == name) return {&resource, &data_type};
            }
        }
        return {};
    }
    void report_unknown(const std::string& name, const Mark& at) {
        for (const ResourceDefinition& resource : connector_.resources) {
            if (std::ranges::find(resource.unreadable, name) != resource.unreadable.end()) return;
        }
        report_.error(at, fmt::format("unknown data type '{}'", name),
                      suggest(name, data_type_names()));
    }
    std::vector<std::string> data_type_names() const {
        std::vector<std::string> names;
        for (const ResourceDefinition& resource : connector_.resources) {
            for (const auto& data_type : resource.data_types) {
                names.push_back(data_type.data_type.name);
            }
        }
        return names;
    }

    void check_names();
    void check_settings();
    void check_grade(const ResourceDefinition& resource);
    void check_references(const DataTypeDefinition& data_type);
    void check_parent(const ResourceDefinition& resource, const DataTypeDefinition& data_type);
    void check_learning(const ResourceDefinition& resource, const DataTypeDefinition& data_type);
    void check_create_inside(const ResourceDefinition& parent, const DataTypeDefinition& data_type);
    void check_lines(const DataTypeDefinition& data_type);
    void check_required(const ResourceDefinition& resource, const DataTypeDefinition& data_type);
    bool has_lines_at(const DataTypeDefinition& data_type, const std::string& path) const;
    bool can_supply(const DataTypeDefinition& data_type, const FieldDefinition& field) const;
    void check_one_writer(const DataTypeDefinition& data_type);
    void check_one_writer(const ResourceDefinition& resource);

    const ConnectorDefinition& connector_;
    const std::vector<Model>& models_;
    Reporter& report_;
};

void ConnectorCheck::check_names() {
    std::map<std::string, const Mark*> resources;
    std::map<std::string, const Mark*> data_types;
    for (const ResourceDefinition& resource : connector_.resources) {
        const std::string& name = resource.resource.name;
        if (const auto [first, is_new] = resources.emplace(name, &resource.at); !is_new) {
            report_.error(resource.at, fmt::format("resource {} is declared twice", name),
                          fmt::format("it stands in {} already", first->second->file));
        }
        for (const DataTypeDefinition& made : resource.data_types) {
            const auto [first, is_new] = data_types.emplace(made.data_type.name, &made.at);
            if (is_new) continue;
            report_.error(made.at, fmt::format("data type {} is declared twice", first->first),
                          fmt::format("it stands in {}:{} already", first->second->file,
                                      first->second->line));
        }
    }
}

void ConnectorCheck::check_settings() {
    std::vector<std::string> known;
    for (const auto& [name, setting] : connector_.settings) known.push_back(name);
    const auto check = [&](const std::string& text, const Mark& at) {
        for (const std::string& name : placeholders_of(text)) {
            if (connector_.settings.contains(name)) continue;
            report_.error(at, fmt::format("'{{{}}}' is no setting of this connector", name),
                          known.empty() ? "declare it under `settings` in connector.yaml"
                                        : suggest(name, known));
        }
    };
    check(connector_.base_url, connector_.at);
    check(connector_.rest.token_url, connector_.at);
    for (const ResourceDefinition& resource : connector_.resources) {
        check(resource.resource.path, resource.path_mark);
        check(resource.resource.feed_path, resource.feed_mark);
        check(resource.resource.listed_inside.path, resource.listed_mark);
        check(resource.resource.removals.path, resource.removals_mark);
    }
}

void ConnectorCheck::check_grade(const ResourceDefinition& resource) {
    if (resource.resource.grade != CreateGrade::keyed) return;
    if (!connector_.rest.idempotency_header.empty()) return;
    report_.error(resource.at,
                  fmt::format("resource {} is keyed, but the connector has no idempotency header",
                              resource.resource.name),
                  "write create: {idempotency: HEADER} in connector.yaml");
}

void ConnectorCheck::check_references(const DataTypeDefinition& data_type) {
    for (const Mapping& mapping : data_type.data_type.map) {
        const Property& property = model_of(data_type)[mapping.property];
        if (property.type != PropertyType::reference) continue;
        for (const std::string& name : mapping.lens.refers_to) {
            const Place target = find(name);
            if (target.data_type == nullptr) {
                report_unknown(name, mapping.at);
            } else if (model_of(*target.data_type).name != property.to) {
                report_.error(
                    mapping.at,
                    fmt::format("{} refers to {}, but {} is a data type of {}", property.name,
                                property.to, name, model_of(*target.data_type).name),
                    fmt::format("name a data type of {}", property.to));
            }
        }
    }
}

void ConnectorCheck::check_parent(const ResourceDefinition& resource,
                                  const DataTypeDefinition& data_type) {
    const Model& model = model_of(data_type);
    if (data_type.parent.empty()) {
        const Model* parent = parent_of(models_, model.name);
        if (parent == nullptr) return;
        report_.error(data_type.at,
                      fmt::format("{} holds lines of {}, but does not say of which data type",
                                  data_type.data_type.name, parent->name),
                      "write `inside: {data_type:, path:, key:}` or `parent: {data_type:, path:}`");
        return;
    }
    const Place parent = find(data_type.parent);
    if (parent.data_type == nullptr) {
        return report_unknown(data_type.parent, data_type.parent_mark);
    }
    if (!parent.data_type->parent.empty()) {
        report_.error(data_type.parent_mark,
                      fmt::format("{} is a data type of lines itself", data_type.parent),
                      "lines of lines are not supported");
        return;
    }
    const Model& above = model_of(*parent.data_type);
    const bool has_list = std::ranges::any_of(above.properties, [&](const Property& property) {
        return property.type == PropertyType::list && property.to == model.name;
    });
    if (!has_list) {
        report_.error(data_type.parent_mark,
                      fmt::format("model {} has no list of {}", above.name, model.name),
                      fmt::format("add `lines: {{type: list, of: {}}}` to it", model.name));
    }
    check_create_inside(*parent.resource, data_type);
    if (!data_type.data_type.is_nested()) return;
    if (parent.resource != &resource) {
        report_.error(data_type.parent_mark,
                      fmt::format("{} is a data type of another resource", data_type.parent),
                      "nested lines stand in the file of their parent");
    }
    const bool is_mapped = std::ranges::any_of(
        parent.data_type->lines,
        [&](const LinesDefinition& lines) { return lines.of == data_type.data_type.name; });
    if (!is_mapped) {
        report_.error(parent.data_type->at,
                      fmt::format("{} does not map its lines", data_type.parent),
                      fmt::format("add to its map: `lines: {{path: {}, of: {}}}`",
                                  data_type.data_type.nested_path, data_type.data_type.name));
    }
}

void ConnectorCheck::check_create_inside(const ResourceDefinition& parent,
                                         const DataTypeDefinition& data_type) {
    const std::string& path = data_type.data_type.create_inside;
    if (path.empty()) return;
    const FieldDefinition* list = find_field(parent.fields, path);
    if (list != nullptr && list->is_list) return;
    report_.error(data_type.inside_mark,
                  fmt::format("'{}' is no list of resource {}", path, parent.resource.name),
                  fmt::format("declare it there: properties: {{{}: {{type: list, access: "
                              "write_only}}}}",
                              path));
}

// What became of lines that were created inside their parent is asked for by the parent's id.
void ConnectorCheck::check_learning(const ResourceDefinition& resource,
                                    const DataTypeDefinition& data_type) {
    const std::string& parent_at = data_type.data_type.parent_at;
    if (data_type.data_type.create_inside.empty() || parent_at.empty()) return;
    const auto& search = resource.resource.search;
    if (std::ranges::find(search, parent_at, &SearchField::path) != search.end()) return;
    report_.error(
        data_type.inside_mark,
        fmt::format("lines that are created inside their parent are found by `{}`, but {} "
                    "cannot be searched by it",
                    parent_at, resource.resource.name),
        fmt::format("write create: {{search: [{}]}}", parent_at));
}

void ConnectorCheck::check_lines(const DataTypeDefinition& data_type) {
    for (const LinesDefinition& lines : data_type.lines) {
        if (lines.of.empty()) continue;
        const Place target = find(lines.of);
        if (target.data_type == nullptr) {
            report_unknown(lines.of, lines.at);
            continue;
        }
        const Property& property = model_of(data_type)[lines.property];
        const Model& model = model_of(*target.data_type);
        if (model.name != property.to) {
            report_.error(lines.at,
                          fmt::format("{} is a list of {}, but {} is a data type of {}",
                                      property.name, property.to, lines.of, model.name),
                          fmt::format("name a data type of {}", property.to));
        } else if (target.data_type->parent != data_type.data_type.name ||
                   target.data_type->data_type.nested_path != lines.path) {
            report_.error(
                lines.at, fmt::format("{} says another parent or path than this", lines.of),
                lines.path.empty()
                    ? fmt::format("write there `parent: {{data_type: {}, path: ...}}`",
                                  data_type.data_type.name)
                    : fmt::format("write there `inside: {{data_type: {}, path: {}, key: ...}}`",
                                  data_type.data_type.name, lines.path));
        }
    }
}

// The lines that stand at this path of the record, or are created there.
bool ConnectorCheck::has_lines_at(const DataTypeDefinition& data_type,
                                  const std::string& path) const {
    if (std::ranges::find(data_type.lines, path, &LinesDefinition::path) != data_type.lines.end()) {
        return true;
    }
    return std::ranges::any_of(connector_.resources, [&](const ResourceDefinition& resource) {
        return std::ranges::any_of(resource.data_types, [&](const DataTypeDefinition& lines) {
            return lines.parent == data_type.data_type.name &&
                   lines.data_type.create_inside == path;
        });
    });
}

bool ConnectorCheck::can_supply(const DataTypeDefinition& data_type,
                                const FieldDefinition& field) const {
    const DataType& made = data_type.data_type;
    if (field.path == made.parent_at) return true;
    const auto is_it = [&](const auto& part) { return part.first == field.path; };
    if (std::ranges::any_of(made.where, is_it) || std::ranges::any_of(made.on_create, is_it)) {
        return true;
    }
    if (field.is_list) return has_lines_at(data_type, field.path);
    return std::ranges::any_of(made.map, [&](const Mapping& mapping) {
        if (mapping.lens.path != field.path) return false;
        // A local property is never carried here, so only a default can fill it.
        return mapping.lens.on_create || !model_of(data_type)[mapping.property].local;
    });
}

void ConnectorCheck::check_required(const ResourceDefinition& resource,
                                    const DataTypeDefinition& data_type) {
    if (!data_type.data_type.share) return;
    const std::vector<FieldDefinition>* fields = &resource.fields;
    if (data_type.data_type.is_nested()) {
        const FieldDefinition* list = find_field(resource.fields, data_type.data_type.nested_path);
        if (list == nullptr) return;
        fields = &list->elements;
    }
    for (const FieldDefinition& field : *fields) {
        if (!field.required || field.access == Access::read) continue;
        if (can_supply(data_type, field)) continue;
        report_.error(data_type.at,
                      fmt::format("nothing can supply `{}`, which {} requires", field.path,
                                  resource.resource.name),
                      fmt::format("map it in {}, write `on_create: VALUE`, or "
                                  "`share: false`",
                                  data_type.data_type.name));
    }
}

void ConnectorCheck::check_one_writer(const DataTypeDefinition& data_type) {
    std::map<std::string_view, const Mapping*> writers;
    for (const Mapping& mapping : data_type.data_type.map) {
        if (mapping.lens.access == Access::read) continue;
        const auto [first, is_new] = writers.emplace(mapping.lens.path, &mapping);
        if (is_new) continue;
        // The list is in the model's order; the complaint goes to the lower line of the file.
        const auto [upper, lower] =
            std::minmax(*first->second, mapping,
                        [](const Mapping& a, const Mapping& b) { return a.at.line < b.at.line; });
        report_.error(lower.at, fmt::format("two mappings write `{}`", lower.lens.path),
                      fmt::format("remove one: the other is {}:{}", upper.at.file, upper.at.line));
    }
}

// Records that one filter takes and the other does not can be written by both data types.
bool are_told_apart(const DataType& a, const DataType& b) {
    return std::ranges::any_of(a.where, [&](const auto& left) {
        return std::ranges::any_of(b.where, [&](const auto& right) {
            return left.first == right.first && !(left.second == right.second);
        });
    });
}

void ConnectorCheck::check_one_writer(const ResourceDefinition& resource) {
    std::map<std::string, std::vector<const DataTypeDefinition*>> writers;
    for (const DataTypeDefinition& data_type : resource.data_types) {
        if (!data_type.data_type.share) continue;
        for (const Mapping& mapping : data_type.data_type.map) {
            if (mapping.lens.access == Access::read) continue;
            auto& others = writers[data_type.data_type.nested_path + '\n' + mapping.lens.path];
            for (const DataTypeDefinition* other : others) {
                if (other == &data_type || are_told_apart(other->data_type, data_type.data_type)) {
                    continue;
                }
                report_.error(
                    mapping.at,
                    fmt::format("`{}` is written by {} and by {}, whose records are not "
                                "told apart",
                                mapping.lens.path, other->data_type.name, data_type.data_type.name),
                    "give both a `where` on one property, or map it in one of them");
            }
            others.push_back(&data_type);
        }
    }
}

}  // namespace

void check_connector(const ConnectorDefinition& connector, const std::vector<Model>& models,
                     Reporter& report) {
    ConnectorCheck(connector, models, report).run();
}

}  // namespace entente::model
