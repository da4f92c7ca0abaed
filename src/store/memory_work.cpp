#include "store/memory_work.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "store/limit.hpp"

namespace entente::store {

template <class Belongs>
std::vector<sync::Dirty> MemoryDirty::pairs(DataTypeIndex data_type, int limit,
                                            Belongs belongs) const {
    std::vector<sync::Dirty> out;
    const auto& rows = rows_.rows();
    for (auto at = rows.lower_bound({data_type, EntityId{}});
         at != rows.end() && at->first.first == data_type; ++at) {
        if (std::ssize(out) >= limit_of(limit)) break;
        if (belongs(*at->second)) out.push_back(*at->second);
    }
    return out;
}

std::vector<sync::Dirty> MemoryDirty::ready(DataTypeIndex data_type, Instant now, int limit) const {
    std::vector<sync::Dirty> out;
    for (const bool backfill : {false, true}) {
        const int left = static_cast<int>(limit_of(limit) - std::ssize(out));
        auto some = pairs(data_type, left, [&](const sync::Dirty& dirty) {
            const bool is_timed = dirty.not_before != Instant::never();
            const bool is_ready =
                dirty.not_before == Instant{} || (is_timed && dirty.not_before <= now);
            return is_ready && dirty.backfill == backfill;
        });
        std::ranges::move(some, std::back_inserter(out));
    }
    return out;
}

std::vector<sync::Dirty> MemoryDirty::waiting(DataTypeIndex data_type, int limit) const {
    return pairs(data_type, limit,
                 [](const sync::Dirty& dirty) { return dirty.not_before != Instant{}; });
}

std::optional<Instant> MemoryDirty::next(Instant after) const {
    return first_after(after, true);
}

std::optional<Instant> MemoryDirty::next_awaited(Instant after) const {
    return first_after(after, false);
}

std::optional<Instant> MemoryDirty::first_after(Instant after, bool offers_too) const {
    std::optional<Instant> out;
    for (const auto& [pair, dirty] : rows_.rows()) {
        const Instant at = dirty->not_before;
        if (dirty->is_offer && !offers_too) continue;
        if (at == Instant{} || at == Instant::never() || at <= after) continue;
        if (!out || at < *out) out = at;
    }
    return out;
}

void MemoryDirty::put(std::span<const sync::Dirty> dirty) {
    for (const sync::Dirty& d : dirty) {
        CHECK(d.entity && d.data_type, "a dirty pair has an entity and a data type");
        CHECK(d.not_before >= Instant{}, "a dirty pair waits for a time after 1970");
        sync::Dirty kept = d;
        const auto* const before = rows_.find({d.data_type, d.entity});
        kept.backfill = kept.backfill && (!before || (*before)->backfill);
        if (before && kept.is_offer && !(*before)->is_offer) {
            kept.awaits = (*before)->awaits;
            if ((*before)->not_before <= kept.not_before) {
                kept.not_before = (*before)->not_before;
                kept.why = (*before)->why;
                kept.is_offer = false;
            }
        }
        if (before) {
            kept.in_vain.failed = std::max(kept.in_vain.failed, (*before)->in_vain.failed);
            kept.in_vain.waited = std::max(kept.in_vain.waited, (*before)->in_vain.waited);
        }
        rows_.put({d.data_type, d.entity}, shared(std::move(kept)));
    }
}

void MemoryDirty::drop(EntityId entity, DataTypeIndex data_type) {
    rows_.erase({data_type, entity});
}

template <class Belongs>
void MemoryDirty::release(Belongs belongs) {
    std::vector<sync::Dirty> released;
    for (const auto& [pair, dirty] : rows_.rows()) {
        if (belongs(*dirty))
            released.push_back({dirty->entity, dirty->data_type, {}, {}, "", dirty->backfill});
    }
    put(released);
}

void MemoryDirty::release_awaiting(std::span<const EntityId> entities) {
    release([entities](const sync::Dirty& dirty) {
        return dirty.awaits && std::ranges::find(entities, dirty.awaits) != entities.end();
    });
}

void MemoryDirty::release_waiting(DataTypeIndex data_type) {
    release([data_type](const sync::Dirty& dirty) {
        return dirty.data_type == data_type && dirty.not_before != Instant{};
    });
}

std::vector<sync::Intent> MemoryIntents::all() const {
    std::vector<sync::Intent> out;
    for (const auto& [id, intent] : rows_.rows()) out.push_back(*intent);
    return out;
}

void MemoryIntents::put(const sync::Intent& intent) {
    CHECK(intent.id && intent.resource, "an intent has an id and a resource");
    rows_.put(intent.id, shared(intent));
}

std::vector<sync::Parked> MemoryParked::all(int limit) const {
    std::vector<sync::Parked> out;
    for (const auto& [key, parked] : rows_.rows()) {
        if (std::ssize(out) >= limit_of(limit)) break;
        out.push_back(*parked);
    }
    return out;
}

std::optional<sync::Parked> MemoryParked::of_record(RecordId record) const {
    if (!record) return std::nullopt;
    const auto& rows = rows_.rows();
    const auto at = rows.lower_bound({record, EntityId{}, DataTypeIndex::none()});
    if (at == rows.end() || std::get<RecordId>(at->first) != record) return std::nullopt;
    return *at->second;
}

std::optional<sync::Parked> MemoryParked::of_create(EntityId entity,
                                                    DataTypeIndex data_type) const {
    const Shared<sync::Parked>* found = rows_.find({RecordId{}, entity, data_type});
    return found ? std::optional(**found) : std::nullopt;
}

std::vector<sync::Parked> MemoryParked::creates(DataTypeIndex data_type, EntityId after,
                                                int limit) const {
    std::vector<sync::Parked> out;
    const auto& rows = rows_.rows();
    for (auto at = rows.lower_bound({RecordId{}, EntityId{after.value + 1}, DataTypeIndex::none()});
         at != rows.end() && !std::get<RecordId>(at->first); ++at) {
        if (std::ssize(out) >= limit_of(limit)) break;
        if (at->second->data_type == data_type) out.push_back(*at->second);
    }
    return out;
}

std::vector<ResourceIndex> MemoryParked::naming(std::span<const RecordId> candidates) const {
    std::set<ResourceIndex> out;
    for (const auto& [key, parked] : rows_.rows()) {
        if (!parked->record) continue;
        const bool is_named =
            std::ranges::find_first_of(parked->candidates, candidates) != parked->candidates.end();
        const ResourceIndex resource = records_.resource_of(parked->record);
        if (is_named && resource) out.insert(resource);
    }
    return {out.begin(), out.end()};
}

std::map<sync::ParkReason, std::int64_t> MemoryParked::counts() const {
    std::map<sync::ParkReason, std::int64_t> out;
    for (const auto& [key, parked] : rows_.rows()) ++out[parked->reason];
    return out;
}

void MemoryParked::put(const sync::Parked& parked) {
    CHECK(parked.record || (parked.entity && parked.data_type),
          "a record is parked, or a create of an entity");
    drop_record(parked.record);
    rows_.put({parked.record, parked.entity, parked.data_type}, shared(parked));
}

void MemoryParked::drop_record(RecordId record) {
    const std::optional<sync::Parked> had = of_record(record);
    if (had) rows_.erase({had->record, had->entity, had->data_type});
}

void MemoryParked::drop_create(EntityId entity, DataTypeIndex data_type) {
    rows_.erase({RecordId{}, entity, data_type});
}

std::vector<RecordId> MemoryApart::from(RecordId record) const {
    std::vector<RecordId> out;
    const auto& pairs = pairs_.rows();
    for (auto at = pairs.lower_bound({record, RecordId{}});
         at != pairs.end() && at->first.first == record; ++at)
        out.push_back(at->first.second);
    return out;
}

void MemoryApart::put(RecordId a, RecordId b) {
    CHECK(a && b && a != b, "two records are told apart");
    pairs_.put({a, b}, {});
    pairs_.put({b, a}, {});
}

void MemoryApart::drop(RecordId a, RecordId b) {
    pairs_.erase({a, b});
    pairs_.erase({b, a});
}

void MemoryWaiting::put(std::span<const sync::Awaited> awaited) {
    for (const sync::Awaited& a : awaited) {
        CHECK(a.resource && a.referrer, "what is awaited has a resource and somebody who waits");
        awaited_.put({a.resource, a.external_id, a.referrer}, {});
    }
}

std::vector<RecordId> MemoryWaiting::take_awaited(ResourceIndex resource,
                                                  std::span<const std::string> ids) {
    std::vector<RecordId> out;
    if (awaited_.rows().empty()) return out;
    for (const std::string& id : ids) {
        std::vector<RecordId> referrers;
        const auto& rows = awaited_.rows();
        for (auto at = rows.lower_bound({resource, id, RecordId{}});
             at != rows.end() && std::get<0>(at->first) == resource && std::get<1>(at->first) == id;
             ++at) {
            referrers.push_back(std::get<RecordId>(at->first));
        }
        for (const RecordId referrer : referrers) {
            awaited_.erase({resource, id, referrer});
            if (std::ranges::find(out, referrer) == out.end()) out.push_back(referrer);
        }
    }
    return out;
}

void MemoryWaiting::put(std::span<const sync::Deferred> deferred) {
    for (const sync::Deferred& d : deferred) {
        CHECK(d.resource, "an observation belongs to a resource");
        deferred_.put({d.resource, d.external_id}, shared(d));
    }
}

std::vector<sync::Deferred> MemoryWaiting::take_deferred(ResourceIndex resource, int limit) {
    std::vector<sync::Deferred> out;
    const auto& rows = deferred_.rows();
    for (auto at = rows.lower_bound({resource, std::string()});
         at != rows.end() && at->first.first == resource; ++at) {
        if (std::ssize(out) >= limit_of(limit)) break;
        out.push_back(*at->second);
    }
    for (const sync::Deferred& deferred : out) deferred_.erase({resource, deferred.external_id});
    return out;
}

void MemoryWaiting::drop_deferred(ResourceIndex resource) {
    std::vector<std::string> ids;
    for (const auto& [key, deferred] : deferred_.rows()) {
        if (key.first == resource) ids.push_back(key.second);
    }
    for (const std::string& id : ids) deferred_.erase({resource, id});
}

}  // namespace entente::store
