// What happened to one record and to the entity it belongs to: the records that show it, where each of its values came from
// and which of them show it by now, and every event in order: links, edits, winners and losers, writes and what became of
// them. Read from the store only (DESIGN.md section 2, point 11).
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "model/workspace.hpp"
#include "sync/store.hpp"

namespace entente::report {

// A record that shows the entity.
struct Member {
    LinkId link;
    DataTypeIndex data_type;
    std::string external_id;
    sync::LinkState state = sync::LinkState::live;
    sync::LinkOrigin origin = sync::LinkOrigin::first;
    Instant linked_at, changed_at, written_at;  // our clock; zero: never
};

// One value of the entity.
struct HistoryValue {
    PropertyIndex property;
    Value value;
    Instant at;          // when it was made, by the clock of where it was made, corrected
    std::string origin;  // "CustomERP.Customer 4711"; empty: a person in Entente
    std::vector<std::string> behind;  // members that show something else still, with the reason
};

struct HistoryLine {
    Instant at;
    std::string kind;
    std::string record;    // "CustomERP.Customer 4711"
    std::string property;  // empty: of the record as a whole
    std::optional<Value> before, after;
    std::string text;
};

struct History {
    std::vector<Member> members;
    std::vector<HistoryValue> values;
    std::vector<HistoryLine> lines;  // oldest first
    std::vector<std::string> apart;  // records that a person has told apart from it
    std::string parked;              // why the record waits for a person; empty: it does not
};

// not_found: such a record was never seen. At most `limit` events, the newest ones.
Result<History> history_of(const model::Workspace& workspace, sync::StoreReader& store,
                           DataTypeIndex data_type, const std::string& id, int limit);

std::vector<std::string> to_text(const History& history, const model::Workspace& workspace);
Value to_json(const History& history, const model::Workspace& workspace);

}  // namespace entente::report
