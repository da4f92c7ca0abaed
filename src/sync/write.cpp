#include "sync/write.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/create.hpp"
#include "sync/evidence.hpp"
#include "sync/feed.hpp"
#include "sync/guard.hpp"
#include "sync/in_vain.hpp"
#include "sync/life.hpp"
#include "sync/refusal.hpp"
#include "sync/rights.hpp"

namespace entente::sync {
namespace {

constexpr Duration least_pause{1'000};
constexpr Duration login_pause{60'000};

void observe_and_close(Step& step, const Intent& intent, const SeenRecord& seen,
                       const Reading& reading) {
    forget_taken(step, intent);
    WorkRecord& record = step.work.record(intent.record);
    const auto aside = step.memory.evidence_lost.find(intent.id);
    const bool lost = aside != step.memory.evidence_lost.end() &&
                      aside->second != body_digest(step, record.resource, json::write(seen.body));
    step.memory.evidence_lost.erase(intent.id);
    close_intent(step, intent.id);
    record.digest = {};
    observe_known(step, record, seen, reading);
    // What a page showed while the answer was under way may be newer than the answer, and no feed shows it again.
    if (lost && !SEEDED(evidence_ignored))
        check_record(step, record.id, std::max(step.now, sure_from(step, record)));
}

// Ensures: true when the guard does not let pass what the record would lose: the intent is closed then, and a sweep shows it again.
bool is_stopped_by(Step& step, const Intent& intent, const SeenRecord& seen, const Reading& reading,
                   bool is_after_our_write) {
    WorkRecord& record = step.work.record(intent.record);
    if (guard_passes(step, record, seen, reading, is_after_our_write)) return false;
    step.memory.evidence_lost.erase(intent.id);
    close_intent(step, intent.id);
    return true;
}

// Objects member by member; of anything else the later stands.
void lay_over(Value& body, const Value& later) {
    if (!body.is_object() || !later.is_object()) {
        body = later;
        return;
    }
    for (const auto& [name, value] : later.as_object())
        if (Value* known = body.find(name))
            lay_over(*known, value);
        else
            body.set(name, value);
}

void leave_out(Value& body, std::string_view path) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos)
        body.erase(path);
    else if (Value* inner = body.find(path.substr(0, dot)))
        leave_out(*inner, path.substr(dot + 1));
}

// The record as the answer to our write shows it. What that leaves out is as we sent it, or as it was: it stays known, also the
// values that it is matched by. Of lists whose lines were written the keys are not known.
SeenRecord filled_up(Step& step, const Intent& intent, SeenRecord seen) {
    Value body = stored_body(step.work.record(intent.record));
    const IntentPart& self = intent.parts.front();
    lay_over(body, compose(step, self.data_type, {self}, &body));
    for (const IntentPart& part : intent.parts)
        if (step.data_type(part.data_type).is_nested())
            leave_out(body, step.data_type(part.data_type).nested_path);
    lay_over(body, seen.body);
    seen.body = std::move(body);
    return seen;
}

void succeed(Step& step, const Intent& intent, const SeenRecord& seen, Reading reading,
             Evidence evidence) {
    WorkRecord& record = step.work.record(intent.record);
    take_evidence(step, intent, record, seen, evidence);
    record.written_at = reading.ended;
    record.changed = true;
    if (is_stopped_by(step, intent, seen, reading, true)) return;
    if (evidence != Evidence::answer || SEEDED(null_for_missing))
        return observe_and_close(step, intent, seen, reading);
    const SeenRecord whole = filled_up(step, intent, seen);
    reading.complete = whole.body == seen.body;
    observe_and_close(step, intent, whole, reading);
}

void reject(Step& step, const Intent& intent, const Answer& answer) {
    const std::string reason = answer.message.empty() ? "refused without a reason" : answer.message;
    const bool is_forbidden = answer.outcome == Outcome::forbidden;
    if (intent.is_create()) {
        if (answer.outcome == Outcome::already_exists)
            step.memory.poll_wanted.insert(intent.resource);
        return park_refused(
            step, intent,
            reason + "; tried again once what it carries, or the configuration, changes",
            is_forbidden);
    }
    hold_sent(step, intent, reason, answer.field, is_forbidden);
    close_and_look(step, intent);
}

// Certainly not executed: after a pause once more, or held with what the system said.
void again_or_hold(Step& step, Intent intent, const Answer& answer, Duration least) {
    count_failure(step, intent, answer);
    const std::string why = answer.message.empty() ? "no answer" : answer.message;
    if (is_at_bound(intent.in_vain) && !intent.is_create()) {
        hold_sent(step, intent, why, answer.field, false);
        return close_and_look(step, intent);
    }
    take_back(step, intent, std::max({answer.retry_after, pause_after(intent.in_vain), least}),
              why);
}

// The record is not there any more: found out by writing to it.
void vanish(Step& step, const Intent& intent) {
    WorkRecord& record = step.work.record(intent.record);
    close_intent(step, intent.id);
    observe_gone(step, record);
}

// The write was executed; what the record shows if it comes back is compared with what was sent.
void vanish_written(Step& step, const Intent& intent) {
    const bool adds_lines =
        std::ranges::any_of(intent.parts, [](const IntentPart& part) { return !part.link; });
    if (adds_lines)
        tell_tried(step, intent,
                   "lines were added, and the record was removed before it was read back");
    SeenRecord unseen;
    unseen.body = Value::object();
    take_evidence(step, intent, step.work.record(intent.record), unseen, Evidence::read_back);
    vanish(step, intent);
}

void answered_write(Step& step, Intent intent, const Answer& answer) {
    const Reading reading = reading_of(answer);
    switch (answer.outcome) {
        case Outcome::ok:
            if (intent.is_create()) return take_create_answer(step, std::move(intent), answer);
            if (!answer.records.empty())
                return succeed(step, intent, answer.records.front(), reading, Evidence::answer);
            intent.phase = IntentPhase::reading_back;
            intent.not_before = {};
            if (!answer.version.empty()) step.memory.made_version[intent.id] = answer.version;
            keep_intent(step, intent);
            step.work.record(intent.record).written_at = answer.ended;
            step.work.record(intent.record).changed = true;
            step.out.effects.push_back(write_effect(step, intent, Purpose::read_back));
            return;
        case Outcome::precondition_failed:
            tell_tried(step, intent, "not executed: the record has changed meanwhile");
            count_failure(step, intent, answer);
            intent.phase = IntentPhase::reading_back;
            // It has changed, and an older body may be shown for as long as the system lags.
            intent.not_before = answer.ended + step.rest(intent.resource).lag;
            keep_intent(step, intent);
            step.out.effects.push_back(write_effect(step, intent, Purpose::probe));
            return;
        case Outcome::not_found:
            if (intent.is_create()) return reject(step, intent, answer);
            count_failure(step, intent, answer);
            intent.phase = intent.again ? IntentPhase::unknown : IntentPhase::reading_back;
            if (is_gone_indeed(step, intent, Purpose::probe)) vanish(step, intent);
            return;
        case Outcome::already_exists:
        case Outcome::rejected:
            return reject(step, intent, answer);
        case Outcome::forbidden:
            if (!intent.again && !are_rights_lost(step, intent.resource))
                return reject(step, intent, answer);
            [[fallthrough]];
        case Outcome::retry_later:
            if (!intent.again) return again_or_hold(step, std::move(intent), answer, least_pause);
            count_failure(step, intent, answer);
            // An earlier try may still have been executed.
            return settle_unknown(step, std::move(intent));
        case Outcome::auth: {
            Notice notice;
            notice.kind = Notice::Kind::refused;
            notice.data_type = intent.parts.front().data_type;
            notice.text = answer.message;
            step.notice(std::move(notice));
            doubt_lists(step, intent.resource);
            if (!intent.again) return again_or_hold(step, std::move(intent), answer, login_pause);
            count_failure(step, intent, answer);
            return settle_unknown(step, std::move(intent));
        }
        case Outcome::unknown:
            // From now on, not from when the intent was opened: the call may have waited long before it was sent.
            intent.sent_at = answer.ended;
            count_failure(step, intent, answer);
            return settle_unknown(step, std::move(intent));
    }
}

bool is_sent(const Intent& intent, DataTypeIndex data_type, PropertyIndex property) {
    return std::ranges::any_of(intent.parts, [&](const IntentPart& part) {
        return part.data_type == data_type && std::ranges::any_of(part.sent, [&](const Sent& s) {
                   return s.property == property;
               });
    });
}

// A value that cannot be read tells nothing of the write that was to set it.
bool hides_what_was_sent(const Step& step, const Intent& intent, const Value& body) {
    return std::ranges::any_of(intent.parts, [&](const IntentPart& part) {
        const auto unreadable = project(step, step.data_type(part.data_type), body).unreadable;
        return part.link && std::ranges::any_of(unreadable, [&](const auto& property) {
                   return is_sent(intent, part.data_type, property.first);
               });
    });
}

// Whether what was just read still shows what the shadows say, lines included: then an unconditional write may go.
bool still_as_known(Step& step, const Intent& intent, const SeenRecord& seen,
                    const Reading& reading) {
    WorkRecord& record = step.work.record(intent.record);
    if (would_lose(step, record, seen, reading)) return false;
    const Value body = stored_body(record);
    for (DataTypeIndex d : step.workspace.data_types_of(record.resource)) {
        const WorkLink* link = step.work.link(record.id, d);
        if (!link) continue;
        const Projection shown = project(step, step.data_type(d), seen.body);
        const Projection stored = project(step, step.data_type(d), body);
        // What cannot be read as declared may hold anything.
        if (std::ranges::any_of(shown.unreadable, [&](const auto& property) {
                return is_sent(intent, d, property.first);
            }))
            return false;
        for (const model::Mapping& mapping : step.data_type(d).map) {
            const PropertyIndex p = mapping.property;
            const auto& x = shown.values[p.at()];
            // A reference to what is linked to nothing yet is in no shadow; it is known by the body that showed it.
            const bool is_awaited = !link->shadows[p.at()].value && !is_sent(intent, d, p) &&
                                    is_reference(step, step.data_type(d), p);
            const auto& was = is_awaited ? stored.values[p.at()] : link->shadows[p.at()].value;
            if (x && !(was ? equal_here(mapping, *x, *was) : x->is_null())) return false;
        }
        for (DataTypeIndex c : step.data_type(d).children) {
            const Value* list = step.data_type(c).is_nested()
                                    ? seen.body.at_path(step.data_type(c).nested_path)
                                    : nullptr;
            if (!list || !list->is_list()) continue;
            for (const Value& element : list->as_list()) {
                const ResourceIndex nested = step.data_type(c).resource;
                const WorkRecord* line = step.work.find_record(
                    nested, nested_id(record, step.resource(nested), element));
                if (!line || line->digest != body_digest(step, nested, json::write(element)))
                    return false;
            }
        }
    }
    return true;
}

// The version that a write upon what was just read can demand; empty: none, it goes unconditionally. A time is one when it was
// read after its granule had passed by the system's clock, which is known no better than this.
std::string version_to_demand(const Step& step, const Intent& intent, const SeenRecord& seen,
                              const Reading& reading) {
    const model::RestProtocol& rest = step.rest(intent.resource);
    if (rest.precondition_header.empty() || SEEDED(skip_precondition)) return {};
    if (!version_is_a_time(rest)) return seen.etag;
    const Instant passed = edited_at(seen, reading) + rest.modified_granularity + clock_doubt;
    return reading.began >= passed ? seen.etag : std::string();
}

void answered_compare(Step& step, Intent intent, const Answer& answer) {
    if (answer.outcome == Outcome::not_found) {
        if (is_gone_indeed(step, intent, Purpose::compare)) vanish(step, intent);
        return;
    }
    if (answer.outcome == Outcome::forbidden && !are_rights_lost(step, intent.resource))
        return reject(step, intent, answer);
    if (answer.outcome != Outcome::ok || answer.records.empty())
        return again_or_hold(step, std::move(intent), answer, least_pause);
    step.memory.absent.erase(intent.id);
    // What was put aside while this was read may be newer than it: a write upon it would overwrite what we have been shown.
    if (step.memory.evidence_lost.erase(intent.id) > 0 && !SEEDED(evidence_ignored)) {
        step.out.effects.push_back(write_effect(step, intent, Purpose::compare));
        return;
    }
    const SeenRecord& seen = answer.records.front();
    if (!still_as_known(step, intent, seen, reading_of(answer))) {
        const Instant sure = sure_from(step, step.work.record(intent.record));
        if (answer.began < sure)
            return take_back(step, intent, std::max(sure - step.now, Duration{1}),
                             "it was changed a moment ago and may show an older state");
        if (is_stopped_by(step, intent, seen, reading_of(answer), false)) return;
        return observe_and_close(step, intent, seen, reading_of(answer));
    }
    intent.phase = IntentPhase::sent;
    intent.sent_at = step.now;
    intent.precondition = version_to_demand(step, intent, seen, reading_of(answer));
    // What was read just now, private fields too: nothing older is written back (G5).
    Value current = seen.body;
    if (SEEDED_WHERE(stale_body, stored_body(step.work.record(intent.record)) != seen.body))
        current = stored_body(step.work.record(intent.record));
    intent.body =
        json::write(compose(step, intent.parts.front().data_type, intent.parts, &current));
    keep_intent(step, intent);
    step.out.effects.push_back(write_effect(step, intent, Purpose::write));
}

void answered_read_back(Step& step, Intent intent, const Effect& effect, const Answer& answer) {
    if (intent.is_create()) return take_create_read_back(step, std::move(intent), effect, answer);
    if (answer.outcome == Outcome::not_found) {
        if (is_gone_indeed(step, intent, Purpose::read_back)) vanish_written(step, intent);
        return;
    }
    if (answer.outcome != Outcome::ok || answer.records.empty())
        return look_in_vain(step, std::move(intent), Purpose::read_back, effect.call, answer);
    step.memory.absent.erase(intent.id);
    const SeenRecord& seen = answer.records.front();
    // Until the lag has passed an older body may be shown: only what shows our values is believed.
    const Instant sure = in_this_life(step, step.work.record(intent.record).written_at) +
                         step.rest(intent.resource).lag;
    const bool is_ours =
        intent.parts.size() == 1 && shows_all_sent(step, intent.parts.front(), seen.body);
    const auto made = step.memory.made_version.find(intent.id);
    const bool is_as_we_left_it = made != step.memory.made_version.end() &&
                                  seen.etag == made->second &&
                                  !version_is_a_time(step.rest(intent.resource));
    if (answer.began < sure && !is_ours && !is_as_we_left_it) {
        intent.not_before = sure;
        keep_intent(step, intent);
        step.out.effects.push_back(write_effect(step, intent, Purpose::read_back));
        return;
    }
    succeed(step, intent, seen, reading_of(answer),
            is_as_we_left_it ? Evidence::answer : Evidence::read_back);
}

void answered_probe(Step& step, Intent intent, const Effect& effect, const Answer& answer) {
    if (intent.is_create()) return take_create_probe(step, std::move(intent), effect, answer);
    if (answer.outcome == Outcome::not_found) {
        if (is_gone_indeed(step, intent, Purpose::probe)) vanish(step, intent);
        return;
    }
    if (answer.outcome != Outcome::ok || answer.records.empty())
        return look_in_vain(step, std::move(intent), Purpose::probe, effect.call, answer);
    step.memory.absent.erase(intent.id);
    const Value& body = answer.records.front().body;
    if (intent.tries < limits::doubtful_reads_max && hides_what_was_sent(step, intent, body))
        return look_later(step, std::move(intent), Purpose::probe, effect.call);
    take_evidence(step, intent, step.work.record(intent.record), answer.records.front(),
                  intent.again ? Evidence::probe : Evidence::refused);
    if (is_stopped_by(step, intent, answer.records.front(), reading_of(answer), false)) return;
    if (!is_taken(step, intent) && is_given_up(step, intent))
        hold_sent(step, intent, intent.failure, {}, false);
    observe_and_close(step, intent, answer.records.front(), reading_of(answer));
}

}  // namespace

void take_write_answer(Step& step, const Answered& answered) {
    const auto found = step.memory.intents.find(answered.effect.intent);
    if (found == step.memory.intents.end()) return;
    // An answer is heard once, also where no other call follows it (G9).
    const auto turn = step.memory.turns.find(found->first);
    if (turn == step.memory.turns.end() || turn->second != answered.effect.turn) return;
    step.memory.turns.erase(turn);
    const Intent intent = found->second;
    note_answered(step, answered);
    note_rights(step, intent, answered);
    switch (answered.effect.purpose) {
        case Purpose::write:
            return answered_write(step, intent, answered.answer);
        case Purpose::compare:
            return answered_compare(step, intent, answered.answer);
        case Purpose::read_back:
            return answered_read_back(step, intent, answered.effect, answered.answer);
        case Purpose::probe:
            return answered_probe(step, intent, answered.effect, answered.answer);
        case Purpose::page:
        case Purpose::check:
        case Purpose::rights:
        case Purpose::search:
            break;
    }
    CHECK(false, "only calls made for an intent come here");
}

void resume_intents(Step& step) {
    std::vector<Intent> open;
    for (const auto& [id, intent] : step.memory.intents) open.push_back(intent);
    for (Intent& intent : open) {
        if (SEEDED_WHERE(open_expires, step.now - intent.sent_at > Duration{600'000})) {
            close_intent(step, intent.id);
        } else if (intent.is_create()) {
            resume_create(step, std::move(intent));
        } else if (intent.phase == IntentPhase::comparing) {
            close_intent(step, intent.id);  // nothing was sent
        } else {
            settle_found_at_start(step, std::move(intent));
        }
    }
}

}  // namespace entente::sync
