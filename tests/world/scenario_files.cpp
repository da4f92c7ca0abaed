#include "world/scenario_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace entente::world {

std::vector<std::filesystem::path> scenario_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(ENTENTE_SOURCE_DIR) / "tests" / "scenario"))
        if (entry.path().extension() == ".sync") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::string text_of_file(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

Scenario scenario_in(const std::filesystem::path& path) {
    auto scenario = parse_scenario(text_of_file(path), path.filename().string());
    EXPECT_TRUE(scenario.has_value()) << (scenario ? "" : scenario.error().message());
    return scenario ? *std::move(scenario) : Scenario{};
}

}  // namespace entente::world
