// Verify: what both sides of every flow show right now, judged through the lenses and the links of
// the store. It reads and compares; it writes nothing, outside or inside. It is an auditor of the
// engine, so it shares none of its rules: only the lenses and the stored links (G1).
//
// Every record of a flow's `from` falls in one place:
//   linked   it has a counterpart in `to` that is there; then it agrees, differs, or what differs
//            is held; a pair that differs while its write waits for something counts as waiting
//            too, and so does one that refers to two records of which a person has to say whether
//            they are one thing
//   missing  it should have a counterpart (rule `always`) and has none that is there
//   waiting  its creation waits for something, or what it refers to waits for a person
//   parked   a person has to decide
// A line counts as missing only where its parent has a counterpart: a missing order is one
// difference, not seven.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "report/snapshot.hpp"
#include "sync/store.hpp"

namespace entente::report {

// A value that differs, or a record that is missing, for people.
struct Finding {
    std::string from;      // "Shop.Customer c-101"
    std::string to;        // "CustomERP.Customer 4711"; missing: the data type alone
    std::string property;  // empty: the record is missing
    std::optional<Value> from_value, to_value;
    std::string text;
};

struct FlowVerdict {
    DataTypeIndex from, to;
    std::int64_t linked = 0, agree = 0, differ = 0, missing = 0;
    std::int64_t waiting = 0, held = 0, parked = 0;
    std::vector<Finding> findings;  // the first ones; the numbers above count all
};

struct PairVerdict {
    SystemIndex from, to;
    std::vector<FlowVerdict> flows;
};

struct Verdict {
    std::vector<PairVerdict> pairs;
    std::int64_t differ = 0;   // values, each once per pair of records, whatever the direction
    std::int64_t missing = 0;  // records, each once per data type that lacks it
    std::map<ResourceIndex, int> gets;
};

// The flows between these two systems only, in both directions.
struct SystemPair {
    SystemIndex one, other;
};

// First the systems are read, then the store is asked: what the engine linked meanwhile is known
// then.
Result<Snapshot> read_for_verify(const model::Workspace& workspace, Reader& reader,
                                 const std::optional<SystemPair>& only);

// Requires: `snapshot` was read for the same pair.
Verdict verify(const model::Workspace& workspace, sync::StoreReader& store,
               const Snapshot& snapshot, const std::optional<SystemPair>& only);

// {"pairs":[{"from","to","flows":[{"from","to","linked",...}]}],"differ":N,"missing":N}
Value to_json(const Verdict& verdict, const model::Workspace& workspace);

}  // namespace entente::report
