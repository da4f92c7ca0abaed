// The scenario files of this repository, and playing them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "world/scenario.hpp"

namespace entente::world {

std::vector<std::filesystem::path> scenario_files();  // by name
std::string text_of_file(const std::filesystem::path& path);
// Requires: it can be read (a failed test says why not).
Scenario scenario_in(const std::filesystem::path& path);

}  // namespace entente::world
