#include "sync/compose.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/seeded_bug.hpp"
#include "sync/in_vain.hpp"
#include "sync/observe.hpp"
#include "sync/refusal.hpp"
#include "sync/seeded_bugs.hpp"

namespace entente::sync {
namespace {

// The hold on this edit, of every edit before of this one; null when there is none.
const Held* hold_on(const Link& link, PropertyIndex p, std::uint32_t rev) {
    for (const std::uint32_t of : {Held::every_edit, rev}) {
        const auto found = std::ranges::find_if(
            link.held, [&](const Held& h) { return h.property == p && h.rev == of; });
        if (found != link.held.end()) return &*found;
    }
    return nullptr;
}

bool can_write(const model::Mapping& mapping, bool creating) {
    using model::Access;
    return mapping.lens.access == Access::write || mapping.lens.access == Access::write_only ||
           (creating && mapping.lens.access == Access::read_create);
}

// What the model requires and no new record of this data type could ever be given; empty: nothing.
std::string never_given(const model::DataType& d, const model::Model& model) {
    for (std::size_t i = 0; i < model.properties.size(); ++i) {
        const model::Property& property = model.properties[i];
        if (!property.required || property.local) continue;
        const model::Mapping* mapping = d.mapping({static_cast<std::int32_t>(i)});
        if (!mapping)
            return fmt::format("{} requires `{}`, which {} does not map", model.name, property.name,
                               d.full_name);
        const bool is_given = mapping->lens.constant || mapping->lens.on_create;
        if (!is_given && !can_write(*mapping, true))
            return fmt::format("{} requires `{}`, which cannot be written to {}", model.name,
                               property.name, d.full_name);
    }
    return {};
}

// Tries the lens on an empty body: whether the system can hold the value at all.
std::optional<std::string> refusal(const model::Mapping& mapping, const Value& value) {
    Value scratch = Value::object();
    auto put = model::put(mapping.lens, value, scratch);
    return put ? std::nullopt : std::optional(put.error().message());
}

void write_part(Step& step, const IntentPart& part, bool creating, Value& body) {
    const model::DataType& d = step.data_type(part.data_type);
    for (const Sent& sent : part.sent) {
        const auto put = model::put(d.mapping(sent.property)->lens, sent.written, body);
        CHECK(put.has_value(), "what is sent was tried on the lens before");
    }
    if (!creating) return;
    for (const auto& [path, value] : d.where) body.set_path(path, value);
    for (const auto& [path, value] : d.on_create)
        if (!body.at_path(path)) body.set_path(path, value);
    for (const model::Mapping& mapping : d.map)
        if (mapping.lens.on_create && !body.at_path(mapping.lens.path))
            body.set_path(mapping.lens.path, *mapping.lens.on_create);
}

// The whole list as the parent's body will carry it: every line that is there, changed where needed, and the new ones.
Value compose_list(Step& step, const model::DataType& nested, const std::vector<IntentPart>& parts,
                   const Value* current) {
    Value list = Value::list();
    const Value* old =
        current && nested.is_nested() ? current->at_path(nested.nested_path) : nullptr;
    const std::string& key_at = step.resource(nested.resource).key_at;
    std::vector<std::pair<const IntentPart*, Value>> changed;
    for (const IntentPart& part : parts)
        if (part.link && &step.data_type(part.data_type) == &nested)
            for (WorkLink* link : step.work.links_of(part.entity))
                if (link->id == part.link)
                    changed.push_back({&part, Value(step.work.record(link->record).external_id)});
    if (old && old->is_list())
        for (const Value& element : old->as_list()) {
            Value copy = element;
            const Value* key = element.at_path(key_at);
            for (const auto& [part, external] : changed) {
                const std::string& id = external.as_text();
                const std::string own = id.substr(id.rfind('/') + 1);
                if (key && (key->is_text()      ? key->as_text()
                            : key->is_decimal() ? key->as_decimal().text()
                                                : "") == own)
                    write_part(step, *part, false, copy);
            }
            list.as_list().push_back(std::move(copy));
        }
    for (const IntentPart& part : parts)
        if (!part.link && &step.data_type(part.data_type) == &nested) {
            Value element = Value::object();
            write_part(step, part, true, element);
            list.as_list().push_back(std::move(element));
        }
    return list;
}

// Ensures: what is due to be offered again stands in `offers`.
bool is_parked(Step& step, const IntentPart& line, Parts& out, std::vector<IntentPart>& offers) {
    if (!step.memory.anything_parked) return false;
    const auto parked = step.transaction.parked_create(line.entity, line.data_type);
    if (!parked || !stays_parked(step, *parked, content_of_line(step, line))) return false;
    out.offered_at = std::min(out.offered_at, due_at(parked->offers, step.now));
    if (is_due(parked->offers, step.now)) offers.push_back(line);
    return true;
}

void gather_lines(Step& step, EntityId parent, const model::DataType& d, bool creating, Parts& out,
                  std::vector<IntentPart>& offers) {
    for (DataTypeIndex c : d.children) {
        const model::DataType& nested = step.data_type(c);
        if (!nested.is_nested() && (!creating || nested.create_inside.empty())) continue;
        const auto children = step.work.child_entities(parent);
        step.work.load_entities(children);
        for (EntityId child : children) {
            if (step.work.entity(child).model != nested.model) continue;
            WorkLink* link = step.work.link_in(child, c);
            if (link && link->state != LinkState::live) continue;  // gone there: left alone
            Needs needs;
            if (link) {
                ++out.lines;
                needs = needs_of(step, *link);
                out.offered_at = std::min(out.offered_at, needs.offered_at);
                for (Sent& offer : needs.offers)
                    offers.push_back({child, c, link->id, {std::move(offer)}});
                if (needs.sent.empty()) {
                    if (needs.awaits) out.awaits = needs.awaits;
                    continue;
                }
            } else {
                if (!wants_create(step, child, c)) continue;
                needs = needs_of_new(step, child, c);
                if (needs.lacks) out.lacks = needs.lacks;
                if (needs.awaits || !needs.missing.empty()) {
                    if (needs.awaits) out.awaits = needs.awaits;
                    continue;
                }
                if (is_parked(step, {child, c, {}, needs.sent}, out, offers)) continue;
                ++out.lines;
            }
            out.parts.push_back({child, c, link ? link->id : LinkId{}, std::move(needs.sent)});
        }
    }
}

// A line is part of its parent: it is wanted wherever the parent is, or will be, whichever of the parent's records it was
// typed into.
bool wants_line(Step& step, EntityId entity, DataTypeIndex index, DataTypeIndex parents) {
    const bool lives = std::ranges::any_of(step.work.links_of(entity), [&](const WorkLink* link) {
        return link->state == LinkState::live && link->data_type != index;
    });
    if (!lives) return false;
    const EntityId parent = step.work.entity(entity).parent;
    const WorkLink* there = step.work.link_in(parent, parents);
    return there ? there->state == LinkState::live : wants_create(step, parent, parents);
}

}  // namespace

void end_holds(WorkLink& link, PropertyIndex p, std::uint32_t rev) {
    const auto ended =
        std::erase_if(link.held, [&](const Held& h) { return h.property == p && h.rev <= rev; });
    link.changed |= ended > 0;
}

void hold(Step& step, WorkLink& link, Held held, const std::optional<Value>& wanted,
          const std::optional<Value>& shown) {
    const PropertyIndex p = held.property;
    if (held.rev != Held::every_edit && SEEDED(newest_held))
        held.rev = step.work.entity(link.entity).properties[p.at()].revision.rev;
    // What cannot be read stays held whatever is refused meanwhile, and goes on to be held of an edit when it can be read again.
    if (held.rev != Held::every_edit) end_holds(link, p, held.rev);
    const Revision& holds = step.work.entity(link.entity).properties[p.at()].revision;
    const bool is_over = held.rev < holds.rev && link.shadows[p.at()].revision.rev == holds.rev;
    const bool is_newer_held = std::ranges::any_of(link.held, [&](const Held& h) {
        return h.property == p && h.rev > held.rev && h.rev != Held::every_edit;
    });
    if (!is_over && !is_newer_held) link.held.push_back(held);
    link.changed = true;
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::held;
    event.entity = link.entity;
    event.link = link.id;
    event.record = link.record;
    event.data_type = link.data_type;
    event.property = p;
    event.before = wanted;
    event.after = shown;
    event.text = held.reason;
    Notice notice;
    notice.kind = Notice::Kind::held;
    notice.entity = link.entity;
    notice.data_type = link.data_type;
    notice.external_id = step.work.record(link.record).external_id;
    notice.property = p;
    notice.text = std::move(held.reason);
    step.notice(std::move(notice));
    step.record(std::move(event));
}

Needs needs_of(Step& step, WorkLink& link) {
    Needs out;
    const model::DataType& d = step.data_type(link.data_type);
    const model::Model& model = step.model_of(d);
    const WorkEntity& entity = step.work.entity(link.entity);
    for (const model::Mapping& mapping : d.map) {
        const PropertyIndex p = mapping.property;
        const EntityProperty& holds = entity.properties[p.at()];
        Shadow& shadow = link.shadows[p.at()];
        if (model[p].local || holds.revision.rev == shadow.revision.rev) continue;
        if (SEEDED_WHERE(per_property, holds.revision.rev <= seeded::newest_shown(link))) continue;
        EntityId awaits;
        const auto value = expressed(step, d, mapping, holds.value, &awaits);
        if (!value) {
            if (can_write(mapping, false)) out.awaits = awaits;
            continue;
        }
        const bool both_empty = !shadow.value && value->is_null();
        if (both_empty || (shadow.value && equal_here(mapping, *value, *shadow.value))) {
            shadow.revision = holds.revision;  // differs in number only: the shadow keeps its value
            link.changed = true;
            if (!SEEDED(hold_outlives)) end_holds(link, p, holds.revision.rev);
            continue;
        }
        const Held* held = hold_on(link, p, holds.revision.rev);
        if (held && !SEEDED(held_forgotten)) {
            // What cannot be written there at all is not offered.
            if (!can_write(mapping, false) || refusal(mapping, *value)) continue;
            out.offered_at = std::min(out.offered_at, due_at(held->offers, step.now));
            if (is_due(held->offers, step.now))
                out.offers.push_back({p, holds.value, *value, holds.revision});
            continue;
        }
        if (SEEDED_WHERE(hold_widens, !link.held.empty())) continue;
        if (mapping.lens.access == model::Access::read_create) {
            hold(step, link,
                 {p, "cannot be changed there once the record is created", holds.revision.rev});
            continue;
        }
        if (!can_write(mapping, false)) continue;
        if (auto reason = refusal(mapping, *value)) {
            hold(step, link, {p, *reason, holds.revision.rev});
            continue;
        }
        out.sent.push_back({p, holds.value, *value, holds.revision});
    }
    return out;
}

Needs needs_of_new(Step& step, EntityId entity_id, DataTypeIndex index) {
    Needs out;
    const model::DataType& d = step.data_type(index);
    const model::Model& model = step.model_of(d);
    const WorkEntity& entity = step.work.entity(entity_id);
    out.missing = never_given(d, model);
    if (!out.missing.empty()) return out;
    for (const model::Mapping& mapping : d.map) {
        const PropertyIndex p = mapping.property;
        if (model[p].local || !can_write(mapping, true)) continue;
        const EntityProperty& holds = entity.properties[p.at()];
        const bool required = mapping.lens.required || model[p].required;
        if (holds.value.is_null()) {
            if (required && !mapping.lens.on_create)
                out.missing = model[p].name + " has no value yet";
            continue;
        }
        EntityId awaits;
        const auto value = expressed(step, d, mapping, holds.value, &awaits);
        if (!value) {
            (required ? out.awaits : out.lacks) = awaits;
            continue;
        }
        if (auto reason = refusal(mapping, *value)) {
            if (required) out.missing = *reason;
            continue;
        }
        out.sent.push_back({p, holds.value, *value, holds.revision});
    }
    if (out.sent.empty() && !out.awaits && out.missing.empty())
        out.missing = fmt::format("nothing of it can be written to {}", d.full_name);
    return out;
}

bool wants_create(Step& step, EntityId entity, DataTypeIndex index) {
    if (const WorkLink* there = step.work.link_in(entity, index);
        there && (there->state == LinkState::live ||
                  !SEEDED_WHERE(recreate_gone, !seeded::is_live(step, entity, index))))
        return false;
    if (const DataTypeIndex parents = step.data_type(index).parent)
        return wants_line(step, entity, index, parents);
    for (const WorkLink* link : step.work.links_of(entity)) {
        if (link->state != LinkState::live || !step.data_type(link->data_type).creates) continue;
        if (step.workspace.rule(link->data_type, index) == model::CreateRule::always) return true;
    }
    return false;
}

bool has_live_parent(Step& step, EntityId line, DataTypeIndex parents) {
    const WorkLink* parent = step.work.link_in(step.work.entity(line).parent, parents);
    return parent && parent->state == LinkState::live;
}

Parts parts_of(Step& step, EntityId entity, DataTypeIndex index, WorkLink* link) {
    Parts out;
    Needs own = link ? needs_of(step, *link) : needs_of_new(step, entity, index);
    out.awaits = own.awaits;
    out.lacks = own.lacks;
    out.missing = own.missing;
    out.offered_at = own.offered_at;
    out.parts.push_back({entity, index, link ? link->id : LinkId{}, std::move(own.sent)});
    std::vector<IntentPart> offers;
    gather_lines(step, entity, step.data_type(index), link == nullptr, out, offers);
    if (link && out.parts.size() == 1 && out.parts[0].sent.empty()) {
        if (!own.offers.empty())
            out.parts[0].sent.push_back(std::move(own.offers.front()));
        else if (!offers.empty())
            out.parts.push_back(std::move(offers.front()));
        else
            out.parts.clear();
    }
    if (!link && step.data_type(index).lines_required && out.lines == 0)
        out.missing = "it has no lines yet";
    return out;
}

Value compose(Step& step, DataTypeIndex index, const std::vector<IntentPart>& parts,
              const Value* current) {
    const model::DataType& d = step.data_type(index);
    const bool full = current && step.rest(d.resource).update_full;
    Value body = full ? *current : Value::object();
    if (current && SEEDED(full_body)) seeded::fill(step, parts.front(), body);
    write_part(step, parts.front(), current == nullptr, body);
    for (DataTypeIndex c : d.children) {
        const model::DataType& nested = step.data_type(c);
        const bool touched = std::ranges::any_of(
            parts.begin() + 1, parts.end(), [&](const IntentPart& p) { return p.data_type == c; });
        if (!touched) continue;
        body.set_path(nested.is_nested() ? nested.nested_path : nested.create_inside,
                      compose_list(step, nested, parts, current));
    }
    if (current == nullptr && !d.parent_at.empty()) {
        // A line of its own resource points to its parent.
        const EntityId parent = step.work.entity(parts.front().entity).parent;
        const WorkLink* link = step.work.link_in(parent, d.parent);
        CHECK(link && link->state == LinkState::live,
              "a line is created only inside a linked parent");
        body.set_path(d.parent_at, key_value(step.resource(step.data_type(d.parent).resource),
                                             step.work.record(link->record).external_id));
    }
    return body;
}

}  // namespace entente::sync
