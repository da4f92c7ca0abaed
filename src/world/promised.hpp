// Whether a write that leaves was promised before: its intent is durable, and names this very request (G10).
#pragma once

#include <span>

#include "connect/rest_connector.hpp"
#include "model/workspace.hpp"
#include "sync/store.hpp"
#include "world/wire.hpp"

namespace entente::world {

// Requires: the connectors are those of the workspace's systems, in their order. True where the store cannot be read.
bool is_promised(const Flight& write, sync::Store& store, const model::Workspace& workspace,
                 std::span<const connect::RestConnector> connectors);

}  // namespace entente::world
