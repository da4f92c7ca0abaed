// What a workspace will do, in plain lines for `entente check`: the flows, and per data type its
// match rules, mapping, create guarantee, what protects a write, and how stale its feed can be.
// Pure; never needed by the engine.
#pragma once

#include <string>
#include <vector>

#include "model/workspace.hpp"

namespace entente::model {

// In the order of the workspace. Details of a data type are indented by two spaces.
std::vector<std::string> describe(const Workspace& workspace);

}  // namespace entente::model
