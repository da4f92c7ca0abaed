// What a test of a connector against its running system has found: one finding per thing that was looked at. The judgements about
// records and about the service's description of itself are here and pure; src/run asks the systems.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/metadata.hpp"
#include "model/workspace.hpp"
#include "sync/call.hpp"

namespace entente::report {

struct LiveFinding {
    enum class Verdict {
        ok,
        wrong,
        open,  // it could not be seen: no record shows it, or the system was not to be asked
    };
    Verdict verdict = Verdict::ok;
    std::string where;  // "Shelf", "Shelf.customers", "Shelf.Customer"
    std::string what;   // "login", "second page", "property email"
    std::string text;
    std::string right;  // what would be right; empty where all is
};
using LiveFindings = std::vector<LiveFinding>;
std::string_view name_of(LiveFinding::Verdict verdict);
// "WRONG  Shelf.Customer: property email: TEXT; RIGHT"
std::string to_text(const LiveFinding& finding);
Value to_json(const LiveFindings& findings);

// Whether some data type of the resource may be written; versions matter only then.
bool is_written(const model::Workspace& workspace, ResourceIndex resource);

// One page of a resource against what its connector declares: the key, mapped properties (names, types, listed values), versions, times of
// change. Requires: the records are of that resource, which is not nested.
LiveFindings judge_records(const model::Workspace& workspace, ResourceIndex resource,
                           std::span<const sync::SeenRecord> records);

// The same declarations against $metadata: the list is there, its key, and each mapped property with its type, its length and the
// members of its enumeration.
LiveFindings judge_metadata(const model::Workspace& workspace, ResourceIndex resource,
                            const model::Metadata& metadata);

}  // namespace entente::report
