// A transaction that hands everything on to another one but its commit: for decorators of any store.
#pragma once

#include <memory>
#include <utility>

#include "sync/store.hpp"

namespace entente::store {

class ForwardingTransaction : public sync::Transaction {
public:
    explicit ForwardingTransaction(std::unique_ptr<sync::Transaction> inner)
        : inner_(std::move(inner)) {}

    std::vector<std::optional<sync::RecordHead>> find_records(
        ResourceIndex resource, std::span<const std::string> ids) override {
        return inner_->find_records(resource, ids);
    }
    std::vector<sync::Record> records(std::span<const RecordId> ids) override {
        return inner_->records(ids);
    }
    std::vector<RecordId> children(RecordId parent) override { return inner_->children(parent); }
    std::vector<sync::RecordHead> live_records(ResourceIndex resource, RecordId after,
                                               int limit) override {
        return inner_->live_records(resource, after, limit);
    }
    std::vector<RecordId> pending_records(ResourceIndex resource, RecordId after,
                                          int limit) override {
        return inner_->pending_records(resource, after, limit);
    }
    std::vector<sync::Link> links_of_records(std::span<const RecordId> records) override {
        return inner_->links_of_records(records);
    }
    std::vector<sync::Link> links_of_entities(std::span<const EntityId> entities) override {
        return inner_->links_of_entities(entities);
    }
    std::vector<sync::Link> links(DataTypeIndex data_type, LinkId after, int limit) override {
        return inner_->links(data_type, after, limit);
    }
    std::vector<sync::Entity> entities(std::span<const EntityId> ids) override {
        return inner_->entities(ids);
    }
    std::vector<EntityId> child_entities(EntityId parent) override {
        return inner_->child_entities(parent);
    }
    std::vector<std::vector<Digest>> keys_of(std::span<const RecordId> records) override {
        return inner_->keys_of(records);
    }
    std::vector<std::vector<sync::Carrier>> carriers(std::span<const Digest> keys,
                                                     int limit) override {
        return inner_->carriers(keys, limit);
    }
    std::vector<sync::Dirty> dirty_ready(DataTypeIndex data_type, Instant now, int limit) override {
        return inner_->dirty_ready(data_type, now, limit);
    }
    std::vector<sync::Dirty> dirty_waiting(DataTypeIndex data_type, int limit) override {
        return inner_->dirty_waiting(data_type, limit);
    }
    std::optional<Instant> next_dirty(Instant after) override { return inner_->next_dirty(after); }
    std::optional<Instant> next_awaited(Instant after) override {
        return inner_->next_awaited(after);
    }
    std::vector<sync::Intent> intents() override { return inner_->intents(); }
    std::vector<sync::Parked> parked(int limit) override { return inner_->parked(limit); }
    std::optional<sync::Parked> parked_record(RecordId record) override {
        return inner_->parked_record(record);
    }
    std::optional<sync::Parked> parked_create(EntityId entity, DataTypeIndex data_type) override {
        return inner_->parked_create(entity, data_type);
    }
    std::vector<sync::Parked> parked_creates(DataTypeIndex data_type, EntityId after,
                                             int limit) override {
        return inner_->parked_creates(data_type, after, limit);
    }
    std::vector<ResourceIndex> parked_naming(std::span<const RecordId> candidates) override {
        return inner_->parked_naming(candidates);
    }
    std::map<sync::ParkReason, std::int64_t> parked_counts() override {
        return inner_->parked_counts();
    }
    std::vector<RecordId> apart_from(RecordId record) override {
        return inner_->apart_from(record);
    }
    std::vector<sync::FeedState> feeds() override { return inner_->feeds(); }
    std::vector<sync::Trouble> troubles() override { return inner_->troubles(); }
    std::vector<sync::Loss> losses() override { return inner_->losses(); }
    std::vector<sync::DataTypeState> data_type_states() override {
        return inner_->data_type_states();
    }
    std::vector<sync::HistoryEvent> history(EntityId entity, int limit) override {
        return inner_->history(entity, limit);
    }
    std::vector<sync::HistoryEvent> history_of(sync::HistoryEvent::Kind kind, ModelIndex model,
                                               PropertyIndex property, int limit) override {
        return inner_->history_of(kind, model, property, limit);
    }
    std::map<sync::HistoryEvent::Kind, std::int64_t> history_counts() override {
        return inner_->history_counts();
    }
    sync::DataTypeCounts counts(DataTypeIndex data_type) override {
        return inner_->counts(data_type);
    }
    RecordId new_record_id() override { return inner_->new_record_id(); }
    EntityId new_entity_id() override { return inner_->new_entity_id(); }
    LinkId new_link_id() override { return inner_->new_link_id(); }
    IntentId new_intent_id() override { return inner_->new_intent_id(); }
    void insert(std::span<const sync::Record> records) override { inner_->insert(records); }
    void update(std::span<const sync::Record> records) override { inner_->update(records); }
    void update(std::span<const sync::RecordHead> heads) override { inner_->update(heads); }
    void rename(RecordId record, const std::string& external_id) override {
        inner_->rename(record, external_id);
    }
    void insert(std::span<const sync::Entity> entities) override { inner_->insert(entities); }
    void update(std::span<const sync::Entity> entities) override { inner_->update(entities); }
    void erase(std::span<const EntityId> entities) override { inner_->erase(entities); }
    void insert(std::span<const sync::Link> links) override { inner_->insert(links); }
    void update(std::span<const sync::Link> links) override { inner_->update(links); }
    void erase(std::span<const LinkId> links) override { inner_->erase(links); }
    void set_keys(RecordId record, ResourceIndex resource, std::span<const Digest> keys,
                  bool fresh) override {
        inner_->set_keys(record, resource, keys, fresh);
    }
    void put_dirty(std::span<const sync::Dirty> dirty) override { inner_->put_dirty(dirty); }
    void drop_dirty(EntityId entity, DataTypeIndex data_type) override {
        inner_->drop_dirty(entity, data_type);
    }
    void release_awaiting(std::span<const EntityId> entities) override {
        inner_->release_awaiting(entities);
    }
    void release_waiting(DataTypeIndex data_type) override { inner_->release_waiting(data_type); }
    void put_intent(const sync::Intent& intent) override { inner_->put_intent(intent); }
    void drop_intent(IntentId intent) override { inner_->drop_intent(intent); }
    void put_parked(const sync::Parked& parked) override { inner_->put_parked(parked); }
    void drop_parked_record(RecordId record) override { inner_->drop_parked_record(record); }
    void drop_parked_create(EntityId entity, DataTypeIndex data_type) override {
        inner_->drop_parked_create(entity, data_type);
    }
    void put_apart(RecordId a, RecordId b) override { inner_->put_apart(a, b); }
    void drop_apart(RecordId a, RecordId b) override { inner_->drop_apart(a, b); }
    void put_feed(const sync::FeedState& feed) override { inner_->put_feed(feed); }
    void put_trouble(const sync::Trouble& trouble) override { inner_->put_trouble(trouble); }
    void drop_trouble(sync::Trouble::Kind kind, SystemIndex system,
                      ResourceIndex resource) override {
        inner_->drop_trouble(kind, system, resource);
    }
    void put_losses(std::span<const sync::Loss> losses) override { inner_->put_losses(losses); }
    void drop_losses(ResourceIndex resource, Instant until) override {
        inner_->drop_losses(resource, until);
    }
    void put_data_type_state(const sync::DataTypeState& state) override {
        inner_->put_data_type_state(state);
    }
    void append(std::span<const sync::HistoryEvent> events) override { inner_->append(events); }
    void put_awaited(std::span<const sync::Awaited> awaited) override {
        inner_->put_awaited(awaited);
    }
    std::vector<RecordId> take_awaited(ResourceIndex resource,
                                       std::span<const std::string> ids) override {
        return inner_->take_awaited(resource, ids);
    }
    void put_deferred(std::span<const sync::Deferred> deferred) override {
        inner_->put_deferred(deferred);
    }
    std::vector<sync::Deferred> take_deferred(ResourceIndex resource, int limit) override {
        return inner_->take_deferred(resource, limit);
    }
    void drop_deferred(ResourceIndex resource) override { inner_->drop_deferred(resource); }

protected:
    std::unique_ptr<sync::Transaction> inner_;
};

}  // namespace entente::store
