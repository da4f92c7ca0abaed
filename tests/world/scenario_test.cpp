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
    const bool is_told = std::getenv("ENTENTE_TRACE") != nullptr;
    const Outcome outcome = World(scenario.script).play([is_told](const std::string& line) {
        if (is_told) std::cerr << line << '\n';
    });
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
