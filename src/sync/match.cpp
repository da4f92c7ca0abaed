#include "sync/match.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/lines.hpp"
#include "sync/link.hpp"
#include "sync/newcomer.hpp"
#include "sync/suspect.hpp"

namespace entente::sync {
namespace {

void match_batch(Step& step, DataTypeIndex d, std::span<const RecordId> ids) {
    step.work.load_links_of_records(ids);
    Matcher matcher(step, d, !step.joined(d));
    std::vector<Projection> shown;
    for (RecordId id : ids) {
        shown.push_back(project(step, step.data_type(d), stored_body(step.work.record(id))));
        matcher.kinship().know(id, match_digests(step, step.data_type(d), shown.back().values));
    }
    const std::vector<RecordId> around = matcher.kinship().prepare();
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
    for (std::size_t i = 0; i < ids.size(); ++i) {
        WorkRecord& record = step.work.record(ids[i]);
        if (record.matching != Matching::pending || record.state != RecordState::live) continue;
        matcher.match({record, d, shown[i]});
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
        if (!step.memory.match_wanted.contains(resource) || is_create_under_way(step, resource))
            continue;
        const auto here = step.workspace.data_types_of(resource);
        if (here.empty() ||
            !std::ranges::all_of(here, [&](DataTypeIndex d) { return may_match(step, d); }))
            continue;
        RecordId& after = step.memory.match_after[resource];
        const auto pending =
            step.transaction.pending_records(resource, after, limits::match_per_step);
        step.work.load_records(pending);
        const std::set<RecordId> suspects = suspects_of(step, resource, pending);
        if (!suspects.empty())
            step.memory.doubted[resource].insert(suspects.begin(), suspects.end());
        for (DataTypeIndex d : here) {
            std::vector<RecordId> mine;
            for (RecordId id : pending)
                if (!suspects.contains(id) &&
                    (here.size() == 1 ||
                     meets(step.data_type(d), stored_body(step.work.record(id)))))
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
