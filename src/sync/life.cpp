#include "sync/life.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <utility>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/trouble.hpp"

namespace entente::sync {
namespace {

bool is_of_this_life(const Step& step, Instant t) {
    return t >= step.memory.began && t <= step.now;
}

// The newest of the times that an earlier life has stored, of those that are cheap to ask.
Instant newest_stored(Transaction& transaction) {
    Instant newest;
    for (const FeedState& feed : transaction.feeds())
        newest = std::max({newest, feed.swept_at, feed.polled_at});
    for (const DataTypeState& state : transaction.data_type_states())
        newest = std::max(newest, state.joined_at);
    for (const Intent& intent : transaction.intents())
        newest = std::max({newest, intent.made_at, intent.sent_at});
    return newest;
}

void end_waits_after(Transaction& transaction, const model::Workspace& workspace, Instant latest) {
    if (!transaction.next_dirty(latest)) return;
    for (std::size_t i = 0; i < workspace.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        auto waiting = transaction.dirty_waiting(d, INT_MAX);
        std::erase_if(waiting, [&](const Dirty& pair) {
            return pair.not_before <= latest || pair.not_before == Instant::never();
        });
        for (Dirty& pair : waiting) pair.not_before = {};
        transaction.put_dirty(waiting);
    }
}

std::string set_by(Duration moved) {
    const bool is_ahead = moved > Duration{0};
    return fmt::format("{} {}", format_duration(is_ahead ? moved : Duration{-moved.ms}),
                       is_ahead ? "ahead" : "back");
}

}  // namespace

Instant in_this_life(const Step& step, Instant stored) {
    if (is_of_this_life(step, stored)) return stored;
    if (stored > step.now ? SEEDED(future_believed) : SEEDED(wait_not_begun_anew)) return stored;
    return step.memory.began;
}

Instant not_ahead(const Step& step, Instant stored) {
    return stored > step.now ? step.memory.began : stored;
}

bool is_before(const Step& step, Instant a, Instant b) {
    if (is_of_this_life(step, b)) return !is_of_this_life(step, a) || a < b;
    return !is_of_this_life(step, a) && a < b;
}

std::optional<Instant> told_time(const std::optional<Instant>& modified, const Reading& reading) {
    const Instant now_there = reading.ended + reading.skew;
    if (modified && *modified > now_there + clock_doubt) return std::nullopt;
    return modified;
}

void begin_life(Transaction& transaction, const model::Workspace& workspace, Memory& memory,
                Instant now, Duration moved) {
    memory.began = now;
    const Instant newest = newest_stored(transaction);
    const bool was_ahead = newest > now;
    end_waits_after(transaction, workspace,
                    was_ahead ? now : now + Duration{limits::dirty_pause_ms_max});
    const Duration ahead{std::max<std::int64_t>(0, (newest - now).ms)};
    if (moved != Duration{0})
        memory.clock_trouble = fmt::format(
            "the clock of this machine was set {}; all waits begin anew, and all lists are read",
            set_by(moved));
    if (ahead.ms > limits::clock_jump_ms)
        memory.clock_trouble += fmt::format(
            "{}times stored up to {} lie ahead of the clock of this machine by up to {}, and are "
            "not used",
            memory.clock_trouble.empty() ? "" : "; ", format_instant(newest),
            format_duration(ahead));
    memory.clock_trusted_from = now + Duration{limits::clock_trusted_after_ms};
}

void watch_our_clock(Step& step) {
    Memory& memory = step.memory;
    const auto none = std::pair(SystemIndex::none(), ResourceIndex::none());
    if (!memory.clock_trouble.empty())
        tell_trouble(step, Trouble::Kind::our_clock, none.first, none.second,
                     std::exchange(memory.clock_trouble, {}));
    else if (step.now >= memory.clock_trusted_from)
        end_trouble(step, Trouble::Kind::our_clock, none.first, none.second);
}

void watch_clock(Step& step, SystemIndex system, const Answer& answer) {
    const auto [heard, is_first] =
        step.memory.clocks.try_emplace(system, ClockHeard{answer.skew, answer.ended});
    if (!is_first && answer.ended <= heard->second.at) return;
    heard->second = {answer.skew, answer.ended};
    const ResourceIndex all = ResourceIndex::none();
    if (!answer.absurd_skew) return end_trouble(step, Trouble::Kind::clock, system, all);
    constexpr std::int64_t day_ms = 86'400'000;
    const std::int64_t days = answer.absurd_skew->ms / day_ms;
    tell_trouble(step, Trouble::Kind::clock, system, all,
                 fmt::format("its answers are dated {} days {}: that is not used; its clock is to "
                             "be set, or ours",
                             days < 0 ? -days : days, days < 0 ? "back" : "ahead"));
}

void tell_lost_cursor(Step& step, ResourceIndex resource, Duration moved) {
    const std::string why = moved == Duration{0}
                                ? "it was asked for changes since a time ahead of its clock"
                                : fmt::format("its clock was set {}", set_by(moved));
    tell_trouble(step, Trouble::Kind::clock, step.resource(resource).system, resource,
                 why + "; all of the list is read");
}

void end_lost_cursor(Step& step, ResourceIndex resource) {
    end_trouble(step, Trouble::Kind::clock, step.resource(resource).system, resource);
}

}  // namespace entente::sync
