// ./dev simulate --seeded-bugs: wakes one bug after the other and looks for the first seed that finds it. This is the measure of the
// world: a bug that is not found is a hole in what it draws or judges. Linked with the engine that holds the bugs.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "base/seeded_bug.hpp"
#include "workers.hpp"
#include "world/campaign.hpp"

namespace entente::world {
namespace {

using Seconds = std::chrono::duration<double>;

struct Found {
    std::uint64_t seed = 0;  // 0: not found
    oracle::Violation violation;
    std::int64_t reached = 0;
};

// "G3 G18" names 3 and 18, and not 1.
bool names(std::string_view guarantees, int guarantee) {
    return fmt::format("{} ", guarantees).find(fmt::format("G{} ", guarantee)) != std::string::npos;
}

unsigned cores() {
    return std::max(1u, std::thread::hardware_concurrency());
}

Found search(const SeededBugInfo& bug, std::uint64_t first, std::uint64_t last) {
    Found found;
    plant(bug.bug);
    for_each_number(
        first, last - first + 1, cores(), [](std::uint64_t seed) { return play_seed(seed); },
        [&](std::uint64_t seed, const SeedResult& result) {
            for (const oracle::Violation& violation : result.verdict.violations()) {
                if (!names(bug.violates, violation.guarantee)) continue;
                found = {seed, violation, 0};
                return false;
            }
            return true;
        });
    found.reached = times_reached();
    plant(std::nullopt);
    return found;
}

// The seed says nothing of the engine as it is.
bool is_clean(std::uint64_t seed) {
    return play_seed(seed).verdict.violations().empty();
}

bool find(const SeededBugInfo& bug, std::uint64_t seeds) {
    const auto began = std::chrono::steady_clock::now();
    Found found = search(bug, 1, seeds);
    while (found.seed != 0 && !is_clean(found.seed))
        found = found.seed == seeds ? Found{} : search(bug, found.seed + 1, seeds);
    const double seconds = Seconds(std::chrono::steady_clock::now() - began).count();
    if (found.seed == 0) {
        fmt::print("{:24} NOT FOUND in {} seeds ({}; its mark was reached {} times)\n", bug.name,
                   seeds, bug.violates, found.reached);
    } else {
        fmt::print("{:24} G{:<3} seed {:>6} {:>7.1f} s  {:.100}\n", bug.name,
                   found.violation.guarantee, found.seed, seconds, found.violation.text);
    }
    std::fflush(stdout);
    return found.seed != 0;
}

int find_all(const std::string& only, std::uint64_t seeds) {
    const auto began = std::chrono::steady_clock::now();
    int bugs = 0, found = 0;
    for (const SeededBugInfo& bug : seeded_bugs()) {
        if (!only.empty() && bug.name != only) continue;
        ++bugs;
        if (find(bug, seeds)) ++found;
    }
    fmt::print("{} of {} seeded bugs found, none of them reported when it is off, {:.0f} s\n",
               found, bugs, Seconds(std::chrono::steady_clock::now() - began).count());
    return found == bugs && bugs > 0 ? 0 : 1;
}

}  // namespace
}  // namespace entente::world

int main(int argc, char** argv) {
    CLI::App app{"Plants one bug after the other and says which seed finds it.", "simulate"};
    std::uint64_t seeds = 10'000;
    std::string only;
    bool is_asked = false;
    app.add_flag("--seeded-bugs", is_asked, "what this program does");
    app.add_option("--seeds", seeds, "how many seeds each bug has")
        ->check(CLI::Range(1, 1'000'000));
    app.add_option("--bug", only, "this one only");
    CLI11_PARSE(app, argc, argv);
    return entente::world::find_all(only, seeds);
}
