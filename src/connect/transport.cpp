#include "connect/transport.hpp"

#include <utility>

namespace entente::connect {
namespace {

// The deadline of the request ends the wait; this only bounds one poll.
constexpr Duration poll_slice{1'000};

ErrorKind error_kind(FailureKind kind) {
    switch (kind) {
        case FailureKind::not_sent:
        case FailureKind::tls:
            return ErrorKind::retry_later;
        case FailureKind::no_answer:
            return ErrorKind::unknown_outcome;
        case FailureKind::too_large:
            return ErrorKind::corrupt;
        case FailureKind::login:
            return ErrorKind::auth;
    }
    std::unreachable();
}

}  // namespace

std::string_view name_of(FailureKind kind) {
    switch (kind) {
        case FailureKind::not_sent:
            return "not sent";
        case FailureKind::no_answer:
            return "no answer";
        case FailureKind::too_large:
            return "too large";
        case FailureKind::login:
            return "login";
        case FailureKind::tls:
            return "tls";
    }
    std::unreachable();
}

Result<http::Response> fetch(Transport& transport, http::Request request,
                             const TransportOptions& options) {
    CHECK(transport.in_flight() == 0, "fetch would swallow what others wait for");
    const std::string_view target = http::split_target(request.url).first;
    std::string where = request.method + " " + std::string(target);
    transport.submit(Ticket{1}, std::move(request), options);
    while (transport.in_flight() > 0) {
        for (Finished& finished : transport.poll(poll_slice)) {
            if (finished.answer) return std::move(*finished.answer);
            TransportFailure& failure = finished.answer.error();
            return fail(error_kind(failure.kind), std::move(failure.text), std::move(where));
        }
    }
    return fail(ErrorKind::unknown_outcome, "the request was cancelled", std::move(where));
}

}  // namespace entente::connect
