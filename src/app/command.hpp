// A command of the command line: declares its words to CLI11 and, when it was the one typed, runs
// and gives the exit status. One file per command; main runs the chosen one. Exit statuses are
// those of docs: see `Exit`.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "base/error.hpp"

namespace entente::app {

enum Exit : int {
    done = 0,
    differences =
        1,  // differences, failures or violations found; an approval is missing, or a person is waited for
    unusable = 2,      // arguments or configuration
    unreachable = 3,   // a system cannot be reached or refuses us
    store_failed = 4,  // the store cannot be used
};
int exit_of(const Error& error);

// What main is to run: set by the command that was typed.
using Chosen = std::function<int()>;

void add_demo(CLI::App& cli, Chosen& chosen);
void add_import(CLI::App& cli, Chosen& chosen);
void add_init(CLI::App& cli, Chosen& chosen);
void add_check(CLI::App& cli, Chosen& chosen);
void add_plan(CLI::App& cli, Chosen& chosen);
void add_run(CLI::App& cli, Chosen& chosen);
void add_status(CLI::App& cli, Chosen& chosen);
void add_verify(CLI::App& cli, Chosen& chosen);
void add_history(CLI::App& cli, Chosen& chosen);
void add_acts(CLI::App& cli, Chosen& chosen);  // link, apart, relink, retry
void add_sim(CLI::App& cli, Chosen& chosen);

// Parses the words, runs the command, and lets no exception out.
int run_command_line(int argc, char** argv);

}  // namespace entente::app
