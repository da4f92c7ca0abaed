// `systems:` of entente.yaml: each entry becomes a System with the resources and data types of its
// connector. Inside model only.
#pragma once

#include <functional>
#include <string>

#include "model/definition.hpp"

namespace entente::model {

struct SystemsInput {
    const Catalog& catalog;
    const std::function<bool(const SecretRef&)>& is_set;
};

// Appends to the workspace's systems, resources and data types, in the order of the file. A system
// that cannot be loaded is reported and still there, without data types, so that its name is known
// to flows and policies. Requires: the workspace has its models and country. Ensures: data types
// know their references, parents and children.
void load_systems(const yaml::Node& systems, const SystemsInput& input, Workspace& workspace,
                  Reporter& report);

}  // namespace entente::model
