// One data type of a resource file: which model, which records, and the lens of every property.
// Inside model only.
#pragma once

#include <optional>

#include "model/definition.hpp"

namespace entente::model {

// Requires: `resource` has its fields. nullopt when the model is unknown (reported).
std::optional<DataTypeDefinition> load_data_type(const yaml::Entry& entry,
                                                 const ResourceDefinition& resource,
                                                 const std::vector<Model>& models,
                                                 Reporter& report);

// `id`, or `{property: id, type: integer}`.
struct KeyDefinition {
    std::string path = "id";
    bool is_integer = false;
    bool is_guid = false;
};
KeyDefinition load_key(const yaml::Node& node, Reporter& report);

const FieldDefinition* find_field(const std::vector<FieldDefinition>& fields,
                                  std::string_view path);
std::vector<std::string> paths_of(const std::vector<FieldDefinition>& fields);

}  // namespace entente::model
