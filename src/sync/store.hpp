// The store port: everything durable, in batches, behind transactions. One step of the engine is one transaction; it is
// durable when commit returns (G10). Implementations: SQLite and a store in memory (src/store).
// Not thread-safe: it belongs to the thread of its engine. Errors of the medium are Results of begin and commit; a failed
// read inside a transaction poisons it, and commit then reports it (the engine is thrown away and made anew).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>

#include "base/error.hpp"
#include "model/model.hpp"
#include "sync/state.hpp"

namespace entente::sync {

// A record that carries a match key.
struct Carrier {
    RecordId record;
    ResourceIndex resource;
};

// An observation that waits for the guard's verdict at the end of its poll or sweep.
struct Deferred {
    ResourceIndex resource;
    std::string external_id;
    std::string body;  // JSON
    std::string etag;
    std::optional<Instant> modified;
    Duration skew{0};
    Instant began{}, ended{};  // our clock: when it was read
};

// A reference that could not be resolved: `referrer` is observed again when that record is linked.
struct Awaited {
    ResourceIndex resource;
    std::string external_id;
    RecordId referrer;
};

struct DataTypeCounts {
    std::int64_t records = 0;  // live
    std::int64_t linked = 0;   // live links
    std::int64_t pending = 0, parked = 0, gone = 0;
    std::int64_t held = 0;       // held properties
    std::int64_t ready = 0;      // dirty pairs that may be written now
    std::int64_t backfill = 0;   // of these, what no person waits for
    std::int64_t waiting = 0;    // dirty pairs that wait for something
    std::int64_t to_create = 0;  // ready or waiting pairs without a link
};

// Queries. All results are in the order of the question, or by id: never in the order of a hash.
class StoreReader {
public:
    virtual ~StoreReader() = default;

    // result[i] is the head of ids[i], or nullopt. The fast path of every rescan.
    virtual std::vector<std::optional<RecordHead>> find_records(
        ResourceIndex resource, std::span<const std::string> ids) = 0;
    virtual std::vector<Record> records(
        std::span<const RecordId> ids) = 0;                       // missing ids are left out
    virtual std::vector<RecordId> children(RecordId parent) = 0;  // line records, live and gone
    // Live records of a resource, by id, after `after`, at most `limit`; for sweeps and for verify.
    virtual std::vector<RecordHead> live_records(ResourceIndex resource, RecordId after,
                                                 int limit) = 0;
    virtual std::vector<RecordId> pending_records(ResourceIndex resource, RecordId after,
                                                  int limit) = 0;

    virtual std::vector<Link> links_of_records(std::span<const RecordId> records) = 0;
    virtual std::vector<Link> links_of_entities(
        std::span<const EntityId> entities) = 0;  // all states
    virtual std::vector<Link> links(DataTypeIndex data_type, LinkId after,
                                    int limit) = 0;  // all states, by id

    virtual std::vector<Entity> entities(std::span<const EntityId> ids) = 0;
    virtual std::vector<EntityId> child_entities(EntityId parent) = 0;

    // result[i]: the match keys that records[i] carries.
    virtual std::vector<std::vector<Digest>> keys_of(std::span<const RecordId> records) = 0;
    // result[i]: at most `limit` carriers of keys[i], by record id.
    virtual std::vector<std::vector<Carrier>> carriers(std::span<const Digest> keys, int limit) = 0;

    // Those of a backfill come last; else by entity id.
    virtual std::vector<Dirty> dirty_ready(DataTypeIndex data_type, Instant now, int limit) = 0;
    virtual std::vector<Dirty> dirty_waiting(DataTypeIndex data_type, int limit) = 0;
    virtual std::optional<Instant> next_dirty(
        Instant after) = 0;  // the earliest not_before later than `after`, never() excluded
    virtual std::optional<Instant> next_awaited(Instant after) = 0;  // the same without offers

    virtual std::vector<Intent> intents() = 0;  // all open ones, by id
    virtual std::vector<Parked> parked(int limit) = 0;
    virtual std::optional<Parked> parked_record(RecordId record) = 0;
    virtual std::optional<Parked> parked_create(EntityId entity, DataTypeIndex data_type) = 0;
    // Of entities after `after`, by entity.
    virtual std::vector<Parked> parked_creates(DataTypeIndex data_type, EntityId after,
                                               int limit) = 0;
    // Resources in which a parked record names one of these records as candidate (nothing is created there for them).
    virtual std::vector<ResourceIndex> parked_naming(std::span<const RecordId> candidates) = 0;
    virtual std::map<ParkReason, std::int64_t> parked_counts() = 0;
    // Records that a person has told apart from this one: never one thing with it, whatever they show.
    virtual std::vector<RecordId> apart_from(RecordId record) = 0;

