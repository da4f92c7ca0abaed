#include "sync/link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.hpp"

namespace entente::sync {
namespace {

// What this record was parked with may go its own way now.
void unpark(Step& step, const WorkRecord& record) {
    if (!step.memory.anything_parked) return;
    const auto parked = step.transaction.parked_record(record.id);
    if (!parked) return;
    step.transaction.drop_parked_record(record.id);
    for (RecordId candidate : parked->candidates)
        for (const WorkLink* link : step.work.links_of_record(candidate))
            step.unsettled.insert(link->entity);
}

}  // namespace

WorkEntity& make_entity(Step& step, ModelIndex model, EntityId parent) {
    Entity entity;
    entity.id = step.transaction.new_entity_id();
    entity.model = model;
    entity.parent = parent;
    entity.properties.resize(step.workspace.model(model).properties.size());
    return step.work.add(std::move(entity));
}

WorkLink& make_link(Step& step, WorkRecord& record, DataTypeIndex data_type, EntityId entity,
                    LinkOrigin origin) {
    const WorkLink* before = step.work.link(record.id, data_type);
    CHECK(!before || before->state != LinkState::live, "a record shows one entity");
    Link fresh;
    fresh.id = step.transaction.new_link_id();
    fresh.record = record.id;
    fresh.data_type = data_type;
    fresh.entity = entity;
    fresh.origin = origin;
    fresh.made_at = step.now;
    fresh.shadows.resize(step.work.entity(entity).properties.size());
    if (origin != LinkOrigin::created) unpark(step, record);
    record.matching = Matching::linked;
    record.changed = true;
    if (step.memory.anything_parked) step.transaction.drop_parked_create(entity, data_type);
    WorkLink& link = step.work.add(std::move(fresh));
    step.newly_linked.emplace_back(entity, record.id);
    step.unsettled.insert(entity);
    if (origin != LinkOrigin::first && !step.data_type(data_type).children.empty())
        for (EntityId line : step.work.child_entities(entity)) step.unsettled.insert(line);
    if (origin == LinkOrigin::matched) {
        ++step.memory.counterparts[data_type];
        Notice notice;
        notice.kind = Notice::Kind::linked;
        notice.entity = entity;
        notice.data_type = data_type;
        notice.external_id = record.external_id;
        step.notice(std::move(notice));
    }
    return link;
}

void take_over(Step& step, WorkRecord& record, WorkLink& link) {
    WorkRecord& before = step.work.record(link.record);
    CHECK(link.state == LinkState::gone && !step.intent_on(before.id), "the place is free");
    CHECK(record.state == RecordState::live && !step.work.link(record.id, link.data_type),
          "a record shows one entity");
    const Value body = stored_body(record);
    unpark(step, record);
    before.matching = Matching::outside;
    before.changed = true;
    step.work.move(link, record.id);
    link.state = LinkState::live;
    record.matching = Matching::linked;
    record.changed = true;
    step.newly_linked.emplace_back(link.entity, record.id);
    step.unsettled.insert(link.entity);
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::linked;
    event.entity = link.entity;
    event.link = link.id;
    event.record = record.id;
    event.data_type = link.data_type;
    event.text = fmt::format("typed anew: takes the place of {}", before.external_id);
    step.record(std::move(event));
    compare_link(step, link, project(step, step.data_type(link.data_type), body),
                 stored_edit_time(step, record));
}

void park_record(Step& step, WorkRecord& record, DataTypeIndex data_type, ParkReason reason,
                 std::vector<RecordId> candidates, std::string text) {
    const auto before = step.transaction.parked_record(record.id);
    record.matching = Matching::parked;
    record.changed = true;
    if (before && before->reason == reason && before->candidates == candidates)
        return;  // nothing new to tell
    Parked parked{reason,
                  record.id,
                  {},
                  data_type,
                  text,
                  std::move(candidates),
                  before ? before->since : step.now};
    step.transaction.put_parked(parked);
    step.memory.anything_parked = true;
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::parked;
    event.record = record.id;
    event.data_type = data_type;
    event.text = text;
    step.record(std::move(event));
    Notice notice;
    notice.kind = Notice::Kind::parked;
    notice.data_type = data_type;
    notice.external_id = record.external_id;
    notice.text = fmt::format("{}: {}", name_of(reason), text);
    step.notice(std::move(notice));
}

void unsettle_neighbours(Step& step, const WorkRecord& record) {
    auto body = json::read(record.body);
    if (!body) return;
    for (DataTypeIndex d : step.workspace.data_types_of(record.resource)) {
        const auto keys =
            match_digests(step, step.data_type(d), project(step, step.data_type(d), *body).values);
        for (const auto& carriers : step.transaction.carriers(keys, carriers_asked(step)))
            for (const Carrier& carrier : carriers)
                for (const WorkLink* link : step.work.links_of_record(carrier.record))
                    step.unsettled.insert(link->entity);
    }
}

void wake_waiting(Step& step) {
    const auto fresh = std::exchange(step.newly_linked, {});
    if (fresh.empty() || !step.memory.somebody_waits) return;
    std::vector<EntityId> linked;
    std::map<ResourceIndex, std::vector<std::string>> names;
    for (const auto& [entity, id] : fresh) {
        const WorkRecord& record = step.work.record(id);
        linked.push_back(entity);
        names[record.resource].push_back(record.external_id);
    }
    std::ranges::sort(linked);
    linked.erase(std::unique(linked.begin(), linked.end()), linked.end());
    step.transaction.release_awaiting(linked);
    for (auto& [d, maybe] : step.memory.maybe_ready) maybe = true;
    for (const auto& [resource, ids] : names)
        for (RecordId referrer : step.transaction.take_awaited(resource, ids))
            observe_stored(step, referrer);
}

}  // namespace entente::sync
