#include "sync/feed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/create.hpp"

namespace entente::sync {
namespace {

// How long an older body may still be shown after a change.
Duration lag_of(const Step& step, ResourceIndex resource) {
    return std::max(step.rest(resource).lag, step.rest(resource).modified_granularity);
}

bool is_stale(const Step& step, const RecordHead& record, const SeenRecord& seen,
              const Reading& reading) {
    if (reading.began < record.written_at) return !SEEDED(old_page_believed);
    Duration lag = lag_of(step, record.resource);
    if (seen.modified && record.modified && *seen.modified != *record.modified) {
        if (*seen.modified < *record.modified) return true;
        // Where the last change was given too early a time, older states have later ones; none has one after our look.
        if (edited_at(seen, reading) >= record.changed_at + clock_doubt) return false;
        lag = step.rest(record.resource).lag;
    }
    return reading.began < record.changed_at + lag && !SEEDED(confirm);
}

void mark_seen(FeedRun& run, RecordId id) {
    const auto at = static_cast<std::size_t>(id.value);
    if (run.seen.size() <= at) run.seen.resize(at + at / 2 + 64);
    run.seen[at] = true;
}

void defer(Step& step, FeedRun& run, const WorkRecord& record, const SeenRecord& seen,
           const Reading& reading) {
    step.transaction.put_deferred(
        std::array{Deferred{record.resource, seen.external_id, json::write(seen.body), seen.etag,
                            seen.modified, reading.skew}});
    for (DataTypeIndex d : step.workspace.data_types_of(record.resource)) ++run.losses[d];
}

// A known record whose body is not the one stored.
void take_changed(Step& step, FeedRun& run, WorkRecord& record, const SeenRecord& seen,
                  const Reading& reading) {
    if (const Intent* intent = step.intent_on(record.id); intent && !SEEDED(own_write)) {
        put_aside(step, intent->id, record.resource, seen.body);
        return;
    }
    if (record.state == RecordState::live) {
        const bool older = seen.modified && record.modified && *seen.modified < *record.modified;
        if ((reading.began < record.written_at && !SEEDED(old_page_believed)) ||
            (is_stale(step, record, seen, reading) && !(run.sweep && older))) {
            check_record(step, record.id, std::max(step.now, sure_from(step, record)));
            return;
        }
        if (would_lose(step, record, seen)) return defer(step, run, record, seen, reading);
    }
    observe_known(step, record, seen, reading);
}

void take_records(Step& step, FeedRun& run, ResourceIndex resource, const Answer& answer) {
    const Reading reading = reading_of(answer);
    std::vector<std::string> ids;
    for (const SeenRecord& seen : answer.records) ids.push_back(seen.external_id);
    const auto heads = step.transaction.find_records(resource, ids);
    CHECK(heads.size() == ids.size(), "the store answers for every id");
    std::vector<std::pair<std::size_t, RecordId>> changed;
    for (std::size_t i = 0; i < answer.records.size(); ++i) {
        const SeenRecord& seen = answer.records[i];
        if (seen.modified) run.newest = std::max(run.newest, *seen.modified);
        run.newest_version = std::max(run.newest_version, seen.row_version);
        if (heads[i]) {
            if (run.sweep) mark_seen(run, heads[i]->id);
            const bool same =
                heads[i]->state == RecordState::live && heads[i]->etag == seen.etag &&
                heads[i]->digest == body_digest(step, resource, json::write(seen.body));
            if (!same) changed.emplace_back(i, heads[i]->id);
        } else if (const WorkRecord* added = step.work.known_record(resource, seen.external_id)) {
            // Met in this very step: twice in the page, or just created by us.
            if (run.sweep) mark_seen(run, added->id);
            if (added->digest != body_digest(step, resource, json::write(seen.body)))
                changed.emplace_back(i, added->id);
        } else {
            const WorkRecord& fresh = observe_new(step, resource, seen, reading, {});
            if (run.sweep) mark_seen(run, fresh.id);
        }
    }
    std::vector<RecordId> records;
    for (const auto& [i, id] : changed) records.push_back(id);
    step.work.load_records(records);
    step.work.load_links_of_records(records);
    for (const auto& [i, id] : changed)
        take_changed(step, run, step.work.record(id), answer.records[i], reading);
    run.records += static_cast<std::int64_t>(answer.records.size());
}

// Only what is here is of interest; whether it is gone is asked one by one.
void take_removals(Step& step, FeedRun& run, ResourceIndex resource, const Answer& answer) {
    for (const SeenRecord& removed : answer.records) {
        run.newest_version = std::max(run.newest_version, removed.row_version);
        const WorkRecord* record = step.work.find_record(resource, removed.external_id);
        if (record && record->state == RecordState::live && record->written_at < run.began)
            run.removed.push_back(record->id);
    }
}

std::vector<RecordId> missing_records(Step& step, const FeedRun& run, ResourceIndex resource) {
    std::vector<RecordId> missing;
    const auto seen = std::ranges::count(run.seen, true);
    if (seen == step.memory.live[resource]) return missing;
    constexpr int page = 1000;
    for (RecordId after{};;) {
        const auto heads = step.transaction.live_records(resource, after, page);
        for (const RecordHead& head : heads) {
            const auto at = static_cast<std::size_t>(head.id.value);
            const bool met = at < run.seen.size() && run.seen[at];
            if (!met && head.changed_at < run.began && head.written_at < run.began)
                missing.push_back(head.id);
        }
        if (heads.size() < page) return missing;
        after = heads.back().id;
    }
}

// The guard's verdict: why the data type must stop, or nothing.
std::string too_much(Step& step, DataTypeIndex d, std::int64_t lost, std::int64_t live) {
    if (lost <= limits::guard_records || lost * 100 <= live * limits::guard_percent) return {};
    if (step.memory.guard_waived.contains(d) || SEEDED(guard_off)) return {};
    return fmt::format(
        "one look at {} would clear, lose or turn back {} of {} records; nothing of it was "
        "believed. If that is "
        "right, run again with --approve",
        step.data_type(d).full_name, lost, live);
}

void stop(Step& step, DataTypeIndex d, const std::string& why) {
    DataTypeState& state = step.memory.data_types.at(d);
    if (state.stopped.empty()) {
        HistoryEvent event;
        event.kind = HistoryEvent::Kind::stopped;
        event.data_type = d;
        event.text = why;
        Notice notice;
        notice.kind = Notice::Kind::stopped;
        notice.data_type = d;
        notice.text = why;
        step.notice(std::move(notice));
        step.record(std::move(event));
    }
    state.stopped = why;
    step.transaction.put_data_type_state(state);
}

void resume(Step& step, DataTypeIndex d) {
    DataTypeState& state = step.memory.data_types.at(d);
    step.memory.guard_waived.erase(d);
    if (state.stopped.empty()) return;
    state.stopped.clear();
    step.transaction.put_data_type_state(state);
    step.memory.maybe_ready[d] = true;
}

// Ensures: true when what the run seemed to lose may be believed.
bool guard_passes(Step& step, const FeedRun& run, ResourceIndex resource, std::int64_t missing) {
    bool pass = true;
    for (DataTypeIndex d : step.workspace.data_types_of(resource)) {
        const auto losses = run.losses.find(d);
        const std::int64_t lost = missing + (losses == run.losses.end() ? 0 : losses->second);
        const std::string why = too_much(step, d, lost, step.memory.live[resource]);
        if (!why.empty()) {
            stop(step, d, why);
            pass = false;
        } else if (run.sweep) {
            resume(step, d);
        }
    }
    return pass;
}

// Parked records are looked at again after a sweep: what they waited for may have been mended.
void retry_parked(Step& step, ResourceIndex resource) {
    for (const Parked& parked : step.transaction.parked(10 * limits::work_per_step)) {
        if (!parked.record) continue;
        WorkRecord& record = step.work.record(parked.record);
        const bool is_here = record.resource == resource ||
                             step.resource(record.resource).nested_in == resource;
        if (!is_here || record.matching != Matching::parked) continue;
        record.matching = Matching::pending;
        record.changed = true;
    }
}

void move_cursor(Step& step, const FeedRun& run, FeedState& feed, const Duration skew) {
    feed.polled_at = run.began;
    if (run.sweep) {
        feed.swept_at = run.began;
        feed.records = run.records;
        // What changed while we read is asked for again: the cursor is the beginning of the sweep on the system's clock.
        feed.cursor = run.began + skew - Duration{2'000};
        const bool is_kept = !step.resource(feed.resource).removals.path.empty();
        feed.row_version =
            is_kept ? std::max(feed.row_version, run.newest_version) : run.newest_version;
    } else {
        feed.cursor = std::max(feed.cursor, run.newest);
        feed.row_version = std::max(feed.row_version, run.newest_version);
    }
    step.transaction.put_feed(feed);
}

void end_run(Step& step, ResourceIndex resource, Duration skew) {
    const FeedRun run = std::move(step.memory.runs.at(resource));
    step.memory.runs.erase(resource);
    step.memory.poll_wanted.erase(resource);
    auto missing = run.sweep ? missing_records(step, run, resource) : std::vector<RecordId>{};
    missing.insert(missing.end(), run.removed.begin(), run.removed.end());
    std::ranges::sort(missing);
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    const bool pass = guard_passes(step, run, resource, static_cast<std::int64_t>(missing.size()));
    if (pass) {
        if (!run.losses.empty()) step.memory.replay_wanted.insert(resource);
        for (RecordId id : missing)
            SEEDED(delete_on_absence) ? observe_gone(step, step.work.record(id))
                                      : check_record(step, id, step.now);
    } else {
        step.transaction.drop_deferred(resource);
    }
    FeedState& feed = step.memory.feeds.at(resource);
    if (pass || run.sweep) move_cursor(step, run, feed, skew);
    settle_blind_creates(step, resource, run.began);
    if (!run.sweep) return;
    retry_parked(step, resource);
    step.memory.match_wanted.insert(resource);
    for (std::size_t i = 0; i < step.workspace.resources.size(); ++i)
        if (step.workspace.resources[i].nested_in == resource)
            step.memory.match_wanted.insert({static_cast<std::int32_t>(i)});
    Notice notice;
    notice.kind = Notice::Kind::swept;
    const auto here = step.workspace.data_types_of(resource);
    if (!here.empty()) notice.data_type = here.front();
    notice.count = run.records;
    step.notice(std::move(notice));
}

void ask_page(Step& step, ResourceIndex resource, FeedRun& run, std::string cursor) {
    Effect effect;
    effect.system = step.resource(resource).system;
    effect.purpose = Purpose::page;
    effect.call = ListCall{resource, run.since, std::move(cursor), run.since_version};
    if (run.is_of_removals) {
        const std::int64_t after = step.memory.feeds.at(resource).row_version;
        effect.call = ListCall{resource, {}, std::get<ListCall>(effect.call).cursor, after, true};
    }
    effect.sweep = run.sweep;
    effect.feed_run = run.number;
    effect.turn = run.turn = ++step.memory.last_turn;
    step.out.effects.push_back(std::move(effect));
}

// A system may show nothing because there is nothing, or because we may not see it.
bool is_doubtfully_empty(const Step& step, const FeedRun& run, ResourceIndex resource) {
    return run.sweep && run.records == 0 && !step.rest(resource).rights_path.empty() &&
           !step.workspace.data_types_of(resource).empty() && !SEEDED(no_rights_check);
}

Effect rights_effect(const Step& step, ResourceIndex resource, const FeedRun& run) {
    Effect effect;
    effect.system = step.resource(resource).system;
    effect.purpose = Purpose::rights;
    effect.call = RightsCall{resource};
    effect.sweep = run.sweep;
    effect.feed_run = run.number;
    return effect;
}

}  // namespace

bool has_change_feed(const Step& step, ResourceIndex resource) {
    if (step.resource(resource).feed_is_whole) return false;
    return !step.rest(resource).modified_filter.parameter.empty() ||
           !step.resource(resource).feed_path.empty();
}

void start_feed(Step& step, ResourceIndex resource, bool sweep) {
    if (step.resource(resource).nested_in || step.memory.runs.contains(resource)) return;
    const FeedState& feed = step.memory.feeds.at(resource);
    FeedRun run;
    run.number = step.memory.next_run++;
    run.began = step.now;
    const bool by_version = !step.resource(resource).feed_path.empty();
    run.sweep = sweep || feed.swept_at.ms == 0 || !has_change_feed(step, resource);
    if (!run.sweep && by_version) run.since_version = feed.row_version;
    if (!run.sweep && !by_version) run.since = feed.cursor - step.rest(resource).modified_overlap;
    if (run.sweep)
        step.transaction.drop_deferred(
            resource);  // a sweep shows again what an earlier run had put aside
    ask_page(step, resource, run, "");
    step.memory.runs[resource] = std::move(run);
}

void start_wanted_feeds(Step& step) {
    std::erase_if(step.memory.look_from, [&](const auto& look) {
        if (look.second > step.now || step.memory.runs.contains(look.first)) return false;
        step.memory.poll_wanted.insert(look.first);
        return true;
    });
    for (ResourceIndex resource : step.memory.poll_wanted)
        if (step.memory.poll_not_before[resource] <= step.now) start_feed(step, resource, false);
}

void take_page(Step& step, const Answered& answered) {
    const auto& call = std::get<ListCall>(answered.effect.call);
    const auto found = step.memory.runs.find(call.resource);
    if (found == step.memory.runs.end() || found->second.number != answered.effect.feed_run) return;
    FeedRun& run = found->second;
    if (run.turn != answered.effect.turn) return;
    run.turn = 0;
    if (answered.answer.outcome != Outcome::ok && SEEDED(cursor_before_commit)) {
        run.newest = run.began + answered.answer.skew;
        return end_run(step, call.resource, answered.answer.skew);
    }
    if (answered.answer.outcome != Outcome::ok) {
        step.memory.poll_not_before[call.resource] =
            step.now + std::max(answered.answer.retry_after, Duration{1'000});
        step.memory.runs.erase(found);
        return;
    }
    call.is_of_removals ? take_removals(step, run, call.resource, answered.answer)
                        : take_records(step, run, call.resource, answered.answer);
    const bool is_last = answered.answer.next.empty();
    if (is_last && !run.is_of_removals && !step.resource(call.resource).removals.path.empty()) {
        run.is_of_removals = true;
        run.newest_version = 0;  // theirs are counted apart
        return ask_page(step, call.resource, run, "");
    }
    if (is_last && is_doubtfully_empty(step, run, call.resource))
        step.out.effects.push_back(rights_effect(step, call.resource, run));
    else if (is_last)
        end_run(step, call.resource, answered.answer.skew);
    else
        ask_page(step, call.resource, run, answered.answer.next);
}

void take_rights(Step& step, const Answered& answered) {
    const ResourceIndex resource = resource_of(answered.effect.call);
    const auto found = step.memory.runs.find(resource);
    if (found == step.memory.runs.end() || found->second.number != answered.effect.feed_run) return;
    if (answered.answer.outcome == Outcome::ok) {
        step.memory.unreadable.erase(resource);
        FeedRun& run = found->second;
        if (run.is_second_look) return end_run(step, resource, answered.answer.skew);
        // The right may have been given back since the list was read.
        run.is_second_look = true;
        run.is_of_removals = false;
        run.removed.clear();
        run.began = step.now;
        return ask_page(step, resource, run, "");
    }
    step.memory.poll_not_before[resource] =
        step.now + std::max(answered.answer.retry_after, Duration{60'000});
    step.memory.runs.erase(found);
    if (!step.memory.unreadable.insert(resource).second) return;
    Notice notice;
    notice.kind = Notice::Kind::refused;
    notice.data_type = step.workspace.data_types_of(resource).front();
    notice.text = answered.answer.message;
    step.notice(std::move(notice));
}

Instant sure_from(const Step& step, const RecordHead& record) {
    return std::max(record.written_at, record.changed_at + lag_of(step, record.resource));
}

void put_aside(Step& step, IntentId intent, ResourceIndex resource, const Value& body) {
    const Digest digest = body_digest(step, resource, json::write(body));
    const auto [found, is_first] = step.memory.evidence_lost.try_emplace(intent, digest);
    if (!is_first && found->second != digest) found->second = Digest{};
}

void check_record(Step& step, RecordId id, Instant when) {
    const WorkRecord& record = step.work.record(id);
    if (step.resource(record.resource).nested_in) {
        check_record(step, record.parent, when);
        return;
    }
    if (!step.memory.checks.try_emplace(id, 0).second) return;
    Effect effect;
    effect.system = step.resource(record.resource).system;
    effect.purpose = Purpose::check;
    effect.call = ReadCall{record.resource, record.external_id};
    effect.not_before = when;
    step.out.effects.push_back(std::move(effect));
}

void take_check(Step& step, const Answered& answered) {
    const auto& call = std::get<ReadCall>(answered.effect.call);
    WorkRecord* record = step.work.find_record(call.resource, call.external_id);
    if (!record) return;
    const Answer& answer = answered.answer;
    const int reads = ++step.memory.checks[record->id];
    const bool failed = answer.outcome != Outcome::ok && answer.outcome != Outcome::not_found;
    const Instant sure = sure_from(step, *record);
    const bool early = answer.began < sure && !SEEDED(confirm);
    if ((failed || early) && reads < limits::doubtful_reads_max) {
        Effect again = answered.effect;
        again.not_before =
            std::max(sure, step.now + std::max(answer.retry_after, Duration{early ? 0 : 1'000}));
        step.out.effects.push_back(std::move(again));
        return;
    }
    step.memory.checks.erase(record->id);
    if (failed || early) return;  // the next sweep looks again
    if (const Intent* intent = step.intent_on(record->id); intent && !SEEDED(own_write)) {
        put_aside(step, intent->id, record->resource,
                  answer.records.empty() ? Value() : answer.records.front().body);
        return;
    }
    if (answer.outcome == Outcome::not_found)
        observe_gone(step, *record);
    else if (!answer.records.empty())
        observe_known(step, *record, answer.records.front(), reading_of(answer));
}

bool replay_deferred(Step& step) {
    if (step.memory.replay_wanted.empty()) return false;
    const ResourceIndex resource = *step.memory.replay_wanted.begin();
    const auto deferred = step.transaction.take_deferred(resource, limits::work_per_step);
    if (static_cast<int>(deferred.size()) < limits::work_per_step)
        step.memory.replay_wanted.erase(resource);
    for (const Deferred& d : deferred) {
        WorkRecord* record = step.work.find_record(d.resource, d.external_id);
        auto body = json::read(d.body);
        CHECK(body.has_value(), "a deferred body is the JSON we wrote");
        if (!record) continue;
        SeenRecord seen{d.external_id, std::move(*body), d.etag, d.modified};
        const Intent* intent = step.intent_on(record->id);
        Reading reading;
        reading.began = reading.ended = step.now;
        reading.skew = d.skew;
        // Whatever happened to the record since makes the deferred body an old one: it is read again instead.
        if (intent)
            put_aside(step, intent->id, d.resource, seen.body);
        else if (record->modified && d.modified && *d.modified < *record->modified)
            check_record(step, record->id, step.now);
        else
            observe_known(step, *record, seen, reading);
    }
    return true;
}

}  // namespace entente::sync
