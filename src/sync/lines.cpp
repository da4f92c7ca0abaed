#include "sync/lines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/seeded_bug.hpp"
#include "sync/feed.hpp"
#include "sync/line_look.hpp"
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
        step.work.adopt(line, found->id);
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

bool equal_by(Step& step, const model::DataType& d, const model::MatchRule& rule, const Line& line,
              const Entity& entity) {
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

// Whether the line is in another system, or on its way there.
bool is_elsewhere(Step& step, EntityId line, DataTypeIndex here) {
    const bool lives = std::ranges::any_of(step.work.links_of(line), [&](const WorkLink* link) {
        return link->data_type != here && link->state == LinkState::live;
    });
    const auto makes = [&](const IntentPart& part) {
        return part.entity == line && !part.link && part.data_type != here;
    };
    return lives || std::ranges::any_of(step.memory.intents, [&](const auto& intent) {
               return std::ranges::any_of(intent.second.parts, makes);
           });
}

// The links of a thing's lines in one data type. A line that is here will be elsewhere, if it is not yet; one that went counts
// as long as it is elsewhere.
struct Known {
    std::vector<WorkLink*> live, gone;
};

Known known_lines(Step& step, EntityId parent, DataTypeIndex index) {
    Known out;
    const auto children = step.work.child_entities(parent);
    step.work.load_entities(children);
    for (EntityId child : children) {
        WorkLink* link = step.work.link_in(child, index);
        if (!link) continue;
        if (link->state == LinkState::live) out.live.push_back(link);
        if (link->state == LinkState::gone && is_elsewhere(step, child, index) &&
            !step.intent_on(link->record))
            out.gone.push_back(link);
    }
    return out;
}

// Whether a person has said that these two are not one line.
bool are_apart(Step& step, RecordId line, RecordId other) {
    const auto apart = step.transaction.apart_from(line);
    return std::ranges::find(apart, other) != apart.end();
}

// Whether the line shows what the one that went has shown.
bool shows_the_same(const model::DataType& d, const model::MatchRule& rule, const Line& line,
                    const WorkLink& link) {
    return std::ranges::all_of(rule, [&](PropertyIndex p) {
        const auto& x = line.shown.values[p.at()];
        const auto& y = link.shadows[p.at()].value;
        return x && y && !x->is_null() && !y->is_null() && equal_here(*d.mapping(p), *x, *y);
    });
}

// Lines that went are matched with those that came, as a multiset by the best rule: by what they showed, as a person types again
// what he saw, then by what they should show by now.
void match_gone(Step& step, DataTypeIndex index, std::vector<WorkLink*>& gone,
                std::vector<Line>& lines) {
    const model::DataType& d = step.data_type(index);
    const auto take = [&](auto&& is_it) {
        for (Line& line : lines) {
            if (line.matched) continue;
            const auto found = std::ranges::find_if(gone, [&](const WorkLink* link) {
                return !are_apart(step, line.record, link->record) && is_it(line, *link);
            });
            if (found == gone.end()) continue;
            take_over(step, step.work.record(line.record), **found);
            line.matched = true;
            gone.erase(found);
        }
    };
    for (const auto& rule : step.model_of(d).match) {
        take([&](const Line& line, const WorkLink& link) {
            return shows_the_same(d, rule, line, link);
        });
        take([&](const Line& line, const WorkLink& link) {
            return equal_by(step, d, rule, line, step.work.entity(link.entity));
        });
    }
}

// Lines that came are matched with lines that other systems have and this one never had.
void match_free(Step& step, DataTypeIndex index, EntityId parent, std::vector<Line>& lines) {
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
            if (!SEEDED(line_shared)) free.erase(found);
        }
}

std::string words_of_line(const Step& step, const WorkRecord& line, const model::DataType& d,
                          const Projection& shown) {
    std::string values;
    for (PropertyIndex p :
         step.model_of(d).match.empty() ? model::MatchRule() : step.model_of(d).match.front())
        if (const auto& x = shown.values[p.at()]; x && !x->is_null())
            values += (values.empty() ? "" : ", ") + json::write(*x);
    return fmt::format("{} {}{}", step.resource(line.resource).name, line.external_id,
                       values.empty() ? "" : " (" + values + ")");
}

// One article removed and another added, or one line typed anew otherwise: only a person knows.
void park_retyped(Step& step, DataTypeIndex index, const Line& line,
                  const std::vector<WorkLink*>& gone) {
    const model::DataType& d = step.data_type(index);
    std::vector<RecordId> candidates;
    std::string names;
    for (const WorkLink* link : gone) {
        const WorkRecord& record = step.work.record(link->record);
        const Value body = stored_body(record);
        candidates.push_back(record.id);
        names +=
            (names.empty() ? "" : ", ") + words_of_line(step, record, d, project(step, d, body));
    }
    WorkRecord& record = step.work.record(line.record);
    park_record(
        step, record, index, ParkReason::retyped, std::move(candidates),
        fmt::format("{} came where {} went, and other systems still have what went: if it is that "
                    "line typed anew, `entente relink` says so; if it is another one, `entente "
                    "apart` says so, or the other systems are rid of what went",
                    words_of_line(step, record, d, line.shown), names));
}

void park_unknown(Step& step, DataTypeIndex index, RecordId parent, const std::vector<Line>& lines,
                  const Known& known) {
    std::vector<RecordId> candidates;
    for (const WorkLink* link : known.live) candidates.push_back(link->record);
    const std::string& why = step.memory.line_looks.at({parent, index}).failure;
    for (const Line& line : lines) {
        WorkRecord& record = step.work.record(line.record);
        if (record.matching == Matching::parked) continue;
        park_record(
            step, record, index, ParkReason::retyped, candidates,
            fmt::format("it came, and the other lines there could not be read to see whether "
                        "one of them went: {}; tried again with the next sweep",
                        why));
    }
    forget_line_look(step, parent, index);
}

