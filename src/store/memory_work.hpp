// What is to be done or waits, in a memory store: dirty pairs, intents, parked things and what answered them,
// awaited and deferred observations.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "store/memory_map.hpp"
#include "store/memory_records.hpp"
#include "sync/store.hpp"

namespace entente::store {

class MemoryDirty {
public:
    explicit MemoryDirty(MemorySession& session) : rows_(session) {}

    std::vector<sync::Dirty> ready(DataTypeIndex data_type, Instant now, int limit) const;
    std::vector<sync::Dirty> waiting(DataTypeIndex data_type, int limit) const;
    std::optional<Instant> next(Instant after) const;
    std::optional<Instant> next_awaited(Instant after) const;

    void put(std::span<const sync::Dirty> dirty);
    void drop(EntityId entity, DataTypeIndex data_type);
    void release_awaiting(std::span<const EntityId> entities);
    void release_waiting(DataTypeIndex data_type);

    const auto& rows() const { return rows_.rows(); }

private:
    std::optional<Instant> first_after(Instant after, bool offers_too) const;
    // At most `limit` pairs of the data type that `belongs` accepts, by entity.
    template <class Belongs>
    std::vector<sync::Dirty> pairs(DataTypeIndex data_type, int limit, Belongs belongs) const;
    template <class Belongs>
    void release(Belongs belongs);

    MemoryMap<std::pair<DataTypeIndex, EntityId>, Shared<sync::Dirty>> rows_;
};

class MemoryIntents {
public:
    explicit MemoryIntents(MemorySession& session) : rows_(session) {}

    std::vector<sync::Intent> all() const;
    void put(const sync::Intent& intent);
    void drop(IntentId intent) { rows_.erase(intent); }

    const auto& rows() const { return rows_.rows(); }

private:
    MemoryMap<IntentId, Shared<sync::Intent>> rows_;
};

class MemoryParked {
public:
    // Requires: the records are those of the same session, and outlive it.
    MemoryParked(MemorySession& session, const MemoryRecords& records)
        : records_(records), rows_(session) {}

    std::vector<sync::Parked> all(int limit) const;
    std::optional<sync::Parked> of_record(RecordId record) const;
    std::optional<sync::Parked> of_create(EntityId entity, DataTypeIndex data_type) const;
    std::vector<sync::Parked> creates(DataTypeIndex data_type, EntityId after, int limit) const;
    std::vector<ResourceIndex> naming(std::span<const RecordId> candidates) const;
    std::map<sync::ParkReason, std::int64_t> counts() const;

    void put(const sync::Parked& parked);
    void drop_record(RecordId record);
    void drop_create(EntityId entity, DataTypeIndex data_type);

    const auto& rows() const { return rows_.rows(); }

private:
    using Key = std::tuple<RecordId, EntityId, DataTypeIndex>;

    const MemoryRecords& records_;
    MemoryMap<Key, Shared<sync::Parked>> rows_;
};

class MemoryApart {
public:
    explicit MemoryApart(MemorySession& session) : pairs_(session) {}

    std::vector<RecordId> from(RecordId record) const;
    void put(RecordId a, RecordId b);
    void drop(RecordId a, RecordId b);

    const auto& pairs() const { return pairs_.rows(); }

private:
    MemoryIndex<std::pair<RecordId, RecordId>> pairs_;  // each pair in both directions
};

class MemoryWaiting {
public:
    explicit MemoryWaiting(MemorySession& session) : awaited_(session), deferred_(session) {}

    void put(std::span<const sync::Awaited> awaited);
    // By record asked for, each once.
    std::vector<RecordId> take_awaited(ResourceIndex resource, std::span<const std::string> ids);

    void put(std::span<const sync::Deferred> deferred);
    // By external id.
    std::vector<sync::Deferred> take_deferred(ResourceIndex resource, int limit);
    void drop_deferred(ResourceIndex resource);

    const auto& awaited() const { return awaited_.rows(); }
    const auto& deferred() const { return deferred_.rows(); }

private:
    MemoryIndex<std::tuple<ResourceIndex, std::string, RecordId>> awaited_;
    MemoryMap<std::pair<ResourceIndex, std::string>, Shared<sync::Deferred>> deferred_;
};

}  // namespace entente::store
