#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "report/import_files.hpp"
#include "report/import_names.hpp"
#include "report/import_rows.hpp"

namespace entente::report {
namespace {

using Type = model::PropertyType;

std::string connector_text(const PlannedSystem& system) {
    std::vector<std::string> called;
    for (const std::string& spelling : system.spellings) {
        if (!spelling.empty()) called.push_back(yaml_text(spelling));
    }
    return fmt::format(
        "# A draft: documents name this system, and say nothing of its API. What to fill in is "
        "said "
        "below.\n"
        "connector: {}\n"
        "called: [{}]\n"
        "protocol: rest\n"
        "# Nothing runs before entente.yaml says `settings: {{reviewed: yes}}`; remove this when "
        "all is filled in.\n"
        "settings: {{reviewed: {{type: text, required: true}}}}\n"
        "# fill in: the header that carries the login.\n"
        "auth: {{header: Authorization, value: \"Bearer {{token}}\", needs: [token]}}\n"
        "# fill in: where the rows are in a list's answer, and how the next page is asked for.\n"
        "# list: {{rows: data}}\n"
        "# paging: {{kind: page, page: page, size: page_size, page_size: 100, first_page: 1}}\n"
        "# fill in: where a record says when it changed, and how changes are asked for.\n"
        "# modified: {{property: updated_at, granularity: 1s, overlap: 5s, filter: "
        "updated_since}}\n"
        "# fill in: how often it may be called.\n"
        "# budget: {{requests: 600, per: 1min, concurrent: 4}}\n",
        yaml_text(system.connector), fmt::join(called, ", "));
}

std::string comment_of(const DraftField& field) {
    if (field.comments.empty()) return {};
    return "  # " + one_line(fmt::format("{}", fmt::join(field.comments, "; ")));
}

void add_fields(const std::vector<DraftField>& fields, std::string& out) {
    out += fields.empty() ? "properties: {}\n" : "properties:\n";
    for (const DraftField& field : fields) {
        out += fmt::format("  {}: {{type: {}{}}}{}\n", yaml_text(field.path), field.type,
                           field.limit, comment_of(field));
    }
    out +=
        "  # fill in: every other property that matters, and which ones are `required: true`.\n"
        "  # PROPERTY: {type: text}\n";
}

// What the documents do not say of the model's properties.
void add_unmapped(const model::Model& model, const std::set<std::string>& mapped,
                  std::string& out) {
    for (const model::Property& property : model.properties) {
        if (property.local || mapped.contains(property.name)) continue;
        if (property.type == Type::list) {
            out += fmt::format(
                "      # fill in: lines; see `Lines` in docs/CONFIGURATION.md\n"
                "      # {}: {{path: PROPERTY, of: DATA_TYPE.lines}}\n",
                property.name);
        } else if (property.type == Type::reference) {
            out += fmt::format("      # {}: {{path: PROPERTY, reference: DATA_TYPE}}\n",
                               property.name);
        } else {
            out += fmt::format("      # {}: PROPERTY{}\n", property.name,
                               property.required ? "   (required)" : "");
        }
    }
}

void add_data_type(const ImportPlan& plan, const PlannedDataType& data_type,
                   const std::vector<DraftField>& fields, std::string& out) {
    if (!data_type.model) {
        out += fmt::format(
            "# fill in: of which model it is; it could not be told.\n"
            "# data_types:\n#   {}:\n#     model: MODEL\n#     map: {{}}\n",
            yaml_text(data_type.name));
        return;
    }
    const model::Model& model = plan.catalog.models[data_type.model.at()];
    if (plan.is_line_model(data_type.model)) {
        out += fmt::format(
            "# fill in: its name says lines, which belong to a data type of their parents.\n"
            "# data_types:\n#   {}:\n#     model: {}\n"
            "#     parent: {{data_type: DATA_TYPE, path: PROPERTY}}\n#     map: {{}}\n",
            yaml_text(data_type.name), yaml_text(model.name));
        return;
    }
    std::set<std::string> mapped;
    std::string map;
    for (const DraftField& field : fields) {
        if (field.property.empty()) continue;
        mapped.insert(field.property);
        map +=
            field.reference.empty()
                ? fmt::format("      {}: {}\n", yaml_text(field.property), yaml_text(field.path))
                : fmt::format("      {}: {{path: {}, reference: {}}}\n", yaml_text(field.property),
                              yaml_text(field.path), yaml_text(field.reference));
    }
    out +=
        fmt::format("data_types:\n  {}:\n    model: {}  # told by {}\n", yaml_text(data_type.name),
                    yaml_text(model.name), one_line(data_type.guessed_from));
    out += mapped.empty() ? "    map: {}\n" : "    map:\n" + map;
    out += "      # fill in: where each property of the model is kept.\n";
    add_unmapped(model, mapped, out);
}

std::string resource_text(const ImportPlan& plan, const Side& side, const std::string& name,
                          Imported& imported) {
    const PlannedDataType& data_type = plan.data_type(side);
    std::string out = fmt::format(
        "# A draft: `{}` as documents name it.\n"
        "resource: {}\n"
        "path: /{}  # fill in: where these records are listed\n"
        "key: id  # fill in: the property that identifies one, and `type: integer` if it is one\n"
        "# fill in: how a create that may have happened is recognised (keyed, searchable).\n"
        "create: {{grade: none}}\n",
        one_line(data_type.name), yaml_text(name), one_line(name));
    const std::vector<DraftField> fields = draft_fields(plan, side, imported);
    add_fields(fields, out);
    add_data_type(plan, data_type, fields, out);
    return out;
}

}  // namespace

std::vector<model::SourceFile> draft_files(const ImportPlan& plan, Imported& imported) {
    std::vector<model::SourceFile> files;
    for (std::size_t i = 0; i < plan.systems.size(); ++i) {
        const PlannedSystem& system = plan.systems[i];
        if (system.known != nullptr) continue;
        const std::string folder = fmt::format("catalog/connectors/{}/", system.connector);
        files.push_back({folder + "connector.yaml", connector_text(system)});
        std::set<std::string> names{"connector"};
        for (std::size_t j = 0; j < system.data_types.size(); ++j) {
            const std::string name = slug(system.data_types[j].name, names);
            files.push_back({folder + name + ".yaml", resource_text(plan, {i, j}, name, imported)});
        }
    }
    return files;
}

}  // namespace entente::report
