// Entities, and the links between them and records, in a memory store.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "store/memory_map.hpp"
#include "sync/state.hpp"

namespace entente::store {

class MemoryEntities {
public:
    explicit MemoryEntities(MemorySession& session)
        : session_(session), rows_(session), by_parent_(session) {}

    std::vector<sync::Entity> select(std::span<const EntityId> ids) const;
    std::vector<EntityId> children(EntityId parent) const;
    // none() when there is no such entity.
    ModelIndex model_of(EntityId entity) const;

    void insert(std::span<const sync::Entity> entities);
    void update(std::span<const sync::Entity> entities);
    void erase(std::span<const EntityId> entities);

    const auto& rows() const { return rows_.rows(); }

private:
    void put(const sync::Entity& entity);
    void take_from_parent(const sync::Entity& entity);

    MemorySession& session_;
    MemoryMap<EntityId, Shared<sync::Entity>> rows_;
    MemoryIndex<std::pair<EntityId, EntityId>> by_parent_;
};

class MemoryLinks {
public:
    struct Counts {
        std::int64_t live = 0, gone = 0, held = 0;
    };

    explicit MemoryLinks(MemorySession& session)
        : session_(session), rows_(session), by_record_(session), by_entity_(session) {}

    std::vector<sync::Link> of_records(std::span<const RecordId> records) const;
    std::vector<sync::Link> of_entities(std::span<const EntityId> entities) const;
    std::vector<sync::Link> of_data_type(DataTypeIndex data_type, LinkId after, int limit) const;
    // In any state.
    bool has(EntityId entity, DataTypeIndex data_type) const;
    Counts counts(DataTypeIndex data_type) const;

    void insert(std::span<const sync::Link> links);
    void update(std::span<const sync::Link> links);
    void erase(std::span<const LinkId> links);

    const auto& rows() const { return rows_.rows(); }

private:
    void put(const sync::Link& link);

    MemorySession& session_;
    MemoryMap<LinkId, Shared<sync::Link>> rows_;
    MemoryIndex<std::pair<RecordId, LinkId>> by_record_;
    MemoryIndex<std::pair<EntityId, LinkId>> by_entity_;
};

}  // namespace entente::store
