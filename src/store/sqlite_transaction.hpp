// The one write transaction of a SqliteStore. What it changes is in the file when commit returns without error, and
// nothing of it is otherwise: not after a failed write, a failed commit, or its destruction (G10).
#pragma once

#include "store/sqlite_store.hpp"
#include "store/tables.hpp"

namespace entente::store {

class SqliteTransaction final : public ReaderOf<sync::Transaction> {
public:
    static Result<void> start(Connection& connection);
    // Requires: started; all outlive it. `active` is true for as long as it lives.
    SqliteTransaction(Session& session, Tables& tables, SqliteStore::Counters& counters,
                      bool& active);
    ~SqliteTransaction() override;
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;

    RecordId new_record_id() override { return {++counters_.record}; }
    EntityId new_entity_id() override { return {++counters_.entity}; }
    LinkId new_link_id() override { return {++counters_.link}; }
    IntentId new_intent_id() override { return {++counters_.intent}; }

    void insert(std::span<const sync::Record> records) override { tables_.records.insert(records); }
    void update(std::span<const sync::Record> records) override { tables_.records.update(records); }
    void update(std::span<const sync::RecordHead> heads) override { tables_.records.update(heads); }
    void rename(RecordId record, const std::string& external_id) override {
        tables_.records.rename(record, external_id);
    }
    void insert(std::span<const sync::Entity> entities) override {
        tables_.entities.insert(entities);
    }
    void update(std::span<const sync::Entity> entities) override {
        tables_.entities.update(entities);
    }
    void erase(std::span<const EntityId> entities) override { tables_.entities.erase(entities); }
    void insert(std::span<const sync::Link> links) override { tables_.links.insert(links); }
    void update(std::span<const sync::Link> links) override { tables_.links.update(links); }
    void erase(std::span<const LinkId> links) override { tables_.links.erase(links); }
    void set_keys(RecordId record, ResourceIndex resource, std::span<const Digest> keys,
                  bool fresh) override {
        tables_.keys.set(record, resource, keys, fresh);
    }
    void put_dirty(std::span<const sync::Dirty> dirty) override { tables_.dirty.put(dirty); }
    void drop_dirty(EntityId entity, DataTypeIndex data_type) override {
        tables_.dirty.drop(entity, data_type);
    }
    void release_awaiting(std::span<const EntityId> entities) override {
        tables_.dirty.release_awaiting(entities);
    }
    void release_waiting(DataTypeIndex data_type) override {
        tables_.dirty.release_waiting(data_type);
    }
    void put_intent(const sync::Intent& intent) override { tables_.intents.put(intent); }
    void drop_intent(IntentId intent) override { tables_.intents.drop(intent); }
    void put_parked(const sync::Parked& parked) override { tables_.parked.put(parked); }
    void drop_parked_record(RecordId record) override { tables_.parked.drop_record(record); }
    void drop_parked_create(EntityId entity, DataTypeIndex data_type) override {
        tables_.parked.drop_create(entity, data_type);
    }
    void put_feed(const sync::FeedState& feed) override { tables_.states.put(feed); }
    void put_data_type_state(const sync::DataTypeState& state) override {
        tables_.states.put(state);
    }
    void append(std::span<const sync::HistoryEvent> events) override {
        tables_.states.append(events);
    }
    void put_awaited(std::span<const sync::Awaited> awaited) override {
        tables_.waiting.put(awaited);
    }
    std::vector<RecordId> take_awaited(ResourceIndex resource,
                                       std::span<const std::string> ids) override {
        return tables_.waiting.take_awaited(resource, ids);
    }
    void put_deferred(std::span<const sync::Deferred> deferred) override {
        tables_.waiting.put(deferred);
    }
    std::vector<sync::Deferred> take_deferred(ResourceIndex resource, int limit) override {
        return tables_.waiting.take_deferred(resource, limit);
    }
    void drop_deferred(ResourceIndex resource) override { tables_.waiting.drop_deferred(resource); }

    Result<void> commit() override;

private:
    void save_counters();
    void roll_back();

    Session& session_;
    SqliteStore::Counters& counters_;
    const SqliteStore::Counters saved_;
    bool& active_;
    bool is_over_ = false;
};

}  // namespace entente::store
