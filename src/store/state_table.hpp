// Where feeds and data types stand, what happened (history), and how much there is of everything.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "store/entity_table.hpp"
#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/store.hpp"

namespace entente::store {

class StateTable {
public:
    StateTable(Session& session, EntityTable& entities);

    std::vector<sync::FeedState> feeds();
    std::vector<sync::DataTypeState> data_types();
    // The newest `limit` events of the entity, oldest first.
    std::vector<sync::HistoryEvent> history(EntityId entity, int limit);
    std::vector<sync::HistoryEvent> history_of(sync::HistoryEvent::Kind kind, ModelIndex model,
                                               PropertyIndex property, int limit);
    std::map<sync::HistoryEvent::Kind, std::int64_t> history_counts();
    sync::DataTypeCounts counts(DataTypeIndex data_type);
    // What was counted may have changed by other means than this connection's writes: a rollback, a new snapshot.
    void forget() { counted_at_.reset(); }

    void put(const sync::FeedState& feed);
    void put(const sync::DataTypeState& state);
    void append(std::span<const sync::HistoryEvent> events);

private:
    void read_event(const Rows& row, sync::HistoryEvent& event);
    std::int64_t property_number(const sync::HistoryEvent& event);
    void count_links();

    Session& session_;
    EntityTable& entities_;
    // Links by data type number, as they were when the connection had made so many changes: whoever asks for one data
    // type asks for all, and one pass over the links serves them.
    struct LinkCounts {
        std::int64_t live = 0, gone = 0, held = 0;
    };
    std::map<std::int64_t, LinkCounts> link_counts_;
    std::optional<std::int64_t> counted_at_;
    Statement select_feeds_, put_feed_, select_data_types_, put_data_type_;
    Statement history_, history_of_kind_, count_history_, append_;
    Statement count_live_, count_pending_, count_links_, count_parked_, count_dirty_;
};

}  // namespace entente::store
