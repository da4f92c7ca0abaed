// `flows:`, `properties:` and `conflicts:` of entente.yaml. Inside model only.
#pragma once

#include "model/reader.hpp"
#include "model/workspace.hpp"

namespace entente::model {

// `flows` null pointer: derived, with `fallback` as their place. Requires: systems and data types
// are there. Ensures: every flow of data types that have lines is followed by implied flows of
// their lines.
void load_flows(const yaml::Node* flows, const Mark& fallback, Workspace& workspace,
                Reporter& report);

// Either may be a null pointer. Ensures: one policy per property of every model.
void load_policies(const yaml::Node* conflicts, const yaml::Node* properties, Workspace& workspace,
                   Reporter& report);

}  // namespace entente::model
