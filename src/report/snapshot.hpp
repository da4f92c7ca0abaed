// What the systems show right now, as canonical values by data type: one side of a verification.
// Bodies are dropped as soon as they are projected, so that a large system fits.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/workspace.hpp"
#include "report/reader.hpp"

namespace entente::report {

// A record as one data type sees it.
struct FreshRecord {
    std::string external_id;
    std::string parent;       // lines: the external id of the parent; else empty
    model::Canonical values;  // references as the system writes them: external ids
    std::string unreadable;   // what could not be read as declared
};

// Sorted by external id: a report has one order, whatever the system's paging.
using FreshRecords = std::map<std::string, FreshRecord>;

struct Snapshot {
    std::map<DataTypeIndex, FreshRecords> data_types;  // those asked for, with their lines
    std::map<ResourceIndex, int> gets;                 // requests made
};

// Reads every resource that these data types need, each once.
Result<Snapshot> read_snapshot(const model::Workspace& workspace,
                               const std::vector<DataTypeIndex>& data_types, Reader& reader);

}  // namespace entente::report
