// A person's act, said to the engine of a workspace that nobody runs: one transaction on its store, no call to any system.
#pragma once

#include "run/workspace_folder.hpp"
#include "sync/event.hpp"

namespace entente::run {

// Requires: `folder` has a workspace. store: the store cannot be used, or another process has the workspace; bad_input: nothing
// has run there yet. Ensures: on an error nothing has changed.
Result<sync::ActResult> say(const WorkspaceFolder& folder, const sync::Act& act);

}  // namespace entente::run
