#include "sync/unknown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/feed.hpp"
#include "sync/in_vain.hpp"
#include "sync/life.hpp"
#include "sync/refusal.hpp"
#include "sync/search.hpp"
#include "sync/seeded_bugs.hpp"

namespace entente::sync {
namespace {

Duration wait_of(const Step& step, const Intent& intent) {
    const model::Resource& resource = step.resource(intent.resource);
    const Duration lag = step.rest(intent.resource).lag;
    if (intent.is_create() && SEEDED(short_wait)) return resource.late_execution;
    if (intent.is_create())
        return {resource.late_execution.ms + resource.visible_after.ms + lag.ms};
    return {resource.late_execution.ms + lag.ms};
}

Duration again_after(const Intent& intent) {
    return {std::min<std::int64_t>(60'000, 250ll << std::min(intent.tries, 8))};
}

void tell_asleep(Step& step, const Intent& intent) {
    const std::string text =
        "nobody can tell whether it was executed, however often it is asked: " + intent.failure;
    tell_tried(step, intent, text);
    Notice notice;
    notice.kind = Notice::Kind::parked;
    notice.entity = intent.parts.front().entity;
    notice.data_type = intent.parts.front().data_type;
    notice.external_id = intent.external_id;
    notice.text = text;
    step.notice(std::move(notice));
}

// What failed once more is asked again after a pause that grows; what always does, when its time has come.
void ask_again(Step& step, Intent intent, Effect effect) {
    intent.not_before = std::max(
        intent.not_before, step.now + std::max(again_after(intent), pause_after(intent.in_vain)));
    keep_intent(step, intent);
    effect.not_before = intent.not_before;
    if (!is_lasting(intent.in_vain)) return step.out.effects.push_back(std::move(effect));
    if (!step.memory.asleep.contains(intent.id)) tell_asleep(step, intent);
    step.memory.asleep[intent.id] = {intent.not_before, effect.purpose, std::move(effect.call)};
}

Parked parked_of(Step& step, const Intent& intent, ParkReason reason, std::string text) {
    const IntentPart& self = intent.parts.front();
    Parked parked{reason, {}, self.entity, self.data_type, std::move(text), {}, step.now};
    if (reason != ParkReason::create_failed) return parked;
    parked.refused = content_of(step, intent.body);
    step.memory.anything_refused = true;
    return parked;
}

}  // namespace

void close_and_look(Step& step, const Intent& intent) {
    const bool lost = step.memory.evidence_lost.erase(intent.id) > 0;
    close_intent(step, intent.id);
    if (lost && intent.record && !SEEDED(evidence_ignored))
        check_record(step, intent.record, step.now);
}

void take_back(Step& step, const Intent& intent, Duration after, std::string why) {
    const IntentPart& self = intent.parts.front();
    const bool backfill = is_backfill(step, intent);
    close_and_look(step, intent);
    Dirty dirty{self.entity, self.data_type, step.now + after, {}, std::move(why), backfill};
    dirty.in_vain = intent.in_vain;
    dirty.is_offer = is_lasting(intent.in_vain);
    step.mark_dirty(std::move(dirty));
}

void park_missing(Step& step, const Parked& parked) {
    step.memory.anything_parked = true;
    step.transaction.put_parked(parked);
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::parked;
    event.entity = parked.entity;
    event.data_type = parked.data_type;
    event.text = parked.text;
    Notice notice;
    notice.kind = Notice::Kind::parked;
    notice.entity = parked.entity;
    notice.data_type = parked.data_type;
    notice.text = fmt::format("{}: {}", name_of(parked.reason), parked.text);
    step.notice(std::move(notice));
    step.record(std::move(event));
}

void park_create(Step& step, const Intent& intent, ParkReason reason, std::string text,
                 std::vector<RecordId> candidates) {
    Parked parked = parked_of(step, intent, reason, std::move(text));
    parked.candidates = std::move(candidates);
    park_missing(step, parked);
    close_intent(step, intent.id);
}

void park_refused(Step& step, const Intent& intent, std::string text, bool is_forbidden) {
    Parked parked = parked_of(step, intent, ParkReason::create_failed, std::move(text));
    parked.offers = offers_of(step, parked).value_or(first_offers(step.now, is_forbidden));
    park_missing(step, parked);
    close_intent(step, intent.id);
}

void count_failure(Step& step, Intent& intent, const Answer& answer) {
    const IntentPart& self = intent.parts.front();
    count_failure(step, {self.entity, self.data_type}, answer, intent.in_vain);
    if (!answer.message.empty()) intent.failure = answer.message;
}

void look_in_vain(Step& step, Intent intent, Purpose purpose, Call call, const Answer& answer) {
    count_failure(step, intent, answer);
    if (is_lasting(intent.in_vain) && SEEDED(unknown_closed)) return close_intent(step, intent.id);
    ++intent.tries;
    intent.not_before = step.now + answer.retry_after;
    Effect effect = write_effect(step, intent, purpose);
    effect.call = std::move(call);
    ask_again(step, std::move(intent), std::move(effect));
}

void wake_sleepers(Step& step) {
    std::vector<IntentId> due;
    for (const auto& [id, asleep] : step.memory.asleep)
        if (!asleep.is_asked && asleep.until <= step.now) due.push_back(id);
    for (IntentId id : due) wake(step, id);
}

bool wake(Step& step, IntentId id) {
    const auto asleep = step.memory.asleep.find(id);
    if (asleep == step.memory.asleep.end() || asleep->second.is_asked) return false;
    asleep->second.is_asked = true;
    Intent intent = step.memory.intents.at(id);
    intent.not_before = {};
    Effect effect = write_effect(step, intent, asleep->second.purpose);
    effect.call = std::move(asleep->second.call);
    step.out.effects.push_back(std::move(effect));
    return true;
}

bool is_gone_indeed(Step& step, Intent intent, Purpose purpose) {
    if (step.memory.absent.erase(intent.id) > 0 || SEEDED(absence_believed)) return true;
    step.memory.absent.insert(intent.id);
    intent.not_before = step.now + std::max(second_look_after, step.rest(intent.resource).lag);
    keep_intent(step, intent);
    step.out.effects.push_back(write_effect(step, intent, purpose));
    return false;
}

bool is_given_up(Step& step, const Intent& intent) {
    const int tries = intent.in_vain.failed + intent.in_vain.waited;
    if (tries == 0) return false;
    if (is_at_bound(intent.in_vain)) return true;
    const IntentPart& self = intent.parts.front();
    const Duration pause = pause_after(intent.in_vain);
    Dirty dirty{self.entity, self.data_type, {}, {}, intent.failure, is_backfill(step, intent)};
    if (tries > 1) dirty.not_before = step.now + pause;
    dirty.in_vain = intent.in_vain;
    dirty.is_offer = is_lasting(intent.in_vain);
    step.mark_dirty(std::move(dirty));
    return false;
}

void look_later(Step& step, Intent intent, Purpose purpose, Call call) {
    ++intent.tries;
    intent.not_before = step.now + again_after(intent);
    keep_intent(step, intent);
    Effect effect = write_effect(step, intent, purpose);
    effect.call = std::move(call);
    step.out.effects.push_back(std::move(effect));
}

void tell_tried(Step& step, const Intent& intent, std::string text) {
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::tried;
    event.entity = intent.parts.front().entity;
    event.record = intent.record;
    event.data_type = intent.parts.front().data_type;
    event.text = std::move(text);
    step.record(std::move(event));
}

bool is_blind(Step& step, const Intent& intent) {
    return intent.is_create() && intent.idempotency_key.empty() &&
           search_alternatives(step, intent.parts.front()).empty();
}

void want_poll(Step& step, ResourceIndex resource, Instant from) {
    const auto [found, is_first] = step.memory.look_from.try_emplace(resource, from);
    if (!is_first) found->second = std::min(found->second, from);
}

void doubt_lists(Step& step, ResourceIndex resource) {
    const ResourceIndex parents = step.resource(resource).nested_in;
    const ResourceIndex listed = parents ? parents : resource;
    const auto run = step.memory.runs.find(listed);
    if (run != step.memory.runs.end() && run->second.walk.records == 0) step.memory.runs.erase(run);
    FeedState& feed = step.memory.feeds.at(listed);
    feed.polled_at = {};
    if (feed.records == 0) feed.swept_at = {};
    step.transaction.put_feed(feed);
}

void settle_unknown(Step& step, Intent intent) {
    if (!intent.again)
        tell_tried(step, intent,
                   intent.is_create()
                       ? "a create of unknown outcome: found out before it is repeated"
                       : "a write of unknown outcome: found out before it is repeated");
    if (!intent.is_create() && SEEDED(settle_unknown)) return take_back(step, intent, {}, "");
    if (intent.is_create() && SEEDED(retry_without_probe))
        return seeded::send_again(step, std::move(intent));
    step.memory.probes.erase(intent.id);
    const bool keyed = intent.is_create() && !intent.idempotency_key.empty();
    const bool same_again = keyed || (!intent.precondition.empty() && !is_at_bound(intent.in_vain));
    intent.again = true;
    ++intent.tries;
    intent.phase = IntentPhase::unknown;
    const bool is_early = !intent.is_create() && SEEDED(update_not_waited);
    const Instant free = same_again || is_early
                             ? step.now
                             : in_this_life(step, intent.sent_at) + wait_of(step, intent);
    if (is_blind(step, intent)) {
        intent.not_before = free;
        keep_intent(step, intent);
        want_poll(step, intent.resource, free);
        return;
    }
    intent.not_before = std::max(
        free, step.now + (intent.tries > 1 || !same_again ? again_after(intent) : Duration{0}));
    if (same_again) intent.phase = IntentPhase::sent;
    Effect effect = write_effect(step, intent, same_again ? Purpose::write : Purpose::probe);
    if (same_again && intent.tries > 1)
        return ask_again(step, std::move(intent), std::move(effect));
    keep_intent(step, intent);
    step.out.effects.push_back(std::move(effect));
}

void settle_found_at_start(Step& step, Intent intent) {
    if (!SEEDED(wait_not_begun_anew)) intent.sent_at = step.now;
    intent.tries = 0;
    settle_unknown(step, std::move(intent));
}

}  // namespace entente::sync
