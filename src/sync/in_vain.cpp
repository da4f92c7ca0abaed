#include "sync/in_vain.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"

namespace entente::sync {
namespace {

constexpr Duration first_pause{1'000};
constexpr Duration longest_pause{600'000};
constexpr Duration forbidden_first{60'000};
constexpr Duration refused_first{3'600'000};
constexpr std::int64_t times_longer = 4;  // each offer after the one before
constexpr Duration offered_for{7 * 86'400'000LL};

bool is_answer(const Answer& answer) {
    return answer.outcome != Outcome::retry_later && answer.outcome != Outcome::unknown &&
           answer.outcome != Outcome::auth;
}

}  // namespace

void count_failure(Step& step, Pair pair, const Answer& answer, InVain& in_vain) {
    const SystemIndex system = step.data_type(pair.second).system;
    const bool is_first = step.memory.failing[system].insert(pair).second;
    const bool says_something = !answer.is_of_system && (is_first || is_answer(answer));
    ++(says_something ? in_vain.failed : in_vain.waited);
}

void note_answered(Step& step, SystemIndex system, const Answer& answer) {
    if (is_answer(answer)) step.memory.failing.erase(system);
}

bool is_at_bound(const InVain& in_vain) {
    return in_vain.failed >= limits::unknown_tries_max && !SEEDED(endless_tries);
}

bool is_lasting(const InVain& in_vain) {
    return in_vain.failed + in_vain.waited >= limits::unknown_tries_max && !SEEDED(endless_tries);
}

Duration pause_after(const InVain& in_vain) {
    const int tries = in_vain.failed + in_vain.waited;
    if (tries == 0) return Duration{0};
    if (is_at_bound(in_vain)) {
        const int over = std::min(in_vain.failed - limits::unknown_tries_max, 5);
        return std::min(longest_rest, Duration{longest_pause.ms << (2 * over)});
    }
    return std::min(longest_pause, Duration{first_pause.ms << std::min(tries - 1, 12)});
}

Offers first_offers(Instant now, bool is_forbidden) {
    Offers offers;
    offers.pause = is_forbidden ? forbidden_first : refused_first;
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

}  // namespace entente::sync
