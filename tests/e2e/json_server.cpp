#include "json_server.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/error.hpp"
#include "base/json.hpp"

namespace entente::e2e {
namespace {

constexpr const char* program = "server.js";
constexpr int looks_max = 100'000;

bool stands_still(pid_t pid) {
    siginfo_t state{};
    const int got = ::waitid(P_PID, static_cast<id_t>(pid), &state, WSTOPPED | WEXITED | WNOWAIT);
    return got == 0 && state.si_code == CLD_STOPPED;
}

}  // namespace

JsonServer::JsonServer(std::string file) : file_(std::move(file)), port_(free_port()) {
    start();
}

void JsonServer::start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{installed(program), std::to_string(port_), file_},
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
