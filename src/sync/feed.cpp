#include "sync/feed.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/bad_rows.hpp"
#include "sync/guard.hpp"
#include "sync/in_vain.hpp"
#include "sync/life.hpp"
#include "sync/replay.hpp"
#include "sync/rights.hpp"
#include "sync/siblings.hpp"
#include "sync/sweep.hpp"
#include "sync/trouble.hpp"
#include "sync/unknown.hpp"

namespace entente::sync {
namespace {

// How long an older body may still be shown after a change.
Duration lag_of(const Step& step, ResourceIndex resource) {
    return std::max(step.rest(resource).lag, step.rest(resource).modified_granularity);
}

void defer(Step& step, FeedRun& run, const WorkRecord& record, const SeenRecord& seen,
           const Reading& reading) {
    step.transaction.put_deferred(
        std::array{Deferred{record.resource, seen.external_id, json::write(seen.body), seen.etag,
                            seen.modified, reading.skew, reading.began, reading.ended}});
    run.lost.insert(record.id);
}

// A known record whose body is not the one stored.
void take_changed(Step& step, FeedRun& run, WorkRecord& record, const SeenRecord& seen,
                  const Reading& reading) {
    if (const Intent* intent = step.intent_on(record.id); intent && !SEEDED(own_write)) {
        put_aside(step, intent->id, record.resource, seen.body);
        return;
    }
    if (record.state == RecordState::live) {
        const bool older = is_older(seen, record, reading);
        if ((reading.began < in_this_life(step, record.written_at) && !SEEDED(old_page_believed)) ||
            (is_stale(step, record, seen, reading) && !(run.sweep && older))) {
            run.doubts_a_loss = run.doubts_a_loss || would_lose(step, record, seen, reading);
            check_record(step, record.id, std::max(step.now, sure_from(step, record)));
            return;
        }
    }
    if (would_lose(step, record, seen, reading)) return defer(step, run, record, seen, reading);
    observe_known(step, record, seen, reading);
}

// What was edited or made while the sweep went on explains that rows have shifted. Where no time tells it, what we have written.
void note_moved(const Step& step, FeedRun& run, const RecordHead& record, const SeenRecord& seen,
                const Reading& reading) {
    const Instant since = run.explains ? run.explains->began : run.began;
    const bool is_moved = told_time(seen.modified, reading)
                              ? edited_at(seen, reading) >= since
                              : !is_before(step, record.written_at, since);
    if (is_moved) run.moved.insert(record.id);
}

void take_records(Step& step, FeedRun& run, ResourceIndex resource, const Answer& answer) {
    const Reading reading = reading_of(answer);
    std::vector<std::string> ids;
    for (const SeenRecord& seen : answer.records) ids.push_back(seen.external_id);
    const auto heads = step.transaction.find_records(resource, ids);
    CHECK(heads.size() == ids.size(), "the store answers for every id");
    std::vector<std::pair<std::size_t, RecordId>> changed;
    std::vector<RecordId> page;
    for (std::size_t i = 0; i < answer.records.size(); ++i) {
        const SeenRecord& seen = answer.records[i];
        const auto told =
            SEEDED(cursor_past_now) ? seen.modified : told_time(seen.modified, reading);
        if (told) run.newest = std::max(run.newest, *told);
        run.newest_version = std::max(run.newest_version, seen.row_version);
        if (heads[i]) {
            page.push_back(heads[i]->id);
            note_moved(step, run, *heads[i], seen, reading);
            const bool same =
                heads[i]->state == RecordState::live && heads[i]->etag == seen.etag &&
                heads[i]->digest == body_digest(step, resource, json::write(seen.body));
            if (!same) changed.emplace_back(i, heads[i]->id);
            if (SEEDED_WHERE(read_again, same && !run.sweep)) {
                step.work.load_records(std::array{heads[i]->id});
                check_record(step, heads[i]->id, step.now);
            }
        } else if (const WorkRecord* added = step.work.known_record(resource, seen.external_id)) {
            // Met in this very step: twice in the page, or just created by us.
            page.push_back(added->id);
            note_moved(step, run, *added, seen, reading);
            if (added->digest != body_digest(step, resource, json::write(seen.body)))
                changed.emplace_back(i, added->id);
        } else {
            look_for_mirror(step, resource, seen);
            const WorkRecord& fresh = observe_new(step, resource, seen, reading, {});
            page.push_back(fresh.id);
            ++run.met_first;
            note_moved(step, run, fresh, seen, reading);
            if (run.is_new_made_since) run.moved.insert(fresh.id);
        }
    }
    std::vector<RecordId> records;
    for (const auto& [i, id] : changed) records.push_back(id);
    step.work.load_records(records);
    step.work.load_links_of_records(records);
    for (const auto& [i, id] : changed)
        take_changed(step, run, step.work.record(id), answer.records[i], reading);
    const std::int64_t unknown_before = run.bad_rows.unknown;
    take_bad_rows(step, run, resource, answer.bad_rows, page);
    const std::int64_t unknown = run.bad_rows.unknown - unknown_before;
    run.walk.unknown += unknown;
    run.walk.take_page(page, answer.total, answer.passed_over + unknown);
}

// Only what is here is of interest; whether it is gone is asked one by one.
void take_removals(Step& step, FeedRun& run, ResourceIndex resource, const Answer& answer) {
    std::size_t news = 0;
    for (const SeenRecord& removed : answer.records) {
        news += run.removals_met.emplace(removed.row_version, removed.external_id).second;
        run.newest_version = std::max(run.newest_version, removed.row_version);
        const WorkRecord* record = step.work.find_record(resource, removed.external_id);
        if (record && record->state == RecordState::live &&
            is_before(step, record->written_at, run.began))
            run.removed.push_back(record->id);
    }
    std::vector<RecordId> none;
    take_bad_rows(step, run, resource, answer.bad_rows, none);
    run.removal_pages.take({answer.records.size(), news, answer.passed_over});
    if (!answer.next.empty() && run.removal_pages.go_nowhere())
        tell_endless(step, Trouble::Kind::removals, resource);
    else if (answer.next.empty())
        tell_ended(step, Trouble::Kind::removals, resource, run.removal_pages);
}

// A system may show nothing because there is nothing, or because we may not see it.
bool is_doubtfully_empty(const Step& step, const FeedRun& run, ResourceIndex resource) {
    return run.sweep && run.walk.records == 0 && run.walk.unknown == 0 &&
           !step.rest(resource).rights_path.empty() &&
           !step.workspace.data_types_of(resource).empty() && !SEEDED(no_rights_check);
}

// Where its clock may stand at least: one that cannot be used may be right all the same, and ours wrong.
Duration least_skew(const Answer& answer) {
    return answer.absurd_skew ? std::min(answer.skew, *answer.absurd_skew) : answer.skew;
}

Effect rights_effect(Step& step, ResourceIndex resource, FeedRun& run) {
    Effect effect;
    effect.turn = run.turn = ++step.memory.last_turn;
    effect.system = step.resource(resource).system;
    effect.purpose = Purpose::rights;
    effect.call = RightsCall{resource};
    effect.sweep = run.sweep;
    effect.feed_run = run.number;
    return effect;
}

// A single read of the record that is believed.
void take_read(Step& step, WorkRecord& record, const Answer& answer) {
    if (const Intent* intent = step.intent_on(record.id); intent && !SEEDED(own_write)) {
        put_aside(step, intent->id, record.resource,
                  answer.records.empty() ? Value() : answer.records.front().body);
        return;
    }
    if (answer.outcome == Outcome::not_found)
        observe_gone(step, record);
    else if (!answer.records.empty())
        observe_known(step, record, answer.records.front(), reading_of(answer));
}

bool is_loss(Step& step, WorkRecord& record, const Answer& answer) {
    if (answer.outcome == Outcome::not_found) return record.state == RecordState::live;
    return !answer.records.empty() &&
           would_lose(step, record, answer.records.front(), reading_of(answer));
}

}  // namespace

bool is_stale(const Step& step, const RecordHead& record, const SeenRecord& seen,
              const Reading& reading) {
    if (reading.began < in_this_life(step, record.written_at)) return !SEEDED(old_page_believed);
    Duration lag = lag_of(step, record.resource);
    const auto told = told_time(seen.modified, reading);
    const auto known = told_time(record.modified, reading);
    if (told && known && *told != *known) {
        if (*told < *known) return true;
        // Where the last change was given too early a time, older states have later ones; none has one after our look.
        const Instant looked_at = not_ahead(step, record.changed_at);
        if (edited_at(seen, reading) >= looked_at + clock_doubt) return false;
        lag = step.rest(record.resource).lag;
    }
    return reading.began < in_this_life(step, record.changed_at) + lag && !SEEDED(confirm);
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
    effect.sweep = run.sweep || run.explains;  // a part of the sweep that it explains
    effect.feed_run = run.number;
    effect.turn = run.turn = ++step.memory.last_turn;
    step.out.effects.push_back(std::move(effect));
}

bool is_counted(const model::RestProtocol& rest) {
    using Paging = model::RestProtocol::Paging;
    return rest.paging == Paging::page || rest.paging == Paging::offset;
}

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
    const auto again = step.memory.walk_again.find(resource);
    if (run.sweep && again != step.memory.walk_again.end() && step.now < again->second) return;
    run.walk.is_counted = is_counted(step.rest(resource));
    run.walk.order_moves = by_version && !run.walk.is_counted;
    run.is_new_made_since = run.sweep && feed.swept_at.ms != 0 && feed.doubt.empty() &&
                            !has_change_feed(step, resource);
    if (!run.sweep && by_version) run.since_version = feed.row_version;
    if (!run.sweep && !by_version)
        run.since = SEEDED(overlap_forgotten) ? feed.cursor
                                              : feed.cursor - step.rest(resource).modified_overlap;
    // What an earlier run has put aside is judged by now, or shown again.
    while (step.memory.replay_wanted.contains(resource)) replay_some(step, resource);
    step.transaction.drop_deferred(resource);
    ask_page(step, resource, run, "");
    step.memory.runs[resource] = std::move(run);
}

