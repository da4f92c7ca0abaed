// catalog/connectors/NAME/connector.yaml -> ConnectorDefinition without resources. Inside model
// only.
#pragma once

#include <optional>

#include "model/definition.hpp"

namespace entente::model {

// nullopt when it has no usable name. Other errors are reported and left out.
std::optional<ConnectorDefinition> load_connector(const yaml::Node& file, Reporter& report);

// Everything that needs all files of a connector: references, lines, required fields, fields with
// two writers.
void check_connector(const ConnectorDefinition& connector, const std::vector<Model>& models,
                     Reporter& report);

}  // namespace entente::model
