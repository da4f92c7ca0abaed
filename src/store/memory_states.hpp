// Feeds, states of data types, history and counts in a memory store.
#pragma once

#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "store/memory_entities.hpp"
#include "store/memory_records.hpp"
#include "store/memory_work.hpp"

namespace entente::store {

class MemoryStates {
public:
    // What is counted, and where an event's entity has its model. Requires: all of the same session, and outliving it.
    struct Counted {
        const MemoryRecords& records;
        const MemoryEntities& entities;
        const MemoryLinks& links;
        const MemoryDirty& dirty;
        const MemoryParked& parked;
    };
    MemoryStates(MemorySession& session, Counted counted)
        : session_(session),
          counted_(counted),
          feeds_(session),
          data_types_(session),
          history_(session),
          by_entity_(session) {}

    std::vector<sync::FeedState> feeds() const;
    std::vector<sync::DataTypeState> data_types() const;
    std::vector<sync::HistoryEvent> history(EntityId entity, int limit) const;
    std::vector<sync::HistoryEvent> history_of(sync::HistoryEvent::Kind kind, ModelIndex model,
                                               PropertyIndex property, int limit) const;
    std::map<sync::HistoryEvent::Kind, std::int64_t> history_counts() const;
    sync::DataTypeCounts counts(DataTypeIndex data_type) const;

    void put(const sync::FeedState& feed);
    void put(const sync::DataTypeState& state);
    void append(std::span<const sync::HistoryEvent> events);

    const auto& feed_rows() const { return feeds_.rows(); }
    const auto& data_type_rows() const { return data_types_.rows(); }
    const auto& events() const { return history_.rows(); }

private:
    bool has_property(const sync::HistoryEvent& event) const;

    MemorySession& session_;
    const Counted counted_;
    MemoryMap<ResourceIndex, Shared<sync::FeedState>> feeds_;
    MemoryMap<DataTypeIndex, Shared<sync::DataTypeState>> data_types_;
    MemoryMap<std::int64_t, Shared<sync::HistoryEvent>> history_;  // by number, from 1
    MemoryIndex<std::pair<EntityId, std::int64_t>> by_entity_;
};

class MemoryTroubles {
public:
    explicit MemoryTroubles(MemorySession& session) : troubles_(session) {}

    std::vector<sync::Trouble> all() const;
    void put(const sync::Trouble& trouble);
    void drop(sync::Trouble::Kind kind, SystemIndex system, ResourceIndex resource);

    const auto& rows() const { return troubles_.rows(); }

private:
    MemoryMap<std::tuple<SystemIndex, ResourceIndex, sync::Trouble::Kind>, Shared<sync::Trouble>>
        troubles_;
};

class MemoryLosses {
public:
    explicit MemoryLosses(MemorySession& session) : losses_(session) {}

    std::vector<sync::Loss> all() const;
    void put(std::span<const sync::Loss> losses);
    void drop(ResourceIndex resource, Instant until);

    const auto& rows() const { return losses_.rows(); }

private:
    MemoryMap<std::pair<ResourceIndex, RecordId>, Instant> losses_;
};

}  // namespace entente::store
