// What a run came to, for its last line: counts from the store, calls from the runner.
#pragma once

#include "base/value.hpp"
#include "run/workspace_folder.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

// {"CustomWebshop":{"calls":N,"throttled_429":N,"failed":N,"by_purpose":{...}}}
Value calls_json(const model::Workspace& workspace, const run::Runner& runner);

// created, values_written, conflicts, first_joins, linked, parked by reason, held: what the store holds now.
Result<Value> totals_json(const run::WorkspaceFolder& folder);

// What would be done to the data types that nobody has approved: lines for people, JSON for programs.
struct Planned {
    std::string data_type;
    std::int64_t creates = 0;
    std::int64_t updates = 0;
};
Result<std::vector<Planned>> planned(const run::WorkspaceFolder& folder, const std::vector<DataTypeIndex>& data_types);

}  // namespace entente::app
