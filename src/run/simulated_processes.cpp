#include "run/simulated_processes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <random>
#include <system_error>

#include "base/json.hpp"
#include "run/files.hpp"
#include "run/loopback.hpp"

namespace entente::run {

namespace fs = std::filesystem;

namespace {

// A journal of a million records is read within this; a system that is not ready by then will not
// be.
constexpr int ready_ms_max = 60'000;
// A simulated system finishes the answers in flight; it has nothing else to save.
constexpr int stop_ms_max = 5'000;
constexpr pid_t no_process = -1;
constexpr std::size_t ready_line_bytes_max = 4096;
constexpr std::size_t description_bytes_max = 64u << 10;
constexpr std::string_view usual_population = "usual";

// The port of "http://127.0.0.1:4010/..."; bad_input for anything that is not loopback with a port.
Result<int> loopback_port(const model::System& system) {
    std::string_view rest = system.base_url;
    bool is_loopback = false;
    for (const std::string_view start : {"http://127.0.0.1:", "http://localhost:"}) {
        if (rest.starts_with(start)) {
            rest.remove_prefix(start.size());
            is_loopback = true;
            break;
        }
    }
    int port = 0;
    for (const char c : rest) {
        if (!std::isdigit(static_cast<unsigned char>(c)) || port > 65535) break;
        port = port * 10 + (c - '0');
    }
    if (!is_loopback || port < 1 || port > 65535) {
        return fail(
            ErrorKind::bad_input,
            fmt::format("the base URL of the simulated system {} must be http://127.0.0.1:PORT",
                        system.name),
            fmt::format("{}:{}", system.at.file, system.at.line));
    }
    return port;
}

std::vector<std::string> command_of(const SimulatedSystem& system) {
    std::vector<std::string> words{"entente",
                                   "sim",
                                   system.kind,
                                   "--port",
                                   std::to_string(system.port),
                                   "--records",
                                   std::to_string(system.records),
                                   "--seed",
                                   std::to_string(system.seed),
                                   "--dir",
                                   system.folder.string(),
                                   "--clock",
                                   std::to_string(system.clock),
                                   "--population",
                                   system.population};
    if (!system.key_file.empty()) {
        words.push_back("--key-file");
        words.push_back(system.key_file.string());
    }
    return words;
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(char* const* words, int output, int errors, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(127);  // the parent died before the line above
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // Its own group: a Ctrl-C on the terminal is the engine's to handle, which still needs its
    // systems to finish.
    ::setpgid(0, 0);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    const int nothing = ::open("/dev/null", O_RDONLY);
    if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
    ::execv("/proc/self/exe", words);
    ::_exit(127);
}

// The first line that the child prints; what was printed until then when it ended or took too long.
std::string first_line(int pipe) {
    std::string line;
    int patience_ms = ready_ms_max;
    while (line.find('\n') == std::string::npos && line.size() < ready_line_bytes_max) {
        pollfd readable{pipe, POLLIN, 0};
        const int ready = ::poll(&readable, 1, patience_ms);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return line;
        char c = 0;
        if (::read(pipe, &c, 1) != 1) return line;
        line += c;
    }
    return line;
}

// A predecessor that is just ending (its parent was killed) holds port and journal a little longer.
constexpr int predecessor_ms_max = 3'000;
constexpr int predecessor_slice_ms = 100;

void nap(int ms) {
    ::poll(nullptr, 0, ms);
}

// Waits for the child's end at most so long; whether it ended.
bool wait_for_end(pid_t pid, int timeout_ms) {
    constexpr int slice_ms = 10;
    for (int waited = 0;; waited += slice_ms) {
        const pid_t ended = ::waitpid(pid, nullptr, WNOHANG);
        if (ended == pid || (ended < 0 && errno == ECHILD)) return true;
        if (waited >= timeout_ms) return false;
        nap(slice_ms);
    }
}

// "... http://127.0.0.1:4010 ..." -> 4010
int port_in(std::string_view line) {
    constexpr std::string_view before = "http://127.0.0.1:";
    const auto at = line.find(before);
    return at == std::string_view::npos
               ? 0
               : std::atoi(std::string(line.substr(at + before.size())).c_str());
}

std::string last_words(const fs::path& log) {
    auto said = read_file(log, description_bytes_max);
    if (!said || said->empty()) return "it said nothing";
    while (!said->empty() && said->back() == '\n') said->pop_back();
    const auto line = said->rfind('\n');
    return line == std::string::npos ? *said : said->substr(line + 1);
}

}  // namespace

fs::path simulated_folder(const fs::path& workspace, const std::string& system) {
    return workspace / "systems" / system;
}

Result<void> write_simulated(const SimulatedSystem& system) {
    TRY_VOID(make_private_folder(system.folder));
    Value description = Value::object();
    description.set("kind", system.kind);
    description.set("records", system.records);
    description.set("seed",
                    std::to_string(system.seed));  // as text: seeds may exceed signed 64 bits
    description.set("clock", system.clock);
    if (system.population != usual_population) description.set("population", system.population);
    return write_private_file(system.folder / "sim.json", json::write_pretty(description) + "\n");
}

Result<SimulatedSystem> read_simulated(const fs::path& workspace, const model::System& system) {
    SimulatedSystem found{.name = system.name,
                          .kind = system.connector,
                          .folder = simulated_folder(workspace, system.name)};
    TRY(found.port, loopback_port(system));
    if (!system.secrets.empty() &&
        system.secrets.begin()->second.kind == model::SecretRef::Kind::file) {
        found.key_file = workspace / system.secrets.begin()->second.name;
    }
    const fs::path path = found.folder / "sim.json";
    std::error_code failed;
    if (!fs::exists(path, failed)) return found;
    TRY(std::string text, read_file(path, description_bytes_max));
    auto description = json::read(text);
    if (!description) return fail(ErrorKind::bad_input, description.error().text, path.string());
    const auto whole = [&](std::string_view key) -> std::optional<std::int64_t> {
        const Value* value = description->find(key);
        if (!value || !value->is_decimal()) return std::nullopt;
        auto number = value->as_decimal().to_int();
        return number ? std::optional(*number) : std::nullopt;
    };
    const Value* seed = description->find("seed");
    if (!whole("records") || !whole("clock") || !seed || !seed->is_text()) {
        return fail(ErrorKind::bad_input, "must hold kind, records, seed (as text) and clock",
                    path.string());
    }
    found.records = *whole("records");
    found.clock = *whole("clock");
    if (const Value* population = description->find("population");
        population && population->is_text())
        found.population = population->as_text();
    found.seed = std::strtoull(seed->as_text().c_str(), nullptr, 10);
    return found;
}

std::string new_credential() {
    std::random_device device;
    std::string text;
    for (int i = 0; i < 4; ++i) text += fmt::format("{:08x}", device());
    return text;
}

bool SimulatedProcesses::answers(int port) {
    return ask_loopback(port, "/sim/stats").find("\"kind\"") != std::string::npos;
}

Result<SimulatedProcesses::Child> SimulatedProcesses::spawn(const SimulatedSystem& system) {
    TRY_VOID(make_private_folder(system.folder));
    const fs::path log = system.folder / "sim.log";
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(ErrorKind::busy, std::strerror(errno), system.name);
    const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    auto words = command_of(system);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) become(arguments.data(), ends[1], errors, parent);
    ::close(ends[1]);
    if (errors >= 0) ::close(errors);
    const std::string line = pid > 0 ? first_line(ends[0]) : "";
    ::close(ends[0]);
    if (pid < 0) return fail(ErrorKind::busy, "no process could be started", system.name);

