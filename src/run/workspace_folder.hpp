// A workspace's folder on disk: DIR/entente.yaml, DIR/catalog/** laid over the shipped catalogue,
// and where its store is. Every command that takes a DIR begins here. It reads; nothing is created
// before a command needs it.
#pragma once

#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "model/diagnostic.hpp"
#include "model/workspace.hpp"
#include "run/secrets.hpp"

namespace entente::run {

struct WorkspaceFolder {
    std::filesystem::path path;
    model::Diagnostics diagnostics;             // errors, things to fill in, notes
    std::optional<model::Workspace> workspace;  // set when there is no error
    std::filesystem::path store_path;           // set with the workspace
    Secrets secrets;
};

// bad_input when the folder or its entente.yaml is missing or unreadable; what is wrong inside them
// is in `diagnostics`.
Result<WorkspaceFolder> read_workspace_folder(const std::filesystem::path& path);

// Whether it has an error, or something is still to be filled in: then it can be looked at and not run.
bool lacks_something(const WorkspaceFolder& folder);

// The same for who needs everything: all errors, and all things to fill in, become one bad_input error.
Result<WorkspaceFolder> require_workspace_folder(const std::filesystem::path& path);

}  // namespace entente::run
