#include "sync/siblings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "sync/life.hpp"
#include "sync/stop.hpp"

namespace entente::sync {
namespace {

bool are_siblings(const Step& step, ResourceIndex a, ResourceIndex b) {
    const model::Resource& x = step.resource(a);
    const model::Resource& y = step.resource(b);
    return x.system != y.system && x.name == y.name &&
           step.workspace.system(x.system).connector == step.workspace.system(y.system).connector;
}

std::vector<ResourceIndex> siblings_of(const Step& step, ResourceIndex resource) {
    std::vector<ResourceIndex> out;
    for (std::size_t i = 0; i < step.workspace.resources.size(); ++i) {
        const ResourceIndex other{static_cast<std::int32_t>(i)};
        if (are_siblings(step, resource, other)) out.push_back(other);
    }
    return out;
}

// Whether all the others have been read since what was created must show.
bool have_been_read(Step& step, const std::vector<ResourceIndex>& others, Instant shows) {
    bool all = true;
    for (ResourceIndex other : others) {
        if (step.memory.feeds.at(other).polled_at >= shows) continue;
        if (step.now >= shows) step.memory.poll_wanted.insert(other);
        all = false;
    }
    return all;
}

// One system shows one record: what it says is what it says there.
bool shows_the_same(Step& step, const WorkLink& link, DataTypeIndex here, const Value& body) {
    const model::DataType& d = step.data_type(here);
    const Projection shown = project(step, d, body);
    bool is_anything = false;
    for (const model::Mapping& mapping : d.map) {
        const auto& was = link.shadows[mapping.property.at()].value;
        if (!was || was->is_null()) continue;
        const auto& x = shown.values[mapping.property.at()];
        if (!x || !equal_here(mapping, *x, *was)) return false;
        is_anything = true;
    }
    return is_anything;
}

DataTypeIndex namesake(const Step& step, DataTypeIndex data_type, ResourceIndex resource) {
    for (DataTypeIndex d : step.workspace.data_types_of(resource))
        if (step.data_type(d).name == step.data_type(data_type).name) return d;
    return DataTypeIndex::none();
}

void stop_with_lines(Step& step, DataTypeIndex data_type, const std::string& why) {
    std::vector<DataTypeIndex> all = step.data_type(data_type).children;
    all.push_back(data_type);
    for (DataTypeIndex d : all) {
        DataTypeState& state = step.memory.data_types.at(d);
        if (!state.is_one_with_another) state.stopped.clear();
        state.is_one_with_another = true;
        state.configuration = step.workspace.configuration;
        step.memory.releasing.erase(d);
        stop_data_type(step, d, why);
    }
}

// A record as another system than ours shows it.
struct Elsewhere {
    ResourceIndex resource;
    std::optional<Instant> modified;
    const Value& body;
};

// Whether that shows what we have created as `ours`. Systems that number alike may be about to hold a record of it themselves.
bool is_mirrored(Step& step, const WorkRecord& ours, const Elsewhere& shown) {
    if (ours.state != RecordState::live) return false;
    if (shown.modified && ours.modified && *shown.modified != *ours.modified) return false;
    return std::ranges::any_of(step.work.links_of_record(ours.id), [&](const WorkLink* link) {
        const DataTypeIndex here = namesake(step, link->data_type, shown.resource);
        return link->state == LinkState::live && link->origin == LinkOrigin::created && here &&
               !step.memory.being_created.contains({link->entity, here}) &&
               !step.transaction.parked_create(link->entity, here) &&
               shows_the_same(step, *link, here, shown.body);
    });
}

void stop_both(Step& step, const WorkRecord& ours, ResourceIndex there) {
    const std::string& x = step.workspace.system(step.resource(ours.resource).system).name;
    const std::string& y = step.workspace.system(step.resource(there).system).name;
    const std::string why = fmt::format(
        "what we write to {} shows in {} ({} {}): they are one system. Nothing more is written "
        "there; check `base_url` of both, and leave one of them out",
        x, y, step.resource(there).name, ours.external_id);
    for (DataTypeIndex d : step.workspace.data_types_of(ours.resource)) {
        stop_with_lines(step, d, why);
        if (const DataTypeIndex same = namesake(step, d, there)) stop_with_lines(step, same, why);
    }
}

}  // namespace

bool may_try(Step& step, EntityId entity, DataTypeIndex data_type) {
    const model::DataType& d = step.data_type(data_type);
    if (d.parent) return true;
    const auto others = siblings_of(step, d.resource);
    if (others.empty()) return true;
    const ResourceIndex first = std::min(d.resource, others.front());
    Trial& trial = step.memory.trials[first];
    if (trial.is_passed) return true;
    if (step.memory.being_created.contains({trial.entity, trial.data_type})) return false;
    const WorkLink* made =
        trial.entity ? step.work.link_in(trial.entity, trial.data_type) : nullptr;
    if (!made || made->origin != LinkOrigin::created) {
        trial.entity = entity;
        trial.data_type = data_type;
        return true;
    }
    const ResourceIndex there = step.data_type(trial.data_type).resource;
    const Instant shows = in_this_life(step, made->made_at) + step.resource(there).visible_after +
                          step.rest(there).lag;
    // Who cannot be read for so long, while the other answers, is not the same.
    trial.is_passed = have_been_read(step, siblings_of(step, there), shows) ||
                      step.now >= shows + Duration{limits::sibling_wait_ms};
    return trial.is_passed;
}

void look_for_mirror(Step& step, ResourceIndex resource, const SeenRecord& seen) {
    if (step.memory.feeds.at(resource).swept_at.ms == 0) return;
    for (ResourceIndex other : siblings_of(step, resource)) {
        const WorkRecord* ours = step.work.find_record(other, seen.external_id);
        if (ours && is_mirrored(step, *ours, {resource, seen.modified, seen.body}))
            stop_both(step, *ours, resource);
    }
}

void look_for_mirrored(Step& step, const Intent& create, const WorkRecord& made) {
    for (ResourceIndex other : siblings_of(step, made.resource)) {
        const WorkRecord* shown = step.work.find_record(other, made.external_id);
        if (!shown || is_before(step, shown->changed_at, create.made_at)) continue;
        const Value body = stored_body(*shown);
        if (is_mirrored(step, made, {other, shown->modified, body})) stop_both(step, made, other);
    }
}

}  // namespace entente::sync