    Child child{system, pid};
    child.system.port = port_in(line);
    if (child.system.port > 0) return child;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return fail(ErrorKind::busy,
                fmt::format("the simulated system did not start: {}", last_words(log)),
                system.name);
}

Result<int> SimulatedProcesses::start(const SimulatedSystem& system) {
    int waited = 0;
    for (; system.port != 0 && somebody_listens(system.port) && waited < predecessor_ms_max;
         waited += predecessor_slice_ms) {
        nap(predecessor_slice_ms);
    }
    if (system.port != 0 && somebody_listens(system.port)) {
        return fail(
            ErrorKind::busy,
            fmt::format(
                "port {} is in use by another program; end it, or change the port in entente.yaml",
                system.port),
            system.name);
    }
    auto child = spawn(system);
    for (; !child && waited < predecessor_ms_max; waited += predecessor_ms_max / 3) {
        nap(predecessor_slice_ms);
        child = spawn(system);
    }
    if (!child) return std::unexpected(std::move(child).error());
    children_.push_back(*child);
    return child->system.port;
}

Result<void> SimulatedProcesses::revive() {
    for (auto& child : children_) {
        if (child.pid > 0 && ::waitpid(child.pid, nullptr, WNOHANG) == 0) continue;
        child.pid = no_process;  // reaped: the number may be another process's by now
        TRY(child, spawn(child.system));
    }
    return {};
}

void SimulatedProcesses::stop() {
    std::erase_if(children_, [](const Child& child) { return child.pid <= 0; });
    for (const auto& child : children_) ::kill(child.pid, SIGTERM);
    for (const auto& child : children_) {
        if (wait_for_end(child.pid, stop_ms_max)) continue;
        ::kill(child.pid, SIGKILL);
        ::waitpid(child.pid, nullptr, 0);
    }
    children_.clear();
}

Result<void> start_simulated(SimulatedProcesses& processes, const fs::path& folder,
                             const model::Workspace& workspace) {
    for (const auto& system : workspace.systems) {
        if (!system.simulated) continue;
        TRY(auto simulated, read_simulated(folder, system));
        if (SimulatedProcesses::answers(simulated.port)) continue;
        TRY_VOID(processes.start(simulated));
    }
    return {};
}

}  // namespace entente::run
