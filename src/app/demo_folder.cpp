#include "app/demo_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>

#include "base/json.hpp"
#include "base/text.hpp"
#include "run/files.hpp"
#include "run/workspace_folder.hpp"
#include "sim/generator.hpp"
#include "sim/system.hpp"

namespace entente::app {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t small_file_bytes_max = 64u << 10;
constexpr std::size_t truth_bytes_max = std::size_t{4} << 30;

std::string known_names() {
    std::string names;
    for (const auto& known : sim::kinds_of_systems()) names += fmt::format("{}, ", known.name);
    return names + "all";
}

// "all" (that show the population), or names or kinds with commas between them.
Result<std::vector<sim::SystemKind>> chosen_systems(const std::string& text,
                                                    const std::string& population) {
    const auto& known_systems = sim::kinds_of_systems();
    std::vector<sim::SystemKind> chosen;
    if (text == "all") {
        std::ranges::copy_if(known_systems, std::back_inserter(chosen), [&](const auto& k) {
            return k.is_usual && sim::shows_population(k.kind, population);
        });
        return chosen;
    }
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        const auto found = std::ranges::find_if(
            known_systems, [&](const auto& k) { return word == k.name || word == k.kind; });
        if (found == known_systems.end()) {
            return fail(
                ErrorKind::bad_input,
                fmt::format("there is no simulated system '{}'; one of: {}", word, known_names()),
                "--systems");
        }
        if (!sim::shows_population(found->kind, population)) {
            return fail(
                ErrorKind::bad_input,
                fmt::format("{} does not show the population '{}'; leave it out", word, population),
                "--systems");
        }
        const bool is_new =
            std::ranges::none_of(chosen, [&](const auto& k) { return k.kind == found->kind; });
        if (is_new) chosen.push_back(*found);
    }
    if (chosen.size() < 2)
        return fail(ErrorKind::bad_input, "a demo needs two systems or more; name them, or all",
                    "--systems");
    return chosen;
}

// As the truth calls those that take part.
sim::SystemNames names_of(const std::vector<sim::SystemKind>& systems) {
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& system : systems) names.emplace_back(system.kind, system.name);
    return sim::names_by_kind(names);
}

Value description_of(const DemoOptions& options, const std::vector<sim::SystemKind>& systems) {
    Value names = Value::list();
    for (const auto& system : systems) names.as_list().push_back(system.name);
    Value out = Value::object();
    out.set("demo", "made by entente demo");
    out.set("records", options.records);
    out.set("seed", std::to_string(options.seed));
    out.set("systems", std::move(names));
    if (options.population != "usual") out.set("population", options.population);
    return out;
}

// Whether the folder holds this demo already. bad_input when it holds something else.
Result<bool> holds_demo(const fs::path& path, const Value& description) {
    std::error_code failed;
    if (!fs::exists(path, failed) || (fs::is_directory(path, failed) && fs::is_empty(path, failed)))
        return false;
    auto text = run::read_file(path / "demo.json", small_file_bytes_max);
    if (!text) {
        return fail(ErrorKind::bad_input,
                    "is not empty and holds no demo; choose another --dir, or an empty one",
                    path.string());
    }
    const auto found = json::read(*text);
    if (found && *found == description) return true;
    return fail(
        ErrorKind::bad_input,
        "holds a demo of other records, seed, systems or population; use the same ones, or another "
        "--dir",
        path.string());
}

run::SimulatedSystem simulated(const DemoFolder& folder, const sim::SystemKind& system) {
    return {.name = std::string(system.name),
            .kind = std::string(system.kind),
            .records = folder.options.records,
            .seed = folder.options.seed,
            .clock = folder.options.clock,
            .population = folder.options.population,
            .folder = run::simulated_folder(folder.path, std::string(system.name)),
            .key_file = folder.path / "secrets" / fmt::format("{}.key", system.name)};
}

std::string auth_of(const sim::SystemKind& system) {
    std::string text;
    for (const auto& secret : system.secrets) {
        text += fmt::format("{}{}: \"file:secrets/{}.key\"", text.empty() ? "" : ", ", secret,
                            system.name);
    }
    return text;
}

