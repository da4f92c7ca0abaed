// The structure that the architecture and the house style ask for, as functions over the sources: which folder may know
// which, where third-party libraries are confined, what the pure folders may not touch, and how long things may grow.
// Each rule gives everything that breaks it, in the order of the sources. tree_test runs them over the project.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "structure/source.hpp"

namespace entente::structure {

// base <- model <- sync <- {store, connect, report} <- run <- serve <- app; sim beside them; the checker alone.
Findings includes_against_the_arrows(std::span<const Source> sources);
// The same arrows, in the link targets of src/CMakeLists.txt.
Findings links_against_the_arrows(const std::string& path, std::string_view cmake);
// Third-party headers outside the folder that owns them.
Findings libraries_out_of_place(std::span<const Source> sources);

// Clocks, threads and random devices in base, model and sync.
Findings impure_calls(std::span<const Source> sources);
// Loops over unordered containers in sync: their order would reach effects, and differ between runs.
Findings unordered_loops(std::span<const Source> sources);
// Words that a finished file does not hold, and sleeping tests.
Findings banned_words(std::span<const Source> sources);
// A system of the catalogue named in a folder of src but sim: a further system is YAML, and what simulates it.
Findings systems_named(std::span<const Source> sources);
Findings headers_without_form(std::span<const Source> sources);

struct Function {
    std::string path;
    std::string name;
    int line = 0;
    int lines = 0;
};
std::vector<Function> functions_of(const Source& source);

inline constexpr int function_lines_max = 70;
inline constexpr int file_lines_max = 450;

// The ratchet: one exception a line, "path function lines". It may only be turned tighter: an entry longer than its
// function, or no longer needed, is a finding too.
Findings long_functions(std::span<const Source> sources, std::string_view ratchet);
// "path lines".
Findings long_files(std::span<const Source> sources, std::string_view ratchet);

}  // namespace entente::structure
