// The keys of connector.yaml that say how a REST application speaks: login, addresses, lists, changes, writes, errors, limits,
// rights. Inside model only.
#pragma once

#include "model/reader.hpp"
#include "model/workspace.hpp"

namespace entente::model {

// Takes its keys from the connector's map and reports what is wrong with them.
void load_rest(MapReader& connector, RestProtocol& rest, Reporter& report);

// The keys of `list` that say what proves a walk whole: a connector's, or a resource's where they say otherwise.
void load_walk_proof(MapReader& list, WalkProof& proof, Reporter& report);

// `budget`: quotas, calls at once, and the errors a resource may cause.
void load_budget(const yaml::Node& node, RestProtocol& rest, Reporter& report);

}  // namespace entente::model
