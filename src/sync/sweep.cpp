#include "sync/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/bad_rows.hpp"
#include "sync/create.hpp"
#include "sync/feed.hpp"
#include "sync/guard.hpp"
#include "sync/life.hpp"
#include "sync/stop.hpp"

namespace entente::sync {
namespace {

std::vector<RecordId> missing_records(Step& step, const FeedRun& run, ResourceIndex resource) {
    std::vector<RecordId> missing;
    if (run.walk.records == step.memory.live[resource]) return missing;
    constexpr int page = 1000;
    for (RecordId after{};;) {
        const auto heads = step.transaction.live_records(resource, after, page);
        for (const RecordHead& head : heads) {
            if (!run.walk.has_met(head.id) && is_before(step, head.changed_at, run.began) &&
                is_before(step, head.written_at, run.began))
                missing.push_back(head.id);
        }
        if (heads.size() < page) return missing;
        after = heads.back().id;
    }
}

// Ensures: true when what the run seemed to lose may be believed. `counts`: it is no sweep in doubt, which would prove nothing.
bool run_passes(Step& step, const FeedRun& run, ResourceIndex resource,
                const std::vector<RecordId>& missing, bool counts) {
    std::set<RecordId> lost = run.lost;
    // As many as cannot be read may stand in those rows; whether they are gone is asked one by one all the same.
    if (std::ssize(missing) > run.bad_rows.unknown) lost.insert(missing.begin(), missing.end());
    if (!run.sweep && SEEDED(guard_not_for_polls)) return true;
    // What is doubted has still to be counted with the rest of it.
    const bool shows_a_part = !run.sweep || run.doubts_a_loss;
    if (shows_a_part && !lost.empty() && has_stopped(step, resource)) return false;
    if (!guard_passes(step, resource, lost)) return false;
    // What is not known yet proves neither that it may be believed nor that all is well again.
    if (!run.sweep || !counts || run.doubts_a_loss) return true;
    const bool was_stopped = std::ranges::any_of(
        step.workspace.data_types_of(resource),
        [&](DataTypeIndex d) { return !step.memory.data_types.at(d).stopped.empty(); });
    for (DataTypeIndex d : step.workspace.data_types_of(resource)) resume_data_type(step, d);
    if (was_stopped) forget_losses(step, resource);
    return true;
}

// Parked records are looked at again after a sweep: what they waited for may have been mended.
void retry_parked(Step& step, ResourceIndex resource) {
    for (const Parked& parked : step.transaction.parked(10 * limits::work_per_step)) {
        if (!parked.record) continue;
        WorkRecord& record = step.work.record(parked.record);
        const bool is_here =
            record.resource == resource || step.resource(record.resource).nested_in == resource;
        if (!is_here || record.matching != Matching::parked) continue;
        record.matching = Matching::pending;
        record.changed = true;
    }
}

// How far the system's clock is ahead of ours, at least, as the run has met it.
Duration skew_at_least(const FeedRun& run, Duration skew) {
    const bool is_believed = !run.least_skew || SEEDED(cursor_past_now);
    return is_believed ? skew : std::min(skew, *run.least_skew);
}

void move_cursor(Step& step, const FeedRun& run, FeedState& feed, const Duration skew) {
    feed.polled_at = run.began;
    const Duration least = skew_at_least(run, skew);
    const Instant began = run.began + least - Duration{2'000};  // on the system's clock
    if (run.sweep) {
        feed.swept_at = run.began;
        feed.records = run.walk.records;
        // What changed while we read is asked for again: the cursor is the beginning of the sweep on the system's clock.
        feed.cursor = began;
        const bool is_kept = !step.resource(feed.resource).removals.path.empty();
        feed.row_version =
            is_kept ? std::max(feed.row_version, run.newest_version) : run.newest_version;
        step.memory.cursor_skew[feed.resource] = skew;
    } else {
        // Pages in another order than that of the changes: what was edited behind the page we were at is older than the newest
        // that came later.
        Instant seen_until = run.walk.pages.count > 1 ? std::min(run.newest, began) : run.newest;
        if (!SEEDED(cursor_past_now)) seen_until = std::min(seen_until, step.now + least);
        feed.cursor = std::max(feed.cursor, seen_until);
        step.memory.cursor_skew.try_emplace(feed.resource, skew);
        feed.row_version = std::max(feed.row_version, run.newest_version);
    }
    step.transaction.put_feed(feed);
}

// What the run has shown of values and removals is believed if the guard lets it.
bool take_losses(Step& step, const FeedRun& run, ResourceIndex resource,
                 std::vector<RecordId> missing, bool counts) {
    missing.insert(missing.end(), run.removed.begin(), run.removed.end());
    std::ranges::sort(missing);
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    if (!run_passes(step, run, resource, missing, counts)) {
        step.transaction.drop_deferred(resource);
        return false;
    }
    if (!run.lost.empty()) step.memory.replay_wanted.insert(resource);
    for (RecordId id : missing)
        SEEDED(delete_on_absence) ? observe_gone(step, step.work.record(id))
                                  : check_missing(step, id, step.now);
    return true;
}

// A sweep has come to its end, and counts as one.
void end_sweep(Step& step, const FeedRun& run, ResourceIndex resource) {
    settle_blind_creates(step, resource, run.began);
    retry_parked(step, resource);
    step.memory.match_wanted.insert(resource);
    for (std::size_t i = 0; i < step.workspace.resources.size(); ++i)
        if (step.workspace.resources[i].nested_in == resource)
            step.memory.match_wanted.insert({static_cast<std::int32_t>(i)});
    Notice notice;
    notice.kind = Notice::Kind::swept;
    const auto here = step.workspace.data_types_of(resource);
    if (!here.empty()) notice.data_type = here.front();
    notice.count = run.walk.records;
    step.notice(std::move(notice));
}

void tell_doubt(Step& step, ResourceIndex resource) {
    const auto here = step.workspace.data_types_of(resource);
    Notice notice;
    notice.kind = Notice::Kind::doubted;
    if (!here.empty()) notice.data_type = here.front();
    notice.text =
        doubt_in_words(step.memory.feeds.at(resource), !step.resource(resource).search.empty());
    step.notice(std::move(notice));
}

// Nothing is created upon a walk that may have passed over records, and nothing is gone by it (G6, G12): it is made again, at
// longer and longer intervals. A list that is in doubt each time counts as read all the same, and what it may hide is asked for
// by search before it is made.
void end_in_doubt(Step& step, const FeedRun& run, ResourceIndex resource, Duration skew,
                  const std::string& why) {
    FeedState& feed = step.memory.feeds.at(resource);
    const bool is_told = feed.doubtful_walks >= limits::doubtful_walks_max;
    feed.doubt = why;
    ++feed.doubtful_walks;
    const bool counts = feed.doubtful_walks >= limits::doubtful_walks_max;
    take_losses(step, run, resource, {}, counts);
    if (!counts) {
        const int doublings = 2 * (feed.doubtful_walks - 1);
        const Instant again = step.now + Duration{limits::doubtful_walk_pause_ms << doublings};
        step.memory.walk_again[resource] = again;
        Instant& not_before = step.memory.poll_not_before[resource];
        not_before = std::max(not_before, again);
        step.transaction.put_feed(feed);
        settle_blind_creates(step, resource, Instant{});  // they wait for a better look
        return;
    }
    step.memory.walk_again.erase(resource);
    end_lost_cursor(step, resource);
    move_cursor(step, run, feed, skew);
    if (!is_told) tell_doubt(step, resource);
    end_sweep(step, run, resource);
}

// The doubt of the last sweep is over, or explained: then creates ask by search until a sweep is without.
void end_doubt(Step& step, ResourceIndex resource, const std::string& explained) {
    step.memory.walk_again.erase(resource);
    end_lost_cursor(step, resource);
    FeedState& feed = step.memory.feeds.at(resource);
    if (feed.doubtful_walks > 0) {
        for (DataTypeIndex d : step.workspace.data_types_of(resource)) {
            step.transaction.release_waiting(d);
            step.memory.maybe_ready[d] = true;
        }
    }
    feed.doubtful_walks = 0;
    feed.doubt = explained;
}

// What is taken out while pages are counted lets another record slip past, and leaves no trace. Where it could not be searched for
// either, a walk is believed once it shows nothing that was not known.
bool is_unproven(const Step& step, const FeedRun& run, ResourceIndex resource) {
    const model::Resource& listed = step.resource(resource);
    const bool is_told_whole = run.walk.total_last && run.moved.empty();
    return run.walk.is_counted && run.walk.pages.count > 1 && run.met_first > 0 && !is_told_whole &&
           !listed.proof.snapshot && listed.search.empty();
}

// Why a walk without doubt may have hidden a record all the same: pages are counted, and what came meanwhile makes up in number for
// what was taken out and let another one slip past. Empty: it cannot.
std::string moved_meanwhile(const Step& step, const FeedRun& run, ResourceIndex resource) {
    const bool can_hide = run.walk.is_counted && run.walk.pages.count > 1 && !run.moved.empty() &&
                          !step.resource(resource).proof.snapshot;
    return can_hide ? fmt::format("{} of its records came or changed while it was read",
                                  run.moved.size())
                    : std::string();
}

// Why a walk that is believed may hide a record all the same: `why`, and what its bad rows hold. Empty: it cannot.
std::string with_hidden(const std::string& why, const FeedRun& run) {
    const std::string hidden = hidden_in_bad_rows(run);
    return why.empty() || hidden.empty() ? why + hidden : why + "; " + hidden;
}

void end_believed_sweep(Step& step, const FeedRun& run, ResourceIndex resource, Duration skew) {
    const auto missing =
        run.bad_rows.hides_many ? std::vector<RecordId>() : missing_records(step, run, resource);
    take_losses(step, run, resource, missing, true);
    move_cursor(step, run, step.memory.feeds.at(resource), skew);
    end_sweep(step, run, resource);
}

// Where changes can be asked for by time, those since the walk began show what has shifted its rows.
bool can_be_explained_by_a_poll(const Step& step, ResourceIndex resource) {
    return has_change_feed(step, resource) && step.resource(resource).feed_path.empty();
}

void explain_by_poll(Step& step, FeedRun walked, ResourceIndex resource, Duration skew) {
    FeedRun poll;
    poll.number = step.memory.next_run++;
    poll.began = step.now;
    poll.since = walked.began + skew_at_least(walked, skew) - step.rest(resource).modified_overlap;
    poll.walk.is_counted = walked.walk.is_counted;
    walked.moved.clear();
    poll.explains = std::make_shared<const FeedRun>(std::move(walked));
    ask_page(step, resource, poll, "");
    step.memory.runs[resource] = std::move(poll);
}

void end_explaining(Step& step, const FeedRun& poll, ResourceIndex resource, Duration skew) {
    FeedRun walked = *poll.explains;
    walked.newest = std::max(walked.newest, poll.newest);
    walked.lost.insert(poll.lost.begin(), poll.lost.end());
    const std::string why = doubt_of(walked.walk);
    if (!is_explained(walked.walk, poll.walk, poll.moved))
        return end_in_doubt(step, walked, resource, skew, why);
    if (is_unproven(step, walked, resource)) return end_in_doubt(step, walked, resource, skew, why);
    add(walked.walk, poll.walk);
    end_doubt(step, resource, with_hidden(why + "; what changed meanwhile explains it", walked));
    end_believed_sweep(step, walked, resource, skew);
}

// Whether changes may stand before what polls ask since: the system's clock was set, or the cursor is ahead of it. Then all is
// read, and the cursor begins anew.
bool has_lost_the_cursor(Step& step, const FeedRun& run, ResourceIndex resource, Duration skew) {
    if (!run.since || SEEDED(cursor_past_now)) return false;
    const Instant now_there = step.now + skew_at_least(run, skew);
    const auto known = step.memory.cursor_skew.find(resource);
    const Duration moved{known == step.memory.cursor_skew.end() ? 0 : skew.ms - known->second.ms};
    const bool was_set = moved.ms > limits::skew_jump_ms || moved.ms < -limits::skew_jump_ms;
    const bool is_ahead = step.memory.feeds.at(resource).cursor > now_there + clock_doubt;
    if (was_set || is_ahead) tell_lost_cursor(step, resource, was_set ? moved : Duration{0});
    return was_set || is_ahead;
}

// What a poll without end has not shown is asked for again by the next one, and shown by a sweep at the latest. Until then the
// system counts as not looked at: what is to be created there waits.
void leave_cursor(Step& step, ResourceIndex resource, int polls) {
    const int doublings = std::min(polls - 1, limits::doubtful_walks_max);
    Instant& not_before = step.memory.poll_not_before[resource];
    not_before =
        std::max(not_before, step.now + Duration{limits::doubtful_walk_pause_ms << doublings});
    step.memory.look_from.try_emplace(resource, not_before);
}

void end_poll(Step& step, const FeedRun& run, ResourceIndex resource, Duration skew) {
    const bool is_in_doubt =
        run.walk.is_in_ring || (run.walk.is_counted && !run.walk.again.empty());
    int& doubts = step.memory.doubtful_polls[resource];
    doubts = is_in_doubt ? doubts + 1 : 0;
    if (run.walk.is_in_ring) {
        FeedState& feed = step.memory.feeds.at(resource);
        feed.doubt = doubt_of(run.walk);
        step.transaction.put_feed(feed);
        if (doubts == 1 && feed.doubtful_walks == 0) tell_doubt(step, resource);
    }
    if (take_losses(step, run, resource, {}, true)) {
        // An edit moves its record behind the others, and what stood at the turn of a page slips past: it is asked for again.
        // As often as a walk in doubt; then it counts, and the sweep finds what it hid.
        if (is_in_doubt && !run.walk.is_in_ring && doubts < limits::doubtful_walks_max)
            want_poll(step, resource,
                      step.now + Duration{limits::doubtful_walk_pause_ms << doubts});
        else if (has_lost_the_cursor(step, run, resource, skew))
            step.memory.walk_again.try_emplace(resource, step.now);
        else if (run.walk.is_in_ring && !SEEDED(ring_moves_cursor))
            leave_cursor(step, resource, doubts);
        else
            move_cursor(step, run, step.memory.feeds.at(resource), skew);
    }
    // What may have been made in vain waits for a look that has an end.
    settle_blind_creates(step, resource, run.walk.is_in_ring ? Instant{} : run.began);
}

}  // namespace

void end_run(Step& step, ResourceIndex resource, Duration skew) {
    FeedRun run = std::move(step.memory.runs.at(resource));
    step.memory.runs.erase(resource);
    step.memory.poll_wanted.erase(resource);
    run.walk.end(run.walk.pages.go_nowhere());
    if (!run.explains) tell_bad_rows(step, run, resource);
    if (run.explains) return end_explaining(step, run, resource, skew);
    if (!run.sweep) return end_poll(step, run, resource, skew);
    const std::string why = doubt_of(run.walk);
    if (why.empty() && is_unproven(step, run, resource))
        return end_in_doubt(step, run, resource, skew,
                            "it showed what was not known, and nothing proves that this is all");
    if (why.empty() || SEEDED(walk_believed)) {
        end_doubt(step, resource, with_hidden(moved_meanwhile(step, run, resource), run));
        return end_believed_sweep(step, run, resource, skew);
    }
    if (can_be_explained_by_a_poll(step, resource) && !run.walk.is_in_ring)
        return explain_by_poll(step, std::move(run), resource, skew);
    if (!is_explained(run.walk, {}, run.moved)) return end_in_doubt(step, run, resource, skew, why);
    end_doubt(step, resource, with_hidden(why + "; what changed meanwhile explains it", run));
    end_believed_sweep(step, run, resource, skew);
}

// A look that cannot go on is made again, and shows again what it had put aside. A walk in doubt that nothing explains by now stays
// so.
void fail_run(Step& step, ResourceIndex resource, Duration skew) {
    const FeedRun run = std::move(step.memory.runs.at(resource));
    step.memory.runs.erase(resource);
    if (!run.explains) step.transaction.drop_deferred(resource);
    if (run.explains)
        end_in_doubt(step, *run.explains, resource, skew, doubt_of(run.explains->walk));
    else if (const auto again = step.memory.walk_again.find(resource);
             again != step.memory.walk_again.end())
        again->second = step.memory.poll_not_before[resource];
}

}  // namespace entente::sync
