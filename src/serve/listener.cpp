#include "serve/listener.hpp"

#include "serve/session.hpp"

// Boost 1.74 needs <utility> before its coroutine headers under C++23.
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <list>

namespace entente::serve {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Connections above the limit that are being told so.
constexpr std::size_t refusals_max = 64;

std::chrono::milliseconds as_chrono(Duration d) {
    return std::chrono::milliseconds(d.ms);
}

class AsioListener final : public Listener {
public:
    AsioListener(Handler handler, ListenOptions options)
        : shared_(std::move(handler), std::move(options)),
          acceptor_(io_),
          sweep_(io_),
          stop_timer_(io_),
          stop_signal_(io_) {}

    Result<void> open(const std::string& address, std::uint16_t port) {
        error_code code;
        const auto ip = asio::ip::make_address(address, code);
        if (code) return fail(ErrorKind::bad_input, "not an IP address to listen on", address);
        const tcp::endpoint endpoint(ip, port);
        acceptor_.open(endpoint.protocol(), code);
        if (!code) acceptor_.set_option(tcp::acceptor::reuse_address(true), code);
        if (!code) acceptor_.bind(endpoint, code);
        if (!code) acceptor_.listen(asio::socket_base::max_listen_connections, code);
        if (code) return std::unexpected(listen_error(code, address, port));
        port_ = acceptor_.local_endpoint(code).port();
        stop_handle_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (stop_handle_ < 0) return fail(ErrorKind::busy, "no file handle left", address);
        stop_signal_.assign(stop_handle_, code);
        return {};
    }

    void run() override {
        stop_signal_.async_wait(asio::posix::stream_descriptor::wait_read,
                                [this](const error_code& failed) {
                                    if (!failed) begin_stop();
                                });
        accept();
        sweep();
        io_.run();
    }

    // Only write(2): safe in a signal handler.
    void stop() override {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t ignored = ::write(stop_handle_, &one, sizeof one);
    }

    void after(Duration delay, std::function<void()> work) override {
        if (shared_.is_stopping) return;
        const auto at = waiting_.emplace(waiting_.end(), io_);
        at->expires_after(as_chrono(delay));
        at->async_wait([this, at, work = std::move(work)](const error_code& failed) {
            if (!failed && !shared_.is_stopping) work();
            waiting_.erase(at);
        });
    }

    std::uint16_t port() const override { return port_; }

private:
    static Error listen_error(const error_code& code, const std::string& address,
                              std::uint16_t port) {
        const std::string where = fmt::format("{}:{}", address, port);
        if (code == asio::error::address_in_use) {
            return {ErrorKind::busy,
                    fmt::format("port {} is in use by another program; end it or choose another "
                                "port (0 picks a free one)",
                                port),
                    where};
        }
        if (code == asio::error::access_denied) {
            return {ErrorKind::bad_input,
                    fmt::format("port {} is not allowed to this user; choose one above 1023", port),
                    where};
        }
        return {ErrorKind::bad_input, "cannot listen: " + code.message(), where};
    }

    void accept() {
        is_accepting_ = true;
        acceptor_.async_accept([this](const error_code& failed, tcp::socket socket) {
            is_accepting_ = false;
            if (!acceptor_.is_open()) return;
            // Out of file handles: the next sweep tries again.
            if (failed) return;
            take(std::move(socket));
            accept();
        });
    }

    void take(tcp::socket socket) {
        const std::size_t limit = shared_.options.connections_max;
        if (sessions_.size() >= limit + refusals_max) return;
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        socket.non_blocking(true, ignored);
        const bool is_refused = sessions_.size() >= limit;
        const auto at = sessions_.emplace(sessions_.end(), std::move(socket), shared_);
        if (is_refused) at->refuse();
        at->start([this, at] {
            sessions_.erase(at);
            end_if_done();
        });
    }

    void sweep() {
        const auto shortest = std::min(shared_.options.idle_max, shared_.options.request_deadline);
        sweep_.expires_after(
            std::chrono::milliseconds(std::clamp<std::int64_t>(shortest.ms / 4, 5, 500)));
        sweep_.async_wait([this](const error_code& failed) {
            // A timer that had just expired when end_if_done cancelled it comes here without an error.
            if (failed || (shared_.is_stopping && sessions_.empty())) return;
            const Session::Clock::time_point now = Session::Clock::now();
            for (Session& session : sessions_) session.close_if_late(now);
            if (!is_accepting_ && acceptor_.is_open()) accept();
            sweep();
        });
    }

    void begin_stop() {
        shared_.is_stopping = true;
        error_code ignored;
        acceptor_.close(ignored);
        for (asio::steady_timer& timer : waiting_) timer.cancel();
        for (Session& session : sessions_) {
            if (session.is_writing()) {
                session.finish_and_close();
            } else {
                session.close();
            }
        }
        stop_timer_.expires_after(as_chrono(shared_.options.stop_deadline));
        stop_timer_.async_wait([this](const error_code& failed) {
            if (!failed) io_.stop();
        });
        end_if_done();
    }

    void end_if_done() {
        if (!shared_.is_stopping || !sessions_.empty()) return;
        sweep_.cancel();
        stop_timer_.cancel();
    }

    asio::io_context io_{1};
    SessionShared shared_;
    tcp::acceptor acceptor_;
    asio::steady_timer sweep_;
    asio::steady_timer stop_timer_;
    asio::posix::stream_descriptor stop_signal_;
    int stop_handle_ = -1;
    std::list<asio::steady_timer> waiting_;
    std::list<Session> sessions_;
    std::uint16_t port_ = 0;
    bool is_accepting_ = false;
};

}  // namespace

Result<std::unique_ptr<Listener>> listen(const std::string& address, std::uint16_t port,
                                         Handler handler, ListenOptions options) {
    try {
        auto listener = std::make_unique<AsioListener>(std::move(handler), std::move(options));
        TRY_VOID(listener->open(address, port));
        return std::unique_ptr<Listener>(std::move(listener));
    } catch (const std::exception& error) {
        return fail(ErrorKind::busy, error.what(), fmt::format("{}:{}", address, port));
    }
}

}  // namespace entente::serve
