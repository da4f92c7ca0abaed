#include "sync/observe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/compose.hpp"
#include "sync/follow.hpp"
#include "sync/life.hpp"
#include "sync/lines.hpp"
#include "sync/link.hpp"
#include "sync/merge.hpp"
#include "sync/seeded_bugs.hpp"

namespace entente::sync {
namespace {

// Seeded: so soon after our write that it may be its echo.
bool may_be_echo(Step& step, const WorkLink& link) {
    return step.now < step.work.record(link.record).written_at + Duration{60'000};
}

// What does not look as declared is neither believed nor overwritten (G15); what looks right again goes on by itself.
void hold_unreadable(Step& step, WorkLink& link, const Projection& shown) {
    const auto lifted_again = std::erase_if(link.held, [&](const Held& h) {
        return h.rev == Held::every_edit && shown.values[h.property.at()];
    });
    if (lifted_again > 0) {
        link.changed = true;
        step.unsettled.insert(link.entity);
    }
    for (const auto& [p, why] : shown.unreadable) {
        const bool known = std::ranges::any_of(
            link.held, [&](const Held& h) { return h.property == p && h.rev == Held::every_edit; });
        if (known) continue;
        hold(step, link, {p, "cannot be read: " + why, Held::every_edit});
    }
}

// Keeps what a merge decided where people can find it.
void tell(Step& step, const WorkLink& link, PropertyIndex p, const MergeResult& merged,
          const std::optional<Value>& before, const Value& seen, const Value& holds) {
    if (merged.merge == Merge::agreed) return;
    const bool conflict = merged.merge != Merge::forward;
    const bool first_value = !conflict && merged.first_join;
    if (first_value) return;  // the link itself tells where first values came from
    HistoryEvent event;
    event.kind = !conflict           ? HistoryEvent::Kind::edit
                 : merged.first_join ? HistoryEvent::Kind::first_join
                                     : HistoryEvent::Kind::conflict;
    event.entity = link.entity;
    event.link = link.id;
    event.record = link.record;
    event.data_type = link.data_type;
    event.property = p;
    event.before = conflict ? std::optional(merged.loser) : before;
    event.after = conflict ? holds : seen;
    event.text = !conflict                    ? ""
                 : merged.merge == Merge::won ? "this record's value won"
                                              : "this record's value lost";
    Notice notice;
    notice.kind = !conflict           ? Notice::Kind::edit_seen
                  : merged.first_join ? Notice::Kind::first_join
                                      : Notice::Kind::conflict;
    notice.entity = link.entity;
    notice.data_type = link.data_type;
    notice.external_id = step.work.record(link.record).external_id;
    notice.property = p;
    notice.before = event.before;
    notice.after = event.after;
    step.notice(std::move(notice));
    step.record(std::move(event));
}

void await_reference(Step& step, const model::Mapping& mapping, const std::string& external_id,
                     RecordId referrer) {
    std::vector<Awaited> awaited;
    for (DataTypeIndex d : mapping.refers_to)
        awaited.push_back({step.data_type(d).resource, external_id, referrer});
    step.transaction.put_awaited(awaited);
    step.memory.somebody_waits = true;
}

// Nested lists are exploded into records of their own, whatever the parent's state.
void explode(Step& step, WorkRecord& parent, const Value& body, const Reading& reading,
             bool fresh) {
    const RecordId parent_id = parent.id;
    for (const model::DataType& c : step.workspace.data_types) {
        if (!c.is_nested() || step.data_type(c.parent).resource != parent.resource) continue;
        const Value* list = body.at_path(c.nested_path);
        if (!list || !list->is_list()) continue;  // not visible
        std::vector<RecordId> present;
        for (const Value& element : list->as_list()) {
            SeenRecord seen;
            seen.external_id = nested_id(parent, step.resource(c.resource), element);
            seen.body = element;
            if (const auto& m = parent.modified) seen.modified = *m;
            WorkRecord* known =
                fresh ? nullptr : step.work.find_record(c.resource, seen.external_id);
            if (known)
                observe_known(step, *known, seen, reading);
            else
                known = &observe_new(step, c.resource, seen, reading, parent_id);
            present.push_back(known->id);
        }
        if (fresh) continue;
        for (RecordId child : step.work.child_records(parent_id)) {
            WorkRecord& record = step.work.record(child);
            if (record.resource == c.resource && record.state == RecordState::live &&
                std::ranges::find(present, child) == present.end())
                observe_gone(step, record);
        }
    }
}

// What a record shows, as it is stored. Zero digest: a part of it.
struct Shown {
    std::string body;
    Digest digest;
};

Shown shown_by(const Step& step, ResourceIndex resource, const SeenRecord& seen,
               const Reading& reading) {
    Shown out{json::write(seen.body), {}};
    if (reading.complete) out.digest = body_digest(step, resource, out.body);
    return out;
}

void keep_shown(WorkRecord& record, const SeenRecord& seen, Shown shown) {
    record.body = std::move(shown.body);
    record.digest = shown.digest;
    record.etag = seen.etag;
    record.modified = seen.modified;  // none: the time of an older body says nothing of this one
    record.changed = record.body_changed = true;
}

// A record that waited for a person, or belonged to nobody, is looked at again when what it says has changed.
void look_again(Step& step, WorkRecord& record) {
    const auto doubted = step.memory.doubted.find(record.resource);
    if (doubted != step.memory.doubted.end() && doubted->second.contains(record.id))
        step.memory.match_wanted.insert(record.resource);
    if (record.matching != Matching::parked && record.matching != Matching::outside) return;
    for (const WorkLink* link : step.work.links_of_record(record.id))
        if (link->state != LinkState::live) return;  // an ended link keeps it out for good
    record.matching = Matching::pending;
    record.changed = true;
    step.memory.match_wanted.insert(record.resource);
}

void come_back(Step& step, WorkRecord& record) {
    record.state = RecordState::live;
    record.changed = true;
    ++step.memory.live[record.resource];
    // Systems give the id of a removed record to a new one: it may be what a create has just made.
    if (step.memory.creates_open[record.resource] > 0 &&
        step.work.links_of_record(record.id).empty())
        step.memory.met_meanwhile[record.resource].push_back(record.id);
    for (WorkLink* link : step.work.links_of_record(record.id)) {
        if (link->state != LinkState::gone) continue;
        link->state = LinkState::live;
        link->changed = true;
        step.unsettled.insert(link->entity);
        // Lines and references that waited for it go on.
        step.newly_linked.emplace_back(link->entity, record.id);
        // Lines that came elsewhere meanwhile had no place there.
        for (const EntityId line : step.work.child_entities(link->entity))
            step.unsettled.insert(line);
        match_waiting_beside(step, *link);
        HistoryEvent event;
        event.kind = HistoryEvent::Kind::back;
        event.entity = link->entity;
        event.link = link->id;
        event.record = record.id;
        event.data_type = link->data_type;
        step.record(std::move(event));
    }
}

}  // namespace

Reading reading_of(const Answer& answer) {
    return {answer.began, answer.ended, answer.skew, answer.complete};
}

Instant edited_at(const SeenRecord& seen, const Reading& reading) {
    const Duration skew =
        SEEDED_WHERE(skew_ignored, reading.skew.ms != 0) ? Duration{0} : reading.skew;
    if (!seen.modified) return reading.began;
    const Instant told = *seen.modified - skew;
    return told > reading.ended + clock_doubt ? reading.ended : told;
}

bool is_older(const SeenRecord& seen, const RecordHead& record, const Reading& reading) {
    const auto told = told_time(seen.modified, reading);
    const auto known = told_time(record.modified, reading);
    return told && known && *told < *known;
}

Instant stored_edit_time(const Step& step, const RecordHead& record) {
    const Instant read_at = not_ahead(step, record.changed_at);
    if (!record.modified) return read_at;
    const auto clock = step.memory.clocks.find(step.resource(record.resource).system);
    const bool is_known = clock != step.memory.clocks.end() && !SEEDED(skew_ignored);
    const Instant told = is_known ? *record.modified - clock->second.skew : *record.modified;
    return told > read_at + clock_doubt ? read_at : told;
}

std::string nested_id(const WorkRecord& parent, const model::Resource& nested,
                      const Value& element) {
    const Value* key = element.at_path(nested.key_at);
    std::string own = !key ? std::string() : key->is_text() ? key->as_text() : json::write(*key);
    return fmt::format("{}/{}", parent.external_id, own);
}

WorkRecord& observe_new(Step& step, ResourceIndex resource, const SeenRecord& seen,
                        const Reading& reading, RecordId parent) {
    Record fresh;
    fresh.id = step.transaction.new_record_id();
    fresh.resource = resource;
    fresh.external_id = seen.external_id;
    fresh.parent = parent;
    fresh.changed_at = reading.ended;
    bool wanted = false;
    for (DataTypeIndex d : step.workspace.data_types_of(resource))
        wanted |= meets(step.data_type(d), seen.body);
    fresh.matching = wanted ? Matching::pending : Matching::outside;
    WorkRecord& record = step.work.add(std::move(fresh));
    if (step.memory.creates_open[resource] > 0)
        step.memory.met_meanwhile[resource].push_back(record.id);
    ++step.memory.live[resource];
    keep_shown(record, seen, shown_by(step, resource, seen, reading));
    if (wanted) {
        set_keys(step, record, seen.body, true);
        step.memory.match_wanted.insert(resource);
    }
    explode(step, record, seen.body, reading, true);
    return record;
}

void compare_link(Step& step, WorkLink& link, const Projection& shown, Instant t) {
    hold_unreadable(step, link, shown);
    const model::DataType& data_type = step.data_type(link.data_type);
    const model::Model& model = step.model_of(data_type);
    WorkEntity& entity = step.work.entity(link.entity);
    for (const model::Mapping& mapping : data_type.map) {
        const PropertyIndex p = mapping.property;
        const std::optional<Value>& x = shown.values[p.at()];
        if (!x || mapping.lens.access == model::Access::write_only)
            continue;  // not visible: keeps its shadow
        Shadow& shadow = link.shadows[p.at()];
        if (shadow.value && equal_here(mapping, *x, *shadow.value)) continue;
        if (model[p].local || (!shadow.value && x->is_null()) ||
            SEEDED_WHERE(echo_by_memory, may_be_echo(step, link))) {
            shadow.value = *x;  // never carried; or empty at first sight, which is no edit
            link.changed = true;
            continue;
        }
        std::optional<Value> value = lifted(step, data_type, mapping, *x);
        if (!value) {
            await_reference(step, mapping, x->as_text(), link.record);
            continue;
        }
        EntityProperty& holds = entity.properties[p.at()];
        const bool reference = is_reference(step, data_type, p);
        const bool equal =
            reference ? *value == holds.value : equal_here(mapping, *value, holds.value);
        const std::optional<Value> before = shadow.value;
        const MergeResult merged = take_edit(entity, p, shadow, link.id, std::move(*value), *x,
                                             equal, t, {data_type.system, link.data_type},
                                             step.workspace.policy(data_type.model, p));
        if (SEEDED(shared_shadow)) seeded::share_shadow(step, link, p);
        std::erase_if(link.held, [&](const Held& h) { return h.property == p; });
        link.changed = true;
        entity.changed |= merged.entity_changed;
        step.unsettled.insert(link.entity);
        tell(step, link, p, merged, before, *x, holds.value);
    }
}

void observe_known(Step& step, WorkRecord& record, const SeenRecord& seen, const Reading& reading) {
    const bool back = record.state == RecordState::gone;
    if (back) come_back(step, record);
    Shown now = shown_by(step, record.resource, seen, reading);
    const bool same = now.digest != Digest{} && record.digest == now.digest;
    if (same && !back && record.etag == seen.etag) return;
    bool linked = false;
    const auto before = json::read(record.body);
    for (DataTypeIndex d : step.workspace.data_types_of(record.resource)) {
        WorkLink* link = step.work.link(record.id, d);
        if (!link || link->state != LinkState::live) continue;
        linked = true;
        if (before) follow_change(step, *link, *before, seen.body);
        const Projection shown = project(step, step.data_type(d), seen.body);
        if (SEEDED_WHERE(baseline_at_start, seeded::is_first_look(step, record.resource))) continue;
        compare_link(step, *link, shown, edited_at(seen, reading));
    }
    if (!same) forget_parent_version(step, record);
    const bool rekey =
        back || !before || match_values_differ(step, record.resource, *before, seen.body);
    // The whole body is kept whatever of it is mapped: it is what a whole record is written upon (G5).
    if (SEEDED_WHERE(stale_body, linked && seeded::shows_the_same(step, record, seen.body)))
        now.body = record.body;
    keep_shown(record, seen, std::move(now));
    record.changed_at = reading.ended;
    if (rekey) set_keys(step, record, seen.body, false);
    if (!linked) look_again(step, record);
    explode(step, record, seen.body, reading, false);
}

void observe_stored(Step& step, RecordId id) {
    WorkRecord& record = step.work.record(id);
    if (record.state != RecordState::live || step.intent_on(id)) return;
    const Value body = stored_body(record);
    for (DataTypeIndex d : step.workspace.data_types_of(record.resource)) {
        WorkLink* link = step.work.link(id, d);
        if (link && link->state == LinkState::live)
            compare_link(step, *link, project(step, step.data_type(d), body),
                         stored_edit_time(step, record));
    }
    look_again(step, record);
}

void observe_gone(Step& step, WorkRecord& record) {
    if (record.state == RecordState::gone) return;
    if (record.matching == Matching::pending) unsettle_neighbours(step, record);
    record.state = RecordState::gone;
    record.changed = true;
    forget_parent_version(step, record);
    --step.memory.live[record.resource];
    step.keys[record.id] = {};
    for (WorkLink* link : step.work.links_of_record(record.id)) {
        if (link->state != LinkState::live) continue;
        if (SEEDED(gone_forgets)) seeded::agree(step, link->entity);
        link->state = LinkState::gone;
        link->changed = true;
        if (step.memory.anything_refused) {
            const EntityId parent = step.work.entity(link->entity).parent;
            step.unsettled.insert({link->entity, parent ? parent : link->entity});
        }
        HistoryEvent event;
        event.kind = HistoryEvent::Kind::gone;
        event.text = step.resource(record.resource).gone_means;
        event.entity = link->entity;
        event.link = link->id;
        event.record = record.id;
        event.data_type = link->data_type;
        Notice notice;
        notice.kind = Notice::Kind::gone;
        notice.text = step.resource(record.resource).gone_means;
        notice.entity = link->entity;
        notice.data_type = link->data_type;
        notice.external_id = record.external_id;
        step.notice(std::move(notice));
        step.record(std::move(event));
        match_waiting_beside(step, *link);
    }
    if (record.matching == Matching::parked) {
        step.transaction.drop_parked_record(record.id);
        record.matching = Matching::outside;
    }
    for (RecordId child : step.work.child_records(record.id)) {
        WorkRecord& line = step.work.record(child);
        if (step.resource(line.resource).nested_in) observe_gone(step, line);
    }
}

void retire(Step& step, WorkRecord& record) {
    observe_gone(step, record);
    const std::string name = fmt::format("{} (gone #{})", record.external_id, record.id.value);
    for (RecordId child : step.work.child_records(record.id)) {
        WorkRecord& line = step.work.record(child);
        if (!step.resource(line.resource).nested_in) continue;
        step.work.rename(line, name + line.external_id.substr(line.external_id.rfind('/')));
    }
    step.work.rename(record, name);
}

namespace {

bool loses_value(Step& step, const WorkRecord& record, const Value& body) {
    for (DataTypeIndex d : step.workspace.data_types_of(record.resource)) {
        const WorkLink* link = step.work.link(record.id, d);
        if (!link || link->state == LinkState::unlinked) continue;
        const Projection shown = project(step, step.data_type(d), body);
        for (const model::Mapping& mapping : step.data_type(d).map) {
            const auto& x = shown.values[mapping.property.at()];
            const auto& was = link->shadows[mapping.property.at()].value;
            if (x && x->is_null() && was && !was->is_null()) return true;
        }
    }
    return false;
}

// Lines inside the record that are there no more, or lose a value.
bool loses_in_lines(Step& step, const WorkRecord& record, const model::DataType& lines,
                    const Value& list) {
    for (RecordId child : step.work.child_records(record.id)) {
        const WorkRecord& line = step.work.record(child);
        if (line.resource != lines.resource || line.state != RecordState::live) continue;
        const auto element = std::ranges::find_if(list.as_list(), [&](const Value& e) {
            return nested_id(record, step.resource(lines.resource), e) == line.external_id;
        });
        if (element == list.as_list().end() || loses_value(step, line, *element)) return true;
    }
    return false;
}

}  // namespace

bool would_empty(Step& step, WorkRecord& record, const SeenRecord& seen) {
    if (loses_value(step, record, seen.body)) return true;
    for (const model::DataType& c : step.workspace.data_types) {
        if (!c.is_nested() || step.data_type(c.parent).resource != record.resource) continue;
        const Value* list = seen.body.at_path(c.nested_path);
        if (list && list->is_list() && loses_in_lines(step, record, c, *list)) return true;
    }
    return false;
}

bool would_lose(Step& step, WorkRecord& record, const SeenRecord& seen, const Reading& reading) {
    const bool is_turned_back =
        record.state == RecordState::live && is_older(seen, record, reading);
    return is_turned_back || would_empty(step, record, seen);
}

}  // namespace entente::sync
