// A listener on a free loopback port, running on a thread of its own until the end of a test.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "serve/listener.hpp"

namespace entente::serve {

class RunningListener {
public:
    explicit RunningListener(Handler handler, ListenOptions options = {}) {
        auto made = listen("127.0.0.1", 0, std::move(handler), std::move(options));
        CHECK(made.has_value(), made.has_value() ? "" : made.error().message());
        listener_ = *std::move(made);
        thread_ = std::thread([this] { listener_->run(); });
    }
    ~RunningListener() { stop(); }
    RunningListener(const RunningListener&) = delete;
    RunningListener& operator=(const RunningListener&) = delete;

    void stop() {
        listener_->stop();
        if (thread_.joinable()) thread_.join();
    }
    std::uint16_t port() const { return listener_->port(); }
    std::string url(const std::string& target) const {
        return "http://127.0.0.1:" + std::to_string(port()) + target;
    }

private:
    std::unique_ptr<Listener> listener_;
    std::thread thread_;
};

}  // namespace entente::serve