std::string workspace_yaml(const DemoFolder& folder, const std::vector<sim::SystemKind>& systems,
                           const std::vector<int>& ports) {
    std::string text = fmt::format(
        "# Made by `entente demo`. The systems are simulated: `entente run` starts those that do "
        "not answer.\n"
        "workspace: demo-{}\nstore: state/entente.db\nsystems:\n",
        folder.options.seed);
    for (std::size_t at = 0; at < systems.size(); ++at) {
        const auto& system = systems[at];
        text += fmt::format("  {}:\n    connector: {}\n    base_url: http://127.0.0.1:{}{}\n",
                            system.name, system.kind, ports[at], sim::base_path_of(system.kind));
        if (!system.settings.empty()) text += fmt::format("    settings: {}\n", system.settings);
        text += fmt::format(
            "    simulated: true\n    auth: {{{}}}\n    poll_every: {}\n    sweep_every: 5min\n",
            auth_of(system), system.poll_every);
    }
    return text + "flows: derived\nconflicts: latest\n";
}

// What has to be there before the systems run. Each file appears as a whole, so a demo that was
// killed here is resumed.
Result<void> make_files(const DemoFolder& folder, const std::vector<sim::SystemKind>& systems,
                        const Value& description) {
    TRY_VOID(run::make_private_folder(folder.path / "secrets"));
    TRY_VOID(
        run::write_private_file(folder.path / "demo.json", json::write_pretty(description) + "\n"));
    std::error_code failed;
    for (const auto& system : systems) {
        const auto described = simulated(folder, system);
        if (!fs::exists(described.key_file, failed)) {
            TRY_VOID(run::write_private_file(described.key_file, run::new_credential() + "\n"));
        }
        TRY_VOID(run::write_simulated(described));
    }
    if (fs::exists(folder.path / "truth.json", failed)) return {};
    const auto population =
        sim::generate_named(folder.options.population, folder.options.seed, folder.options.records);
    return run::write_private_file(
        folder.path / "truth.json",
        json::write(sim::truth_of(population, names_of(systems))) + "\n");
}

// Ports are the systems' own choice; they are written down once all of them listen.
Result<void> start_first_time(const DemoFolder& folder, const std::vector<sim::SystemKind>& systems,
                              run::SimulatedProcesses& processes) {
    std::vector<int> ports;
    for (const auto& system : systems) {
        TRY(const int port, processes.start(simulated(folder, system)));
        ports.push_back(port);
    }
    return run::write_private_file(folder.path / "entente.yaml",
                                   workspace_yaml(folder, systems, ports));
}

}  // namespace

Result<Value> DemoFolder::truth() const {
    TRY(const std::string text, run::read_file(path / "truth.json", truth_bytes_max));
    return json::read(text);
}

Result<DemoFolder> open_demo(const DemoOptions& options, run::SimulatedProcesses& processes) {
    TRY(const auto systems, chosen_systems(options.systems, options.population));
    DemoFolder folder{
        .path = options.dir.empty() ? fmt::format("demo-{}", options.seed) : options.dir,
        .options = options};
    const Value description = description_of(options, systems);
    TRY(folder.is_resumed, holds_demo(folder.path, description));
    TRY_VOID(make_files(folder, systems, description));
    std::error_code failed;
    if (!fs::exists(folder.path / "entente.yaml", failed))
        TRY_VOID(start_first_time(folder, systems, processes));

    TRY(const auto workspace, run::require_workspace_folder(folder.path));
    TRY_VOID(run::start_simulated(processes, folder.path, *workspace.workspace));
    for (const auto& system : workspace.workspace->systems) {
        // The checker and the people know the paths of each kind themselves.
        const std::size_t path = system.base_url.find('/', std::string_view("http://").size());
        DemoSystem described{system.name, system.connector, system.base_url.substr(0, path), ""};
        if (!system.secrets.empty()) {
            TRY(described.credential, workspace.secrets.value(system.secrets.begin()->second));
        }
        folder.systems.push_back(std::move(described));
    }
    return folder;
}

}  // namespace entente::app
