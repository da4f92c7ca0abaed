// A system of the workspace out of its plan: resources and data types of the connector are copied
// in, names become indices, settings are filled into paths. No diagnostics: everything has been
// checked. Inside model only.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "model/definition.hpp"

namespace entente::model {

// What entente.yaml says of one data type.
struct DataTypeSwitches {
    std::optional<bool> creates;
    std::optional<bool> share;
};

// What entente.yaml says of one system.
struct SystemPlan {
    System system;
    const ConnectorDefinition* connector =
        nullptr;  // null pointer: unknown, the system gets no data types
    std::map<std::string, std::string> settings;
    std::map<std::string, DataTypeSwitches> switches;
};

void build_system(SystemPlan plan, Workspace& workspace);

// Replaces "{name}" by the setting of that name; what has none stays.
std::string fill_in(std::string_view text, const std::map<std::string, std::string>& settings);

}  // namespace entente::model
