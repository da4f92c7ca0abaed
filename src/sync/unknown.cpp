#include "sync/unknown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/seeded_bug.hpp"
#include "sync/feed.hpp"
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
    step.mark_dirty(std::move(dirty));
}

void park_create(Step& step, const Intent& intent, ParkReason reason, std::string text,
                 std::vector<RecordId> candidates) {
    const IntentPart& self = intent.parts.front();
    Parked parked{reason, {}, self.entity, self.data_type, text, std::move(candidates), step.now};
    if (reason == ParkReason::create_failed) {
        parked.refused = content_of(step, intent.body);
        step.memory.anything_refused = true;
    }
    park_missing(step, parked);
    close_intent(step, intent.id);
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
    const bool same_again = keyed || !intent.precondition.empty();
    intent.again = true;
    ++intent.tries;
    intent.phase = IntentPhase::unknown;
    const Instant free =
        same_again ? step.now : in_this_life(step, intent.sent_at) + wait_of(step, intent);
    if (is_blind(step, intent)) {
        intent.not_before = free;
        keep_intent(step, intent);
        want_poll(step, intent.resource, free);
        return;
    }
    intent.not_before = std::max(
        free, step.now + (intent.tries > 1 || !same_again ? again_after(intent) : Duration{0}));
    if (same_again) intent.phase = IntentPhase::sent;
    keep_intent(step, intent);
    step.out.effects.push_back(
        write_effect(step, intent, same_again ? Purpose::write : Purpose::probe));
}

void settle_found_at_start(Step& step, Intent intent) {
    if (!SEEDED(wait_not_begun_anew)) intent.sent_at = step.now;
    intent.tries = 0;
    settle_unknown(step, std::move(intent));
}

}  // namespace entente::sync
