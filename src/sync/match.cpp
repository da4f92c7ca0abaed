#include "sync/match.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/lines.hpp"
#include "sync/link.hpp"

namespace entente::sync {
namespace {

// Records that share a usable key with one record.
struct Neighbours {
    std::vector<Carrier> all;

    std::vector<RecordId> in(ResourceIndex resource) const {
        std::vector<RecordId> out;
        for (const Carrier& c : all)
            if (c.resource == resource) out.push_back(c.record);
        return out;
    }
    std::set<ResourceIndex> resources() const {
        std::set<ResourceIndex> out;
        for (const Carrier& c : all) out.insert(c.resource);
        return out;
    }
};

// A key that more than a few records of one resource carry is not a key.
bool is_key(const std::vector<Carrier>& carriers) {
    if (std::ssize(carriers) <= limits::match_carriers_max) return true;
    std::map<ResourceIndex, int> count;
    for (const Carrier& c : carriers)
        if (++count[c.resource] > limits::match_carriers_max) return false;
    return true;
}

using Carriers = std::vector<const std::vector<Carrier>*>;

// Records of one thing carry the same keys and are matched together: each key is asked for once in a step.
Carriers carriers_of(Step& step, std::span<const Digest> keys) {
    std::vector<Digest> unknown;
    for (const Digest& key : keys)
        if (!step.carriers.contains(key)) unknown.push_back(key);
    auto found = step.transaction.carriers(unknown, carriers_asked(step));
    for (std::size_t i = 0; i < unknown.size(); ++i)
        step.carriers.emplace(unknown[i], std::move(found[i]));
    Carriers out;
    for (const Digest& key : keys) out.push_back(&step.carriers.at(key));
    return out;
}

Neighbours gather(std::span<const std::vector<Carrier>* const> carriers_of_keys, RecordId self) {
    Neighbours out;
    for (const auto* carriers : carriers_of_keys) {
        if (!is_key(*carriers)) continue;
        for (const Carrier& c : *carriers)
            if (c.record != self && std::ranges::none_of(out.all, [&](const Carrier& o) {
                    return o.record == c.record;
                }))
                out.all.push_back(c);
    }
    std::ranges::sort(out.all, {}, [](const Carrier& c) { return c.record; });
    return out;
}

Value body_of(const WorkRecord& record) {
    auto body = json::read(record.body);
    CHECK(body.has_value(), "a stored body is the JSON we wrote");
    return *std::move(body);
}

// The keys of a record that no longer meets any filter of its resource are of what it once was, and lead to nobody.
bool meets_a_filter(Step& step, const WorkRecord& record) {
    const auto here = step.workspace.data_types_of(record.resource);
    if (std::ranges::any_of(here, [&](DataTypeIndex d) { return step.data_type(d).where.empty(); }))
        return true;
    const Value body = body_of(record);
    return std::ranges::any_of(here,
                               [&](DataTypeIndex d) { return meets(step.data_type(d), body); });
}

Neighbours neighbours_of(Step& step, const WorkRecord& record) {
    if (!meets_a_filter(step, record)) return {};
    const auto keys = step.transaction.keys_of(std::array{record.id});
    return gather(carriers_of(step, keys.front()), record.id);
}

// Of records of one resource, those that are not duplicates of an earlier one (sharing a usable key with it).
std::vector<RecordId> without_duplicates(Step& step, std::vector<RecordId> records) {
    if (records.size() < 2) return records;
    std::vector<RecordId> distinct;
    for (RecordId r : records) {
        const Neighbours around = neighbours_of(step, step.work.record(r));
        const bool duplicate = std::ranges::any_of(distinct, [&](RecordId d) {
            return std::ranges::any_of(around.all, [&](const Carrier& c) { return c.record == d; });
        });
        if (!duplicate) distinct.push_back(r);
    }
    return distinct;
}

// The several records of one other system that this record could be, or nothing.
std::vector<RecordId> rivals(Step& step, ResourceIndex own, const Neighbours& around) {
    if (around.all.size() < 2) return {};
    for (ResourceIndex resource : around.resources()) {
        if (resource == own) continue;
        std::vector<RecordId> distinct = without_duplicates(step, around.in(resource));
        if (distinct.size() > 1) return distinct;
    }
    return {};
}

// Candidate entities of a record and the records that lead to them. A pending neighbour leads further to its own.
struct Candidates {
    std::vector<EntityId> entities;
    std::vector<RecordId> records;
    std::set<ResourceIndex> pending;  // where an unmatched neighbour waits its turn
    bool chains = false;              // whether neighbours of neighbours can matter

