// The plan: what a run would do, per flow, with samples, calls and the time that the quotas leave for them. Made from a
// rehearsal: the real engine on a copy of the store, whose writes were answered by nobody (src/run/rehearsal). It is therefore
// as true as the engine, and changes nothing, outside or inside (DESIGN.md section 2, point 9).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "model/quota_use.hpp"
#include "model/workspace.hpp"
#include "sync/store.hpp"

namespace entente::report {

// One value in a record, as the system writes it.
struct PlannedChange {
    std::string path;
    Value before, after;
};
// A record that would be created, or changed. `body`: as it would be sent; `changes`: what would differ.
struct PlannedWrite {
    std::string external_id;  // empty: a create
    Value body;
    std::vector<PlannedChange> changes;
};

struct PlannedCalls {
    std::int64_t made = 0;  // calls that this plan took: reading everything once
    std::int64_t creates = 0, updates = 0;
    std::int64_t reads = 0;               // before and after writes
    std::int64_t backfill = 0;            // creates and updates that no person waits for
    std::vector<model::QuotaUse> quotas;  // where the system's quotas stand after reading
    Duration time{0};                     // that the quotas make all these to come wait, at least
    std::int64_t to_come() const { return creates + updates + reads; }
};

// What the rehearsal saw.
struct Rehearsed {
    struct Created {
        EntityId entity;
        DataTypeIndex data_type;
        std::string external_id;
    };
    struct Written {
        EntityId entity;
        DataTypeIndex data_type;
        std::string external_id;
        PropertyIndex property;
    };
    Instant began;  // what was linked by a create since then is not there
    std::vector<Created> created;
    std::vector<Written> written;
    std::map<ResourceIndex, std::vector<PlannedWrite>> creates, updates;  // the first ones of each
    std::vector<PlannedCalls> calls;                                      // by system
    std::vector<std::string> stopped;                                     // by the guard: why
};

struct PlannedWait {
    std::string why;
    std::int64_t records = 0;
    std::vector<std::string> samples;  // "Shop.Order o-1004"
};

struct FlowPlan {
    DataTypeIndex from, to;
    bool is_flow = true;      // false: no flow leads there, but edits and lines of linked things do
    std::int64_t linked = 0;  // records of `from` that have a counterpart in `to` already
    std::int64_t created = 0;  // in `to`
    std::int64_t updated = 0;  // records in `to` that would take values from `from`
    std::int64_t parked = 0;   // records that wait for a person
    std::vector<PlannedWait> waits;
};

struct Plan {
    std::vector<FlowPlan>
        flows;  // those of the workspace in its order, then what happens outside them
    Rehearsed rehearsed;
    std::map<sync::ParkReason, std::int64_t> parked;
};

// Requires: `store` is the rehearsal's copy, as it was left.
Plan plan(const model::Workspace& workspace, sync::StoreReader& store, Rehearsed rehearsed);

// {"workspace","flows":[{"from","to","linked","created","updated","parked","waiting":[...]}],"systems":{...},"parked":{...}}
Value to_json(const Plan& plan, const model::Workspace& workspace);

// For people, line by line.
std::vector<std::string> to_text(const Plan& plan, const model::Workspace& workspace);

}  // namespace entente::report
