// Every file of tests/scenario is played: the oracle finds nothing, and its own sentences hold at the end.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "world/scenario_files.hpp"

namespace entente::world {
namespace {

class ScenarioFile : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(ScenarioFile, holds) {
    const Scenario scenario = scenario_in(GetParam());
    ASSERT_FALSE(scenario.script.systems.empty());
    World world(scenario.script);
    if (std::getenv("ENTENTE_TRACE"))
        world.on_trace = [](const std::string& line) { std::cerr << line << '\n'; };
    const Outcome outcome = world.play();
    std::string last;
    for (const std::string& line : outcome.last) last += line + "\n";
    for (const std::string& failure : failures_of(scenario, outcome))
        ADD_FAILURE() << GetParam().filename().string() << ": " << failure;
    if (HasFailure()) std::cerr << last;
}

INSTANTIATE_TEST_SUITE_P(all, ScenarioFile, testing::ValuesIn(scenario_files()),
                         [](const auto& file) { return file.param.stem().string(); });

// A scenario without a reason or a demand would teach nobody anything.
TEST(ScenarioFiles, say_why_and_demand_something) {
    EXPECT_GE(scenario_files().size(), 20u);
    for (const auto& file : scenario_files()) {
        const Scenario scenario = scenario_in(file);
        EXPECT_FALSE(scenario.why.empty()) << file;
        EXPECT_FALSE(scenario.expectations.empty()) << file;
    }
}

}  // namespace
}  // namespace entente::world
