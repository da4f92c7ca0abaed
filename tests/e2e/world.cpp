#include "world.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "run/loopback.hpp"
#include "run/simulated_processes.hpp"
#include "run/workspace_folder.hpp"
#include "sim/faulty_system.hpp"

namespace entente::e2e {

namespace fs = std::filesystem;

Folder::Folder() {
    std::string pattern = (fs::temp_directory_path() / "entente-e2e-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr, "a test needs a folder");
    path_ = pattern;
}

Folder::~Folder() {
    if (std::getenv("ENTENTE_KEEP")) {
        fmt::print(stderr, "kept: {}\n", path_.string());
        return;
    }
    std::error_code failed;
    fs::remove_all(path_, failed);
}

void write_file(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

Value json_of(const std::string& text) {
    return json::read(text).value_or(Value());
}

std::int64_t number(const Value& object, const std::string& path) {
    const Value* found = object.at_path(path);
    return found && found->is_decimal() ? found->as_decimal().to_int().value_or(-1) : -1;
}

std::vector<DemoSystem> systems_of(const std::string& demo) {
    const auto folder = run::require_workspace_folder(demo);
    CHECK(folder.has_value(), folder ? "" : folder.error().message());
    std::vector<DemoSystem> systems;
    for (const auto& system : folder->workspace->systems) {
        const auto simulated = run::read_simulated(demo, system);
        const std::size_t path = system.base_url.find('/', std::string_view("http://").size());
        systems.push_back({system.name, system.connector, system.base_url.substr(0, path),
                           folder->secrets.value(system.secrets.begin()->second).value_or(""),
                           simulated->port});
    }
    return systems;
}

Systems::Systems(const std::string& demo) : demo_(demo), systems_(systems_of(demo)) {
    for (const auto& system : systems_) start(system.name);
}

void Systems::start(const std::string& name) {
    const auto& system = (*this)[name];
    std::vector<std::string> words{"sim",        system.kind,
                                   "--port",     std::to_string(system.port),
                                   "--dir",      fmt::format("{}/systems/{}", demo_, name),
                                   "--clock",    "600",
                                   "--key-file", fmt::format("{}/secrets/{}.key", demo_, name)};
    if (faults_) {
        const std::uint64_t own = Random(*faults_, name).next();
        words.insert(words.end(), {"--faults", std::to_string(own)});
    }
    auto process = std::make_unique<Process>(std::move(words));
    CHECK(process->says("ready at"), process->err());
    processes_[name] = std::move(process);
}

void Systems::restart_with_faults(std::uint64_t seed) {
    faults_ = seed;
    for (const auto& system : systems_) {
        kill(system.name);
        start(system.name);
    }
}

void Systems::kill(const std::string& name) {
    processes_.at(name)->signal(SIGKILL);
    processes_.at(name)->wait();
    processes_.erase(name);
}

const DemoSystem& Systems::operator[](const std::string& name) const {
    for (const auto& system : systems_) {
        if (system.name == name) return system;
    }
    CHECK(false, "no such system");
    return systems_.front();
}

std::unique_ptr<Process> start_empty(DemoSystem& system) {
    auto process = std::make_unique<Process>(
        std::vector<std::string>{"sim", system.kind, "--port", "0", "--records", "0", "--clock",
                                 "60", "--key", system.credential});
    const std::string sign = " ready at ";
    process->says("\n");
    const std::string& said = process->out();
    const auto at = said.find(sign);
    system.url.clear();
    if (at == std::string::npos) return process;
    system.url = said.substr(at + sign.size(), said.find('\n') - at - sign.size());
    return process;
}

bool falls_silent(int port) {
    // A port has no event for its end; each look at a live one takes as long as an answer.
    for (int looks = 0; looks < 10'000; ++looks) {
        if (!run::somebody_listens(port)) return true;
        run::ask_loopback(port, "/sim/stats");
    }
    return false;
}

Client::Client() : transport_(std::move(*connect::CurlTransport::make({}))) {}

Result<http::Response> Client::fetch(const http::Request& request) {
    http::Request from_person = request;
    from_person.headers.emplace_back(sim::person_header, "yes");
    return connect::fetch(*transport_, from_person, {});
}

http::Response Client::send(const DemoSystem& system, const std::string& method,
                            const std::string& path, const Value& body) {
    http::Request request{method, system.url + path, {{"Content-Type", "application/json"}}, ""};
    if (!body.is_null()) request.body = json::write(body);
    if (system.kind == "custom-webshop")
        request.headers.emplace_back("X-Api-Key", system.credential);
    else
        request.headers.emplace_back("Authorization", "Bearer " + system.credential);
    return fetch(request).value_or(http::Response{});
}

Value Client::get(const DemoSystem& system, const std::string& path) {
    return json_of(send(system, "GET", path, Value()).body);
}

}  // namespace entente::e2e
