#include "sync/in_vain.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/feed.hpp"
#include "sync/rights.hpp"
#include "sync/trouble.hpp"

namespace entente::sync {
namespace {

constexpr Duration first_pause{1'000};
constexpr Duration longest_pause{600'000};
constexpr int longest_looks_pause = 6;  // doublings of the first
constexpr Duration unread_first{60'000};
constexpr Duration soon_first{60'000};
constexpr Duration refused_first{3'600'000};
constexpr std::int64_t times_longer = 4;  // each offer after the one before
constexpr Duration offered_for{7 * 86'400'000LL};

bool is_answer(const Answer& answer) {
    return answer.outcome != Outcome::retry_later && answer.outcome != Outcome::unknown &&
           answer.outcome != Outcome::auth;
}

}  // namespace

void count_failure(Step& step, Pair pair, const Answer& answer, InVain& in_vain) {
    const auto others = step.memory.failing.find(step.data_type(pair.second).system);
    const bool have_passed = others != step.memory.failing.end();
    const bool is_first = have_passed && others->second.insert(pair).second;
    const bool says_something = !answer.is_of_system && (is_first || is_answer(answer));
    ++(says_something ? in_vain.failed : in_vain.waited);
}

void note_answered(Step& step, const Answered& answered) {
    if (is_answer(answered.answer)) step.memory.failing[answered.effect.system].clear();
}

bool is_at_bound(const InVain& in_vain) {
    return in_vain.failed >= limits::unknown_tries_max && !SEEDED(endless_tries);
}

bool is_lasting(const InVain& in_vain) {
    return std::max(in_vain.failed, in_vain.waited) >= limits::unknown_tries_max &&
           !SEEDED(endless_tries);
}

Duration pause_after(const InVain& in_vain) {
    const int tries = std::max(in_vain.failed, in_vain.waited);
    if (tries == 0) return Duration{0};
    if (is_at_bound(in_vain)) {
        const int over = std::min(in_vain.failed - limits::unknown_tries_max, 5);
        return std::min(longest_rest, Duration{longest_pause.ms << (2 * over)});
    }
    return std::min(longest_pause, Duration{first_pause.ms << std::min(tries - 1, 12)});
}

Offers first_offers(Instant now, bool is_soon) {
    Offers offers;
    offers.pause = is_soon ? soon_first : refused_first;
    offers.next = now + offers.pause;
    return offers;
}

Instant due_at(const Offers& offers, Instant now) {
    if (offers.next == Instant::never() || SEEDED(never_offered)) return Instant::never();
    return offers.next > now + offers.pause ? now : offers.next;
}

bool is_due(const Offers& offers, Instant now) {
    return due_at(offers, now) <= now;
}

void advance(Offers& offers, Instant now) {
    ++offers.made;
    offers.lasted = {offers.lasted.ms + offers.pause.ms};
    offers.pause = std::min(longest_rest, Duration{offers.pause.ms * times_longer});
    const bool is_over = offers.lasted.ms + offers.pause.ms > offered_for.ms;
    offers.next = is_over ? Instant::never() : now + offers.pause;
}

Duration note_failed_look(Step& step, ResourceIndex resource, const std::string& message) {
    int& failures = step.memory.failed_looks[resource];
    const Duration pause{first_pause.ms << std::min(failures, longest_looks_pause)};
    failures = std::min(failures + 1, std::max(longest_looks_pause, limits::failed_looks_told));
    if (failures >= limits::failed_looks_told)
        tell_trouble(step, Trouble::Kind::list, step.resource(resource).system, resource,
                     "its list cannot be read: " + message);
    return pause;
}

void note_readable(Step& step, ResourceIndex resource, bool shows_records) {
    step.memory.failed_looks.erase(resource);
    end_trouble(step, Trouble::Kind::list, step.resource(resource).system, resource);
    if (shows_records && !are_rights_lost(step, resource))
        end_trouble(step, Trouble::Kind::rights, step.resource(resource).system, resource);
}

void leave_unread(Step& step, const WorkRecord& record, const Answer& answer) {
    constexpr int times_max = 6;
    auto& [times, not_before] = step.memory.unread[record.id];
    // Its list may show it though it cannot be read for itself: once that is beyond doubt it is believed.
    if (times == 0)
        step.memory.walk_again.try_emplace(record.resource,
                                           std::max(step.now, sure_from(step, record)));
    not_before = step.now + std::min(longest_rest, Duration{unread_first.ms << (2 * times)});
    times = std::min(times + 1, times_max);
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::tried;
    event.record = record.id;
    if (const auto links = step.work.links_of_record(record.id); !links.empty()) {
        event.entity = links.front()->entity;
        event.data_type = links.front()->data_type;
    }
    event.text = "it could not be read again, though it may have changed: " + answer.message;
    step.record(std::move(event));
}

bool is_left_unread(const Step& step, RecordId record) {
    const auto unread = step.memory.unread.find(record);
    return unread != step.memory.unread.end() && unread->second.second > step.now;
}

}  // namespace entente::sync
