// A transport in front of another one that logs in: systems whose login is a token that must be asked for get it here, in a call
// of its own before the first one that needs it, again before it ends, and once more when the system refuses it. Calls wait
// meanwhile. Everybody who talks to systems uses it: the runner, plans, verify. Where the token server or the system asks to wait,
// what waits here is refused alike (G13). Serves G19: a token stands on requests of its own system only, and in no answer that goes
// on to people.
#pragma once

#include <deque>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "connect/rest_connector.hpp"
#include "connect/token_login.hpp"
#include "connect/transport.hpp"
#include "run/clock.hpp"

namespace entente::run {

class LoginTransport final : public connect::Transport {
public:
    // `connectors`: one per system, in the workspace's order. Requires: the clock outlives the transport.
    LoginTransport(std::unique_ptr<connect::Transport> inner,
                   const std::vector<connect::RestConnector>& connectors, Clock& clock);

    void submit(connect::Ticket ticket, http::Request request,
                const connect::TransportOptions& options) override;
    std::vector<connect::Finished> poll(Duration timeout) override;
    void wake() override { inner_->wake(); }
    std::size_t in_flight() const override;
    void cancel_all() override;

    // Requests for a token made so far.
    std::int64_t logins() const { return logins_; }

private:
    using Reply = std::expected<http::Response, connect::TransportFailure>;
    struct Request {
        connect::Ticket ticket;  // the caller's
        http::Request request;   // without its token
        connect::TransportOptions options;
        std::string token;  // that it was sent with; empty: none
        bool is_second = false;
    };
    struct Login {
        connect::TokenLogin state;
        std::deque<Request> waiting;
        Instant asked;
        bool is_asking = false;
    };

    Login* login_of(const connect::TransportOptions& options);
    void send(Request request, const Login* login);
    void pass(Login& login, Request request);
    void logged_in(SystemIndex system, const Reply& answer);
    void end_waiting(Login& login, const Reply& reply);
    // What those who wait are answered; nullopt: there is a token.
    std::optional<Reply> failure_of(Login& login, const Reply& answer);
    void finished(connect::Finished done);

    std::unique_ptr<connect::Transport> inner_;
    Clock& clock_;
    std::vector<std::optional<Login>> logins_of_;  // by system
    std::map<connect::Ticket, Request> under_way_;
    std::map<connect::Ticket, SystemIndex> asking_;
    std::vector<connect::Finished> done_;
    std::int64_t next_ticket_ = 1;
    std::int64_t logins_ = 0;
};

}  // namespace entente::run
