// What a run would write, counted from the store before anything is written: for `run` on data
// types that nobody has approved yet. An auditor like verify: it uses the stored links and the
// lenses, none of the engine's rules.
#pragma once

#include <vector>

#include "model/workspace.hpp"
#include "sync/store.hpp"

namespace entente::report {

struct PlannedWrites {
    DataTypeIndex data_type;
    std::int64_t creates = 0;
    std::int64_t updates = 0;  // records, whatever the number of values
    std::int64_t waits = 0;    // creates that a person has to clear the way for first
};

std::vector<PlannedWrites> plan(const model::Workspace& workspace, sync::StoreReader& store,
                                const std::vector<DataTypeIndex>& data_types);

}  // namespace entente::report
