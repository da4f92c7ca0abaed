// Systems that stand at one address. With one login they are one system, which would be told its own records as another's, so
// that is an error; with another login, or none told, it may be right, and people are told. What stands at one address under two
// names shows while running (sync/siblings.hpp).
#pragma once

#include <string>
#include <vector>

#include "model/reader.hpp"
#include "model/workspace.hpp"

namespace entente::model {

// `systems`: as written, in the order of the workspace's systems.
void check_addresses(const yaml::Node& systems, const Workspace& workspace, Reporter& report);

// What is to be told before anything is written, for people.
std::vector<std::string> address_warnings(const Workspace& workspace);

}  // namespace entente::model
