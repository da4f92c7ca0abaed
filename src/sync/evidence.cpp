#include "sync/evidence.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/seeded_bug.hpp"
#include "sync/compose.hpp"
#include "sync/link.hpp"
#include "sync/merge.hpp"
#include "sync/seeded_bugs.hpp"
#include "sync/siblings.hpp"

namespace entente::sync {
namespace {

HistoryEvent event_of(HistoryEvent::Kind kind, const WorkLink& link, PropertyIndex property) {
    HistoryEvent event;
    event.kind = kind;
    event.entity = link.entity;
    event.link = link.id;
    event.record = link.record;
    event.data_type = link.data_type;
    event.property = property;
    return event;
}

void tell_written(Step& step, const IntentPart& part, const WorkLink& link, const Sent& sent) {
    HistoryEvent event = event_of(HistoryEvent::Kind::write, link, sent.property);
    event.after = sent.written;
    Notice notice;
    notice.kind = Notice::Kind::written;
    notice.entity = part.entity;
    notice.data_type = part.data_type;
    notice.external_id = step.work.record(link.record).external_id;
    notice.property = sent.property;
    notice.after = sent.written;
    notice.took = step.now - sent.revision.stamp.t;
    step.notice(std::move(notice));
    step.record(std::move(event));
}

void tell_overtaken(Step& step, const WorkLink& link, const Sent& sent, const Value& found) {
    HistoryEvent event = event_of(HistoryEvent::Kind::conflict, link, sent.property);
    event.before = sent.written;
    event.after = found;
    event.text =
        "our write's outcome was unknown and the record shows neither the old value nor ours: "
        "counted as made upon ours";
    step.record(std::move(event));
}

void settle_property(Step& step, const IntentPart& part, WorkLink& link, const Sent& sent,
                     const std::optional<Value>& x, Evidence evidence) {
    const model::Mapping& mapping = *step.data_type(part.data_type).mapping(sent.property);
    Shadow& shadow = link.shadows[sent.property.at()];
    const auto arrived = [&](Value value, const Revision& shows) {
        shadow = {std::move(value), shows};
        if (!SEEDED_WHERE(hold_outlives, !link.held.empty()))
            end_holds(link, sent.property, sent.revision.rev);
        tell_written(step, part, link, sent);
    };
    link.changed = true;
    const Revision& shows =
        SEEDED(rev_as_sent) ? step.work.entity(part.entity).properties[sent.property.at()].revision
                            : sent.revision;
    const bool is_executed = evidence == Evidence::answer || evidence == Evidence::read_back;
    if (!x) {  // the body leaves it out
        if (is_executed) arrived(sent.written, shows);
        return;
    }
    const bool ours = equal_here(mapping, *x, sent.written);
    if (evidence == Evidence::refused) {
        // Else it may as well be somebody's, who typed the same: that is observed, and counts.
        const Revision& now = step.work.entity(part.entity).properties[sent.property.at()].revision;
        const bool was_replaced =
            now.rev != sent.revision.rev &&
            std::ranges::count(line_of(now), sent.revision.rev, &LineEdit::rev) > 0;
        if (!ours || !was_replaced) return;
    }
    // The answer to our own write shows the system's form of our value, unless it shows what was there before.
    const bool was_ignored = evidence == Evidence::answer && !ours && shadow.value &&
                             equal_here(mapping, *x, *shadow.value);
    if (ours || (evidence == Evidence::answer && !was_ignored)) {
        arrived(*x, shows);
    } else if (evidence == Evidence::read_back && SEEDED(park_unstuck)) {
        shadow = {sent.written, sent.revision};
    } else if (evidence == Evidence::read_back || was_ignored) {
        shadow = {*x, sent.revision};
        hold(step, link,
             {sent.property,
              "did not stick: we wrote " + json::write(sent.written) + ", it shows " +
                  json::write(*x),
              sent.revision.rev},
             sent.written, x);
    } else if (!shadow.value && x->is_null()) {
        // What was found may be somebody's own record: that it has no value there is no edit.
    } else if (!SEEDED(after_unknown) &&
               !(shadow.value && equal_here(mapping, *x, *shadow.value))) {
        tell_overtaken(step, link, sent, *x);
        shadow = {sent.written, sent.revision};
        end_holds(link, sent.property, sent.revision.rev);
    }
}

void settle_part(Step& step, const IntentPart& part, WorkLink& link, const Value& body,
                 Evidence evidence) {
    const Projection shown = project(step, step.data_type(part.data_type), body);
    if (SEEDED(split_answer)) seeded::take_whole(link, shown);
    if (SEEDED(keep_unseen)) seeded::empty_unseen(step, link, shown);
    for (const Sent& sent : part.sent)
        settle_property(step, part, link, sent, shown.values[sent.property.at()], evidence);
}

const Value* element_of(const Value& list, const std::string& key_at, const std::string& own_key) {
    for (const Value& element : list.as_list()) {
        const Value* key = element.at_path(key_at);
        if (key && (key->is_text() ? key->as_text() : json::write(*key)) == own_key)
            return &element;
    }
    return nullptr;
}

// A value of ours that could not be sent yet must not lose to the system's default for it. What the record shows when it is
// read later may be somebody's, and cannot be told from a default: it is kept where people find it.
void shield_defaults(Step& step, WorkLink& link, const Projection& shown, Evidence evidence) {
    const WorkEntity& entity = step.work.entity(link.entity);
    for (std::size_t p = 0; p < link.shadows.size(); ++p) {
        if (link.shadows[p].value || !shown.values[p] || entity.properties[p].revision.rev == 0)
            continue;
        link.shadows[p].value = shown.values[p];
        if (evidence == Evidence::answer || shown.values[p]->is_null()) continue;
        HistoryEvent event = event_of(HistoryEvent::Kind::conflict, link,
                                      PropertyIndex{static_cast<std::int32_t>(p)});
        event.before = shown.values[p];
        event.after = entity.properties[p].value;
        event.text = "the record that we created shows this when it is read back; ours is kept";
        step.record(std::move(event));
    }
}

WorkLink& link_created(Step& step, const IntentPart& part, WorkRecord& record, const Value& body,
                       Evidence evidence) {
    WorkLink& link = make_link(step, record, part.data_type, part.entity, LinkOrigin::created);
    settle_part(step, part, link, body, evidence);
    const Projection shown = project(step, step.data_type(part.data_type), body);
    shield_defaults(step, link, shown, evidence);
    step.record(event_of(HistoryEvent::Kind::create, link, PropertyIndex::none()));
    return link;
}

// Pairs the lines that nobody knows yet with the new lines of the write, by what they show.
void pair_lines(Step& step, const Intent& intent, WorkRecord& parent, DataTypeIndex lines,
                std::vector<SeenRecord> unknown, const Reading& reading, Evidence evidence) {
    const auto is_open = [&](const IntentPart& part) {
        return !part.link && part.data_type == lines && !step.work.link_in(part.entity, lines);
    };
    const auto open = std::ranges::count_if(intent.parts, is_open);
    // The system may show every line in a form of its own: as many as were sent, in their order, are ours all the same.
    const bool in_order =
        evidence == Evidence::answer ||
        (evidence == Evidence::read_back && open == static_cast<std::ptrdiff_t>(unknown.size()));
    const ResourceIndex resource = step.data_type(lines).resource;
    const auto pair = [&](const IntentPart& part, std::vector<SeenRecord>::iterator found) {
        WorkRecord* line = step.work.find_record(resource, found->external_id);
        if (!line) line = &observe_new(step, resource, *found, reading, parent.id);
        line->parent = parent.id;
        link_created(step, part, *line, found->body, evidence);
        unknown.erase(found);
    };
    // What shows all that was sent is taken first, whatever its place: else a line that somebody has typed anew meanwhile would
    // put all others in each other's places.
    for (const IntentPart& part : intent.parts) {
        if (!is_open(part)) continue;
        const auto found = std::ranges::find_if(
            unknown, [&](const SeenRecord& seen) { return shows_all_sent(step, part, seen.body); });
        if (found != unknown.end()) pair(part, found);
    }
    if (!in_order) return;
    for (const IntentPart& part : intent.parts)
        if (is_open(part) && !unknown.empty()) pair(part, unknown.begin());
}

bool is_nobodys(Step& step, const WorkRecord* line) {
    return !line || line->matching == Matching::pending ||
           (line->matching == Matching::outside && step.work.links_of_record(line->id).empty());
}

// Lines that the write added inside the record: elements whose key nobody knows yet.
void take_new_lines(Step& step, const Intent& intent, WorkRecord& parent, const Value& body,
                    const Reading& reading, Evidence evidence) {
    for (DataTypeIndex c : step.data_type(intent.parts.front().data_type).children) {
        const model::DataType& nested = step.data_type(c);
        const Value* list = nested.is_nested() ? body.at_path(nested.nested_path) : nullptr;
        if (!list || !list->is_list()) continue;
        std::vector<SeenRecord> unknown;
        for (const Value& element : list->as_list()) {
            SeenRecord seen;
            seen.external_id = nested_id(parent, step.resource(nested.resource), element);
            seen.body = element;
            if (is_nobodys(step, step.work.find_record(nested.resource, seen.external_id)))
                unknown.push_back(std::move(seen));
        }
        pair_lines(step, intent, parent, c, std::move(unknown), reading, evidence);
    }
}

}  // namespace

std::size_t sent_shown(Step& step, const IntentPart& part, const Value& element) {
    const model::DataType& d = step.data_type(part.data_type);
    const Projection shown = project(step, d, element);
    const auto count = std::ranges::count_if(part.sent, [&](const Sent& sent) {
        const auto& x = shown.values[sent.property.at()];
        return !x || equal_here(*d.mapping(sent.property), *x, sent.written);
    });
    return static_cast<std::size_t>(count);
}

bool shows_all_sent(Step& step, const IntentPart& part, const Value& element) {
    return sent_shown(step, part, element) == part.sent.size();
}

void take_evidence(Step& step, const Intent& intent, WorkRecord& record, const SeenRecord& seen,
                   Evidence evidence) {
    for (const IntentPart& part : intent.parts) {
        if (!part.link) continue;
        WorkLink* link = step.work.link_in(part.entity, part.data_type);
        if (!link || link->id != part.link || link->state != LinkState::live) continue;
        const model::DataType& d = step.data_type(part.data_type);
        if (!d.is_nested()) {
            settle_part(step, part, *link, seen.body, evidence);
            continue;
        }
        const Value* list = seen.body.at_path(d.nested_path);
        const std::string& external = step.work.record(link->record).external_id;
        const Value left_out = Value::object();
        const Value* element = !list ? &left_out
                               : list->is_list()
                                   ? element_of(*list, step.resource(d.resource).key_at,
                                                external.substr(external.rfind('/') + 1))
                                   : nullptr;
        if (element) settle_part(step, part, *link, *element, evidence);
    }
    Reading reading;
    reading.began = reading.ended = step.now;
    take_new_lines(step, intent, record, seen.body, reading, evidence);
}

void take_created_lines(Step& step, const Intent& intent, WorkRecord& parent, DataTypeIndex lines,
                        std::span<const SeenRecord> seen, const Reading& reading,
                        Evidence evidence) {
    std::vector<SeenRecord> unknown;
    for (const SeenRecord& line : seen)
        if (is_nobodys(step,
                       step.work.find_record(step.data_type(lines).resource, line.external_id)))
            unknown.push_back(line);
    pair_lines(step, intent, parent, lines, std::move(unknown), reading, evidence);
}

void take_created(Step& step, const Intent& intent, const SeenRecord& seen, const Reading& reading,
                  Evidence evidence) {
    WorkRecord* record = step.work.find_record(intent.resource, seen.external_id);
    const IntentPart& self = intent.parts.front();
    const EntityId parent_entity = step.work.entity(self.entity).parent;
    const DataTypeIndex parent_type = step.data_type(self.data_type).parent;
    const WorkLink* parent = parent_type ? step.work.link_in(parent_entity, parent_type) : nullptr;
    const RecordId parent_record = parent ? parent->record : RecordId{};
    if (!record)
        record = &observe_new(step, intent.resource, seen, reading, parent_record);
    else if (parent_record && !record->parent)  // a feed has shown it before our answer came
        step.work.adopt(*record, parent_record);
    record->written_at = reading.ended;
    if (record->matching == Matching::pending) unsettle_neighbours(step, *record);
    link_created(step, self, *record, seen.body, evidence);
    take_new_lines(step, intent, *record, seen.body, reading, evidence);
    record->digest =
        {};  // the whole body is compared with the new shadows, whatever a page showed before
    observe_known(step, *record, seen, reading);
    look_for_mirrored(step, intent, *record);
    Notice notice;
    notice.kind = Notice::Kind::created;
    notice.entity = self.entity;
    notice.data_type = self.data_type;
    notice.external_id = seen.external_id;
    step.notice(std::move(notice));
}

}  // namespace entente::sync
