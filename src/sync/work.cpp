#include "sync/work.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/seeded_bug.hpp"

namespace entente::sync {
namespace {

// Moves out what is new or changed, in the order of loading. `gone`: what is to be erased.
template <class Row, class Tracked, class Id>
void collect(std::deque<Tracked>& all, std::vector<Row>& fresh, std::vector<Row>& changed,
             std::vector<Id>& gone) {
    for (Tracked& row : all) {
        if (row.erased) {
            if (!row.fresh) gone.push_back(row.id);
        } else if (row.fresh)
            fresh.push_back(std::move(static_cast<Row&>(row)));
        else if (row.changed)
            changed.push_back(std::move(static_cast<Row&>(row)));
    }
}

}  // namespace

Value stored_body(const Record& record) {
    auto body = json::read(record.body);
    CHECK(body.has_value(), "a stored body is the JSON we wrote");
    return *std::move(body);
}

WorkRecord& Work::keep(Record record) {
    const RecordId id = record.id;
    if (auto it = record_by_id_.find(id.value); it != record_by_id_.end()) return *it->second;
    records_.push_back({});
    WorkRecord& kept = records_.back();
    static_cast<Record&>(kept) = std::move(record);
    record_by_id_[id.value] = &kept;
    return kept;
}

WorkLink& Work::keep(Link link) {
    const LinkId id = link.id;
    if (auto it = link_by_id_.find(id.value); it != link_by_id_.end()) return *it->second;
    links_.push_back({});
    WorkLink& kept = links_.back();
    static_cast<Link&>(kept) = std::move(link);
    link_by_id_[id.value] = &kept;
    return kept;
}

void Work::load_records(std::span<const RecordId> ids) {
    std::vector<RecordId> missing;
    for (RecordId id : ids)
        if (id && !record_by_id_.contains(id.value)) missing.push_back(id);
    if (missing.empty()) return;
    std::ranges::sort(missing);
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    for (Record& record : transaction_.records(missing)) keep(std::move(record));
}

void Work::load_links_of_records(std::span<const RecordId> ids) {
    std::vector<RecordId> missing;
    for (RecordId id : ids)
        if (id && !links_by_record_.contains(id.value)) {
            missing.push_back(id);
            links_by_record_[id.value];
        }
    if (missing.empty()) return;
    for (Link& link : transaction_.links_of_records(missing)) {
        WorkLink& kept = keep(std::move(link));
        links_by_record_[kept.record.value].push_back(&kept);
    }
}

void Work::load_entities(std::span<const EntityId> ids) {
    std::vector<EntityId> entities, links;
    for (EntityId id : ids) {
        if (!id) continue;
        if (entity_by_id_.try_emplace(id.value, nullptr).second) entities.push_back(id);
        if (!links_by_entity_.contains(id.value)) {
            links.push_back(id);
            links_by_entity_[id.value];
        }
    }
    if (!entities.empty())
        for (Entity& entity : transaction_.entities(entities)) {
            entities_.push_back({});
            static_cast<Entity&>(entities_.back()) = std::move(entity);
            if (SEEDED_WHERE(counter_not_persisted, entities_.back().rev > 0))
                entities_.back().rev = 0;
            entity_by_id_[entities_.back().id.value] = &entities_.back();
        }
    if (!links.empty())
        for (Link& link : transaction_.links_of_entities(links)) {
            WorkLink& kept = keep(std::move(link));
            links_by_entity_[kept.entity.value].push_back(&kept);
        }
}

WorkRecord* Work::find_record(RecordId id) {
    if (!id) return nullptr;
    if (auto it = record_by_id_.find(id.value); it != record_by_id_.end()) return it->second;
    load_records(std::array{id});
    auto it = record_by_id_.find(id.value);
    return it == record_by_id_.end() ? nullptr : it->second;
}

WorkRecord& Work::record(RecordId id) {
    WorkRecord* found = find_record(id);
    CHECK(found != nullptr, "a record that something refers to is in the store");
    return *found;
}

WorkEntity& Work::entity(EntityId id) {
    if (!entity_by_id_.contains(id.value)) load_entities(std::array{id});
    auto it = entity_by_id_.find(id.value);
    CHECK(it != entity_by_id_.end() && it->second,
          "an entity that something refers to is in the store");
    return *it->second;
}

WorkRecord* Work::known_record(ResourceIndex resource, const std::string& external_id) {
    const auto it = record_by_name_.find({resource, external_id});
    return it == record_by_name_.end() ? nullptr : find_record(it->second);
}

WorkRecord* Work::find_record(ResourceIndex resource, const std::string& external_id) {
    if (WorkRecord* known = known_record(resource, external_id)) return known;
    auto heads = transaction_.find_records(resource, std::span(&external_id, 1));
    if (heads.empty() || !heads[0]) return nullptr;
    record_by_name_[{resource, external_id}] = heads[0]->id;
    return find_record(heads[0]->id);
}

std::vector<WorkLink*> Work::links_of_record(RecordId record) {
    load_links_of_records(std::array{record});
    return links_by_record_[record.value];
}

WorkLink* Work::link(RecordId record, DataTypeIndex data_type) {
    for (WorkLink* l : links_of_record(record))
        if (l->data_type == data_type && !l->erased) return l;
    return nullptr;
}

std::vector<WorkLink*> Work::links_of(EntityId entity) {
    load_entities(std::array{entity});
    return links_by_entity_[entity.value];
}

WorkLink* Work::link_in(EntityId entity, DataTypeIndex data_type) {
    for (WorkLink* l : links_of(entity))
        if (l->data_type == data_type && !l->erased) return l;
    return nullptr;
}

std::vector<EntityId> Work::child_entities(EntityId parent) {
    std::vector<EntityId> all = transaction_.child_entities(parent);
    if (const auto moved = moved_child_entities_.find(parent); moved != moved_child_entities_.end())
        std::erase_if(all, [&](EntityId child) {
            return std::ranges::find(moved->second, child) != moved->second.end();
        });
    const auto& added = added_child_entities_[parent];
    all.insert(all.end(), added.begin(), added.end());
    return all;
}

std::vector<RecordId> Work::child_records(RecordId parent) {
    std::vector<RecordId> all = transaction_.children(parent);
    const auto& added = added_child_records_[parent];
    all.insert(all.end(), added.begin(), added.end());
    return all;
}

std::vector<WorkEntity*> Work::loaded_entities(ModelIndex model) {
    std::vector<WorkEntity*> out;
    for (WorkEntity& entity : entities_)
        if (entity.model == model && !entity.erased) out.push_back(&entity);
    return out;
}

WorkRecord& Work::add(Record record) {
    WorkRecord& kept = keep(std::move(record));
    kept.fresh = true;
    record_by_name_[{kept.resource, kept.external_id}] = kept.id;
    links_by_record_[kept.id.value];
    if (kept.parent) added_child_records_[kept.parent].push_back(kept.id);
    return kept;
}

void Work::adopt(WorkRecord& record, RecordId parent) {
    record.parent = parent;
    record.changed = true;
    added_child_records_[parent].push_back(record.id);
}

void Work::rename(WorkRecord& record, const std::string& external_id) {
    record_by_name_.erase({record.resource, record.external_id});
    if (!record.fresh) transaction_.rename(record.id, external_id);
    record.external_id = external_id;
    record_by_name_[{record.resource, external_id}] = record.id;
}

WorkLink& Work::add(Link link) {
    load_links_of_records(std::array{link.record});
    load_entities(std::array{link.entity});
    WorkLink& kept = keep(std::move(link));
    kept.fresh = true;
    links_by_record_[kept.record.value].push_back(&kept);
    links_by_entity_[kept.entity.value].push_back(&kept);
    return kept;
}

void Work::move(WorkLink& link, RecordId record) {
    load_links_of_records(std::array{link.record, record});
    std::erase(links_by_record_[link.record.value], &link);
    link.record = record;
    link.changed = true;
    links_by_record_[record.value].push_back(&link);
}

void Work::move(WorkLink& link, EntityId entity) {
    load_entities(std::array{link.entity, entity});
    std::erase(links_by_entity_[link.entity.value], &link);
    link.entity = entity;
    link.changed = true;
    links_by_entity_[entity.value].push_back(&link);
}

void Work::move(WorkEntity& line, EntityId parent) {
    std::erase(added_child_entities_[line.parent], line.id);
    moved_child_entities_[line.parent].push_back(line.id);
    std::erase(moved_child_entities_[parent], line.id);
    line.parent = parent;
    line.changed = true;
    added_child_entities_[parent].push_back(line.id);
}

void Work::erase(WorkLink& link) {
    load_links_of_records(std::array{link.record});
    load_entities(std::array{link.entity});
    std::erase(links_by_record_[link.record.value], &link);
    std::erase(links_by_entity_[link.entity.value], &link);
    link.erased = true;
}

void Work::erase(WorkEntity& entity) {
    CHECK(links_of(entity.id).empty(), "an entity that is erased has no links");
    if (entity.parent) {
        std::erase(added_child_entities_[entity.parent], entity.id);
        moved_child_entities_[entity.parent].push_back(entity.id);
    }
    entity.erased = true;
}

WorkEntity& Work::add(Entity entity) {
    entities_.push_back({});
    WorkEntity& kept = entities_.back();
    static_cast<Entity&>(kept) = std::move(entity);
    kept.fresh = true;
    entity_by_id_[kept.id.value] = &kept;
    links_by_entity_[kept.id.value];
    if (kept.parent) added_child_entities_[kept.parent].push_back(kept.id);
    return kept;
}

void Work::flush() {
    std::vector<Record> new_records, records;
    std::vector<RecordHead> heads;
    std::vector<Link> new_links, links;
    std::vector<Entity> new_entities, entities;
    std::vector<LinkId> ended_links;
    std::vector<EntityId> ended_entities;
    for (WorkRecord& row : records_) {
        if (row.fresh)
            new_records.push_back(std::move(row));
        else if (row.changed && row.body_changed)
            records.push_back(std::move(row));
        else if (row.changed)
            heads.push_back(std::move(row));
    }
    collect(links_, new_links, links, ended_links);
    collect(entities_, new_entities, entities, ended_entities);
    if (!ended_links.empty()) transaction_.erase(ended_links);
    if (!new_records.empty()) transaction_.insert(std::span<const Record>(new_records));
    if (!records.empty()) transaction_.update(std::span<const Record>(records));
    if (!heads.empty()) transaction_.update(std::span<const RecordHead>(heads));
    if (!new_entities.empty()) transaction_.insert(std::span<const Entity>(new_entities));
    if (!entities.empty()) transaction_.update(std::span<const Entity>(entities));
    if (!new_links.empty()) transaction_.insert(std::span<const Link>(new_links));
    if (!links.empty()) transaction_.update(std::span<const Link>(links));
    if (!ended_entities.empty()) transaction_.erase(ended_entities);
}

}  // namespace entente::sync
