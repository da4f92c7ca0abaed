// What end-to-end tests share: a folder of their own, the demo's simulated systems as processes,
// and curl by another name.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/http.hpp"
#include "base/value.hpp"
#include "connect/curl_transport.hpp"
#include "process.hpp"

namespace entente::e2e {

// A folder that goes away with the test, unless ENTENTE_KEEP is set: then it is named and stays.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

void write_file(const std::string& path, const std::string& text);
std::string read_file(const std::string& path);
Value json_of(const std::string& text);                             // null when it is none
std::int64_t number(const Value& object, const std::string& path);  // -1 when there is none

// A system of a demo's workspace, as written in its entente.yaml; its url without a path.
struct DemoSystem {
    std::string name, kind, url, credential;
    int port = 0;
};
std::vector<DemoSystem> systems_of(const std::string& demo);

// The systems of a demo, served by `entente sim` as children of the test.
class Systems {
public:
    explicit Systems(const std::string& demo);
    void start(const std::string& name);
    // All of them anew, behind a bad wire that this seed draws (entente sim --faults).
    void restart_with_faults(std::uint64_t seed);
    void kill(const std::string& name);  // SIGKILL, and waited for
    const DemoSystem& operator[](const std::string& name) const;
    const std::vector<DemoSystem>& all() const { return systems_; }

private:
    std::string demo_;
    std::vector<DemoSystem> systems_;
    std::optional<std::uint64_t> faults_;
    std::map<std::string, std::unique_ptr<Process>> processes_;
};

// A simulated system of that kind, with that credential, in which nothing is; its url is where it listens, or empty if it does not.
std::unique_ptr<Process> start_empty(DemoSystem& system);

// Waits until nobody listens there any more.
bool falls_silent(int port);

// A person's browser: no fault befalls its requests.
class Client {
public:
    Client();
    http::Response send(const DemoSystem& system, const std::string& method,
                        const std::string& path, const Value& body);
    Value get(const DemoSystem& system, const std::string& path);
    Result<http::Response> fetch(const http::Request& request);
    void wait(Duration time) { transport_->poll(time); }

private:
    std::unique_ptr<connect::CurlTransport> transport_;
};

}  // namespace entente::e2e
