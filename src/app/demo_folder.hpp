// The folder of a demo: a workspace whose systems are simulated, with their logins, their journals,
// and the generator's truth, which only the checker reads. Made once, resumed afterwards. Nothing
// of it is special to the engine.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "run/simulated_processes.hpp"

namespace entente::app {

struct DemoOptions {
    std::string dir;  // empty: ./demo-SEED
    std::int64_t records = 1000;
    std::uint64_t seed = 7;
    std::int64_t clock = 600;
    std::string systems = "all";
    std::string population = "usual";
};

struct DemoSystem {
    std::string name;  // "Shop"
    std::string kind;  // "custom-shop"
    std::string url;   // "http://127.0.0.1:4010"
    std::string credential;
};

struct DemoFolder {
    std::filesystem::path path;
    DemoOptions options;
    bool is_resumed = false;
    std::vector<DemoSystem> systems;

    std::filesystem::path ledger() const { return path / "ledger.jsonl"; }
    Result<Value> truth() const;
};

// Makes or resumes the demo in its folder and starts its systems. bad_input: the folder holds
// something else.
Result<DemoFolder> open_demo(const DemoOptions& options, run::SimulatedProcesses& processes);

}  // namespace entente::app
