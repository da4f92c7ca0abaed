#include "sync/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/in_vain.hpp"
#include "sync/intent.hpp"
#include "sync/merge.hpp"
#include "sync/unknown.hpp"

namespace entente::sync {
namespace {

// Acts are rare, and all that waits may be looked through.
constexpr int parked_max = 1'000'000;
constexpr int waiting_max = 1'000'000;

void tell_released(Step& step, const WorkLink& link, const Held& held, const std::string& by) {
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::released;
    event.entity = link.entity;
    event.link = link.id;
    event.record = link.record;
    event.data_type = link.data_type;
    event.property = held.property;
    event.text = "retried by " + by;
    step.record(std::move(event));
}

// What did not stick counts as shown, so that nothing wrote it again. What the record shows in its place now counts as somebody's
// upon it, which is to be replaced.
void count_as_behind(Step& step, WorkLink& link, const Held& held) {
    Shadow& shadow = link.shadows[held.property.at()];
    if (shadow.revision.rev != held.rev || SEEDED(retry_drops_hold)) return;
    WorkEntity& entity = step.work.entity(link.entity);
    const Author author{step.data_type(link.data_type).system, link.data_type};
    shadow.revision = revision_upon(shadow.revision, ++entity.rev, step.now, author);
    entity.changed = true;
}

// What cannot be read as declared is released when it can be; nothing else would help it.
int release_held(Step& step, WorkLink& link, const std::string& by) {
    const auto can_be_tried = [](const Held& held) { return held.rev != Held::every_edit; };
    if (link.state != LinkState::live) return 0;
    for (const Held& held : link.held)
        if (can_be_tried(held)) {
            tell_released(step, link, held, by);
            count_as_behind(step, link, held);
        }
    const auto released = std::erase_if(link.held, can_be_tried);
    if (released == 0) return 0;
    link.changed = true;
    step.unsettled.insert(link.entity);
    return static_cast<int>(released);
}

void offer_create(Step& step, const Parked& parked, const Act& act, Retried& out) {
    const bool is_unknown = parked.reason == ParkReason::create_unknown;
    if (is_unknown && !act.is_not_there) {
        ++out.never_answered;
        return;
    }
    ++(is_unknown ? out.unknown : out.creates);
    step.transaction.drop_parked_create(parked.entity, parked.data_type);
    step.unsettled.insert(parked.entity);
    // A line is made by its parent where it is nested in it.
    if (const EntityId parent = step.work.entity(parked.entity).parent)
        step.unsettled.insert(parent);
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::said;
    event.entity = parked.entity;
    event.data_type = parked.data_type;
    event.text = is_unknown
                     ? fmt::format("{} has looked: it is not there; to be created again", act.by)
                     : "to be created again, says " + act.by;
    step.record(std::move(event));
}

// What is asked about, or tried, at long intervals only is due now, and its tries begin anew.
int rouse(Step& step, const std::function<bool(EntityId)>& is_meant) {
    int roused = 0;
    std::vector<Intent> open;
    for (const auto& [id, intent] : step.memory.intents)
        if (is_lasting(intent.in_vain) && is_meant(intent.parts.front().entity))
            open.push_back(intent);
    for (Intent& intent : open) {
        intent.in_vain = {};
        keep_intent(step, intent);
        wake(step, intent.id);
        ++roused;
    }
    for (std::size_t i = 0; i < step.workspace.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        for (const Dirty& pair : step.transaction.dirty_waiting(d, waiting_max)) {
            if (!is_lasting(pair.in_vain) || !is_meant(pair.entity)) continue;
            step.transaction.drop_dirty(pair.entity, d);
            step.mark_dirty({pair.entity, d, {}, {}, {}, pair.backfill});
            ++roused;
        }
    }
    return roused;
}

void retry_entity(Step& step, EntityId entity, const Act& act, Retried& out) {
    out.asleep += rouse(step, [&](EntityId one) { return one == entity; });
    for (WorkLink* link : step.work.links_of(entity))
        out.properties += release_held(step, *link, act.by);
    for (std::size_t i = 0; i < step.workspace.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        if (const auto parked = step.transaction.parked_create(entity, d))
            offer_create(step, *parked, act, out);
    }
    for (EntityId line : step.work.child_entities(entity)) retry_entity(step, line, act, out);
}

int release_everything(Step& step, DataTypeIndex d, const std::string& by) {
    int released = 0;
    for (LinkId after{};;) {
        const auto links = step.transaction.links(d, after, limits::work_per_step);
        for (const Link& link : links) {
            if (link.held.empty()) continue;
            if (WorkLink* kept = step.work.link(link.record, d))
                released += release_held(step, *kept, by);
        }
        if (static_cast<int>(links.size()) < limits::work_per_step) return released;
        after = links.back().id;
    }
}

}  // namespace

bool match_anew(Step& step, WorkRecord& record) {
    if (record.matching == Matching::pending)
        return step.transaction.parked_record(record.id).has_value();
    if (record.matching != Matching::parked || record.state != RecordState::live) return false;
    record.matching = Matching::pending;
    record.changed = true;
    step.memory.match_wanted.insert(record.resource);
    return true;
}

void match_anew(Step& step, std::span<const RecordId> candidates) {
    for (const Parked& parked : step.transaction.parked(parked_max)) {
        const bool is_about =
            std::ranges::find_first_of(parked.candidates, candidates) != parked.candidates.end();
        if (parked.record && is_about) match_anew(step, step.work.record(parked.record));
    }
}

Retried retry_record(Step& step, WorkRecord& record, const Act& act) {
    Retried out;
    if (match_anew(step, record)) ++out.records;
    for (RecordId line : step.work.child_records(record.id))
        if (match_anew(step, step.work.record(line))) ++out.records;
    for (const WorkLink* link : step.work.links_of_record(record.id))
        if (link->state == LinkState::live) retry_entity(step, link->entity, act, out);
    return out;
}

Retried retry_all(Step& step, const Act& act) {
    Retried out;
    for (const Parked& parked : step.transaction.parked(parked_max)) {
        if (!parked.record)
            offer_create(step, parked, act, out);
        else if (match_anew(step, step.work.record(parked.record)))
            ++out.records;
    }
    out.asleep = rouse(step, [](EntityId) { return true; });
    for (std::size_t i = 0; i < step.workspace.data_types.size(); ++i)
        out.properties += release_everything(step, {static_cast<std::int32_t>(i)}, act.by);
    return out;
}

}  // namespace entente::sync
