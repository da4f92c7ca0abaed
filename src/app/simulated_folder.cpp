#include "app/simulated_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>

#include "app/output.hpp"
#include "base/text.hpp"
#include "model/url.hpp"
#include "run/files.hpp"
#include "sim/system.hpp"

namespace entente::app {

namespace fs = std::filesystem;

namespace {

// Simulated quotas run this much faster than the real ones: a trial is to end today.
constexpr std::int64_t simulated_clock = 600;
constexpr std::size_t port_bytes_max = 16;

Result<void> check_kinds(const model::Workspace& workspace) {
    std::string unknown;
    for (const auto& system : workspace.systems) {
        if (std::ranges::find(sim::system_kinds(), system.connector) != sim::system_kinds().end())
            continue;
        unknown += fmt::format("{}{} (connector {})", unknown.empty() ? "" : ", ", system.name,
                               system.connector);
    }
    if (unknown.empty()) return {};
    return fail(ErrorKind::bad_input,
                fmt::format("there is no simulated system for {}; there are: {}", unknown,
                            fmt::join(sim::system_kinds(), ", ")),
                "--simulated");
}

// The port that an earlier command left running, or the one at which it runs from now on.
Result<int> running_port(const run::SimulatedSystem& system, run::SimulatedProcesses& processes) {
    const fs::path noted = system.folder / "port";
    if (const auto text = run::read_file(noted, port_bytes_max)) {
        const int port = std::atoi(text->c_str());
        if (port > 0 && run::SimulatedProcesses::answers(port)) return port;
    }
    TRY(const int port, processes.start(system));
    TRY_VOID(run::write_private_file(noted, std::to_string(port) + "\n"));
    return port;
}

Result<void> simulate(model::System& system, const FolderChoice& choice, const fs::path& state,
                      run::SimulatedProcesses& processes) {
    const std::string key_name = fmt::format("secrets/{}.key", system.name);
    const run::SimulatedSystem described{
        .name = system.name,
        .kind = system.connector,
        .records = choice.records,
        .seed = choice.seed,
        .clock = simulated_clock,
        .folder = run::simulated_folder(state, system.name),
        .key_file = state / key_name,
    };
    std::error_code failed;
    if (!fs::exists(described.key_file, failed)) {
        TRY_VOID(run::write_simulated(described));
        TRY_VOID(run::write_private_file(described.key_file, run::new_credential() + "\n"));
    }
    TRY(const int port, running_port(described, processes));
    system.base_url =
        fmt::format("http://127.0.0.1:{}{}", port, sim::base_path_of(system.connector));
    system.hosts = {"127.0.0.1"};
    if (!system.rest.token_url.empty()) {
        system.rest.token_url = model::at_origin_of(system.base_url, system.rest.token_url);
    }
    system.simulated = true;
    system.secrets.clear();
    for (const auto& need : system.rest.auth_needs) {
        system.secrets.emplace(need,
                               model::SecretRef{model::SecretRef::Kind::file, key_name, system.at});
    }
    return {};
}

Result<run::WorkspaceFolder> open_simulated(const FolderChoice& choice,
                                            run::SimulatedProcesses& processes) {
    TRY(auto folder, read_folder(choice.dir, true));
    TRY_VOID(check_kinds(*folder.workspace));
    TRY_VOID(run::make_private_folder(folder.path / "secrets"));
    for (auto& system : folder.workspace->systems) {
        TRY_VOID(simulate(system, choice, folder.path, processes));
    }
    return folder;
}

// Tells each mistake, and each thing to fill in, in a line of its own.
std::unexpected<Error> unusable(const model::Diagnostics& diagnostics, const std::string& dir) {
    for (const auto& diagnostic : diagnostics)
        if (diagnostic.severity != model::Diagnostic::Severity::note)
            print_error(diagnostic.text());
    return fail(ErrorKind::bad_input, "cannot be used before that is put right", dir);
}

}  // namespace

Result<run::WorkspaceFolder> read_folder(const std::string& dir, bool simulated) {
    TRY(auto folder, run::read_workspace_folder(dir));
    if (!folder.workspace) return unusable(folder.diagnostics, dir);
    if (!simulated) return folder;
    folder.path = folder.path / "state" / "simulated";
    folder.secrets = run::Secrets(folder.path);
    folder.store_path = folder.path / "store" / "entente.db";
    return folder;
}

Result<run::WorkspaceFolder> open_folder(const FolderChoice& choice,
                                         run::SimulatedProcesses& processes) {
    if (choice.simulated) return open_simulated(choice, processes);
    TRY(auto folder, run::read_workspace_folder(choice.dir));
    if (run::lacks_something(folder)) return unusable(folder.diagnostics, choice.dir);
    TRY_VOID(run::start_simulated(processes, folder.path, *folder.workspace));
    return folder;
}

void add_simulated_options(CLI::App& command, FolderChoice& choice) {
    auto* simulated =
        command.add_flag("--simulated", choice.simulated,
                         "Replace every system by its simulated one, kept in DIR/state/simulated");
    command
        .add_option("--records", choice.records,
                    "Real things behind the simulated systems, when they are made")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->needs(simulated);
    command.add_option("--seed", choice.seed, "The seed of what they hold")
        ->capture_default_str()
        ->needs(simulated);
}

}  // namespace entente::app
