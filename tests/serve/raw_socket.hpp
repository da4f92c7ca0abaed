// Plain TCP on loopback for tests that must see or send exact bytes: a client, and a server that
// hands each connection to a function on a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace entente {

class RawSocket {
public:
    explicit RawSocket(int handle) : handle_(handle) {}
    RawSocket(RawSocket&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
    ~RawSocket() {
        if (handle_ >= 0) ::close(handle_);
    }
    RawSocket& operator=(RawSocket&&) = delete;

    static RawSocket connect(std::uint16_t port) {
        RawSocket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(::connect(made.handle_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0, "connect");
        return made;
    }

    // False: the other side no longer takes it.
    bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    // Until `end` was read, or the other side closed.
    std::string read_until(std::string_view end) const {
        std::string out;
        char byte = 0;
        while (!out.ends_with(end) && ::recv(handle_, &byte, 1, 0) == 1) out += byte;
        return out;
    }
    std::string read_size(std::size_t size) const {
        std::string out;
        char byte = 0;
        while (out.size() < size && ::recv(handle_, &byte, 1, 0) == 1) out += byte;
        return out;
    }
    std::string read_all() const { return read_size(SIZE_MAX); }
    void finish_sending() const { ::shutdown(handle_, SHUT_WR); }
    int handle() const { return handle_; }

private:
    int handle_;
};

class RawServer {
public:
    // `serve` gets the connection and its number, from 0; the connection is closed when it returns.
    using Serve = std::function<void(RawSocket&, int)>;

    explicit RawServer(Serve serve) : serve_(std::move(serve)) {
        handle_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(::bind(handle_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0, "bind");
        CHECK(::listen(handle_, 16) == 0, "listen");
        socklen_t size = sizeof at;
        CHECK(::getsockname(handle_, reinterpret_cast<sockaddr*>(&at), &size) == 0, "getsockname");
        port_ = ntohs(at.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~RawServer() {
        ::shutdown(handle_, SHUT_RDWR);
        acceptor_.join();
        ::close(handle_);
        for (std::thread& thread : threads_) thread.join();
    }
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    std::string url(const std::string& target) const {
        return "http://127.0.0.1:" + std::to_string(port_) + target;
    }
    int connections() const { return connections_; }

private:
    void accept_all() {
        while (true) {
            const int handle = ::accept4(handle_, nullptr, nullptr, SOCK_CLOEXEC);
            if (handle < 0) return;
            threads_.emplace_back([this, handle, number = connections_++] {
                RawSocket socket(handle);
                serve_(socket, number);
            });
        }
    }

    Serve serve_;
    int handle_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_{0};
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace entente
