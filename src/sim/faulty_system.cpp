#include "sim/faulty_system.hpp"

#include "base/json.hpp"

namespace entente::sim {
namespace {

constexpr std::string_view person_credential = "Bearer people:";

FaultPlan plan_of(std::uint64_t seed, Duration late_max) {
    Random rates(seed, "fault rates");
    return {FaultRates::drawn(rates, late_max), Random(seed, "faults")};
}

bool is_about_simulation(const http::Request& request) {
    return request.url.starts_with("/sim/");
}

bool is_of_person(const http::Request& request) {
    const auto credential = http::find(request.headers, "Authorization");
    return http::find(request.headers, person_header) ||
           (credential && credential->starts_with(person_credential));
}

bool is_blind_change(const http::Request& request) {
    return request.method != "POST" && !http::find(request.headers, "If-Match");
}

Asked asked_by(const http::Request& request) {
    if (request.method == "GET" || request.method == "HEAD") return Asked::read;
    if (request.method == "POST" && !http::find(request.headers, "Idempotency-Key"))
        return Asked::single_write;
    return Asked::repeatable_write;
}

http::Request look_at(const http::Request& request) {
    return {"GET", request.url, request.headers, ""};
}

}  // namespace

FaultySystem::FaultySystem(SimulatedSystem& system, std::uint64_t seed, Duration late_max)
    : system_(system), plan_(plan_of(seed, late_max)) {}

FaultPlan::Fate FaultySystem::fate(const http::Request& request) {
    if (is_about_simulation(request) || is_of_person(request)) return {};
    return plan_.next(asked_by(request));
}

http::Response FaultySystem::handle(const http::Request& request, const FaultPlan::Fate& fate,
                                    Instant now) {
    const auto [path, query] = http::split_target(request.url);
    if (path == "/sim/calm" && request.method == "POST") plan_.stop();
    if (is_about_simulation(request)) return statistics(request, now);
    if (!is_executed(fate.fault)) return spoiled(fate, {});
    auto answer = system_.handle(request, now);
    if (fate.fault == Fault::twice) answer = system_.handle(request, now);
    return spoiled(fate, std::move(answer));
}

LateRequest FaultySystem::prepare_late(const http::Request& request, Instant now) {
    LateRequest late{request, {}};
    if (is_blind_change(request)) late.seen = system_.handle(look_at(request), now);
    return late;
}

void FaultySystem::execute_late(const LateRequest& late, Instant now) {
    const bool is_outdated = is_blind_change(late.request) &&
                             system_.handle(look_at(late.request), now).body != late.seen.body;
    if (!is_outdated) system_.handle(late.request, now);
}

http::Response FaultySystem::statistics(const http::Request& request, Instant now) {
    auto answer = system_.handle({"GET", "/sim/stats", request.headers, ""}, now);
    auto stats = json::read(answer.body);
    if (!stats) return answer;
    Value faults = Value::object();
    for (std::size_t i = 1; i < fault_count; ++i) {
        const auto fault = static_cast<Fault>(i);
        faults.set(std::string(name_of(fault)), plan_.count(fault));
    }
    stats->set("faults", std::move(faults));
    answer.body = json::write(*stats);
    return answer;
}

}  // namespace entente::sim