    virtual std::vector<FeedState> feeds() = 0;
    virtual std::vector<DataTypeState> data_type_states() = 0;
    virtual std::vector<Trouble> troubles() = 0;  // by system (our own first), resource and kind
    virtual std::vector<Loss> losses() = 0;       // by resource and record
    virtual std::vector<HistoryEvent> history(EntityId entity, int limit) = 0;  // oldest first
    virtual std::map<HistoryEvent::Kind, std::int64_t> history_counts() = 0;
    // Events of one kind and property, oldest first. Reads the whole history: for reports only.
    virtual std::vector<HistoryEvent> history_of(HistoryEvent::Kind kind, ModelIndex model,
                                                 PropertyIndex property, int limit) = 0;
    virtual DataTypeCounts counts(DataTypeIndex data_type) = 0;
};

class Transaction : public StoreReader {
public:
    // Fresh ids, never used before; a rolled-back one is simply skipped.
    virtual RecordId new_record_id() = 0;
    virtual EntityId new_entity_id() = 0;
    virtual LinkId new_link_id() = 0;
    virtual IntentId new_intent_id() = 0;

    virtual void insert(std::span<const Record> records) = 0;
    virtual void update(std::span<const Record> records) = 0;
    virtual void update(std::span<const RecordHead> heads) = 0;  // leaves the body
    // Another external id, nobody else's. The record's other rows stay as they are.
    virtual void rename(RecordId record, const std::string& external_id) = 0;
    virtual void insert(std::span<const Entity> entities) = 0;
    virtual void update(std::span<const Entity> entities) = 0;
    virtual void erase(std::span<const EntityId> entities) = 0;  // Requires: no links
    virtual void insert(std::span<const Link> links) = 0;
    virtual void update(std::span<const Link> links) = 0;
    virtual void erase(std::span<const LinkId> links) = 0;

    // Replaces the keys that the record carries.
    virtual void set_keys(RecordId record, ResourceIndex resource, std::span<const Digest> keys,
                          bool fresh) = 0;

    // Replaces an entry of the same pair; what a person waits for stays so until it is dropped, and so do its tries in vain: the
    // larger numbers stand. An offer delays nothing that is no offer.
    virtual void put_dirty(std::span<const Dirty> dirty) = 0;
    virtual void drop_dirty(EntityId entity, DataTypeIndex data_type) = 0;
    virtual void release_awaiting(
        std::span<const EntityId> entities) = 0;  // dirty pairs that await one of them become ready
    virtual void release_waiting(
        DataTypeIndex data_type) = 0;  // all pairs of the data type become ready

    virtual void put_intent(const Intent& intent) = 0;  // inserts or replaces
    virtual void drop_intent(IntentId intent) = 0;

    virtual void put_parked(
        const Parked& parked) = 0;  // one per record, or per (entity, data type)
    virtual void drop_parked_record(RecordId record) = 0;
    virtual void drop_parked_create(EntityId entity, DataTypeIndex data_type) = 0;

    // Symmetric: each is apart from the other. Requires: two records.
    virtual void put_apart(RecordId a, RecordId b) = 0;
    virtual void drop_apart(RecordId a, RecordId b) = 0;

    virtual void put_feed(const FeedState& feed) = 0;
    virtual void put_data_type_state(const DataTypeState& state) = 0;
    // One of a kind for each system and resource: replaces it.
    virtual void put_trouble(const Trouble& trouble) = 0;
    virtual void drop_trouble(Trouble::Kind kind, SystemIndex system, ResourceIndex resource) = 0;
    // One for each record: replaces it.
    virtual void put_losses(std::span<const Loss> losses) = 0;
    // Those of the resource that were believed until then.
    virtual void drop_losses(ResourceIndex resource, Instant until) = 0;
    virtual void append(std::span<const HistoryEvent> events) = 0;

    virtual void put_awaited(std::span<const Awaited> awaited) = 0;
    // Referrers waiting for these records; they are removed.
    virtual std::vector<RecordId> take_awaited(ResourceIndex resource,
                                               std::span<const std::string> ids) = 0;

    virtual void put_deferred(
        std::span<const Deferred> deferred) = 0;  // replaces one of the same record
    virtual std::vector<Deferred> take_deferred(ResourceIndex resource, int limit) = 0;  // removed
    virtual void drop_deferred(ResourceIndex resource) = 0;

    // Durable when it returns without error. Destroying an uncommitted transaction rolls it back.
    virtual Result<void> commit() = 0;
};

class Store {
public:
    virtual ~Store() = default;
    virtual Result<std::unique_ptr<Transaction>> begin() = 0;
};

}  // namespace entente::sync
