#include "sync/create.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/evidence.hpp"
#include "sync/feed.hpp"
#include "sync/life.hpp"
#include "sync/search.hpp"
#include "sync/trouble.hpp"

namespace entente::sync {
namespace {

// The system's index may show what it has just made a little later.
bool may_still_be_invisible(const Step& step, const Intent& intent, ResourceIndex resource) {
    const Duration visible_after = step.resource(resource).visible_after;
    return step.now < in_this_life(step, intent.sent_at) + visible_after + step.rest(resource).lag;
}

// A line that this create carried, and that is still to be seen; it may be that a person is asked about it already.
bool is_to_be_seen(Step& step, const IntentPart& part) {
    return !step.data_type(part.data_type).create_inside.empty() &&
           !step.work.link_in(part.entity, part.data_type) &&
           !(step.memory.anything_parked &&
             step.transaction.parked_create(part.entity, part.data_type));
}

// The data type whose lines this create carried and that are still to be seen; none() when there is none.
DataTypeIndex lines_to_learn(Step& step, const Intent& intent) {
    for (const IntentPart& part : intent.parts)
        if (is_to_be_seen(step, part)) return part.data_type;
    return DataTypeIndex::none();
}

void read_lines(Step& step, Intent intent, DataTypeIndex lines) {
    const model::DataType& d = step.data_type(lines);
    intent.phase = IntentPhase::reading_lines;
    intent.not_before = {};
    keep_intent(step, intent);
    step.memory.probes.erase(intent.id);
    Effect effect = write_effect(step, intent, Purpose::read_back);
    const model::Resource& parents = step.resource(step.data_type(d.parent).resource);
    effect.call = SearchCall{d.resource, {{d.parent_at, key_value(parents, intent.made_id)}}};
    step.out.effects.push_back(std::move(effect));
}

// Another entity's record under the id that our create was answered with; null when there is none.
WorkRecord* anothers(Step& step, const Intent& intent, const std::string& external_id) {
    WorkRecord* known = step.work.find_record(intent.resource, external_id);
    if (!known) return nullptr;
    const auto links = step.work.links_of_record(known->id);
    const bool is_taken = std::ranges::any_of(
        links, [&](const WorkLink* link) { return link->entity != intent.parts.front().entity; });
    return is_taken ? known : nullptr;
}

// Whether two bodies carry the same match key, and none that tells them apart.
bool share_a_key(Step& step, const IntentPart& part, const WorkRecord& known, const Value& body) {
    const model::DataType& d = step.data_type(part.data_type);
    const Value before = stored_body(known);
    const auto old_keys = match_digests(step, d, project(step, d, before).values);
    const auto keys = match_digests(step, d, project(step, d, body).values);
    return !model::are_told_apart(step.model_of(d), old_keys, keys) &&
           std::ranges::any_of(keys, [&](const Digest& key) {
               return std::ranges::find(old_keys, key) != old_keys.end();
           });
}

// The record is known and linked; the intent stays open until its lines are.
void finish(Step& step, Intent intent, const SeenRecord& seen, const Reading& reading,
            Evidence evidence) {
    if (WorkRecord* other = anothers(step, intent, seen.external_id)) {
        // Either the system knows better than we that it is the same thing, or it has given the id of a record that is gone
        // to the new one.
        if (share_a_key(step, intent.parts.front(), *other, seen.body))
            return park_create(
                step, intent, ParkReason::create_failed,
                fmt::format("the system answered with its record {}, which is linked to something "
                            "else",
                            seen.external_id),
                {other->id});
        retire(step, *other);
    }
    const DataTypeIndex lines = lines_to_learn(step, intent);
    if (!lines) close_intent(step, intent.id);
    take_created(step, intent, seen, reading, evidence);
    if (!lines) return;
    intent.made_id = seen.external_id;
    read_lines(step, std::move(intent), lines);
}

void read_back(Step& step, Intent intent) {
    intent.phase = IntentPhase::reading_back;
    intent.not_before = {};
    keep_intent(step, intent);
    step.out.effects.push_back(write_effect(step, intent, Purpose::read_back));
}

// It was created under this id and is gone already: kept as that, so that nothing is created in its place.
void take_vanished(Step& step, const Intent& intent, const Answer& answer) {
    auto body = json::read(intent.body);
    CHECK(body.has_value(), "an intent's body is the JSON we wrote");
    close_intent(step, intent.id);
    take_created(step, intent, {intent.made_id, std::move(*body), "", std::nullopt},
                 reading_of(answer), Evidence::probe);
    observe_gone(step, *step.work.find_record(intent.resource, intent.made_id));
}

// A record that came while this create was open and shows all that was sent, whatever has become of it since; where nobody can be
// asked, one that is the same thing by its match values is enough, as it would be to a search, and as it is when a search comes
// too late: it may have been edited before it was removed. Null when there is none, or
// several that cannot be told apart.
WorkRecord* met_meanwhile(Step& step, const Intent& intent) {
    const auto met = step.memory.met_meanwhile.find(intent.resource);
    if (met == step.memory.met_meanwhile.end()) return nullptr;
    const auto alternatives = search_alternatives(step, intent.parts.front());
    const SearchTerms terms = alternatives.empty() ? SearchTerms() : alternatives.front();
    const auto sent = json::read(intent.body);
    CHECK(sent.has_value(), "an intent's body is the JSON we wrote");
    const RecordState tells =
        is_blind(step, intent) ? RecordState::live : RecordState::gone;  // a search shows the live
    const auto is_same_thing = [&](const WorkRecord& record) {
        return record.state == tells && share_a_key(step, intent.parts.front(), record, *sent);
    };
    WorkRecord* found = nullptr;
    for (const RecordId id : met->second) {
        WorkRecord& record = step.work.record(id);
        if (!step.work.links_of_record(id).empty()) continue;
        const Value body = stored_body(record);
        const bool is_it =
            is_same_thing(record) || (shows_all_sent(step, intent.parts.front(), body) &&
                                      std::ranges::all_of(terms, [&](const auto& term) {
                                          const Value* shown = body.at_path(term.first);
                                          return shown && *shown == term.second;
                                      }));
        if (is_it && found) return nullptr;
        if (is_it) found = &record;
    }
    return found;
}

// A record that came while this create was open, is the same thing, and should be there: no search that does not show it is
// believed before it has been read. Null when there is none.
WorkRecord* known_and_not_shown(Step& step, const Intent& intent) {
    const auto met = step.memory.met_meanwhile.find(intent.resource);
    if (met == step.memory.met_meanwhile.end()) return nullptr;
    const auto sent = json::read(intent.body);
    CHECK(sent.has_value(), "an intent's body is the JSON we wrote");
    for (const RecordId id : met->second) {
        WorkRecord& record = step.work.record(id);
        if (record.state == RecordState::live && step.work.links_of_record(id).empty() &&
            share_a_key(step, intent.parts.front(), record, *sent))
            return &record;
    }
    return nullptr;
}

// Our create was executed. What it made may be gone again: kept as that, so that nothing is created in its place. If it is there, so
// are the lines that were made with it.
void take_met(Step& step, const Intent& intent, WorkRecord& record, const Reading& reading) {
    Value body = stored_body(record);
    const bool is_gone = record.state == RecordState::gone;
    const SeenRecord seen{record.external_id, std::move(body), record.etag, record.modified};
    if (!is_gone) return finish(step, intent, seen, reading, Evidence::probe);
    close_intent(step, intent.id);
    take_created(step, intent, seen, reading, Evidence::probe);
    observe_gone(step, *step.work.find_record(intent.resource, seen.external_id));
}

// Keeps what this page of a search for a create, or for its lines, shows. Ensures: true when the next page is asked for.
// What is no key may find more than is worth reading; the lines of one thing are read to their end.
bool shows_more(Step& step, const Intent& intent, const Effect& effect, const Answer& answer) {
    Probe& probe = step.memory.probes[intent.id];
    std::size_t news = 0;
    for (const SeenRecord& seen : answer.records) {
        const auto known =
            std::ranges::find(probe.shown, seen.external_id, &SeenRecord::external_id);
        if (known != probe.shown.end()) continue;
        probe.shown.push_back(seen);
        ++news;
    }
    probe.pages.take({answer.records.size(), news, answer.passed_over});
    const ResourceIndex resource = resource_of(effect.call);
    if (answer.next.empty()) {
        tell_ended(step, Trouble::Kind::search, resource, probe.pages);
        return false;
    }
    const bool is_of_lines = intent.phase == IntentPhase::reading_lines ||
                             step.data_type(intent.parts.front().data_type).parent;
    const bool is_endless = probe.pages.go_nowhere();
    if (is_endless) tell_endless(step, Trouble::Kind::search, resource);
    if (is_endless || (probe.pages.count >= limits::search_pages_max && !is_of_lines)) {
        probe.is_cut = true;
        return false;
    }
    Effect next = effect;
    std::get<SearchCall>(next.call).cursor = answer.next;
    take_turn(step, next);
    step.out.effects.push_back(std::move(next));
    return true;
}

// From its first rule and page, a little later.
void search_again(Step& step, Intent intent, const Effect& effect) {
    step.memory.probes.erase(intent.id);
    SearchCall again = std::get<SearchCall>(effect.call);
    again.cursor.clear();
    Call call = std::move(again);
    if (effect.purpose == Purpose::probe) call = write_effect(step, intent, effect.purpose).call;
    look_later(step, std::move(intent), effect.purpose, std::move(call));
}

// The search for what the create has made of its lines has no end, and has not shown these: they may be there all the same.
void park_unseen(Step& step, const Intent& intent, DataTypeIndex lines) {
    for (const IntentPart& part : intent.parts)
        if (part.data_type == lines && is_to_be_seen(step, part))
            park_missing(step, {ParkReason::create_unknown,
                                {},
                                part.entity,
                                part.data_type,
                                "it was sent with what it is part of, and the search for what "
                                "became of it has no end: nobody can say that it is not there",
                                {},
                                step.now});
}

void take_lines(Step& step, Intent intent, const Effect& effect, const Answer& answer) {
    const DataTypeIndex lines = lines_to_learn(step, intent);
    if (answer.outcome != Outcome::ok)
        return look_in_vain(step, std::move(intent), Purpose::read_back, effect.call, answer);
    const bool is_part = !answer.next.empty() || !std::get<SearchCall>(effect.call).cursor.empty();
    if (WorkRecord* parent = step.work.find_record(intent.resource, intent.made_id);
        parent && lines)
        take_created_lines(step, intent, *parent, lines, answer.records, reading_of(answer),
                           intent.again || is_part ? Evidence::probe : Evidence::read_back);
    if (shows_more(step, intent, effect, answer)) return;
    const bool is_cut = !answer.next.empty() && !SEEDED(cut_is_absence);
    const DataTypeIndex left = lines_to_learn(step, intent);
    if (left && left != lines) return read_lines(step, std::move(intent), left);
    const bool may_come = is_cut ? intent.tries < limits::unknown_tries_max
                                 : may_still_be_invisible(step, intent, resource_of(effect.call));
    if (left && may_come) return search_again(step, std::move(intent), effect);
    if (left && is_cut) park_unseen(step, intent, left);
    if (const DataTypeIndex others = is_cut ? lines_to_learn(step, intent) : DataTypeIndex::none())
        return read_lines(step, std::move(intent), others);
    // What the system did not take is created as any other line; what is there and not ours is matched.
    close_intent(step, intent.id);
}

// The thing is not there by the rule that was asked: a person may have typed it with other values. False: all were asked.
bool ask_next_rule(Step& step, const Intent& intent) {
    Probe& probe = step.memory.probes[intent.id];
    if (probe.rule + 1 >= search_alternatives(step, intent.parts.front()).size()) return false;
    probe = {probe.rule + 1, {}, {}, probe.is_cut};
    step.out.effects.push_back(write_effect(step, intent, Purpose::probe));
    return true;
}

// Ours was not made, and what was found may be the thing itself: matching decides before it is made again.
void take_typed_by_hand(Step& step, const Intent& intent, std::span<const SeenRecord* const> found,
                        const Reading& reading) {
    for (const SeenRecord* seen : found) {
        const WorkRecord* record = step.work.find_record(intent.resource, seen->external_id);
        if (!record) record = &observe_new(step, intent.resource, *seen, reading, {});
        if (record->matching == Matching::pending) step.memory.match_wanted.insert(intent.resource);
    }
    close_intent(step, intent.id);
}

}  // namespace

void take_create_answer(Step& step, Intent intent, const Answer& answer) {
    intent.sent_at = answer.ended;
    if (answer.records.empty())  // created, but as what?
        return settle_unknown(step, std::move(intent));
    const SeenRecord& seen = answer.records.front();
    if (!answer.complete) {
        intent.made_id = seen.external_id;
        return read_back(step, std::move(intent));
    }
    // A repeated create may show the record as it is by now: somebody may have edited it since the first try.
    const Evidence evidence = intent.again ? Evidence::probe : Evidence::answer;
    finish(step, std::move(intent), seen, reading_of(answer), evidence);
}

void take_create_read_back(Step& step, Intent intent, const Effect& effect, const Answer& answer) {
    if (intent.phase == IntentPhase::reading_lines)
        return take_lines(step, std::move(intent), effect, answer);
    const bool unseen = answer.outcome == Outcome::not_found;
    if (unseen && !may_still_be_invisible(step, intent, intent.resource)) {
        if (is_gone_indeed(step, intent, Purpose::read_back)) take_vanished(step, intent, answer);
        return;
    }
    if (unseen) return look_later(step, std::move(intent), Purpose::read_back, effect.call);
    if (answer.outcome != Outcome::ok || answer.records.empty())
        return look_in_vain(step, std::move(intent), Purpose::read_back, effect.call, answer);
    step.memory.absent.erase(intent.id);
    const Evidence evidence = intent.again ? Evidence::probe : Evidence::read_back;
    finish(step, std::move(intent), answer.records.front(), reading_of(answer), evidence);
}

void take_create_probe(Step& step, Intent intent, const Effect& effect, const Answer& answer) {
    if (answer.outcome != Outcome::ok)
        return look_in_vain(step, std::move(intent), Purpose::probe, effect.call, answer);
    if (shows_more(step, intent, effect, answer)) return;
    const bool is_line = bool(step.data_type(intent.parts.front().data_type).parent);
    const Probe probe = step.memory.probes[intent.id];
    std::vector<const SeenRecord*> ours;
    std::vector<RecordId> known;
    for (const SeenRecord& seen : probe.shown) {
        WorkRecord* record = step.work.find_record(intent.resource, seen.external_id);
        if (record && !step.work.links_of_record(record->id).empty()) continue;  // somebody else's
        if (is_line && !shows_all_sent(step, intent.parts.front(), seen.body)) continue;
        ours.push_back(&seen);
        if (record) known.push_back(record->id);
    }
    if (ours.size() > 1) {  // somebody made it by hand as well: ours shows most of what was sent
        const auto shown = [&](const SeenRecord* seen) {
            return sent_shown(step, intent.parts.front(), seen->body);
        };
        std::ranges::stable_sort(ours, std::ranges::greater{}, shown);
        if (shown(ours[0]) > shown(ours[1])) ours.resize(1);
    }
    // By a later rule than the first: it has another value for that one, so it is not what we have sent.
    const bool is_anothers = probe.rule > 0 && !ours.empty() &&
                             !shows_all_sent(step, intent.parts.front(), ours.front()->body);
    if (is_anothers) return take_typed_by_hand(step, intent, ours, reading_of(answer));
    if (ours.size() > 1 && !is_line)  // of equal lines any is as good as another
        return park_create(
            step, intent, ParkReason::create_unknown,
            fmt::format("the answer was lost, and {} records there match what was sent",
                        ours.size()),
            known);
    if (ours.empty() && ask_next_rule(step, intent)) return;
    if (ours.empty()) {
        if (WorkRecord* met = met_meanwhile(step, intent))
            return take_met(step, intent, *met, reading_of(answer));
        if (const WorkRecord* hidden = known_and_not_shown(step, intent);
            hidden && intent.tries < limits::doubtful_reads_max) {
            check_record(step, hidden->id, std::max(step.now, sure_from(step, *hidden)));
            return search_again(step, std::move(intent), effect);
        }
        if (probe.is_cut && !SEEDED(cut_is_absence)) {
            if (intent.tries < limits::unknown_tries_max)
                return search_again(step, std::move(intent), effect);
            return park_create(step, intent, ParkReason::create_unknown,
                               "the answer was lost, and the search for it has no end: nobody can "
                               "say that it is not there",
                               {});
        }
        if (is_given_up(step, intent)) return park_refused(step, intent, intent.failure, false);
        return close_intent(step, intent.id);  // not created: reconcile will ask again
    }
    // What cannot be read now shows neither our value nor that it is somebody else's record.
    const auto hidden =
        project(step, step.data_type(intent.parts.front().data_type), ours.front()->body)
            .unreadable;
    if (!hidden.empty() && intent.tries < limits::doubtful_reads_max)
        return search_again(step, std::move(intent), effect);
    finish(step, std::move(intent), *ours.front(), reading_of(answer), Evidence::probe);
}

void settle_blind_creates(Step& step, ResourceIndex resource, Instant began) {
    std::vector<Intent> blind;
    for (const auto& [id, intent] : step.memory.intents)
        if (intent.resource == resource && intent.phase == IntentPhase::unknown &&
            is_blind(step, intent))
            blind.push_back(intent);
    for (const Intent& intent : blind) {
        if (began < intent.not_before) {
            want_poll(step, resource, intent.not_before);
            continue;
        }
        Reading reading;
        reading.began = reading.ended = step.now;
        if (WorkRecord* met = met_meanwhile(step, intent))
            take_met(step, intent, *met, reading);
        else
            park_create(step, intent, ParkReason::create_unknown,
                        "the answer was lost, the system can neither be asked for it nor told "
                        "twice, and it shows no record as it was sent",
                        {});
    }
}

void resume_create(Step& step, Intent intent) {
    if (intent.phase == IntentPhase::comparing) return close_intent(step, intent.id);
    // What a page has shown meanwhile waits in the store: nothing is matched while a create is open.
    if (auto& met = step.memory.met_meanwhile[intent.resource]; met.empty())
        met = step.transaction.pending_records(intent.resource, {}, limits::match_per_step);
    if (intent.made_id.empty()) return settle_found_at_start(step, std::move(intent));
    intent.again = true;  // somebody may have edited what it made since
    const DataTypeIndex lines = intent.phase == IntentPhase::reading_lines
                                    ? lines_to_learn(step, intent)
                                    : DataTypeIndex::none();
    if (lines) return read_lines(step, std::move(intent), lines);
    if (intent.phase == IntentPhase::reading_lines) return close_intent(step, intent.id);
    read_back(step, std::move(intent));
}

}  // namespace entente::sync
