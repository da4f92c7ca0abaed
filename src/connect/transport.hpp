// The transport port: carries HTTP requests to a system and brings back what came of them.
// Asynchronous and single-threaded: the runner submits, then polls. Serves G6: a failure says
// whether the request can have reached the server, because a write that may have been executed must
// never be mistaken for one that was not. It never retries a write, never follows a redirect, never
// adds a credential and never holds more of a body than it was allowed to.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/time.hpp"

namespace entente::connect {

// Names one submitted request; chosen by the caller, unique among those in flight.
using Ticket = Id<struct TicketTag>;

struct TransportOptions {
    Duration deadline{60'000};          // from submit to the last byte of the answer
    Duration connect_deadline{10'000};  // of it, until connected (resolving and TLS included)
    std::size_t body_bytes_max = limits::body_bytes_max;  // after decompression
    SystemIndex system = SystemIndex::none();             // whose call it is, for login and batches
};

enum class FailureKind {
    not_sent,   // certainly nothing of the request reached the server
    no_answer,  // it may have been executed: time-out, reset, truncated or unreadable answer
    too_large,  // an answer came, larger than body_bytes_max; reading stopped there
    login,      // nothing was sent, because the system refuses to log us in
    tls,  // the certificate was not accepted: nothing was sent, and waiting alone will not help
};
std::string_view name_of(FailureKind kind);

struct TransportFailure {
    FailureKind kind = FailureKind::no_answer;
    std::string text;  // for people; holds no header and no query of the request
};

struct Finished {
    Ticket ticket;
    std::expected<http::Response, TransportFailure> answer;
};

class Transport {
public:
    virtual ~Transport() = default;

    // Always ends in one Finished, unless cancelled. Requires: an absolute http or https URL.
    virtual void submit(Ticket ticket, http::Request request, const TransportOptions& options) = 0;
    // What has finished; waits up to `timeout` for the first one, or until wake(). May return
    // nothing.
    virtual std::vector<Finished> poll(Duration timeout) = 0;
    // Makes a running or the next poll return at once. Callable from any thread and from a signal
    // handler.
    virtual void wake() = 0;
    // Submitted and not yet returned by poll.
    virtual std::size_t in_flight() const = 0;
    // Drops all that is in flight; nothing more is heard of it. Writes among them are of unknown
    // outcome.
    virtual void cancel_all() = 0;
};

// One request, waited for. retry_later: not sent; auth: not logged in; unknown_outcome: no answer; corrupt: too large.
// Requires: nothing else in flight.
Result<http::Response> fetch(Transport& transport, http::Request request,
                             const TransportOptions& options);

}  // namespace entente::connect
