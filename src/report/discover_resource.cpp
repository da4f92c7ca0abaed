#include "report/discover_resource.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "report/import_models.hpp"
#include "report/import_names.hpp"

namespace entente::report {
namespace {

// The loader takes no larger ones; the service's own limit beyond is none in practice.
constexpr int max_characters = 1'000'000;
constexpr int max_digits = 12;
constexpr int depth_max = 3;  // of complex types inside each other

struct Field {
    std::string path;
    std::string type;     // empty: no type of ours can hold it
    std::string details;  // ", max: 80"
    std::string comment;
    bool is_demanded = false;  // the service refuses a record without it
    bool is_mapped = false;
};

std::string plain_type(const std::string& edm, bool is_v2) {
    // Version 2 writes these as text.
    if (is_v2 && (edm == "Edm.Decimal" || edm == "Edm.Int64")) return "decimal_text";
    return field_guess(edm).type;
}

class ResourceDrafter {
public:
    ResourceDrafter(const model::Metadata& metadata, const model::MetadataSet& set,
                    const model::Catalog& catalog)
        : metadata_(metadata), set_(set), catalog_(catalog), is_v2_(metadata.version == "1.0") {
        const auto type = metadata_.types.find(set.type);
        if (type == metadata_.types.end()) return;
        key_ = metadata_.key_of(type->second);
        add_fields(type->second, "", 0);
    }

    ResourceDraft draft() && {
        const std::string data_type = data_type_text();
        ResourceDraft made{head(), has_data_type_};
        add_field_lines(made.text);
        made.text += data_type;
        return made;
    }

private:
    void add_fields(const model::MetadataType& type, const std::string& before, int depth) {
        for (const auto& property : metadata_.properties_of(type)) {
            const std::string path = before + property.name;
            const bool is_key = before.empty() && std::ranges::find(key_, path) != key_.end();
            if (is_key) {
                key_types_.push_back(property.type);
                continue;
            }
            const auto inner = metadata_.types.find(property.type);
            const bool is_complex = inner != metadata_.types.end() && !property.is_collection;
            if (is_complex && depth < depth_max) {
                add_fields(inner->second, path + ".", depth + 1);
            } else {
                fields_.push_back(field_of(property, path));
            }
        }
    }

    Field field_of(const model::MetadataProperty& property, const std::string& path) const {
        Field field{.path = path};
        if (!is_identifier(property.name)) {
            field.comment = "no name that a path can hold";
            return field;
        }
        if (property.is_collection) {
            field.comment = fmt::format("a list of {}", property.type);
            return field;
        }
        const auto members = metadata_.enumerations.find(property.type);
        if (members != metadata_.enumerations.end()) {
            std::vector<std::string> values;
            for (const auto& member : members->second) values.push_back(yaml_text(member));
            field.type = "code";
            field.details = fmt::format(", values: [{}]", fmt::join(values, ", "));
        } else {
            field.type = plain_type(property.type, is_v2_);
        }
        if (field.type.empty()) field.comment = property.type;
        if (field.type == "text" && property.max && *property.max > 0 &&
            *property.max <= max_characters) {
            field.details = fmt::format(", max: {}", *property.max);
        }
        if (field.type.starts_with("decimal") && property.digits &&
            *property.digits <= max_digits) {
            field.details = fmt::format(", digits: {}", *property.digits);
        }
        if (is_v2_ && property.type == "Edm.DateTime")
            field.comment = "or odata_date, if it is a day";
        if (property.is_version) field.comment = "its version, says the service";
        field.is_demanded = !property.nullable;
        return field;
    }

