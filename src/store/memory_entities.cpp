#include "store/memory_entities.hpp"

#include "store/limit.hpp"

namespace entente::store {

std::vector<sync::Entity> MemoryEntities::select(std::span<const EntityId> ids) const {
    std::vector<sync::Entity> out;
    for (const EntityId id : ids) {
        if (const Shared<sync::Entity>* entity = rows_.find(id)) out.push_back(**entity);
    }
    return out;
}

std::vector<EntityId> MemoryEntities::children(EntityId parent) const {
    return seconds_of(by_parent_, parent, EntityId{});
}

ModelIndex MemoryEntities::model_of(EntityId entity) const {
    const Shared<sync::Entity>* found = rows_.find(entity);
    return found ? (*found)->model : ModelIndex::none();
}

void MemoryEntities::insert(std::span<const sync::Entity> entities) {
    for (const sync::Entity& entity : entities) {
        CHECK(entity.id && entity.model, "an entity has an id and a model");
        if (rows_.contains(entity.id))
            return session_.poison_repeated("entities", entity.id.value, "id");
        put(entity);
    }
}

void MemoryEntities::update(std::span<const sync::Entity> entities) {
    for (const sync::Entity& entity : entities) {
        CHECK(entity.model, "an entity has a model");
        const Shared<sync::Entity>* had = rows_.find(entity.id);
        if (!had) return session_.poison_missing("entities", entity.id.value);
        take_from_parent(**had);
        put(entity);
    }
}

void MemoryEntities::put(const sync::Entity& entity) {
    const std::size_t properties = session_.property_count(entity.model);
    CHECK(entity.properties.size() <= properties, "a property belongs to its model");
    sync::Entity row = entity;
    row.properties.resize(properties);
    if (row.parent) by_parent_.put({row.parent, row.id}, {});
    rows_.put(row.id, shared(std::move(row)));
}

void MemoryEntities::take_from_parent(const sync::Entity& entity) {
    if (entity.parent) by_parent_.erase({entity.parent, entity.id});
}

void MemoryEntities::erase(std::span<const EntityId> entities) {
    for (const EntityId id : entities) {
        if (const Shared<sync::Entity>* had = rows_.find(id)) take_from_parent(**had);
        rows_.erase(id);
    }
}

std::vector<sync::Link> MemoryLinks::of_records(std::span<const RecordId> records) const {
    std::vector<sync::Link> out;
    for (const RecordId record : records) {
        for (const LinkId id : seconds_of(by_record_, record, LinkId{}))
            out.push_back(**rows_.find(id));
    }
    return out;
}

std::vector<sync::Link> MemoryLinks::of_entities(std::span<const EntityId> entities) const {
    std::vector<sync::Link> out;
    for (const EntityId entity : entities) {
        for (const LinkId id : seconds_of(by_entity_, entity, LinkId{}))
            out.push_back(**rows_.find(id));
    }
    return out;
}

std::vector<sync::Link> MemoryLinks::of_data_type(DataTypeIndex data_type, LinkId after,
                                                  int limit) const {
    std::vector<sync::Link> out;
    const auto& rows = rows_.rows();
    for (auto at = rows.upper_bound(after); at != rows.end(); ++at) {
        if (std::ssize(out) >= limit_of(limit)) break;
        if (at->second->data_type == data_type) out.push_back(*at->second);
    }
    return out;
}

bool MemoryLinks::has(EntityId entity, DataTypeIndex data_type) const {
    for (const LinkId id : seconds_of(by_entity_, entity, LinkId{})) {
        if ((*rows_.find(id))->data_type == data_type) return true;
    }
    return false;
}

MemoryLinks::Counts MemoryLinks::counts(DataTypeIndex data_type) const {
    Counts out;
    for (const auto& [id, link] : rows_.rows()) {
        if (link->data_type != data_type) continue;
        if (link->state == sync::LinkState::gone) ++out.gone;
        if (link->state != sync::LinkState::live) continue;
        ++out.live;
        out.held += std::ssize(link->held);
    }
    return out;
}

void MemoryLinks::insert(std::span<const sync::Link> links) {
    for (const sync::Link& link : links) {
        CHECK(link.id && link.data_type, "a link has an id and a data type");
        if (rows_.contains(link.id)) return session_.poison_repeated("links", link.id.value, "id");
        put(link);
    }
}

void MemoryLinks::update(std::span<const sync::Link> links) {
    for (const sync::Link& link : links) {
        CHECK(link.data_type, "a link has a data type");
        const Shared<sync::Link>* had = rows_.find(link.id);
        if (!had || (*had)->data_type != link.data_type)
            return session_.poison_missing("links", link.id.value);
        if ((*had)->record != link.record) by_record_.erase({(*had)->record, link.id});
        if ((*had)->entity != link.entity) by_entity_.erase({(*had)->entity, link.id});
        put(link);
    }
}

void MemoryLinks::put(const sync::Link& link) {
    const std::size_t properties = session_.property_count(session_.model_of(link.data_type));
    CHECK(link.shadows.size() <= properties, "a shadow belongs to a property of its model");
    sync::Link row = link;
    row.shadows.resize(properties);
    if (!by_record_.contains({row.record, row.id})) by_record_.put({row.record, row.id}, {});
    if (!by_entity_.contains({row.entity, row.id})) by_entity_.put({row.entity, row.id}, {});
    rows_.put(row.id, shared(std::move(row)));
}

void MemoryLinks::erase(std::span<const LinkId> links) {
    for (const LinkId id : links) {
        const Shared<sync::Link>* had = rows_.find(id);
        if (!had) continue;
        by_record_.erase({(*had)->record, id});
        by_entity_.erase({(*had)->entity, id});
        rows_.erase(id);
    }
}

}  // namespace entente::store
