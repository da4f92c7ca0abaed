// catalog/connectors/NAME/RESOURCE.yaml -> ResourceDefinition: fields, key, create grade, data
// types. Inside model only.
#pragma once

#include <optional>

#include "model/definition.hpp"

namespace entente::model {

// nullopt when it has no usable name. Other errors are reported and left out. Requires: `connector` has all that its own file
// says.
std::optional<ResourceDefinition> load_resource(const yaml::Node& file,
                                                const ConnectorDefinition& connector,
                                                const std::vector<Model>& models, Reporter& report);

}  // namespace entente::model
