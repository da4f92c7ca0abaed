// The simulated systems of a demo's workspace as processes of their own: started when they do not
// answer, waited for, ended when we started them. `demo` and `run` own one. Loopback only: a
// simulated system is never reachable from outside. The children die with the thread that started
// them, so that a killed demo leaves nothing behind.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/workspace.hpp"

namespace entente::run {

// How `entente sim` is started for one system; kept in DIR/systems/NAME/sim.json, so that a later
// run can start it again.
struct SimulatedSystem {
    std::string name;  // the system's, in the workspace
    std::string kind;  // "custom-shop"
    int port = 0;      // 0: any free one
    std::int64_t records = 0;
    std::uint64_t seed = 1;
    std::int64_t clock = 1;
    std::string population = "usual";
    std::filesystem::path folder;    // its journal
    std::filesystem::path key_file;  // the login it demands, alone in a file
};

std::filesystem::path simulated_folder(const std::filesystem::path& workspace,
                                       const std::string& system);
Result<void> write_simulated(const SimulatedSystem& system);
// Of a system with `simulated: true`; its port comes from the base URL. Without a sim.json it
// starts empty.
Result<SimulatedSystem> read_simulated(const std::filesystem::path& workspace,
                                       const model::System& system);

// A login for a simulated system: 32 random letters and digits.
std::string new_credential();

class SimulatedProcesses {
public:
    SimulatedProcesses() = default;
    ~SimulatedProcesses() { stop(); }
    SimulatedProcesses(const SimulatedProcesses&) = delete;
    SimulatedProcesses& operator=(const SimulatedProcesses&) = delete;

    // Starts it and waits until it says that it is ready; gives its port. busy when the port is
    // taken.
    Result<int> start(const SimulatedSystem& system);
    // Whether a simulated system answers there already.
    static bool answers(int port);
    // Starts again what has ended by itself or by somebody's hand.
    Result<void> revive();
    // Asks all to end, waits a little, then makes them.
    void stop();

private:
    struct Child {
        SimulatedSystem system;
        pid_t pid = -1;
    };
    Result<Child> spawn(const SimulatedSystem& system);

    std::vector<Child> children_;
};

// Starts those simulated systems of a workspace that do not answer.
Result<void> start_simulated(SimulatedProcesses& processes, const std::filesystem::path& folder,
                             const model::Workspace& workspace);

}  // namespace entente::run