    std::string head() const {
        std::string out = fmt::format(
            "# A draft made of $metadata: the entity set {}, of {}.\n"
            "resource: {}\npath: /{}\n",
            one_line(set_.name), one_line(set_.type), yaml_text(set_.name), set_.name);
        if (key_.size() > 1) {
            out += fmt::format(
                "# fill in: it is told apart by {} together, and a connector knows one key only.\n",
                one_line(fmt::format("{}", fmt::join(key_, ", "))));
        }
        const std::string edm = key_types_.empty() ? "Edm.String" : key_types_.front();
        const std::string guessed = field_guess(edm).type;
        out += fmt::format("key: {{property: {}, type: {}}}\n",
                           yaml_text(key_.empty() ? "id" : key_.front()),
                           guessed == "integer" || guessed == "guid" ? guessed : "text");
        out += set_.has_version ? "# The service says that its records have a version.\n" : "";
        return out +
               "# fill in: how a create that may have happened is recognised:\n"
               "# create: {grade: searchable, search: [FIELD], visible_after: 5s, late_execution: "
               "1min}\n"
               "create: {grade: none}\n";
    }

    void add_field_lines(std::string& out) const {
        const bool has_any =
            std::ranges::any_of(fields_, [](const Field& field) { return !field.type.empty(); });
        out += has_any ? "properties:\n" : "properties: {}\n";
        for (const Field& field : fields_) {
            if (field.type.empty()) {
                out += fmt::format("  # {}: {}\n", one_line(field.path), one_line(field.comment));
                continue;
            }
            // Required and not mapped is an error: nothing could be created.
            const bool is_required = field.is_demanded && field.is_mapped;
            std::string comment = field.comment;
            if (field.is_demanded && !is_required) {
                comment += comment.empty() ? "" : "; ";
                comment += "required: true, once it is mapped or written on create";
            }
            out += fmt::format("  {}: {{type: {}{}{}}}{}\n", yaml_text(field.path), field.type,
                               field.details, is_required ? ", required: true" : "",
                               comment.empty() ? "" : "  # " + one_line(comment));
        }
    }

    // The field that keeps a property of the model, told by its name alone.
    Field* field_for(const model::Property& property) {
        const auto key_of_last = [](const std::string& path) {
            return name_key(std::string_view(path).substr(path.rfind('.') + 1));
        };
        const std::string wanted = key_of_last(property.name);
        const auto found = std::ranges::find_if(fields_, [&](const Field& field) {
            return !field.is_mapped && !field.type.empty() && key_of_last(field.path) == wanted &&
                   can_hold(field.type, property.type) &&
                   property.type != model::PropertyType::reference;
        });
        return found == fields_.end() ? nullptr : &*found;
    }

    std::string data_type_text() {
        const std::string name = yaml_text(set_.name);
        const ModelIndex index = catalog_.find_model(model_by_name(set_.name));
        if (!index || names_lines(set_.name) || key_.size() > 1) {
            return fmt::format(
                "# fill in, if it is of use: of which model it is, and where each property is "
                "kept.\n# data_types:\n#   {}:\n#     model: MODEL\n#     map: {{}}\n",
                name);
        }
        has_data_type_ = true;
        const model::Model& model = catalog_.models[index.at()];
        std::string mapped, open;
        for (const model::Property& property : model.properties) {
            if (property.local || property.type == model::PropertyType::list) continue;
            if (Field* field = field_for(property)) {
                field->is_mapped = true;
                mapped +=
                    fmt::format("      {}: {}\n", yaml_text(property.name), yaml_text(field->path));
            } else {
                open += fmt::format("      # {}: PROPERTY{}\n", property.name,
                                    property.required ? "   (required)" : "");
            }
        }
        std::string out = fmt::format("data_types:\n  {}:\n    model: {}  # told by its name\n",
                                      name, yaml_text(model.name));
        out += mapped.empty() ? "    map: {}\n" : "    map:  # told by their names\n" + mapped;
        if (open.empty()) return out;
        return out + "      # fill in: where the other properties of the model are kept.\n" + open;
    }

    const model::Metadata& metadata_;
    const model::MetadataSet& set_;
    const model::Catalog& catalog_;
    const bool is_v2_;
    std::vector<std::string> key_, key_types_;
    std::vector<Field> fields_;
    bool has_data_type_ = false;
};

}  // namespace

ResourceDraft draft_resource(const model::Metadata& metadata, const model::MetadataSet& set,
                             const model::Catalog& catalog) {
    return ResourceDrafter(metadata, set, catalog).draft();
}

}  // namespace entente::report
