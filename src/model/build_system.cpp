#include "model/build_system.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/http.hpp"
#include "model/fingerprint.hpp"
#include "model/load_mapping.hpp"

namespace entente::model {
namespace {

template <class Index>
Index index_of(std::size_t at) {
    return {static_cast<std::int32_t>(at)};
}

class SystemBuilder {
public:
    SystemBuilder(SystemPlan plan, Workspace& workspace)
        : plan_(std::move(plan)),
          workspace_(workspace),
          system_(index_of<SystemIndex>(workspace.systems.size())),
          first_data_type_(workspace.data_types.size()) {
        for (const auto& [name, value] : plan_.settings) {
            encoded_[name] = http::percent_encode(value);
        }
    }

    void build() {
        if (plan_.connector != nullptr) {
            for (const ResourceDefinition& resource : plan_.connector->resources) add(resource);
            resolve();
        }
        workspace_.systems.push_back(std::move(plan_.system));
    }

private:
    void add(const ResourceDefinition& definition) {
        Resource resource = definition.resource;
        resource.system = system_;
        resource.path = fill_in(resource.path, encoded_);
        resource.feed_path = fill_in(resource.feed_path, encoded_);
        resource.listed_inside.path = fill_in(resource.listed_inside.path, encoded_);
        resource.removals.path = fill_in(resource.removals.path, encoded_);
        resource.fields = fields_of(definition);
        const ResourceIndex index = add(std::move(resource));
        for (const DataTypeDefinition& made : definition.data_types) {
            add(made, made.data_type.is_nested() ? add_nested(index, made) : index);
        }
        resources_[index] = &definition;
    }

    // What a read must ask for: all that is declared, except what is never shown.
    std::vector<std::string> fields_of(const ResourceDefinition& definition) const {
        std::vector<std::string> fields{definition.resource.key_at};
        const auto add_once = [&fields](const std::string& path) {
            if (path.empty() || std::ranges::find(fields, path) != fields.end()) return;
            fields.push_back(path);
        };
        for (const FieldDefinition& field : definition.fields) {
            if (field.access != Access::write_only) add_once(field.path);
        }
        // Where another list tells the changes, records need not know their time.
        const Resource& listed = definition.resource;
        const bool is_told_elsewhere =
            listed.feed_is_whole || !listed.feed_path.empty() || !listed.listed_inside.path.empty();
        if (!is_told_elsewhere) {
            add_once(plan_.system.rest.modified_at);
            add_once(plan_.system.rest.created_at);
        }
        return fields;
    }

    ResourceIndex add(Resource resource) {
        const auto index = index_of<ResourceIndex>(workspace_.resources.size());
        workspace_.resources.push_back(std::move(resource));
        plan_.system.resources.push_back(index);
        return index;
    }

    // The list inside the records is a resource of its own, written with them.
    ResourceIndex add_nested(ResourceIndex parent, const DataTypeDefinition& made) {
        Resource nested;
        nested.name =
            fmt::format("{}.{}", workspace_.resource(parent).name, made.data_type.nested_path);
        for (std::size_t i = 0; i < workspace_.resources.size(); ++i) {
            const Resource& known = workspace_.resources[i];
            const bool is_same = known.nested_in == parent && known.name == nested.name;
            if (is_same) return index_of<ResourceIndex>(i);
        }
        nested.system = system_;
        nested.key_at = made.key_at;
        nested.key_is_integer = made.key_is_integer;
        nested.nested_in = parent;
        return add(std::move(nested));
    }

    void add(const DataTypeDefinition& made, ResourceIndex resource) {
        DataType data_type = made.data_type;
        data_type.full_name = fmt::format("{}.{}", plan_.system.name, data_type.name);
        data_type.system = system_;
        data_type.at = made.at;
        data_type.resource = resource;
        const auto switches = plan_.switches.find(data_type.name);
        if (switches != plan_.switches.end()) {
            data_type.creates = switches->second.creates.value_or(data_type.creates);
            data_type.share = switches->second.share.value_or(data_type.share);
        }
        for (Mapping& mapping : data_type.map) complete(mapping.lens);
        workspace_.data_types.push_back(std::move(data_type));
        definitions_.push_back(&made);
    }

    void complete(Lens& lens) const {
        lens.country = workspace_.country;
        if (!lens.empty_means || !lens.empty_means->is_text()) return;
        const std::string meant = fill_in(lens.empty_means->as_text(), plan_.settings);
        // A setting that nobody gave: then a field without a value means nothing.
        const bool is_known = !meant.empty() && !meant.contains('{');
        lens.empty_means = is_known ? std::optional<Value>(meant) : std::nullopt;
    }

    DataTypeIndex find(std::string_view name) const {
        for (std::size_t i = first_data_type_; i < workspace_.data_types.size(); ++i) {
            if (workspace_.data_types[i].name == name) return index_of<DataTypeIndex>(i);
        }
        return DataTypeIndex::none();
    }

    void resolve() {
        for (std::size_t i = first_data_type_; i < workspace_.data_types.size(); ++i) {
            DataType& data_type = workspace_.data_types[i];
            for (Mapping& mapping : data_type.map) {
                for (const std::string& name : mapping.lens.refers_to) {
                    if (const auto target = find(name)) mapping.refers_to.push_back(target);
                }
            }
            data_type.parent = find(definitions_[i - first_data_type_]->parent);
            if (data_type.parent) {
                DataType& parent = workspace_.data_types[data_type.parent.at()];
                parent.children.push_back(index_of<DataTypeIndex>(i));
                if (!data_type.create_inside.empty()) {
                    const FieldDefinition* list =
                        find_field(resources_.at(parent.resource)->fields, data_type.create_inside);
                    parent.lines_required |= list != nullptr && list->required;
                }
            }
            const Resource& resource = workspace_.resource(data_type.resource);
            const Model& model = workspace_.model(data_type.model);
            data_type.fingerprint = fingerprint_of(data_type, resource, model, workspace_.country);
        }
    }

    SystemPlan plan_;
    Workspace& workspace_;
    SystemIndex system_;
    std::size_t first_data_type_;
    std::map<std::string, std::string> encoded_;
    std::map<ResourceIndex, const ResourceDefinition*> resources_;
    std::vector<const DataTypeDefinition*>
        definitions_;  // of the data types from first_data_type_ on
};

}  // namespace

void build_system(SystemPlan plan, Workspace& workspace) {
    SystemBuilder(std::move(plan), workspace).build();
}

std::string fill_in(std::string_view text, const std::map<std::string, std::string>& settings) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) break;
        const auto setting = settings.find(std::string(text.substr(open + 1, close - open - 1)));
        out += text.substr(0, open);
        out += setting == settings.end() ? text.substr(open, close - open + 1)
                                         : std::string_view(setting->second);
        text.remove_prefix(close + 1);
    }
    out += text;
    return out;
}

}  // namespace entente::model