void start_wanted_feeds(Step& step) {
    std::erase_if(step.memory.look_from, [&](const auto& look) {
        if (look.second > step.now || step.memory.runs.contains(look.first)) return false;
        step.memory.poll_wanted.insert(look.first);
        return true;
    });
    // What an earlier run has put aside is taken first, in the next step: this one is settled already.
    const auto is_free = [&](ResourceIndex r) { return !step.memory.replay_wanted.contains(r); };
    for (ResourceIndex resource : step.memory.poll_wanted)
        if (is_free(resource) && step.memory.poll_not_before[resource] <= step.now)
            start_feed(step, resource, false);
    for (const auto& [resource, at] : step.memory.walk_again)
        if (is_free(resource) && at <= step.now) start_feed(step, resource, true);
}

void take_page(Step& step, const Answered& answered) {
    const auto& call = std::get<ListCall>(answered.effect.call);
    const auto found = step.memory.runs.find(call.resource);
    if (found == step.memory.runs.end() || found->second.number != answered.effect.feed_run) return;
    FeedRun& run = found->second;
    if (run.turn != answered.effect.turn) return;
    run.turn = 0;
    note_answered(step, answered);
    const Duration skew = least_skew(answered.answer);
    run.least_skew = run.least_skew ? std::min(*run.least_skew, skew) : skew;
    if (answered.answer.outcome != Outcome::ok && !run.explains && SEEDED(cursor_before_commit)) {
        run.newest = run.began + answered.answer.skew;
        return end_run(step, call.resource, answered.answer.skew);
    }
    if (answered.answer.outcome != Outcome::ok) {
        const Duration pause = note_failed_look(step, call.resource, answered.answer.message);
        step.memory.poll_not_before[call.resource] =
            step.now + std::max(answered.answer.retry_after, pause);
        fail_run(step, call.resource, answered.answer.skew);
        return;
    }
    note_readable(step, call.resource, !answered.answer.records.empty());
    call.is_of_removals ? take_removals(step, run, call.resource, answered.answer)
                        : take_records(step, run, call.resource, answered.answer);
    const Pages& pages = run.is_of_removals ? run.removal_pages : run.walk.pages;
    const bool is_last = answered.answer.next.empty() || pages.go_nowhere();
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
    if (found->second.turn != answered.effect.turn) return;
    note_answered(step, answered);
    if (answered.answer.outcome == Outcome::ok) {
        end_trouble(step, Trouble::Kind::rights, step.resource(resource).system, resource);
        FeedRun& run = found->second;
        if (run.is_second_look) return end_run(step, resource, answered.answer.skew);
        // The right may have been given back since the list was read.
        run.is_second_look = true;
        run.is_of_removals = false;
        run.removed.clear();
        run.removals_met.clear();
        run.removal_pages = {};
        run.began = step.now;
        run.walk = {.is_counted = run.walk.is_counted, .order_moves = run.walk.order_moves};
        run.bad_rows = {};
        return ask_page(step, resource, run, "");
    }
    step.memory.poll_not_before[resource] =
        step.now + std::max(answered.answer.retry_after, Duration{60'000});
    step.memory.runs.erase(found);
    step.transaction.drop_deferred(resource);
    tell_trouble(step, Trouble::Kind::rights, step.resource(resource).system, resource,
                 answered.answer.message);
}

Instant sure_from(const Step& step, const RecordHead& record) {
    return std::max(in_this_life(step, record.written_at),
                    in_this_life(step, record.changed_at) + lag_of(step, record.resource));
}

void put_aside(Step& step, IntentId intent, ResourceIndex resource, const Value& body) {
    const Digest digest = body_digest(step, resource, json::write(body));
    const auto [found, is_first] = step.memory.evidence_lost.try_emplace(intent, digest);
    if (!is_first && found->second != digest) found->second = Digest{};
}

void check_record(Step& step, RecordId id, Instant when, bool is_judged) {
    const WorkRecord& record = step.work.record(id);
    if (step.resource(record.resource).nested_in) {
        check_record(step, record.parent, when, is_judged);
        return;
    }
    const bool is_under_way = step.memory.checks.contains(id);
    if (!is_under_way && is_left_unread(step, id)) return;
    Check& check = begin_check(step, record, is_judged);
    if (is_under_way) return;
    Effect effect;
    effect.system = step.resource(record.resource).system;
    effect.purpose = Purpose::check;
    effect.call = ReadCall{record.resource, record.external_id};
    effect.not_before = when;
    effect.turn = check.turn = ++step.memory.last_turn;
    step.out.effects.push_back(std::move(effect));
}

void check_missing(Step& step, RecordId id, Instant when) {
    check_record(step, id, when, true);
    if (const auto check = step.memory.checks.find(id); check != step.memory.checks.end())
        check->second.is_absent = true;
}

void take_check(Step& step, const Answered& answered) {
    const auto* call = std::get_if<ReadCall>(&answered.effect.call);
    WorkRecord* record = call ? step.work.find_record(call->resource, call->external_id) : nullptr;
    if (!record) return;
    auto check = step.memory.checks.find(record->id);
    const bool is_under_way = check != step.memory.checks.end();
    const bool is_awaited = is_under_way && check->second.turn == answered.effect.turn;
    if (!is_awaited && !SEEDED(heard_twice)) return;
    if (SEEDED_WHERE(heard_twice, !is_under_way)) {
        begin_check(step, *record, false);
        check = step.memory.checks.find(record->id);
    }
    note_answered(step, answered);
    const Answer& answer = answered.answer;
    const int reads = ++check->second.reads;
    const bool is_judged = check->second.is_judged;
    const bool failed = answer.outcome != Outcome::ok && answer.outcome != Outcome::not_found;
    const Instant sure = sure_from(step, *record);
    const bool early = answer.began < sure && !SEEDED(confirm);
    // A record that nobody had missed may be gone, or not be shown for a moment.
    const bool is_first_absence = answer.outcome == Outcome::not_found && !early &&
                                  !check->second.is_absent && !SEEDED(absence_believed);
    if (is_first_absence) check->second.is_absent = true;
    if (is_first_absence || ((failed || early) && reads < limits::doubtful_reads_max)) {
        Effect again = answered.effect;
        const Duration least = is_first_absence
                                   ? std::max(second_look_after, step.rest(call->resource).lag)
                                   : Duration{early ? 0 : 1'000};
        again.not_before = std::max(sure, step.now + std::max(answer.retry_after, least));
        again.turn = check->second.turn = ++step.memory.last_turn;
        step.out.effects.push_back(std::move(again));
        return;
    }
    end_check(step, record->id);
    if (!failed)
        step.memory.unread.erase(record->id);
    else if (!answer.is_of_system)
        leave_unread(step, *record, answer);
    if (failed || early) return;  // the next sweep looks again
    if (is_judged || !is_loss(step, *record, answer) || SEEDED(guard_by_doubt))
        take_read(step, *record, answer);
    else
        put_loss_aside(step, *record, answer);
}

void take_judged(Step& step) {
    for (const auto& [id, answer] : judge_losses(step)) {
        WorkRecord& record = step.work.record(id);
        if (answer.began < sure_from(step, record))
            check_record(step, id, std::max(step.now, sure_from(step, record)), true);
        else
            take_read(step, record, answer);
    }
}

}  // namespace entente::sync
