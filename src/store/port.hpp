// The port's queries and changes forwarded to the tables of a store, one for each noun: every store has the same nouns,
// whatever its tables are made of, and what reads and what writes answer alike.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/store.hpp"

namespace entente::store {

// `Port` is StoreReader, Snapshot or Transaction.
template <class Port, class Tables>
class ReaderOf : public Port {
public:
    // Requires: `tables` outlives this.
    explicit ReaderOf(Tables& tables) : tables_(tables) {}

    std::vector<std::optional<sync::RecordHead>> find_records(
        ResourceIndex resource, std::span<const std::string> ids) override {
        return tables_.records.find(resource, ids);
    }
    std::vector<sync::Record> records(std::span<const RecordId> ids) override {
        return tables_.records.select(ids);
    }
    std::vector<RecordId> children(RecordId parent) override {
        return tables_.records.children(parent);
    }
    std::vector<sync::RecordHead> live_records(ResourceIndex resource, RecordId after,
                                               int limit) override {
        return tables_.records.live(resource, after, limit);
    }
    std::vector<RecordId> pending_records(ResourceIndex resource, RecordId after,
                                          int limit) override {
        return tables_.records.pending(resource, after, limit);
    }
    std::vector<sync::Link> links_of_records(std::span<const RecordId> records) override {
        return tables_.links.of_records(records);
    }
    std::vector<sync::Link> links_of_entities(std::span<const EntityId> entities) override {
        return tables_.links.of_entities(entities);
    }
    std::vector<sync::Link> links(DataTypeIndex data_type, LinkId after, int limit) override {
        return tables_.links.of_data_type(data_type, after, limit);
    }
    std::vector<sync::Entity> entities(std::span<const EntityId> ids) override {
        return tables_.entities.select(ids);
    }
    std::vector<EntityId> child_entities(EntityId parent) override {
        return tables_.entities.children(parent);
    }
    std::vector<std::vector<Digest>> keys_of(std::span<const RecordId> records) override {
        return tables_.keys.keys_of(records);
    }
    std::vector<std::vector<sync::Carrier>> carriers(std::span<const Digest> keys,
                                                     int limit) override {
        return tables_.keys.carriers(keys, limit);
    }
    std::vector<sync::Dirty> dirty_ready(DataTypeIndex data_type, Instant now, int limit) override {
        return tables_.dirty.ready(data_type, now, limit);
    }
    std::vector<sync::Dirty> dirty_waiting(DataTypeIndex data_type, int limit) override {
        return tables_.dirty.waiting(data_type, limit);
    }
    std::optional<Instant> next_dirty(Instant after) override { return tables_.dirty.next(after); }
    std::optional<Instant> next_awaited(Instant after) override {
        return tables_.dirty.next_awaited(after);
    }
    std::vector<sync::Intent> intents() override { return tables_.intents.all(); }
    std::vector<sync::Parked> parked(int limit) override { return tables_.parked.all(limit); }
    std::optional<sync::Parked> parked_record(RecordId record) override {
        return tables_.parked.of_record(record);
    }
    std::optional<sync::Parked> parked_create(EntityId entity, DataTypeIndex data_type) override {
        return tables_.parked.of_create(entity, data_type);
    }
    std::vector<sync::Parked> parked_creates(DataTypeIndex data_type, EntityId after,
                                             int limit) override {
        return tables_.parked.creates(data_type, after, limit);
    }
    std::vector<ResourceIndex> parked_naming(std::span<const RecordId> candidates) override {
        return tables_.parked.naming(candidates);
    }
    std::map<sync::ParkReason, std::int64_t> parked_counts() override {
        return tables_.parked.counts();
    }
    std::vector<RecordId> apart_from(RecordId record) override {
        return tables_.apart.from(record);
    }
    std::vector<sync::FeedState> feeds() override { return tables_.states.feeds(); }
    std::vector<sync::Trouble> troubles() override { return tables_.troubles.all(); }
    std::vector<sync::Loss> losses() override { return tables_.losses.all(); }
    std::vector<sync::DataTypeState> data_type_states() override {
        return tables_.states.data_types();
    }
    std::vector<sync::HistoryEvent> history(EntityId entity, int limit) override {
        return tables_.states.history(entity, limit);
    }
    std::vector<sync::HistoryEvent> history_of(sync::HistoryEvent::Kind kind, ModelIndex model,
                                               PropertyIndex property, int limit) override {
        return tables_.states.history_of(kind, model, property, limit);
    }
    std::map<sync::HistoryEvent::Kind, std::int64_t> history_counts() override {
        return tables_.states.history_counts();
    }
    sync::DataTypeCounts counts(DataTypeIndex data_type) override {
        return tables_.states.counts(data_type);
    }

protected:
    Tables& tables_;
};

// A transaction without its ends: fresh ids and commit are the store's.
template <class Tables>
class WriterOf : public ReaderOf<sync::Transaction, Tables> {
public:
    using ReaderOf<sync::Transaction, Tables>::ReaderOf;

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
    void put_apart(RecordId a, RecordId b) override { tables_.apart.put(a, b); }
    void drop_apart(RecordId a, RecordId b) override { tables_.apart.drop(a, b); }
    void put_feed(const sync::FeedState& feed) override { tables_.states.put(feed); }
    void put_trouble(const sync::Trouble& trouble) override { tables_.troubles.put(trouble); }
    void drop_trouble(sync::Trouble::Kind kind, SystemIndex system,
                      ResourceIndex resource) override {
        tables_.troubles.drop(kind, system, resource);
    }
    void put_losses(std::span<const sync::Loss> losses) override { tables_.losses.put(losses); }
    void drop_losses(ResourceIndex resource, Instant until) override {
        tables_.losses.drop(resource, until);
    }
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

protected:
    using ReaderOf<sync::Transaction, Tables>::tables_;
};

}  // namespace entente::store