// Whether a line that is here as far as we know may have gone since: linked ones, and those that came before the others.
bool may_have_gone(Step& step, const Known& known, const std::vector<Line>& lines) {
    const Instant came = step.work.record(lines.front().record).changed_at;
    return !known.live.empty() || std::ranges::any_of(lines, [&](const Line& line) {
        return step.work.record(line.record).changed_at != came;
    });
}

// What lines that came while others went are. False: they wait, for a look or for a person.
bool match_retyped(Step& step, DataTypeIndex index, EntityId parent, std::vector<Line>& lines,
                   std::vector<WorkLink*>& gone) {
    Known known = known_lines(step, parent, index);
    const RecordId record = step.work.record(lines.front().record).parent;
    if (!step.data_type(index).is_nested() && may_have_gone(step, known, lines)) {
        Instant from;
        for (const Line& line : lines)
            from = std::max(from, sure_from(step, step.work.record(line.record)));
        const LinesKnown are = lines_known(step, record, index, from);
        if (are == LinesKnown::no) park_unknown(step, index, record, lines, known);
        if (are != LinesKnown::yes) return false;
    }
    forget_line_look(step, record, index);
    gone = std::move(known.gone);
    match_gone(step, index, gone, lines);
    return true;
}

void match_inside(Step& step, DataTypeIndex index, EntityId parent, std::vector<Line>& lines) {
    const model::DataType& d = step.data_type(index);
    std::vector<WorkLink*> gone;
    // Before it joins, nothing can have been typed anew.
    const bool may_be_retyped = step.joined(index) && !SEEDED(new_line_first);
    if (may_be_retyped && !match_retyped(step, index, parent, lines, gone)) return;
    match_free(step, index, parent, lines);
    bool is_any_linked = std::ranges::any_of(lines, &Line::matched);
    for (const Line& line : lines) {
        if (line.matched) continue;
        auto possible = gone;
        std::erase_if(possible, [&](const WorkLink* link) {
            return are_apart(step, line.record, link->record);
        });
        if (!possible.empty()) {
            park_retyped(step, index, line, possible);
            continue;
        }
        const EntityId entity = make_entity(step, d.model, parent).id;
        link_line(step, index, line, entity, LinkOrigin::first);
        is_any_linked = true;
    }
    step.unsettled.insert(parent);
    // A line that waits in another system may be one that was just typed here.
    if (is_any_linked) match_waiting_lines(step, parent);
}

// The line as one that looks for its entity; nullopt after it was set to wait for a reference.
std::optional<Line> line_of(Step& step, const model::DataType& d, WorkRecord& record,
                            const Value& body) {
    Projection shown = project(step, d, body);
    auto values = liftable(step, d, record, shown);
    if (!values) return std::nullopt;
    return Line{record.id, std::move(shown), *std::move(values)};
}

bool waits_retyped(Step& step, const WorkRecord& line) {
    if (line.matching != Matching::parked || line.state != RecordState::live) return false;
    const auto parked = step.transaction.parked_record(line.id);
    return parked && parked->reason == ParkReason::retyped;
}

// Lines of the same record that wait for a person because others went: what comes may be what they are not.
void add_waiting(Step& step, DataTypeIndex index, std::vector<Line>& lines) {
    if (!step.memory.anything_parked) return;
    const model::DataType& d = step.data_type(index);
    const RecordId parent = step.work.record(lines.front().record).parent;
    for (RecordId child : step.work.child_records(parent)) {
        WorkRecord& record = step.work.record(child);
        if (record.resource != d.resource || !waits_retyped(step, record)) continue;
        const Value body = stored_body(record);
        if (!meets(d, body)) continue;
        if (auto line = line_of(step, d, record, body)) lines.push_back(*std::move(line));
    }
}

}  // namespace

void match_lines(Step& step, DataTypeIndex index, std::span<const RecordId> pending) {
    const model::DataType& d = step.data_type(index);
    std::map<EntityId, std::vector<Line>> by_parent;
    for (RecordId id : pending) {
        WorkRecord& line = step.work.record(id);
        if (line.state != RecordState::live) continue;
        const Value body = stored_body(line);
        const WorkLink* parent = parent_link(step, d, line, body);
        if (!parent) continue;
        if (auto found = line_of(step, d, line, body))
            by_parent[parent->entity].push_back(*std::move(found));
    }
    for (auto& [parent, lines] : by_parent) {
        add_waiting(step, index, lines);
        match_inside(step, index, parent, lines);
    }
}

std::vector<WorkLink*> places_of(Step& step, const WorkRecord& line, DataTypeIndex index) {
    const WorkLink* parent = step.work.link(line.parent, step.data_type(index).parent);
    if (!parent || parent->state != LinkState::live) return {};
    return known_lines(step, parent->entity, index).gone;
}

void match_waiting_beside(Step& step, const WorkLink& link) {
    if (step.memory.anything_parked && step.data_type(link.data_type).parent)
        match_waiting_lines(step, step.work.entity(link.entity).parent);
}

void match_waiting_lines(Step& step, EntityId parent) {
    if (!parent || !step.memory.anything_parked) return;
    for (const WorkLink* link : step.work.links_of(parent)) {
        if (link->state != LinkState::live || step.data_type(link->data_type).children.empty())
            continue;
        for (RecordId child : step.work.child_records(link->record)) {
            WorkRecord& line = step.work.record(child);
            if (!waits_retyped(step, line)) continue;
            line.matching = Matching::pending;
            line.changed = true;
            step.memory.match_wanted.insert(line.resource);
        }
    }
}

}  // namespace entente::sync
