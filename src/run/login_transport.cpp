#include "run/login_transport.hpp"

#include <utility>

#include "connect/throttle_headers.hpp"

namespace entente::run {
namespace {

using connect::FailureKind;
using connect::Finished;
using connect::TransportFailure;

constexpr int status_refused = 401;
// A login takes a moment; what waits for it must not wait for long.
constexpr connect::TransportOptions login_options{.deadline = Duration{20'000}};

TransportFailure reason_of(const Error& error) {
    const bool is_refused = error.kind == ErrorKind::auth;
    return {is_refused ? FailureKind::login : FailureKind::not_sent, error.text};
}

}  // namespace

LoginTransport::LoginTransport(std::unique_ptr<connect::Transport> inner,
                               const std::vector<connect::RestConnector>& connectors, Clock& clock)
    : inner_(std::move(inner)), clock_(clock) {
    for (const auto& connector : connectors) {
        std::optional<Login> login;
        if (connector.token_login()) login.emplace(*connector.token_login());
        logins_of_.push_back(std::move(login));
    }
}

LoginTransport::Login* LoginTransport::login_of(const connect::TransportOptions& options) {
    if (!options.system) return nullptr;
    auto& login = logins_of_[options.system.at()];
    return login ? &*login : nullptr;
}

void LoginTransport::submit(connect::Ticket ticket, http::Request request,
                            const connect::TransportOptions& options) {
    Request made{ticket, std::move(request), options, {}};
    Login* login = login_of(options);
    if (login == nullptr) return send(std::move(made), nullptr);
    pass(*login, std::move(made));
}

void LoginTransport::send(Request request, const Login* login) {
    const connect::Ticket ticket{next_ticket_++};
    if (login == nullptr) {
        inner_->submit(ticket, std::move(request.request), request.options);
    } else {
        request.token = login->state.token();
        http::Request with_token = request.request;
        with_token.headers.emplace_back("Authorization", "Bearer " + request.token);
        inner_->submit(ticket, std::move(with_token), request.options);
    }
    under_way_.emplace(ticket, std::move(request));
}

// Sends it now, or when there is a token.
void LoginTransport::pass(Login& login, Request request) {
    if (!login.is_asking && !login.state.is_due(clock_.now())) {
        return send(std::move(request), &login);
    }
    const SystemIndex system = request.options.system;
    login.waiting.push_back(std::move(request));
    if (std::exchange(login.is_asking, true)) return;
    const connect::Ticket ticket{next_ticket_++};
    login.asked = clock_.now();
    ++logins_;
    asking_.emplace(ticket, system);
    inner_->submit(ticket, login.state.request(), login_options);
}

void LoginTransport::logged_in(SystemIndex system, const Reply& answer) {
    Login& login = *logins_of_[system.at()];
    login.is_asking = false;
    if (const auto failure = failure_of(login, answer)) return end_waiting(login, *failure);
    for (Request& request : std::exchange(login.waiting, {})) send(std::move(request), &login);
}

void LoginTransport::end_waiting(Login& login, const Reply& reply) {
    for (const Request& request : std::exchange(login.waiting, {})) {
        done_.push_back({request.ticket, reply});
    }
}

// Nothing of what waits was sent, whatever became of the request for the token.
std::optional<LoginTransport::Reply> LoginTransport::failure_of(Login& login, const Reply& answer) {
    if (!answer) {
        return std::unexpected(
            TransportFailure{FailureKind::not_sent, "the token server: " + answer.error().text});
    }
    if (auto refusal = connect::refusal_of_unsent(*answer)) return *std::move(refusal);
    if (const auto taken = login.state.take(*answer, login.asked); !taken) {
        return std::unexpected(reason_of(taken.error()));
    }
    return std::nullopt;
}

void LoginTransport::finished(Finished done) {
    if (const auto asked = asking_.extract(done.ticket); !asked.empty()) {
        return logged_in(asked.mapped(), done.answer);
    }
    auto found = under_way_.extract(done.ticket);
    CHECK(!found.empty(), "the transport finished a request that was not sent");
    Request& request = found.mapped();
    done.ticket = request.ticket;
    if (Login* login = login_of(request.options); login != nullptr && done.answer) {
        const bool is_refused = done.answer->status == status_refused;
        if (is_refused) login->state.refused(request.token);
        // A call that was refused was certainly not executed.
        if (is_refused && !std::exchange(request.is_second, true)) {
            return pass(*login, std::move(request));
        }
        if (const auto refusal = connect::refusal_of_unsent(*done.answer)) {
            end_waiting(*login, *refusal);
        }
        if (done.answer->status >= 400) {
            done.answer->body = login->state.mask()->masked(done.answer->body);
        }
    }
    done_.push_back(std::move(done));
}

std::vector<Finished> LoginTransport::poll(Duration timeout) {
    for (Finished& done : inner_->poll(done_.empty() ? timeout : Duration{0})) {
        finished(std::move(done));
    }
    return std::exchange(done_, {});
}

std::size_t LoginTransport::in_flight() const {
    std::size_t waiting = 0;
    for (const auto& login : logins_of_) waiting += login ? login->waiting.size() : 0;
    return under_way_.size() + waiting + done_.size();
}

void LoginTransport::cancel_all() {
    inner_->cancel_all();
    under_way_.clear();
    asking_.clear();
    done_.clear();
    for (auto& login : logins_of_) {
        if (!login) continue;
        login->waiting.clear();
        login->is_asking = false;
    }
}

}  // namespace entente::run
