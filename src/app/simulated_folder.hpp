// `--simulated`: the same workspace with every system replaced by its simulated one, so that a configuration is tried without
// touching production. All of it lives in DIR/state/simulated: journals, logins and a store of its own; the next command finds
// the same systems as they were left.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "run/simulated_processes.hpp"
#include "run/workspace_folder.hpp"

namespace entente::app {

// What a command that takes DIR was told about it.
struct FolderChoice {
    std::string dir;
    bool simulated = false;
    std::int64_t records = 600;  // real things behind the simulated systems, when they are made
    std::uint64_t seed = 1;
};

// The folder as chosen, its simulated systems running: those of a demo, or all of them. bad_input: errors in the
// configuration, things to fill in (not with --simulated, which needs none of them), or a connector without a simulated system.
Result<run::WorkspaceFolder> open_folder(const FolderChoice& choice,
                                         run::SimulatedProcesses& processes);

// The folder for commands that only ask its store; nothing is started. Things to fill in do not matter.
Result<run::WorkspaceFolder> read_folder(const std::string& dir, bool simulated);

// Declares --simulated, --records and --seed.
void add_simulated_options(CLI::App& command, FolderChoice& choice);

}  // namespace entente::app