    void add(EntityId entity, RecordId record) {
        if (std::ranges::find(entities, entity) != entities.end()) return;
        entities.push_back(entity);
        records.push_back(record);
    }
};

constexpr int chain_length_max =
    12;  // pending neighbours followed: chains of one thing are as long as there are systems

// With two resources a pending neighbour can lead only back to where we came from.
bool chains_are_possible(const Step& step, ModelIndex model) {
    std::set<ResourceIndex> resources;
    for (const model::DataType& d : step.workspace.data_types)
        if (d.model == model) resources.insert(d.resource);
    return resources.size() > 2;
}

void collect(Step& step, const WorkRecord& record, const Neighbours& around, Candidates& out,
             std::vector<RecordId>& visited) {
    for (const Carrier& c : around.all) {
        if (std::ranges::find(visited, c.record) != visited.end()) continue;
        visited.push_back(c.record);
        bool linked = false;
        for (const WorkLink* link : step.work.links_of_record(c.record)) {
            out.add(link->entity, c.record);
            linked = true;
        }
        if (linked) continue;
        WorkRecord& other = step.work.record(c.record);
        if (other.matching == Matching::parked) {
            // A parked duplicate stands for what it is a duplicate of; a parked ambiguous record stands for nothing.
            const auto parked = step.transaction.parked_record(other.id);
            if (parked && parked->reason == ParkReason::duplicate)
                for (RecordId r : parked->candidates)
                    for (const WorkLink* link : step.work.links_of_record(r))
                        out.add(link->entity, r);
        } else if (other.matching == Matching::pending && other.resource != record.resource &&
                   static_cast<int>(visited.size()) < chain_length_max) {
            out.pending.insert(other.resource);
            if (!out.chains) continue;
            const Neighbours further = neighbours_of(step, other);
            if (!rivals(step, other.resource, further).empty()) continue;
            collect(step, other, further, out, visited);
        }
    }
}

std::string describe(Step& step, std::span<const RecordId> records) {
    std::string out;
    for (RecordId r : records) {
        const WorkRecord& record = step.work.record(r);
        const model::Resource& resource = step.resource(record.resource);
        out += fmt::format("{}{} {} {}", out.empty() ? "" : ", ",
                           step.workspace.system(resource.system).name, resource.name,
                           record.external_id);
    }
    return out;
}

// A record that came after its counterpart was linked must not take it from a rival that came with it.
bool contested(Step& step, const WorkRecord& record, EntityId entity, const Neighbours& around) {
    for (const WorkLink* link : step.work.links_of(entity)) {
        if (std::ranges::none_of(around.all,
                                 [&](const Carrier& c) { return c.record == link->record; }))
            continue;
        const Neighbours theirs = neighbours_of(step, step.work.record(link->record));
        std::vector<RecordId> here;
        for (RecordId r : theirs.in(record.resource))
            if (r == record.id || step.work.record(r).matching == Matching::pending)
                here.push_back(r);
        if (without_duplicates(step, here).size() > 1) return true;
    }
    return false;
}

void settle_candidates(Step& step, const Candidates& candidates) {
    for (EntityId e : candidates.entities) step.unsettled.insert(e);
}

struct Newcomer {
    WorkRecord& record;
    DataTypeIndex data_type;
    const Projection& shown;
};

void link_newcomer(Step& step, const Newcomer& newcomer, EntityId entity, LinkOrigin origin) {
    WorkLink& link = make_link(step, newcomer.record, newcomer.data_type, entity, origin);
    compare_link(step, link, newcomer.shown, stored_edit_time(step, newcomer.record));
}

void match_one(Step& step, const Newcomer& newcomer, const Neighbours& around, bool joining) {
    WorkRecord& record = newcomer.record;
    const DataTypeIndex d = newcomer.data_type;
    if (const auto several = rivals(step, record.resource, around);
        !several.empty() && !SEEDED(match_first)) {
        for (RecordId r : several)
            for (const WorkLink* link : step.work.links_of_record(r))
                step.unsettled.insert(link->entity);
        park_record(
            step, record, d, ParkReason::ambiguous, several,
            fmt::format("matches several records: {}; make its match values tell them apart",
                        describe(step, several)));
        return;
    }
    Candidates candidates;
    candidates.chains = chains_are_possible(step, step.data_type(d).model);
    std::vector<RecordId> visited{record.id};
    collect(step, record, around, candidates, visited);
    if (candidates.entities.size() > 1 && !SEEDED(match_first)) {
        settle_candidates(step, candidates);
        park_record(step, record, d, ParkReason::ambiguous, candidates.records,
                    fmt::format("matches records that are not linked to each other: {}",
                                describe(step, candidates.records)));
        return;
    }
    if (candidates.entities.empty()) {
        const WorkEntity& entity = make_entity(step, step.data_type(d).model, {});
        for (ResourceIndex r : candidates.pending) step.expected.insert({entity.id, r});
        link_newcomer(step, newcomer, entity.id, LinkOrigin::first);
        return;
    }
    const EntityId entity = candidates.entities.front();
    for (const WorkLink* link : step.work.links_of(entity)) {
        if (step.data_type(link->data_type).resource != record.resource) continue;
        const bool live = link->state == LinkState::live;
        park_record(
            step, record, d, live ? ParkReason::duplicate : ParkReason::recreated, {link->record},
            fmt::format(
                "{} {}; {}", live ? "is the same thing as" : "matches what was linked to",
                describe(step, std::array{link->record}),
                live ? "merge the two in that system" : "link it by hand if it is the same thing"));
        step.unsettled.insert(entity);
        return;
    }
    if (!joining && contested(step, record, entity, around)) {
        step.unsettled.insert(entity);
        park_record(step, record, d, ParkReason::ambiguous, candidates.records,
                    fmt::format("is one of several new records that match {}",
                                describe(step, candidates.records)));
        return;
    }
    for (ResourceIndex r : candidates.pending) step.expected.insert({entity, r});
    link_newcomer(step, newcomer, entity, LinkOrigin::matched);
}

void match_batch(Step& step, DataTypeIndex d, std::span<const RecordId> ids) {
    step.work.load_links_of_records(ids);
    std::vector<Digest> keys;
    std::vector<std::size_t> ends;
    std::vector<Projection> shown;
    for (RecordId id : ids) {
        shown.push_back(project(step, step.data_type(d), body_of(step.work.record(id))));
        const auto own = match_digests(step, step.data_type(d), shown.back().values);
        keys.insert(keys.end(), own.begin(), own.end());
        ends.push_back(keys.size());
    }
    const Carriers carriers = carriers_of(step, keys);
    std::vector<RecordId> around;
    for (const auto* list : carriers)
        if (is_key(*list))
            for (const Carrier& c : *list) around.push_back(c.record);
    step.work.load_links_of_records(around);
    std::vector<EntityId> entities;
    std::vector<RecordId> unlinked;
    for (RecordId r : around) {
        const auto links = step.work.links_of_record(r);
        if (links.empty()) unlinked.push_back(r);
        for (const WorkLink* link : links) entities.push_back(link->entity);
    }
    step.work.load_records(unlinked);
    std::ranges::sort(entities);
    entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
    step.work.load_entities(entities);
    const bool joining = !step.joined(d);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto own = std::span(carriers).subspan(begin, ends[i] - begin);
        begin = ends[i];
        WorkRecord& record = step.work.record(ids[i]);
        if (record.matching != Matching::pending || record.state != RecordState::live) continue;
        match_one(step, {record, d, shown[i]}, gather(own, record.id), joining);
    }
}

bool swept(const model::Workspace& workspace, const Memory& memory, DataTypeIndex d) {
    const model::Resource& resource = workspace.resource(workspace.data_type(d).resource);
    const ResourceIndex read =
        resource.nested_in ? resource.nested_in : workspace.data_type(d).resource;
    const auto feed = memory.feeds.find(read);
    return feed != memory.feeds.end() && (feed->second.swept_at.ms != 0 || SEEDED(join_ignored));
}

// Everything of the model has been read, and some of it was never matched.
bool model_is_joining(const model::Workspace& workspace, const Memory& memory, ModelIndex model) {
    bool all_joined = true;
    for (std::size_t i = 0; i < workspace.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        if (workspace.data_types[i].model != model) continue;
        if (!swept(workspace, memory, d)) return false;
        all_joined = all_joined && memory.data_types.at(d).joined;
    }
    return !all_joined && !SEEDED(join_ignored);
}

// A data type's records are matched once every data type of its model has been swept, and what it refers to has joined.
bool may_match(const Step& step, DataTypeIndex d) {
    if (!swept(step.workspace, step.memory, d)) return false;
    if (step.joined(d)) return true;
    const model::DataType& own = step.data_type(d);
    for (std::size_t i = 0; i < step.workspace.data_types.size(); ++i) {
        const DataTypeIndex other{static_cast<std::int32_t>(i)};
        if (step.workspace.data_types[i].model == own.model &&
            !swept(step.workspace, step.memory, other))
            return false;
    }
    if (own.parent && !step.joined(own.parent)) return false;
    for (const model::Mapping& mapping : own.map)
        for (DataTypeIndex target : mapping.refers_to)
            if (step.data_type(target).model != own.model && !step.joined(target)) return false;
    return true;
}

void join(Step& step, DataTypeIndex d) {
    DataTypeState& state = step.memory.data_types.at(d);
    state.joined = true;
    state.joined_at = step.now;
    step.transaction.put_data_type_state(state);
    for (auto& [other, maybe] : step.memory.maybe_ready) maybe = true;
    for (const model::DataType& other : step.workspace.data_types)
        step.memory.match_wanted.insert(other.resource);
    Notice notice;
    notice.kind = Notice::Kind::joined;
    notice.data_type = d;
    notice.count = step.memory.counterparts[d];
    step.notice(std::move(notice));
}

}  // namespace

