// An HTTP/1.1 listener that hosts any pure `Request -> Response`: simulated systems, the JSON API,
// the console. One thread runs the sockets and calls the handler for one request at a time, so the
// handler's state needs no lock. It answers pipelined requests in order, compresses when asked, and
// limits headers, bodies, connections and patience. It does no TLS: it is bound to loopback unless
// told otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/time.hpp"

namespace entente::serve {

// Called on the thread in run(); a HEAD reaches it as the GET it stands for. The request's URL is
// the target as sent ("/api/x?page=1"). An exception is answered by 500.
using Handler = std::function<http::Response(const http::Request&)>;

// What becomes of one exchange; tests ask for anything but `answer`.
enum class Fate {
    answer,
    drop,      // the connection is closed; the handler never saw the request
    lose,      // the handler ran; the connection is closed without an answer
    reset,     // the handler ran; half of the answer is sent, then the connection is reset
    truncate,  // the handler ran; half of the answer is sent, then the connection is closed
    stall,     // the handler ran; no answer ever comes, the connection stays open
};

struct ListenOptions {
    std::size_t header_bytes_max = 32u << 10;  // larger: 431
    std::size_t body_bytes_max = 32u << 20;    // larger: 413
    std::size_t connections_max = 512;         // more are answered 503 and closed
    Duration request_deadline{
        30'000};  // from a request's first byte to its last; and for a client that does not read
    Duration idle_max{75'000};                       // between requests of one connection
    Duration stop_deadline{2'000};                   // how long stop() lets answers in flight take
    std::function<Fate(const http::Request&)> fate;  // empty: always answer
    // Of a request whose fate is `answer`: how long its answer, made at once, is kept back; empty:
    // not at all.
    std::function<Duration(const http::Request&)> delay;
};

class Listener {
public:
    virtual ~Listener() = default;

    // Serves until stop(). Call once.
    virtual void run() = 0;
    // Makes run() finish the answers in flight and return. Callable from any thread and from a
    // signal handler.
    virtual void stop() = 0;
    // Does something on the thread in run(), between two requests, when so much time has passed; what
    // is still waiting at stop() is never done. Requires: called on that thread, as in a handler.
    virtual void after(Duration delay, std::function<void()> work) = 0;
    virtual std::uint16_t port() const = 0;
};

// Port 0 picks a free one. busy: the port is taken; bad_input: no such address, or a port one may
// not use.
Result<std::unique_ptr<Listener>> listen(const std::string& address, std::uint16_t port,
                                         Handler handler, ListenOptions options);

}  // namespace entente::serve
