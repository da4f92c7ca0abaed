#include "run/patient_caller.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "connect/backoff.hpp"

namespace entente::run {

namespace {

constexpr int tries_max = 5;
constexpr connect::BackoffPolicy pause{.first = Duration{200}, .longest = Duration{5'000}};

sync::Answer failed(const sync::Call& call, const Error& error) {
    sync::Answer answer;
    answer.outcome = error.kind == ErrorKind::auth          ? sync::Outcome::auth
                     : error.kind == ErrorKind::retry_later ? sync::Outcome::retry_later
                     : sync::is_write(call)                 ? sync::Outcome::unknown
                                                            : sync::Outcome::retry_later;
    answer.message = error.text;
    return answer;
}

}  // namespace

PatientCaller::PatientCaller(const model::Workspace& workspace,
                             const std::vector<connect::RestConnector>& connectors,
                             connect::Transport& transport, Clock& clock, Patience patience)
    : workspace_(workspace),
      connectors_(connectors),
      transport_(transport),
      clock_(clock),
      patience_(patience) {
    for (const auto& system : workspace.systems) {
        budgets_.emplace_back(connect::budget_limits(system.rest), clock.now());
    }
}

void PatientCaller::wait_until(Instant time) {
    // A transport without anything in flight waits, and hears a wake-up.
    for (Instant now = clock_.now(); now < time; now = clock_.now()) transport_.poll(time - now);
}

Result<http::Response> PatientCaller::send(const http::Request& request,
                                           const connect::TransportOptions& options) {
    auto& budget = budgets_[options.system.at()];
    wait_until(budget.next_slot(clock_.now()));
    budget.sent(clock_.now());
    ++requests_;
    auto response = connect::fetch(transport_, request, options);
    if (response) {
        budget.answered(clock_.now(), *response);
    } else {
        budget.failed(clock_.now(), response.error().kind != ErrorKind::retry_later);
    }
    return response;
}

Result<sync::Answer> PatientCaller::ask(const sync::Call& call) {
    const auto& resource = workspace_.resource(sync::resource_of(call));
    const auto& connector = connectors_[resource.system.at()];
    TRY(const auto request, connector.request(call));
    connect::Backoff backoff(pause, Random(1, resource.name));
    sync::Answer answer;
    for (int attempt = 0; attempt < tries_max; ++attempt) {
        const auto response = send(request, {.system = resource.system});
        answer = response ? connector.answer(call, *response) : failed(call, response.error());
        const bool may_help = patience_ == Patience::always || answer.retry_after.ms > 0;
        if (sync::is_write(call) || !may_help || answer.outcome != sync::Outcome::retry_later)
            break;
        if (attempt + 1 < tries_max)
            wait_until(clock_.now() + std::max(backoff.next(), answer.retry_after));
    }
    return answer;
}

Result<http::Response> PatientCaller::ask_for_metadata(SystemIndex system) {
    TRY(const auto request, connectors_[system.at()].metadata_request());
    return send(request, {.body_bytes_max = limits::metadata_bytes_max, .system = system});
}

}  // namespace entente::run
