// The connectors of a workspace, with their secrets resolved. The secrets live in the connectors'
// request headers only.
#pragma once

#include <string>
#include <vector>

#include "connect/rest_connector.hpp"
#include "run/workspace_folder.hpp"

namespace entente::run {

// One per system, in the workspace's order. Requires: `folder` has a workspace, and outlives what
// is returned.
Result<std::vector<connect::RestConnector>> open_connectors(const WorkspaceFolder& folder);

// What a person should change about the secrets' files.
std::vector<std::string> secret_warnings(const WorkspaceFolder& folder);

}  // namespace entente::run
