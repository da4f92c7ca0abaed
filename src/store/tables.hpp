// All tables on one connection, and the queries of the port forwarded to them: a snapshot and a transaction read alike.
#pragma once

#include "store/dirty_table.hpp"
#include "store/entity_table.hpp"
#include "store/intent_table.hpp"
#include "store/key_table.hpp"
#include "store/link_table.hpp"
#include "store/parked_table.hpp"
#include "store/record_table.hpp"
#include "store/state_table.hpp"
#include "store/waiting_table.hpp"
#include "sync/store.hpp"

namespace entente::store {

struct Tables {
    Tables(Session& session, std::size_t recent_keys)
        : records(session),
          keys(session, recent_keys),
          entities(session),
          links(session),
          dirty(session),
          intents(session),
          parked(session),
          states(session, entities),
          waiting(session) {}

    RecordTable records;
    KeyTable keys;
    EntityTable entities;
    LinkTable links;
    DirtyTable dirty;
    IntentTable intents;
    ParkedTable parked;
    StateTable states;
    WaitingTable waiting;
};

// `Port` is StoreReader or Transaction.
template <class Port>
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
    std::vector<sync::Intent> intents() override { return tables_.intents.all(); }
    std::vector<sync::Parked> parked(int limit) override { return tables_.parked.all(limit); }
    std::optional<sync::Parked> parked_record(RecordId record) override {
        return tables_.parked.of_record(record);
    }
    std::optional<sync::Parked> parked_create(EntityId entity, DataTypeIndex data_type) override {
        return tables_.parked.of_create(entity, data_type);
    }
    std::vector<ResourceIndex> parked_naming(std::span<const RecordId> candidates) override {
        return tables_.parked.naming(candidates);
    }
    std::map<sync::ParkReason, std::int64_t> parked_counts() override {
        return tables_.parked.counts();
    }
    std::vector<sync::FeedState> feeds() override { return tables_.states.feeds(); }
    std::vector<sync::DataTypeState> data_type_states() override {
        return tables_.states.data_types();
    }
    std::vector<sync::HistoryEvent> history(EntityId entity, int limit) override {
        return tables_.states.history(entity, limit);
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

}  // namespace entente::store
