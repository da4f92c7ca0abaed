// The first run is killed at a random moment of its first second; the same command, given again, begins or goes on, ends with status 0
// and leaves agreement (G10). Half of the moments are drawn from the whole second, half from the first milliseconds of the store's file.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/random.hpp"
#include "crash_world.hpp"

namespace entente::e2e {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t seed = 20'261'130;
// Another number: ENTENTE_KILLS_OF_FIRST_RUNS=100.
const int kills = [] {
    const char* other = std::getenv("ENTENTE_KILLS_OF_FIRST_RUNS");
    return other ? std::atoi(other) : 20;
}();
constexpr std::int64_t first_second_ms = 1'000;
constexpr std::int64_t first_moments_us = 20'000;
constexpr int looks_max = 30'000;  // a fifth of a millisecond apart

void forget_the_store(const std::string& state) {
    for (const char* end : {"", "-wal", "-shm", "-journal", ".lock", ".calls.json"})
        fs::remove(state + "/entente.db" + end);
}

// What the kill left: how large the file is, and whether there is a log.
std::string left_by_it(const std::string& store) {
    std::error_code none;
    const auto size = fs::file_size(store, none);
    if (none) return "no file";
    return fmt::format("{} bytes{}", size, fs::exists(store + "-wal") ? " and a log" : "");
}

TEST(KillTestOfTheFirstRun, what_it_leaves_is_gone_on_with) {
    CrashWorld world(seed);
    ASSERT_EQ(world.begin("CustomWebshop,CustomERP"), "");
    const std::string state = world.dir() + "/state", store = state + "/entente.db";
    std::map<std::string, int> left;
    for (int round = 0; round < kills; ++round) {
        Random random(seed, fmt::format("first run {}", round));
        world.people_work(3);
        forget_the_store(state);
        {
            Process engine({"run", world.dir(), "--approve"});
            if (round % 2 == 0) {
                world.let_pass_us(random.between(0, first_second_ms * 1'000));
            } else {
                for (int look = 0; look < looks_max && !fs::exists(store); ++look)
                    world.let_pass_us(200);
                world.let_pass_us(random.between(0, first_moments_us));
            }
            engine.signal(SIGKILL);
            ASSERT_EQ(engine.wait(), 128 + SIGKILL);
        }
        ++left[left_by_it(store)];
        const auto status = entente({"status", world.dir()});
        EXPECT_TRUE(status.status == 0 || status.status == 1 ||
                    status.err.find("nothing has run here yet") != std::string::npos)
            << status.err;
        const auto ran = entente({"run", world.dir(), "--until-idle", "--approve"});
        ASSERT_TRUE(came_to_rest(ran)) << "round " << round << ": " << ran.err << ran.out;
        ASSERT_EQ(entente({"verify", world.dir()}).status, 0) << "round " << round;
    }
    for (const auto& [what, times] : left) fmt::print("{:>4} left {}\n", times, what);
}

}  // namespace
}  // namespace entente::e2e
