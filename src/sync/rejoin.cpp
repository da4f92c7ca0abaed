#include "sync/rejoin.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "sync/link.hpp"

namespace entente::sync {
namespace {

void compare_stored(Step& step, WorkLink& link) {
    const WorkRecord& record = step.work.record(link.record);
    const Value body = stored_body(record);
    compare_link(step, link, project(step, step.data_type(link.data_type), body),
                 stored_edit_time(step, record));
}

// What it showed, and of which edit, was told in the numbers of the other entity.
void move_link(Step& step, WorkLink& link, EntityId into) {
    step.work.move(link, into);
    link.shadows.assign(step.work.entity(into).properties.size(), {});
    link.held.clear();
    step.unsettled.insert(into);
    if (link.state != LinkState::live) return;
    link.origin = LinkOrigin::by_hand;
    step.newly_linked.emplace_back(into, link.record);
    compare_stored(step, link);
}

void forget_tombstone(Step& step, WorkLink& link) {
    WorkRecord& record = step.work.record(link.record);
    record.matching = Matching::outside;
    record.changed = true;
    step.work.erase(link);
}

void move_links(Step& step, EntityId from, EntityId into) {
    const std::vector<WorkLink*> links = step.work.links_of(from);
    for (WorkLink* link : links) {
        WorkLink* there = step.work.link_in(into, link->data_type);
        const bool is_live = link->state == LinkState::live;
        if (there && is_live) forget_tombstone(step, *there);
        if (there && !is_live)
            forget_tombstone(step, *link);
        else
            move_link(step, *link, into);
    }
}

bool can_meet(Step& step, EntityId a, EntityId b) {
    return std::ranges::none_of(step.work.links_of(a), [&](const WorkLink* x) {
        return x->state == LinkState::live &&
               std::ranges::any_of(step.work.links_of(b), [&](const WorkLink* y) {
                   return y->state == LinkState::live && step.data_type(x->data_type).resource ==
                                                             step.data_type(y->data_type).resource;
               });
    });
}

bool equal_by(Step& step, const model::MatchRule& rule, const Entity& a, const Entity& b) {
    const model::Model& model = step.workspace.model(a.model);
    return std::ranges::all_of(rule, [&](PropertyIndex p) {
        const Value &x = a.properties[p.at()].value, &y = b.properties[p.at()].value;
        if (x.is_null() || y.is_null()) return false;
        return model[p].type == model::PropertyType::reference
                   ? x == y
                   : model::same_meaning(model[p], x, y, step.workspace.country);
    });
}

void meet_lines(Step& step, EntityId from, EntityId into) {
    std::vector<EntityId> coming = step.work.child_entities(from);
    std::vector<EntityId> waiting = step.work.child_entities(into);
    step.work.load_entities(coming);
    step.work.load_entities(waiting);
    for (const model::Model& model : step.workspace.models)
        for (const auto& rule : model.match)
            for (EntityId& line : coming) {
                if (!line || &step.workspace.model(step.work.entity(line).model) != &model)
                    continue;
                const auto met = std::ranges::find_if(waiting, [&](EntityId other) {
                    const WorkEntity& it = step.work.entity(other);
                    return it.model == step.work.entity(line).model &&
                           equal_by(step, rule, step.work.entity(line), it) &&
                           can_meet(step, line, other);
                });
                if (met == waiting.end()) continue;
                merge_into(step, line, *met);
                waiting.erase(met);
                line = EntityId{};
            }
    for (EntityId line : coming) {
        if (!line) continue;
        step.work.move(step.work.entity(line), into);
        step.unsettled.insert(line);
    }
    for (EntityId line : step.work.child_entities(into)) step.unsettled.insert(line);
}

// There is no index of who refers to whom: all that could are looked through. A person's act may take that long.
void repoint(Step& step, DataTypeIndex referrers, PropertyIndex p, EntityId from, EntityId into) {
    const Value was(from.value);
    const auto refers_anew = [&](WorkEntity& entity) {
        if (!(entity.properties[p.at()].value == was)) return;
        entity.properties[p.at()].value = Value(into.value);
        entity.changed = true;
        step.unsettled.insert(entity.id);
    };
    for (LinkId after{};;) {
        const auto links = step.transaction.links(referrers, after, limits::work_per_step);
        std::vector<EntityId> ids;
        for (const Link& link : links) ids.push_back(link.entity);
        std::ranges::sort(ids);
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        for (const Entity& stored : step.transaction.entities(ids))
            if (stored.properties[p.at()].value == was) refers_anew(step.work.entity(stored.id));
        if (static_cast<int>(links.size()) < limits::work_per_step) break;
        after = links.back().id;
    }
    // What this step has changed is not in the store yet.
    for (WorkEntity* entity : step.work.loaded_entities(step.data_type(referrers).model))
        refers_anew(*entity);
}

void repoint_all(Step& step, ModelIndex model, EntityId from, EntityId into) {
    const std::string& name = step.workspace.model(model).name;
    for (std::size_t i = 0; i < step.workspace.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        for (const model::Mapping& mapping : step.data_type(d).map) {
            const model::Property& property = step.model_of(step.data_type(d))[mapping.property];
            if (property.type == model::PropertyType::reference && property.to == name)
                repoint(step, d, mapping.property, from, into);
        }
    }
}

void forget_entity(Step& step, EntityId id) {
    for (std::size_t i = 0; i < step.workspace.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        step.transaction.drop_dirty(id, d);
        step.transaction.drop_parked_create(id, d);
    }
    step.transaction.release_awaiting(std::array{id});
    for (auto& [d, maybe] : step.memory.maybe_ready) maybe = true;
    step.unsettled.erase(id);
    std::erase_if(step.newly_linked, [&](const auto& linked) { return linked.first == id; });
    step.work.erase(step.work.entity(id));
}

}  // namespace

void merge_into(Step& step, EntityId from, EntityId into) {
    step.work.load_entities(std::array{from, into});
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::said;
    event.entity = into;
    event.before = Value(from.value);
    event.text = "what was another thing until now is part of this one";
    step.record(std::move(event));
    move_links(step, from, into);
    meet_lines(step, from, into);
    repoint_all(step, step.work.entity(into).model, from, into);
    forget_entity(step, from);
    step.unsettled.insert(into);
}

EntityId cut_out(Step& step, WorkRecord& record, EntityId from) {
    const WorkEntity& old = step.work.entity(from);
    const EntityId fresh = make_entity(step, old.model, old.parent).id;
    for (WorkLink* link : step.work.links_of_record(record.id))
        if (link->entity == from) move_link(step, *link, fresh);
    for (EntityId line : step.work.child_entities(from)) {
        const std::vector<WorkLink*> links = step.work.links_of(line);
        const auto belongs = [&](const WorkLink* link) {
            return step.work.record(link->record).parent == record.id;
        };
        if (std::ranges::none_of(links, belongs)) continue;
        const EntityId own = make_entity(step, step.work.entity(line).model, fresh).id;
        for (WorkLink* link : links)
            if (belongs(link)) move_link(step, *link, own);
        step.unsettled.insert(line);
    }
    step.unsettled.insert(from);
    return fresh;
}

bool is_being_written(Step& step, EntityId entity) {
    const std::vector<EntityId> lines = step.work.child_entities(entity);
    return std::ranges::any_of(step.memory.intents, [&](const auto& intent) {
        return std::ranges::any_of(intent.second.parts, [&](const IntentPart& part) {
            return part.entity == entity || std::ranges::find(lines, part.entity) != lines.end();
        });
    });
}

}  // namespace entente::sync
