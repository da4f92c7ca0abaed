// What waits for a person: each record, create and property with its cause, and the commands that answer it, complete and ready
// to be copied. The one place that knows which command answers what; the engine keeps causes and candidates only.
#pragma once

#include <string>
#include <vector>

#include "base/value.hpp"
#include "report/words.hpp"

namespace entente::report {

struct Remedy {
    std::string when;     // "if it is the same thing"
    std::string command;  // empty: something to be done in a system, told by `when`
};

struct Waiting {
    enum class What { record, create, property, write };
    What what = What::record;
    std::string reason;  // "ambiguous", "create_failed", "held"
    DataTypeIndex data_type;
    // The record that waits; of a create, a record that it would be made of. Empty: none is there any more.
    std::string record;
    std::string property;                 // what == property
    std::vector<std::string> candidates;  // what it could be, or stands in the way
    std::string cause;
    Instant since;                    // zero: not known
    Instant next = Instant::never();  // when it is tried again by itself; never(): it is not
    std::vector<Remedy> remedies;
};

// All that waits, in the order of the store. Requires: `workspace` is the store's.
std::vector<Waiting> waiting_of(const model::Workspace& workspace, sync::StoreReader& store,
                                const Place& place);
// How many records and creates wait, without reading them.
std::int64_t count_waiting(sync::StoreReader& store);
// How many writes have failed so often that they are tried, or asked about, at long intervals only. Requires: as waiting_of.
std::int64_t count_asleep(const model::Workspace& workspace, sync::StoreReader& store);

std::vector<Remedy> remedies_of_refusal(const model::Workspace& workspace, sync::StoreReader& store,
                                        const Place& place, const sync::Act& act,
                                        const sync::ActResult& result);

// "Shop.Customer:7 (duplicate): why" and below it what to do.
std::vector<std::string> to_text(const Waiting& waiting, const model::Workspace& workspace);
std::vector<std::string> to_text(const std::vector<Remedy>& remedies);
Value to_json(const Waiting& waiting, const model::Workspace& workspace);
Value to_json(const std::vector<Remedy>& remedies);

}  // namespace entente::report
