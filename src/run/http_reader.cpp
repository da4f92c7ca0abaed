#include "run/http_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connect/backoff.hpp"

namespace entente::run {

namespace {

constexpr int tries_max = 5;
constexpr connect::BackoffPolicy pause{.first = Duration{200}, .longest = Duration{5'000}};
// A list that never ends is a loop of cursors: a hundred million records have fewer pages.
constexpr int pages_max = 1'000'000;

ErrorKind kind_of(sync::Outcome outcome) {
    switch (outcome) {
        case sync::Outcome::auth:
            return ErrorKind::auth;
        case sync::Outcome::not_found:
        case sync::Outcome::rejected:
            return ErrorKind::drift;
        default:
            return ErrorKind::retry_later;
    }
}

}  // namespace

HttpReader::HttpReader(const model::Workspace& workspace,
                       const std::vector<connect::RestConnector>& connectors,
                       connect::Transport& transport, Clock& clock)
    : workspace_(workspace), connectors_(connectors), transport_(transport), clock_(clock) {
    for (const auto& system : workspace.systems) {
        budgets_.emplace_back(connect::budget_limits(system.rest), clock.now());
    }
}

void HttpReader::wait_until(Instant time) {
    // A transport without anything in flight waits, and hears a wake-up.
    for (Instant now = clock_.now(); now < time; now = clock_.now()) transport_.poll(time - now);
}

Result<sync::Answer> HttpReader::page(const sync::ListCall& call, int& gets) {
    const auto& resource = workspace_.resource(call.resource);
    const auto& connector = connectors_[resource.system.at()];
    auto& budget = budgets_[resource.system.at()];
    TRY(const auto request, connector.request(call));
    connect::Backoff backoff(pause, Random(1, resource.name));
    sync::Answer answer;
    for (int attempt = 0; attempt < tries_max; ++attempt) {
        wait_until(budget.next_slot(clock_.now()));
        budget.sent(clock_.now());
        ++gets;
        auto response = connect::fetch(transport_, request, {.system = resource.system});
        if (!response) {
            const bool reached = response.error().kind != ErrorKind::retry_later;
            budget.failed(clock_.now(), reached);
            answer.outcome = response.error().kind == ErrorKind::auth ? sync::Outcome::auth
                                                                      : sync::Outcome::retry_later;
            answer.message = response.error().text;
        } else {
            budget.answered(clock_.now(), *response);
            answer = connector.answer(call, *response);
        }
        if (answer.outcome != sync::Outcome::retry_later) break;
        if (attempt + 1 < tries_max)
            wait_until(clock_.now() + std::max(backoff.next(), answer.retry_after));
    }
    if (answer.outcome == sync::Outcome::ok) return answer;
    const auto& system = workspace_.system(resource.system);
    return fail(
        kind_of(answer.outcome),
        fmt::format("{}; is {} reachable, and its login right?", answer.message, system.base_url),
        fmt::format("{}: GET {}", system.name, resource.path));
}

Result<int> HttpReader::read_all(ResourceIndex resource,
                                 const std::function<void(const sync::SeenRecord&)>& take) {
    int gets = 0;
    sync::ListCall call{resource, std::nullopt, ""};
    for (int pages = 0; pages < pages_max; ++pages) {
        TRY(const auto answer, page(call, gets));
        for (const auto& record : answer.records) take(record);
        if (answer.next.empty()) return gets;
        call.cursor = answer.next;
    }
    return fail(ErrorKind::drift, "its pages do not end", workspace_.resource(resource).path);
}

}  // namespace entente::run
