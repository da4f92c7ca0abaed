// The connectors of a workspace, with their secrets resolved, and what carries their requests. The secrets live in the connectors'
// request headers only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connect/rest_connector.hpp"
#include "connect/transport.hpp"
#include "run/clock.hpp"
#include "run/workspace_folder.hpp"

namespace entente::run {

// One per system, in the workspace's order. Requires: `folder` has a workspace, and outlives what
// is returned.
Result<std::vector<connect::RestConnector>> open_connectors(const WorkspaceFolder& folder);

// What open_connectors would refuse, told at the systems' places: secrets that are not there yet count as filled in, and a system without
// an address is passed over. Requires: `folder` has a workspace.
model::Diagnostics connector_mistakes(const WorkspaceFolder& folder);

// What every wire is behind: logged in, in batches where a system takes them. Requires: the clock outlives it.
std::unique_ptr<connect::Transport> transport_over(
    std::unique_ptr<connect::Transport> wire, const std::vector<connect::RestConnector>& connectors,
    Clock& clock);
// The transport of production: the same over sockets. Requires: the clock outlives it.
Result<std::unique_ptr<connect::Transport>> open_transport(
    const std::vector<connect::RestConnector>& connectors, Clock& clock);

// What a person should change about the secrets' files.
std::vector<std::string> secret_warnings(const WorkspaceFolder& folder);

}  // namespace entente::run
