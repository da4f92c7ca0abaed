// Records, their bodies and their match keys in a memory store.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "store/memory_map.hpp"
#include "sync/store.hpp"

namespace entente::store {

class MemoryRecords {
public:
    explicit MemoryRecords(MemorySession& session);

    std::vector<std::optional<sync::RecordHead>> find(ResourceIndex resource,
                                                      std::span<const std::string> ids) const;
    std::vector<sync::Record> select(std::span<const RecordId> ids) const;
    std::vector<RecordId> children(RecordId parent) const;
    std::vector<sync::RecordHead> live(ResourceIndex resource, RecordId after, int limit) const;
    std::vector<RecordId> pending(ResourceIndex resource, RecordId after, int limit) const;
    // none() when there is no such record.
    ResourceIndex resource_of(RecordId record) const;
    std::int64_t live_count(ResourceIndex resource) const;
    std::int64_t pending_count(ResourceIndex resource) const;

    void insert(std::span<const sync::Record> records);
    void update(std::span<const sync::Record> records);
    void update(std::span<const sync::RecordHead> heads);
    void rename(RecordId record, const std::string& external_id);

    const auto& heads() const { return heads_.rows(); }
    const auto& bodies() const { return bodies_.rows(); }

private:
    using InResource = std::pair<ResourceIndex, RecordId>;
    void insert_one(const sync::Record& record);
    void update_head(const sync::RecordHead& head);
    // Replaces the head, and the record's places in the indexes.
    void put_head(const sync::RecordHead& head);

    MemorySession& session_;
    MemoryMap<RecordId, Shared<sync::RecordHead>> heads_;
    MemoryMap<RecordId, Shared<std::string>> bodies_;
    MemoryMap<std::pair<ResourceIndex, std::string>, RecordId> by_external_id_;
    MemoryIndex<InResource> live_, pending_;
    MemoryIndex<std::pair<RecordId, RecordId>> by_parent_;
};

class MemoryKeys {
public:
    struct Carried {
        ResourceIndex resource;
        std::vector<Digest> keys;
    };

    explicit MemoryKeys(MemorySession& session)
        : session_(session), by_record_(session), by_key_(session) {}

    std::vector<std::vector<Digest>> keys_of(std::span<const RecordId> records) const;
    std::vector<std::vector<sync::Carrier>> carriers(std::span<const Digest> keys, int limit) const;
    void set(RecordId record, ResourceIndex resource, std::span<const Digest> keys, bool fresh);

    const auto& rows() const { return by_record_.rows(); }

private:
    MemorySession& session_;
    MemoryMap<RecordId, Shared<Carried>> by_record_;
    MemoryMap<std::pair<Digest, RecordId>, ResourceIndex> by_key_;
};

}  // namespace entente::store
