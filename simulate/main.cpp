// ./dev simulate: tries to break the guarantees in the deterministic world.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "report.hpp"
#include "workers.hpp"
#include "world/exhaustive.hpp"
#include "world/play.hpp"
#include "world/scenario.hpp"

namespace entente::world {
namespace {

using Seconds = std::chrono::duration<double>;

// Findings shown in full; of the others a line each.
constexpr int shown_max = 3;

int simulate(std::uint64_t first, std::uint64_t seeds) {
    const auto began = std::chrono::steady_clock::now();
    Totals totals;
    int shown = 0;
    for_each_number(first, seeds, std::max(1u, std::thread::hardware_concurrency()), play_seed,
                    [&](std::uint64_t, const SeedResult& result) {
                        totals.add(result);
                        if (!result.verdict.violations().empty())
                            print_failure(result, shown++ < shown_max);
                        return true;
                    });
    print_totals(totals, Seconds(std::chrono::steady_clock::now() - began).count());
    return totals.violated() == 0 && totals.missing().empty() ? 0 : 1;
}

int replay(const Script& script) {
    fmt::print("{}\n", words_of(script));
    play(script, [](const std::string& line) { fmt::print("{}\n", line); });
    const SeedResult result = play_twice(script);
    for (const oracle::Violation& violation : result.verdict.violations())
        fmt::print("violation G{} {}: {}\n", violation.guarantee, title_of(violation.guarantee),
                   violation.text);
    if (!result.verdict.violations().empty())
        print_smaller(script, result.verdict.violations().front().guarantee);
    fmt::print("violations {}\n", result.verdict.violations().size());
    return result.verdict.violations().empty() ? 0 : 1;
}

int replay_file(const std::string& path) {
    std::ifstream file(path);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const auto scenario = parse_scenario(text, path);
    if (scenario) return replay(scenario->script);
    fmt::print(stderr, "{}\n", scenario.error().message());
    return 2;
}

int explore_all() {
    const std::vector<SmallWorld> worlds = small_worlds();
    std::int64_t states = 0, transitions = 0, ends = 0, violations = 0;
    for_each_number(
        0, worlds.size(), std::max(1u, std::thread::hardware_concurrency()),
        [&](std::uint64_t i) { return explore(worlds[i]); },
        [&](std::uint64_t, const ExhaustiveReport& report) {
            fmt::print("{}\n", line_of(report));
            for (const FoundViolation& found : report.violations) {
                fmt::print("violation G{} {}: {}\n", found.guarantee, title_of(found.guarantee),
                           found.text);
                for (const std::string& line : found.trace) fmt::print("  {}\n", line);
            }
            states += report.states;
            transitions += report.transitions;
            ends += report.ends;
            violations += static_cast<std::int64_t>(report.violations.size());
            if (!report.is_complete) ++violations;
            return true;
        });
    fmt::print("{} worlds, {} states, {} transitions, {} ends judged\nviolations {}\n",
               worlds.size(), states, transitions, ends, violations);
    return violations == 0 ? 0 : 1;
}

}  // namespace
}  // namespace entente::world

int main(int argc, char** argv) {
    CLI::App app{"Plays random worlds in virtual time and says whether a guarantee was violated.",
                 "simulate"};
    std::uint64_t seeds = 2'000, first = 1;
    std::optional<std::uint64_t> one;
    std::string scenario;
    bool exhaustive = false;
    app.add_option("--seeds", seeds, "how many worlds")->check(CLI::Range(1, 100'000'000));
    app.add_option("--first-seed", first, "the first of them");
    app.add_option("--replay", one, "plays one seed and prints its script and its whole trace");
    app.add_option("--scenario", scenario, "the same of a scenario file")->check(CLI::ExistingFile);
    app.add_flag("--exhaustive", exhaustive, "every interleaving of the small worlds");
    CLI11_PARSE(app, argc, argv);
    if (exhaustive) return entente::world::explore_all();
    if (one) return entente::world::replay(entente::world::script_of(*one));
    if (!scenario.empty()) return entente::world::replay_file(scenario);
    return entente::world::simulate(first, seeds);
}
