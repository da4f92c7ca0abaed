#include "report.hpp"

#include <fmt/format.h>

#include "world/play.hpp"
#include "world/shrink.hpp"

namespace entente::world {

void print_smaller(const Script& script, int guarantee) {
    const Fails fails = [&](const Script& smaller) {
        const SeedResult again = play_twice(smaller);
        for (const oracle::Violation& violation : again.verdict.violations())
            if (violation.guarantee == guarantee) return true;
        return false;
    };
    if (!fails(script)) return;
    fmt::print("made smaller (for tests/scenario):\n\n{}\n", words_of(shrink(script, fails)));
}

void print_failure(const SeedResult& result, bool in_full) {
    const oracle::Violation& first = result.verdict.violations().front();
    fmt::print("\nviolation G{} {}, seed {}: {}\n", first.guarantee, title_of(first.guarantee),
               result.seed, first.text);
    fmt::print("replay: ./dev simulate --replay {}\n", result.seed);
    if (!in_full) return;
    fmt::print("the last of it:\n");
    for (const std::string& line : result.last) fmt::print("  {:.240}\n", line);
    print_smaller(script_of(result.seed), first.guarantee);
}

void print_totals(const Totals& totals, double seconds) {
    fmt::print("{:4} {:24} {:>12} {:>10}\n", "", "guarantee", "tried", "violated");
    for (int g = 1; g <= oracle::guarantees; ++g) {
        const auto at = static_cast<std::size_t>(g);
        const std::string tried =
            totals.tries[at] == 0 ? "elsewhere" : std::to_string(totals.tries[at]);
        fmt::print("{:4} {:24} {:>12} {:>10}\n", fmt::format("G{}", g), title_of(g), tried,
                   totals.violations[at]);
    }
    fmt::print("\nfaults\n");
    for (const auto& [name, n] : totals.counters)
        if (name.starts_with("fault ")) fmt::print("  {:24} {:>10}\n", name.substr(6), n);
    fmt::print("\nsometimes\n");
    for (const std::string& name : sometimes_counters()) {
        const auto found = totals.counters.find(name);
        const std::string shown = name == "fault late" ? "late execution" : name;
        fmt::print("  {:24} {:>10}\n", shown, found == totals.counters.end() ? 0 : found->second);
    }
    const auto count = [&](const char* name) {
        const auto found = totals.counters.find(name);
        return found == totals.counters.end() ? 0 : found->second;
    };
    fmt::print(
        "\n{} edits, {} requests, {} writes of ours, {} of them creates, {:.0f} h of virtual "
        "time\n",
        count("edits"), count("requests"), count("writes"), count("creates"),
        static_cast<double>(totals.lasted.ms) / 3'600'000.0);
    fmt::print("{} seeds, each played twice, in {:.1f} s: {:.0f} seeds/s\n", totals.seeds, seconds,
               static_cast<double>(totals.seeds) / seconds);
    fmt::print("violations {}\n", totals.violated());
    for (const std::string& name : totals.missing())
        fmt::print("never happened: {}; more seeds, or the chaos has become tame\n", name);
}

}  // namespace entente::world
