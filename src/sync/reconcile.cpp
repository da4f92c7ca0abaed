#include "sync/reconcile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/feed.hpp"
#include "sync/life.hpp"
#include "sync/line_look.hpp"
#include "sync/match.hpp"
#include "sync/merge.hpp"
#include "sync/obstacle.hpp"
#include "sync/question.hpp"
#include "sync/refusal.hpp"
#include "sync/rights.hpp"
#include "sync/search.hpp"
#include "sync/siblings.hpp"
#include "sync/suspect.hpp"
#include "sync/unknown.hpp"

namespace entente::sync {
namespace {

// Who shows the entity's very edit stands where the entity stands, also when an equal edit has moved its stamp and line since:
// otherwise two edits made upon one value would seem to fork at a place before it.
void share_agreed(Step& step, const WorkEntity& entity) {
    for (WorkLink* link : step.work.links_of(entity.id))
        for (std::size_t p = 0; p < entity.properties.size(); ++p) {
            Revision& shows = link->shadows[p].revision;
            const Revision& agreed = entity.properties[p].revision;
            if (shows.rev != agreed.rev || shows == agreed) continue;
            shows = agreed;
            link->changed = true;
        }
}

bool is_being_written(Step& step, EntityId entity) {
    const auto create = step.memory.being_created.lower_bound({entity, DataTypeIndex::none()});
    if (create != step.memory.being_created.end() && create->first == entity) return true;
    return std::ranges::any_of(step.work.links_of(entity), [&](const WorkLink* link) {
        return step.intent_on(link->record) != nullptr;
    });
}

void drop_first(Revision& revision, std::size_t count) {
    if (count == 0) return;
    revision.line.erase(revision.line.begin(),
                        revision.line.begin() + static_cast<std::ptrdiff_t>(count));
    if (revision.line.size() == 1 &&
        revision.line.front() == LineEdit{revision.rev, revision.stamp.author.system})
        revision.line.clear();
}

// Lines need not tell what all of them begin with: they are compared where they first differ. What is on its way to a record
// has a line too, so nothing is cut while a write is open.
void prune(Step& step, WorkEntity& entity) {
    const auto links = step.work.links_of(entity.id);
    if (is_being_written(step, entity.id)) return;
    for (std::size_t p = 0; p < entity.properties.size(); ++p) {
        if (entity.properties[p].revision.line.empty()) continue;
        const std::vector<LineEdit> own = line_of(entity.properties[p].revision);
        std::size_t common = own.size() - 1;
        for (const WorkLink* link : links) {
            const std::vector<LineEdit> line = line_of(link->shadows[p].revision);
            if (line.empty()) continue;
            const auto differs = std::ranges::mismatch(own, line).in1 - own.begin();
            common = std::min({common, static_cast<std::size_t>(differs), line.size() - 1});
        }
        if (common == 0) continue;
        drop_first(entity.properties[p].revision, common);
        entity.changed = true;
        for (WorkLink* link : links) {
            if (link->shadows[p].revision.rev == 0) continue;
            drop_first(link->shadows[p].revision, common);
            link->changed = true;
        }
    }
}

// Made when its own data type and the target had both joined: somebody has just done it, and looks for it there.
bool is_news(const Step& step, const Revision& revision, DataTypeIndex target) {
    const auto joined_at = [&](DataTypeIndex d) {
        if (!d) return Instant{};
        const DataTypeState& state = step.memory.data_types.at(d);
        return state.joined ? not_ahead(step, state.joined_at) : Instant::never();
    };
    return revision.rev != 0 && revision.stamp.t > joined_at(target) &&
           revision.stamp.t > joined_at(revision.stamp.author.data_type);
}

template <class Edits>
bool is_backfill(const Step& step, const Edits& edits, DataTypeIndex target) {
    return std::ranges::none_of(
        edits, [&](const auto& edit) { return is_news(step, edit.revision, target); });
}

// Where the write goes: a nested line is written by its parent.
Dirty pair_of(Step& step, EntityId entity, DataTypeIndex index, bool backfill) {
    const model::DataType& d = step.data_type(index);
    if (d.is_nested()) return {step.work.entity(entity).parent, d.parent, {}, {}, {}, backfill};
    return {entity, index, {}, {}, {}, backfill};
}

// What was refused is offered again then, if ever.
void offer_later(Step& step, Dirty pair, Instant when) {
    if (when == Instant::never()) return;
    pair.not_before = std::max(when, step.now + Duration{1});
    pair.why = "was refused, and is offered again";
    pair.is_offer = when > step.now;
    step.mark_dirty(std::move(pair));
}

// Another try is made then; nobody waits for it.
void put_off(Step& step, Dirty pair, Instant when, std::string why) {
    step.transaction.drop_dirty(pair.entity, pair.data_type);
    pair.not_before = when;
    pair.why = std::move(why);
    pair.is_offer = true;
    step.mark_dirty(std::move(pair));
}

void settle_one(Step& step, EntityId id) {
    WorkEntity& entity = step.work.entity(id);
    share_agreed(step, entity);
    prune(step, entity);
    for (WorkLink* link : step.work.links_of(id)) {
        if (link->state != LinkState::live) continue;
        const Needs needs = needs_of(step, *link);
        if (needs.sent.empty() && !needs.awaits) {
            offer_later(step, pair_of(step, id, link->data_type, false), needs.offered_at);
            continue;
        }
        const bool backfill = needs.awaits ? is_backfill(step, entity.properties, link->data_type)
                                           : is_backfill(step, needs.sent, link->data_type);
        step.mark_dirty(pair_of(step, id, link->data_type, backfill));
    }
    for (std::size_t i = 0; i < step.workspace.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        const model::DataType& data_type = step.workspace.data_types[i];
        if (data_type.model != entity.model || step.expected.contains({id, data_type.resource}))
            continue;
        if (!wants_create(step, id, d)) {
            forget_refusal(step, id, d);
            continue;
        }
        const bool backfill = is_backfill(step, entity.properties, d);
        step.mark_dirty(pair_of(step, id, d, backfill));
        // Lines that the create of their parent carries change what was refused with them.
        if (step.memory.anything_refused && !data_type.create_inside.empty() &&
            step.transaction.parked_create(entity.parent, data_type.parent))
            step.mark_dirty({entity.parent, data_type.parent, {}, {}, {}, backfill});
    }
}

void wait_until(Step& step, const Dirty& pair, Instant when, std::string why) {
    Dirty waiting = pair;
    waiting.not_before = when;
    waiting.why = std::move(why);
    step.mark_dirty(std::move(waiting));
}

Intent start(Step& step, const Dirty& pair, std::vector<IntentPart> parts) {
    Intent intent;
    intent.id = step.transaction.new_intent_id();
    intent.resource = step.data_type(pair.data_type).resource;
    intent.parts = std::move(parts);
    intent.made_at = intent.sent_at = step.now;
    intent.in_vain = pair.in_vain;
    note_offers(step, intent);
    note_try(step, intent.resource);
    return intent;
}

void open(Step& step, Intent intent, Purpose purpose) {
    keep_intent(step, intent);
    step.out.effects.push_back(write_effect(step, intent, purpose));
    step.out.effects.back().backfill = is_backfill(step, intent);
}

bool update(Step& step, const Dirty& pair, WorkLink& link) {
    WorkRecord& record = step.work.record(link.record);
    if (step.intent_on(record.id)) {
        step.transaction.drop_dirty(pair.entity,
                                    pair.data_type);  // looked at again when the intent closes
        return false;
    }
    Parts parts = parts_of(step, pair.entity, pair.data_type, &link);
    if (parts.parts.empty()) {
        if (parts.awaits)
            wait(step, pair, parts.awaits, "refers to something that has no record there yet");
        else
            step.transaction.drop_dirty(pair.entity, pair.data_type);
        if (!parts.awaits) offer_later(step, {pair.entity, pair.data_type}, parts.offered_at);
        return false;
    }
    if (const auto until = forbidden_until(step, record.resource)) {
        put_off(step, pair, *until, "our rights there are lost");
        return false;
    }
    const model::DataType& d = step.data_type(pair.data_type);
    const Value body = stored_body(record);
    Intent intent = start(step, pair, std::move(parts.parts));
    intent.record = record.id;
    intent.external_id = record.external_id;
    intent.body = json::write(compose(step, pair.data_type, intent.parts, &body));
    const model::RestProtocol& rest = step.rest(d.resource);
    const bool trusted = !version_is_a_time(rest) || SEEDED(exact_version);
    // A version vouches for the body that was shown with it, and a whole record is written upon nothing less (G5).
    const bool is_base = !rest.update_full || record.digest != Digest{};
    const bool conditional =
        !rest.precondition_header.empty() && !record.etag.empty() && trusted && is_base;
    if (conditional && !SEEDED(skip_precondition)) intent.precondition = record.etag;
    const bool at_once = conditional || SEEDED(skip_compare);
    intent.phase = at_once ? IntentPhase::sent : IntentPhase::comparing;
    step.transaction.drop_dirty(pair.entity, pair.data_type);
    open(step, std::move(intent), at_once ? Purpose::write : Purpose::compare);
    return true;
}

// Nobody waits for it if what it is to be told from is itself asked about at long intervals.
void wait_for_suspect(Step& step, const Dirty& pair, const Suspected& suspected) {
    const std::string why = "a record there may be it, or what another create made";
    if (suspected.is_lasting)
        put_off(step, pair, suspected.until, why);
    else
        wait_until(step, pair, suspected.until, why);
}

bool create(Step& step, const Dirty& pair) {
    const DataTypeIndex index = pair.data_type;
    const model::DataType& d = step.data_type(index);
    if (!wants_create(step, pair.entity, index) ||
        step.memory.being_created.contains({pair.entity, index})) {
        step.transaction.drop_dirty(pair.entity, index);
        return false;
    }
    if (!d.create_inside.empty() &&
        step.memory.being_created.contains({step.work.entity(pair.entity).parent, d.parent})) {
        // Looked at again when the create of its parent is understood.
        step.transaction.drop_dirty(pair.entity, index);
        return false;
    }
    if (are_lines_read(step, pair)) {
        step.mark_dirty({pair.entity,
                         index,
                         step.now + Duration{1'000},
                         {},
                         "the lines there are being read",
                         pair.backfill});
        return false;
    }
    if (auto parked = parked_as_it_is(step, pair.entity, index)) {
        wait(step, pair, parked->awaits, std::move(parked->why));
        offer_later(step, {pair.entity, index}, parked->offered_at);
        return false;
    }
    if (auto why = obstacle(step, pair); !why.empty()) {
        const EntityId parent = d.parent ? step.work.entity(pair.entity).parent : EntityId{};
        wait(step, pair, parent, std::move(why));
        return false;
    }
    if (has_change_feed(step, d.resource) && !fresh_enough(step, pair)) {
        step.memory.poll_wanted.insert(d.resource);
        return false;
    }
    Parts parts = parts_of(step, pair.entity, index, nullptr);
    if (parts.awaits || !parts.missing.empty()) {
        wait(step, pair, parts.awaits,
             parts.awaits ? "refers to something that has no record there yet" : parts.missing);
        return false;
    }
    if (is_a_question(step, pair.entity, index)) {
        wait(step, pair, {}, "waits for a person");
        return false;
    }
    if (const auto suspected = suspected_until(step, pair.entity, index)) {
        wait_for_suspect(step, pair, *suspected);
        return false;
    }
    if (!may_try(step, pair.entity, index)) {
        wait_until(step, pair, step.now + Duration{1'000}, "what was created is looked for first");
        return false;
    }
    if (const auto until = forbidden_until(step, d.resource)) {
        put_off(step, pair, *until, "our rights there are lost");
        return false;
    }
    if (!may_be_sent(step, pair, parts.parts.front())) return false;
    step.memory.looked_for.erase({pair.entity, index});
    Intent intent = start(step, pair, std::move(parts.parts));
    intent.body = json::write(compose(step, index, intent.parts, nullptr));
    if (step.resource(d.resource).grade == model::CreateGrade::keyed)
        intent.idempotency_key =
            fmt::format("{}-{}-{}", step.workspace.name, intent.id.value, step.now.ms);
    step.transaction.drop_dirty(pair.entity, index);
    open(step, std::move(intent), Purpose::write);
    return true;
}

// Creates wait while records of the resource are still to be matched: one of them may be the very thing.
bool creates_blocked(Step& step, ResourceIndex resource) {
    return step.memory.match_wanted.contains(resource) ||
           step.memory.poll_wanted.contains(resource);
}

}  // namespace

void settle(Step& step) {
    while (!step.unsettled.empty()) {
        const std::vector<EntityId> ids(step.unsettled.begin(), step.unsettled.end());
        step.unsettled.clear();
        step.work.load_entities(ids);
        for (EntityId id : ids) settle_one(step, id);
    }
}

namespace {

// Takes up to `room` pairs of one data type, of a backfill or not, and lessens `room` by the intents it opened. False: nothing
// could be done with any of them now. A create that has to wait for matching or a poll stays where it is. `left`: there may be more.
bool reconcile_some(Step& step, DataTypeIndex d, bool backfill, int& room, bool& left) {
    const ResourceIndex resource = step.data_type(d).resource;
    const bool blocked = creates_blocked(step, resource);
    const int asked = room;
    auto pairs = step.transaction.dirty_ready(d, step.now, asked);
    left = static_cast<int>(pairs.size()) == asked;
    const auto others =
        std::erase_if(pairs, [&](const Dirty& pair) { return pair.backfill != backfill; });
    if (others > 0)
        left = backfill;  // edits that are still ready have to wait; a backfill's come last
    std::vector<EntityId> ids;
    for (const Dirty& pair : pairs) ids.push_back(pair.entity);
    step.work.load_entities(ids);
    bool progress = false;
    for (const Dirty& pair : pairs) {
        WorkLink* link = step.work.link_in(pair.entity, d);
        const bool is_next =
            !is_looking(step, pair) || step.memory.looked_for.contains({pair.entity, d});
        const bool waits = link
                               ? lines_are_unmatched(step.workspace, step.memory, step.data_type(d))
                               : blocked || !is_next || step.memory.poll_wanted.contains(resource);
        if (waits) {
            left = true;
            continue;
        }
        if (link && link->state != LinkState::live && !SEEDED(recreate_gone))
            step.transaction.drop_dirty(pair.entity, d);
        else if (link && link->state == LinkState::live ? update(step, pair, *link)
                                                        : create(step, pair))
            --room;
        progress |= !step.memory.poll_wanted.contains(resource);
    }
    return progress;
}

void reconcile_all(Step& step, SystemIndex system, bool backfill, int room) {
    const bool had_room = room > 0;
    for (DataTypeIndex d : step.memory.write_order) {
        const model::DataType& data_type = step.data_type(d);
        if (data_type.system != system || !step.memory.maybe_ready[d]) continue;
        if ((!step.joined(d) && !SEEDED(join_ignored)) || !step.may_write(d)) continue;
        if (is_joining(step.workspace, step.memory, d)) continue;
        bool left = true;
        while (room > 0 && left && reconcile_some(step, d, backfill, room, left)) {
        }
        if (room == 0 && had_room) return;
        if (!backfill) continue;
        if (room == 0) left = !step.transaction.dirty_ready(d, step.now, 1).empty();
        step.memory.maybe_ready[d] = left || step.memory.poll_wanted.contains(data_type.resource);
    }
}

}  // namespace

void reconcile(Step& step, const Room& offered) {
    if (!step.memory.rekeying.empty()) return;
    reconcile_all(step, offered.system, false, offered.edits);
    reconcile_all(step, offered.system, true, offered.backfill);
    start_looks(step);
}

bool is_backfill(const Step& step, const Intent& intent) {
    return std::ranges::all_of(intent.parts, [&](const IntentPart& part) {
        return is_backfill(step, part.sent, part.data_type);
    });
}

bool lines_are_unmatched(const model::Workspace& workspace, const Memory& memory,
                         const model::DataType& data_type) {
    return std::ranges::any_of(data_type.children, [&](DataTypeIndex c) {
        const model::DataType& lines = workspace.data_type(c);
        return lines.is_nested() && memory.match_wanted.contains(lines.resource) &&
               memory.data_types.at(c).joined;
    });
}

}  // namespace entente::sync
