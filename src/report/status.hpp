// Where a workspace stands, from its store: what is known, linked and waiting per data type, what waits for a person and what
// answers it, and the calls to come. As data, as text and as JSON.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/quota_use.hpp"
#include "report/doubtful_links.hpp"
#include "report/waiting.hpp"

namespace entente::report {

struct DataTypeStatus {
    DataTypeIndex index;
    sync::DataTypeCounts counts;
    sync::DataTypeState state;
    std::optional<sync::FeedState> feed;         // nullopt: a list inside other records
    std::map<std::string, std::int64_t> parked;  // by reason
    std::int64_t open_intents = 0;
    std::vector<Waiting> causes;  // why the data type as a whole stands still, with what answers it
};

// What one system has been asked, as the run that asked it noted it.
struct CallsMade {
    Value by_work;
    std::vector<model::QuotaUse> quotas;  // empty: nobody has told anything, and they are full
};

// What one system has been asked, and will be.
struct CallsStatus {
    CallsMade calls;
    std::int64_t edits = 0,
                 backfill = 0;  // calls to come for what is ready to be written, at least
    Duration time{0};           // that the quotas make them wait, at least
    std::int64_t to_come() const { return edits + backfill; }
};

struct Status {
    std::vector<DataTypeStatus> data_types;
    std::vector<CallsStatus> calls;  // by system
    std::vector<sync::Trouble> troubles;
    std::vector<Waiting> waiting;
    std::vector<DoubtfulLink> doubtful_links;  // the first ones
};

// `made`: by system, in the workspace's order.
Status read_status(const model::Workspace& workspace, sync::StoreReader& store, const Place& place,
                   std::vector<CallsMade> made, Instant now);

// What waits is listed up to a bound; JSON holds all of it.
std::vector<std::string> to_text(const Status& status, const model::Workspace& workspace,
                                 const Place& place);
Value to_json(const Status& status, const model::Workspace& workspace);

}  // namespace entente::report
