// The working set of one step: records, links and entities loaded in batches, changed in memory, written back once. It is
// what keeps a step at a handful of statements per row. Iteration is in the order of loading, which is deterministic.
#pragma once

#include <deque>
#include <map>
#include <unordered_map>

#include "sync/store.hpp"

namespace entente::sync {

template <class T>
struct Tracked : T {
    bool fresh = false;    // to be inserted
    bool changed = false;  // to be updated
    bool erased = false;
};
struct WorkRecord : Tracked<Record> {
    bool body_changed = false;
};
using WorkLink = Tracked<Link>;
using WorkEntity = Tracked<Entity>;

// What the record showed when it was last seen.
// Requires: it has been seen.
Value stored_body(const Record& record);

class Work {
public:
    explicit Work(Transaction& transaction) : transaction_(transaction) {}
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    void load_records(std::span<const RecordId> ids);
    void load_links_of_records(std::span<const RecordId> ids);
    void load_entities(std::span<const EntityId> ids);  // with all their links
    WorkRecord* find_record(RecordId id);               // null when the store has none
    WorkRecord& record(RecordId id);                    // Requires: it exists
    WorkEntity& entity(EntityId id);                    // Requires: it exists
    // Known record of that id in the system, or null. Sees what this step added.
    WorkRecord* find_record(ResourceIndex resource, const std::string& external_id);

    // One that this step has already met or added, or null; never asks the store.
    WorkRecord* known_record(ResourceIndex resource, const std::string& external_id);

    WorkLink* link(RecordId record, DataTypeIndex data_type);     // any state, or null
    std::vector<WorkLink*> links_of_record(RecordId record);      // any state
    std::vector<WorkLink*> links_of(EntityId entity);             // any state, in order of making
    WorkLink* link_in(EntityId entity, DataTypeIndex data_type);  // any state, or null
    std::vector<EntityId> child_entities(EntityId parent);
    std::vector<RecordId> child_records(RecordId parent);

    std::vector<WorkEntity*> loaded_entities(ModelIndex model);

    WorkRecord& add(Record record);
    // The record is that one's line. Requires: it was nobody's.
    void adopt(WorkRecord& record, RecordId parent);
    // Frees the record's name for another one.
    void rename(WorkRecord& record, const std::string& external_id);
    WorkLink& add(Link link);
    // The link is another record's from now on.
    void move(WorkLink& link, RecordId record);
    // The link is another entity's from now on.
    void move(WorkLink& link, EntityId entity);
    // The line is another entity's part from now on.
    void move(WorkEntity& line, EntityId parent);
    WorkEntity& add(Entity entity);
    void erase(WorkLink& link);
    void erase(WorkEntity& entity);  // Requires: no links, no lines

    // Writes everything changed to the transaction. Called once, at the end: what is written is moved out.
    void flush();

private:
    WorkRecord& keep(Record record);
    WorkLink& keep(Link link);

    Transaction& transaction_;
    std::deque<WorkRecord> records_;
    std::deque<WorkLink> links_;
    std::deque<WorkEntity> entities_;
    std::unordered_map<std::int64_t, WorkRecord*> record_by_id_;
    std::map<std::pair<ResourceIndex, std::string>, RecordId> record_by_name_;
    std::unordered_map<std::int64_t, WorkLink*> link_by_id_;
    std::unordered_map<std::int64_t, WorkEntity*> entity_by_id_;
    std::unordered_map<std::int64_t, std::vector<WorkLink*>>
        links_by_record_;  // complete lists only
    std::unordered_map<std::int64_t, std::vector<WorkLink*>>
        links_by_entity_;  // complete lists only
    std::map<EntityId, std::vector<EntityId>> added_child_entities_;
    std::map<EntityId, std::vector<EntityId>> moved_child_entities_;  // no longer theirs
    std::map<RecordId, std::vector<RecordId>> added_child_records_;
};

}  // namespace entente::sync
