#include "json_server.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/json.hpp"
#include "serve/listener.hpp"

namespace entente::e2e {
namespace {

constexpr const char* program = ENTENTE_JSON_SERVER "/server.js";
constexpr const char* installed = ENTENTE_JSON_SERVER "/node_modules/json-server";
constexpr int looks_max = 100'000;

// Below the ports that the kernel gives to clients: a client of another test cannot take it while
// the server is down, and nobody who asks for it then can be connected to himself.
constexpr int ports_begin = 20'000;
constexpr int ports_count = 12'000;

int free_port() {
    for (int tried = 0; tried < ports_count; ++tried) {
        const int port = ports_begin + (static_cast<int>(::getpid()) + tried) % ports_count;
        const auto listener =
            serve::listen("127.0.0.1", static_cast<std::uint16_t>(port),
                          [](const http::Request&) { return http::Response{}; }, {});
        if (listener) return port;
    }
    CHECK(false, "one of so many ports is free");
    return 0;
}

bool stands_still(pid_t pid) {
    siginfo_t state{};
    const int got = ::waitid(P_PID, static_cast<id_t>(pid), &state, WSTOPPED | WEXITED | WNOWAIT);
    return got == 0 && state.si_code == CLD_STOPPED;
}

}  // namespace

Absence json_server_absence() {
    const char* left_out = std::getenv("ENTENTE_NO_NPM");
    if (left_out != nullptr && std::string_view(left_out) == "1")
        return {"left out: ENTENTE_NO_NPM=1", true};
    if (std::filesystem::exists(program) && std::filesystem::exists(installed)) return {};
    return {
        fmt::format("json-server is not at {}; `ctest -R third_party` installs it there, "
                    "ENTENTE_NO_NPM=1 leaves this test out",
                    ENTENTE_JSON_SERVER)};
}

JsonServer::JsonServer(std::string file) : file_(std::move(file)), port_(free_port()) {
    start();
}

void JsonServer::start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{program, std::to_string(port_), file_},
        ProcessOptions{.environment = {}, .file_bytes_max = 0, .program = "node"});
    CHECK(process_->says("json-server listens"), process_->out() + process_->err());
}

void JsonServer::freeze() {
    process_->signal(SIGSTOP);
    CHECK(stands_still(process_->pid()), process_->out() + process_->err());
}

void JsonServer::thaw() {
    process_->signal(SIGCONT);
}

void JsonServer::kill() {
    freeze();
    for (int looks = 0; looks < looks_max && !json::read(read_file(file_)); ++looks) {
        thaw();
        freeze();
    }
    process_->signal(SIGKILL);
    CHECK(process_->wait() == 128 + SIGKILL, process_->out() + process_->err());
}

bool JsonServer::answered(const std::string& request, int times) {
    return process_->says(request, times);
}

int JsonServer::answers(const std::string& request) const {
    int found = 0;
    for (auto at = log().find(request); at != std::string::npos; at = log().find(request, at + 1))
        ++found;
    return found;
}

DemoSystem JsonServer::system() const {
    return {"Shelf", "json-server", fmt::format("http://127.0.0.1:{}", port_), "", port_};
}

}  // namespace entente::e2e
