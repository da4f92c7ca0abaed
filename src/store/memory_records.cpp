#include "store/memory_records.hpp"

#include "store/limit.hpp"

namespace entente::store {
namespace {

constexpr std::string_view table = "records";

bool is_live(const sync::RecordHead& head) {
    return head.state == sync::RecordState::live;
}

bool is_pending(const sync::RecordHead& head) {
    return is_live(head) && head.matching == sync::Matching::pending;
}

template <class Key>
void set_member(MemoryIndex<Key>& index, const Key& key, bool belongs) {
    if (index.contains(key) == belongs) return;
    belongs ? index.put(key, {}) : static_cast<void>(index.erase(key));
}

std::vector<RecordId> page_of(const MemoryIndex<std::pair<ResourceIndex, RecordId>>& index,
                              ResourceIndex resource, RecordId after, int limit) {
    std::vector<RecordId> out = seconds_of(index, resource, after);
    if (std::ssize(out) > limit_of(limit)) out.resize(static_cast<std::size_t>(limit_of(limit)));
    return out;
}

}  // namespace

MemoryRecords::MemoryRecords(MemorySession& session)
    : session_(session),
      heads_(session),
      bodies_(session),
      by_external_id_(session),
      live_(session),
      pending_(session),
      by_parent_(session) {}

std::vector<std::optional<sync::RecordHead>> MemoryRecords::find(
    ResourceIndex resource, std::span<const std::string> ids) const {
    std::vector<std::optional<sync::RecordHead>> out(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (const RecordId* id = by_external_id_.find({resource, ids[i]}))
            out[i] = **heads_.find(*id);
    }
    return out;
}

std::vector<sync::Record> MemoryRecords::select(std::span<const RecordId> ids) const {
    std::vector<sync::Record> out;
    for (const RecordId id : ids) {
        if (const Shared<sync::RecordHead>* head = heads_.find(id))
            out.push_back({**head, **bodies_.find(id)});
    }
    return out;
}

std::vector<RecordId> MemoryRecords::children(RecordId parent) const {
    return seconds_of(by_parent_, parent, RecordId{});
}

std::vector<sync::RecordHead> MemoryRecords::live(ResourceIndex resource, RecordId after,
                                                  int limit) const {
    std::vector<sync::RecordHead> out;
    for (const RecordId id : page_of(live_, resource, after, limit))
        out.push_back(**heads_.find(id));
    return out;
}

std::vector<RecordId> MemoryRecords::pending(ResourceIndex resource, RecordId after,
                                             int limit) const {
    return page_of(pending_, resource, after, limit);
}

ResourceIndex MemoryRecords::resource_of(RecordId record) const {
    const Shared<sync::RecordHead>* head = heads_.find(record);
    return head ? (*head)->resource : ResourceIndex::none();
}

std::int64_t MemoryRecords::live_count(ResourceIndex resource) const {
    return std::ssize(seconds_of(live_, resource, RecordId{}));
}

std::int64_t MemoryRecords::pending_count(ResourceIndex resource) const {
    return std::ssize(seconds_of(pending_, resource, RecordId{}));
}

void MemoryRecords::insert(std::span<const sync::Record> records) {
    for (const sync::Record& record : records) insert_one(record);
}

void MemoryRecords::insert_one(const sync::Record& record) {
    CHECK(record.id && record.resource, "a record has an id and belongs to a resource");
    if (heads_.contains(record.id)) return session_.poison_repeated(table, record.id.value, "id");
    if (by_external_id_.contains({record.resource, record.external_id}))
        return session_.poison_repeated(table, record.id.value, "external id");
    by_external_id_.put({record.resource, record.external_id}, record.id);
    put_head(record);
    bodies_.put(record.id, shared(record.body));
}

void MemoryRecords::update(std::span<const sync::Record> records) {
    for (const sync::Record& record : records) {
        update_head(record);
        bodies_.put(record.id, shared(record.body));
    }
}

void MemoryRecords::update(std::span<const sync::RecordHead> heads) {
    for (const sync::RecordHead& head : heads) update_head(head);
}

void MemoryRecords::update_head(const sync::RecordHead& head) {
    CHECK(head.resource, "a record belongs to a resource");
    const Shared<sync::RecordHead>* had = heads_.find(head.id);
    const bool is_the_same =
        had && (*had)->resource == head.resource && (*had)->external_id == head.external_id;
    if (!is_the_same) return session_.poison_missing(table, head.id.value);
    put_head(head);
}

void MemoryRecords::put_head(const sync::RecordHead& head) {
    if (const Shared<sync::RecordHead>* had = heads_.find(head.id);
        had && (*had)->parent && (*had)->parent != head.parent) {
        by_parent_.erase({(*had)->parent, head.id});
    }
    if (head.parent) set_member(by_parent_, {head.parent, head.id}, true);
    set_member(live_, {head.resource, head.id}, is_live(head));
    set_member(pending_, {head.resource, head.id}, is_pending(head));
    heads_.put(head.id, shared(head));
}

void MemoryRecords::rename(RecordId record, const std::string& external_id) {
    const Shared<sync::RecordHead>* had = heads_.find(record);
    if (!had) return session_.poison_missing(table, record.value);
    sync::RecordHead head = **had;
    const RecordId* owner = by_external_id_.find({head.resource, external_id});
    if (owner && *owner != record)
        return session_.poison_repeated(table, record.value, "external id");
    by_external_id_.erase({head.resource, head.external_id});
    by_external_id_.put({head.resource, external_id}, record);
    head.external_id = external_id;
    heads_.put(record, shared(std::move(head)));
}

std::vector<std::vector<Digest>> MemoryKeys::keys_of(std::span<const RecordId> records) const {
    std::vector<std::vector<Digest>> out(records.size());
    for (std::size_t i = 0; i < records.size(); ++i)
        if (const Shared<Carried>* carried = by_record_.find(records[i])) out[i] = (*carried)->keys;
    return out;
}

std::vector<std::vector<sync::Carrier>> MemoryKeys::carriers(std::span<const Digest> keys,
                                                             int limit) const {
    std::vector<std::vector<sync::Carrier>> out(keys.size());
    const auto& rows = by_key_.rows();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (auto at = rows.lower_bound({keys[i], RecordId{}});
             at != rows.end() && at->first.first == keys[i]; ++at) {
            if (std::ssize(out[i]) >= limit_of(limit)) break;
            out[i].push_back({at->first.second, at->second});
        }
    }
    return out;
}

void MemoryKeys::set(RecordId record, ResourceIndex resource, std::span<const Digest> keys,
                     bool fresh) {
    CHECK(record && resource, "keys are carried by a record of a resource");
    const Shared<Carried>* had = by_record_.find(record);
    if (fresh && had) return session_.poison_repeated("record_keys", record.value, "record");
    if (had) {
        const Shared<Carried> carried = *had;
        for (const Digest& key : carried->keys) by_key_.erase({key, record});
    }
    for (const Digest& key : keys) by_key_.put({key, record}, resource);
    if (keys.empty()) {
        by_record_.erase(record);
    } else {
        by_record_.put(record, shared(Carried{resource, {keys.begin(), keys.end()}}));
    }
}

}  // namespace entente::store
