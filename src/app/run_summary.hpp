// What a run came to, for its last line: counts from the store, calls from the runner.
#pragma once

#include "base/value.hpp"
#include "run/workspace_folder.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

// {"Shop":{"calls":N,"throttled_429":N,"failed":N,"by_purpose":{...}}}
Value calls_json(const model::Workspace& workspace, const run::Runner& runner);

// created, values_written, conflicts, first_joins, linked, parked by reason, held: what the store
// holds now.
Result<Value> totals_json(const run::WorkspaceFolder& folder);

}  // namespace entente::app
