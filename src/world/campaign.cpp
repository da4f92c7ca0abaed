#include "world/campaign.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "world/play.hpp"

namespace entente::world {
namespace {

constexpr int schedules = 3;

// An edit was overwritten in a window that nobody can close, or could not be told from what a system made of our value and waits
// for a person with both: when it was typed decides, not what was typed.
bool hangs_on_a_moment(const Outcome& outcome) {
    const auto happened = [&](const char* name) {
        const auto counter = outcome.counters.find(name);
        return counter != outcome.counters.end() && counter->second > 0;
    };
    return happened("window") || happened("held");
}

// G9: whatever comes twice, one history ends in one result.
void try_repetition(const Script& script, const Outcome& first, oracle::Verdict& verdict) {
    constexpr int percent = 60;
    Script other = script;
    other.repeated_percent = percent;
    const Outcome outcome = play(other);
    for (const oracle::Violation& violation : outcome.verdict.violations())
        verdict.violated(violation.guarantee, violation.text);
    if (outcome.history != first.history || hangs_on_a_moment(outcome) || hangs_on_a_moment(first))
        return;
    verdict.check(9, outcome.values == first.values, [&] {
        return fmt::format("answers that come twice end in another result: {} | {}",
                           fmt::join(first.values, ", "), fmt::join(outcome.values, ", "));
    });
}

// One history, one result, whatever arrives when.
void try_other_schedules(const Script& script, const Outcome& first, oracle::Verdict& verdict) {
    for (int k = 1; k <= schedules; ++k) {
        Script other = script;
        other.seed += static_cast<std::uint64_t>(k) << 40;
        const Outcome outcome = play(other);
        for (const oracle::Violation& violation : outcome.verdict.violations())
            verdict.violated(violation.guarantee, violation.text);
        if (outcome.history != first.history || hangs_on_a_moment(outcome) ||
            hangs_on_a_moment(first))
            continue;
        verdict.check(2, outcome.values == first.values, [&] {
            return fmt::format("one history ends in two results: {} | {}",
                               fmt::join(first.values, ", "), fmt::join(outcome.values, ", "));
        });
    }
}

}  // namespace

const std::vector<std::string>& sometimes_counters() {
    static const std::vector<std::string> all{"conflict",
                                              "precondition failed",
                                              "probe found",
                                              "probe not found",
                                              "fault late",
                                              "sweep repaired",
                                              "crash in doubt",
                                              "double crash",
                                              "parked",
                                              "held",
                                              "close call",
                                              "late join",
                                              "private edit",
                                              "downtime",
                                              "done while away",
                                              "quiet edit timed",
                                              "remedy played",
                                              "approved stop",
                                              "edit of a removed record",
                                              "another order",
                                              "clock jump",
                                              "system clock jump",
                                              "dated ahead",
                                              "fault ring",
                                              "fault last_again",
                                              "fault empty_pages",
                                              "fault too_many",
                                              "fault endless_search"};
    return all;
}

SeedResult play_twice(const Script& script) {
    Outcome first = play(script);
    SeedResult result;
    result.seed = script.seed;
    result.verdict = first.verdict;
    result.counters = first.counters;
    result.lasted = first.lasted;
    result.last = first.last;
    if (play(script).digest != first.digest)
        result.verdict.violated(10, "the same script was played to another trace");
    if (script.is_ordered) try_repetition(script, first, result.verdict);
    if (script.is_ordered && !script.values_repeat)
        try_other_schedules(script, first, result.verdict);
    return result;
}

SeedResult play_seed(std::uint64_t seed) {
    return play_twice(script_of(seed));
}

void Totals::add(const SeedResult& result) {
    ++seeds;
    for (int g = 1; g <= oracle::guarantees; ++g)
        tries[static_cast<std::size_t>(g)] += result.verdict.tries(g);
    for (const oracle::Violation& violation : result.verdict.violations())
        ++violations[static_cast<std::size_t>(violation.guarantee)];
    for (const auto& [name, n] : result.counters) counters[name] += n;
    lasted.ms += result.lasted.ms;
}

std::int64_t Totals::violated() const {
    std::int64_t sum = 0;
    for (const std::int64_t n : violations) sum += n;
    return sum;
}

std::vector<std::string> Totals::missing() const {
    std::vector<std::string> names;
    for (const std::string& name : sometimes_counters()) {
        const auto found = counters.find(name);
        if (found == counters.end() || found->second == 0) names.push_back(name);
    }
    return names;
}

std::string_view title_of(int guarantee) {
    constexpr std::array<std::string_view, oracle::guarantees + 1> titles{"",
                                                                          "convergence",
                                                                          "order independence",
                                                                          "no lost update",
                                                                          "no invention",
                                                                          "frame",
                                                                          "no duplicate create",
                                                                          "link safety",
                                                                          "echo freedom",
                                                                          "idempotence",
                                                                          "crash safety",
                                                                          "audit",
                                                                          "delete safety",
                                                                          "bounded calls",
                                                                          "atomic configuration",
                                                                          "drift stops",
                                                                          "isolation and progress",
                                                                          "one writer",
                                                                          "time",
                                                                          "secrecy",
                                                                          "lens laws"};
    return titles[static_cast<std::size_t>(guarantee)];
}

}  // namespace entente::world
