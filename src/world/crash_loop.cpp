#include "world/crash_loop.hpp"

#include <array>
#include <utility>

#include "world/world.hpp"

namespace entente::world {
namespace {

constexpr std::array fates{Crash::Kind::commit_fails, Crash::Kind::commit_unanswered};
constexpr auto fates_count = static_cast<std::int64_t>(fates.size());

Event crash_at(std::int64_t commit, Crash::Kind kind) {
    Event event;
    event.what = Crash{kind, commit};
    return event;
}

void play(Script script, std::vector<Event> crashes, CrashLoop& loop) {
    script.events.insert(script.events.begin(), crashes.begin(), crashes.end());
    ++loop.plays;
    const Outcome outcome = World(script).play();
    if (!outcome.verdict.violations().empty())
        loop.findings.push_back({std::move(script), outcome.verdict.violations()});
}

CrashLoop clean_play(const Script& script) {
    CrashLoop loop;
    loop.commits = World(script).play().commits;
    return loop;
}

// Every how many of `all` is taken, so that there are at most `most`. Odd: each fate has its turn.
std::int64_t step_for(std::int64_t all, std::int64_t most) {
    return std::max<std::int64_t>(1, (all + most - 1) / most) | 1;
}

}  // namespace

CrashLoop crash_loop(const Script& script, std::int64_t plays_max) {
    CrashLoop loop = clean_play(script);
    const std::int64_t all = loop.commits * fates_count;
    for (std::int64_t i = 0, step = step_for(all, plays_max); i < all; i += step)
        play(script,
             {crash_at(1 + i / fates_count, fates[static_cast<std::size_t>(i % fates_count)])},
             loop);
    return loop;
}

CrashLoop double_crash_loop(const Script& script, std::int64_t plays_max) {
    CrashLoop loop = clean_play(script);
    const std::int64_t fate_pairs = fates_count * fates_count;
    const std::int64_t all = loop.commits * (loop.commits - 1) / 2 * fate_pairs;
    const std::int64_t step = step_for(all, plays_max);
    std::int64_t i = 0;
    for (std::int64_t first = 1; first <= loop.commits; ++first)
        for (std::int64_t second = first + 1; second <= loop.commits; ++second)
            for (std::int64_t pair = 0; pair < fate_pairs; ++pair, ++i) {
                if (i % step != 0) continue;
                const auto one = static_cast<std::size_t>(pair % fates_count);
                const auto two = static_cast<std::size_t>(pair / fates_count);
                play(script, {crash_at(first, fates[one]), crash_at(second, fates[two])}, loop);
            }
    return loop;
}

}  // namespace entente::world
