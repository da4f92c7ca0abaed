// json-server from npm as a child of the test: a REST server that is not ours. It serves one JSON
// file, tells every request in its log after answering it, and keeps what it has answered in the
// file. Stopped, frozen and started again at will, always on the same port.
#pragma once

#include <memory>
#include <string>

#include "npm_server.hpp"
#include "process.hpp"
#include "world.hpp"

namespace entente::e2e {

class JsonServer {
public:
    // Requires: `file` holds an object of lists. Ensures: it answers.
    explicit JsonServer(std::string file);

    void start();
    // Stops it where it is, and returns when it stands still; what is sent to it meanwhile waits.
    void freeze();
    void thaw();
    // SIGKILL, once its file is whole: it writes the file in place, and a death in the middle of
    // that would be a loss of its own that nobody could repair.
    void kill();

    // Whether it has answered so many requests that begin so ("POST /customers").
    bool answered(const std::string& request, int times);
    int answers(const std::string& request) const;
    // It as a system, for Client.
    DemoSystem system() const;
    const std::string& log() const { return process_->out(); }

private:
    std::string file_;
    int port_ = 0;
    std::unique_ptr<Process> process_;
};

}  // namespace entente::e2e
