#include "npm_server.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "serve/listener.hpp"

namespace entente::e2e {
namespace {

constexpr int ports_begin = 20'000;
constexpr int ports_count = 12'000;

}  // namespace

std::string installed(const std::string& file) {
    return fmt::format("{}/{}", ENTENTE_JSON_SERVER, file);
}

Absence absence_of(const std::string& program, const std::string& package) {
    const char* left_out = std::getenv("ENTENTE_NO_NPM");
    if (left_out != nullptr && std::string_view(left_out) == "1")
        return {"left out: ENTENTE_NO_NPM=1", true};
    const std::string code = installed("node_modules/" + package);
    if (std::filesystem::exists(installed(program)) && std::filesystem::exists(code)) return {};
    return {
        fmt::format("{} is not at {}; `ctest -R third_party` installs it there, "
                    "ENTENTE_NO_NPM=1 leaves this test out",
                    package, ENTENTE_JSON_SERVER)};
}

std::vector<int> free_ports(std::size_t count) {
    std::vector<std::unique_ptr<serve::Listener>> kept;
    std::vector<int> ports;
    for (int tried = 0; tried < ports_count && ports.size() < count; ++tried) {
        const int port = ports_begin + (static_cast<int>(::getpid()) + tried) % ports_count;
        auto listener = serve::listen("127.0.0.1", static_cast<std::uint16_t>(port),
                                      [](const http::Request&) { return http::Response{}; }, {});
        if (!listener) continue;
        kept.push_back(std::move(*listener));
        ports.push_back(port);
    }
    CHECK(ports.size() == count, "so many of so many ports are free");
    return ports;
}

int free_port() {
    return free_ports(1).front();
}

}  // namespace entente::e2e