bool is_joining(const model::Workspace& workspace, const Memory& memory, DataTypeIndex data_type) {
    const model::DataType& d = workspace.data_type(data_type);
    return model_is_joining(workspace, memory, d.model) ||
           std::ranges::any_of(d.children, [&](DataTypeIndex c) {
               return model_is_joining(workspace, memory, workspace.data_type(c).model);
           });
}

bool match_some(Step& step) {
    for (ResourceIndex resource : step.memory.match_order) {
        if (!step.memory.match_wanted.contains(resource) || step.memory.creates_open[resource] > 0)
            continue;
        const auto here = step.workspace.data_types_of(resource);
        if (here.empty() ||
            !std::ranges::all_of(here, [&](DataTypeIndex d) { return may_match(step, d); }))
            continue;
        RecordId& after = step.memory.match_after[resource];
        const auto pending =
            step.transaction.pending_records(resource, after, limits::match_per_step);
        step.work.load_records(pending);
        for (DataTypeIndex d : here) {
            std::vector<RecordId> mine;
            for (RecordId id : pending)
                if (here.size() == 1 || meets(step.data_type(d), body_of(step.work.record(id))))
                    mine.push_back(id);
            if (mine.empty()) continue;
            if (step.data_type(d).parent)
                match_lines(step, d, mine);
            else
                match_batch(step, d, mine);
        }
        if (static_cast<int>(pending.size()) == limits::match_per_step) {
            after = pending.back();
            return true;
        }
        after = {};
        step.memory.match_wanted.erase(resource);
        for (DataTypeIndex d : here)
            if (!step.joined(d)) join(step, d);
        return true;
    }
    return false;
}

}  // namespace entente::sync
