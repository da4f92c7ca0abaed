#include "sync/lines.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "sync/link.hpp"

namespace entente::sync {
namespace {

// A line looking for its entity: its values as an entity would hold them.
struct Line {
    RecordId record;
    Projection shown;
    model::Canonical values;
    bool matched = false;
};

void wait_outside(Step& step, WorkRecord& line, ResourceIndex resource,
                  const std::string& external_id) {
    line.matching = Matching::outside;
    line.changed = true;
    step.transaction.put_awaited(std::array{Awaited{resource, external_id, line.id}});
    step.memory.somebody_waits = true;
}

// The parent's live link, or null after the line was set to wait for it.
WorkLink* parent_link(Step& step, const model::DataType& d, WorkRecord& line, const Value& body) {
    const model::DataType& parent = step.data_type(d.parent);
    if (!line.parent) {
        const Value* id = body.at_path(d.parent_at);
        const std::string external_id = !id || id->is_null() ? ""
                                        : id->is_text()      ? id->as_text()
                                                             : json::write(*id);
        const WorkRecord* found = step.work.find_record(parent.resource, external_id);
        if (!found) {
            wait_outside(step, line, parent.resource, external_id);
            return nullptr;
        }
        line.parent = found->id;
        line.changed = true;
    }
    WorkLink* link = step.work.link(line.parent, d.parent);
    // A line that the create of its parent made is told from others when that create is understood.
    if (link && !d.create_inside.empty() &&
        step.memory.being_created.contains({link->entity, d.parent}))
        return nullptr;
    if (link && link->state == LinkState::live) return link;
    wait_outside(step, line, parent.resource, step.work.record(line.parent).external_id);
    return nullptr;
}

// Values lifted to entity form; nullopt after the line was set to wait for a reference that it cannot do without.
std::optional<model::Canonical> liftable(Step& step, const model::DataType& d, WorkRecord& line,
                                         const Projection& shown) {
    model::Canonical values = shown.values;
    for (const model::Mapping& mapping : d.map) {
        auto& x = values[mapping.property.at()];
        if (!x || x->is_null()) continue;
        auto value = lifted(step, d, mapping, *x);
        if (!value && step.model_of(d)[mapping.property].required) {
            wait_outside(step, line, step.data_type(mapping.refers_to.front()).resource,
                         x->as_text());
            return std::nullopt;
        }
        x = std::move(value);
    }
    return values;
}

bool equal_by(Step& step, const model::DataType& d, const model::MatchRule& rule,
              const Line& line, const Entity& entity) {
    const model::Model& model = step.model_of(d);
    for (PropertyIndex p : rule) {
        const auto& x = line.values[p.at()];
        const Value& y = entity.properties[p.at()].value;
        if (!x || x->is_null() || y.is_null()) return false;
        const bool same = model[p].type == model::PropertyType::reference
                              ? *x == y
                              : model::same_meaning(model[p], *x, y, step.workspace.country);
        if (!same) return false;
    }
    return true;
}

void link_line(Step& step, DataTypeIndex index, const Line& line, EntityId entity,
               LinkOrigin origin) {
    WorkRecord& record = step.work.record(line.record);
    WorkLink& link = make_link(step, record, index, entity, origin);
    compare_link(step, link, line.shown, stored_edit_time(step, record));
}

void match_inside(Step& step, DataTypeIndex index, EntityId parent, std::vector<Line>& lines) {
    const model::DataType& d = step.data_type(index);
    std::vector<EntityId> free;
    const auto children = step.work.child_entities(parent);
    step.work.load_entities(children);
    for (EntityId child : children)
        if (step.work.entity(child).model == d.model && !step.work.link_in(child, index) &&
            !step.memory.being_created.contains({child, index}))
            free.push_back(child);
    for (const auto& rule : step.model_of(d).match)
        for (Line& line : lines) {
            if (line.matched) continue;
            const auto found = std::ranges::find_if(free, [&](EntityId e) {
                return equal_by(step, d, rule, line, step.work.entity(e));
            });
            if (found == free.end()) continue;
            link_line(step, index, line, *found, LinkOrigin::matched);
            line.matched = true;
            free.erase(found);
        }
    for (const Line& line : lines) {
        if (line.matched) continue;
        const EntityId entity = make_entity(step, d.model, parent).id;
        link_line(step, index, line, entity, LinkOrigin::first);
    }
    step.unsettled.insert(parent);
}

}  // namespace

void match_lines(Step& step, DataTypeIndex index, std::span<const RecordId> pending) {
    const model::DataType& d = step.data_type(index);
    std::map<EntityId, std::vector<Line>> by_parent;
    for (RecordId id : pending) {
        WorkRecord& line = step.work.record(id);
        auto body = json::read(line.body);
        CHECK(body.has_value(), "a stored body is the JSON we wrote");
        const WorkLink* parent = parent_link(step, d, line, *body);
        if (!parent) continue;
        Projection shown = project(step, d, *body);
        auto values = liftable(step, d, line, shown);
        if (!values) continue;
        by_parent[parent->entity].push_back({id, std::move(shown), std::move(*values)});
    }
    for (auto& [parent, lines] : by_parent) match_inside(step, index, parent, lines);
}

}  // namespace entente::sync
