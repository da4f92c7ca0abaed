#include "world/wire.hpp"

#include <algorithm>

namespace entente::world {
namespace {

// How long it takes until a lost answer is noticed: a connection that breaks, not a time-out of a minute.
constexpr Duration broken_after{200};

bool is_write(const Flight& flight) {
    return flight.asked != Spoil::Asked::read;
}

bool meets(const Spoil& spoil, const Flight& flight) {
    using Asked = Spoil::Asked;
    return spoil.system == static_cast<int>(flight.system) &&
           (spoil.asked == Asked::any || spoil.asked == flight.asked ||
            (spoil.asked == Asked::write && is_write(flight)));
}

// What may be executed twice without anybody being misled: a create with a key, an update without a condition that adds no lines.
// The second try of a conditional one would answer that the first was not executed.
bool is_repeatable(const Flight& flight) {
    const auto has = [&](std::string_view header) {
        return http::find(flight.request.headers, header).has_value();
    };
    const bool adds_lines = flight.request.body.find("\"lines\"") != std::string::npos;
    return flight.asked == Spoil::Asked::update ? !has("If-Match") && !adds_lines
                                                : has("Idempotency-Key");
}

}  // namespace

Spoil::Asked asked_by(const http::Request& request) {
    if (request.method == "GET") return Spoil::Asked::read;
    return request.method == "POST" ? Spoil::Asked::create : Spoil::Asked::update;
}

Wire::Wire(Timeline& timeline, Ends ends, std::uint64_t seed, std::size_t systems)
    : timeline_(timeline), ends_(std::move(ends)) {
    for (std::size_t i = 0; i < systems; ++i)
        random_.emplace_back(seed, "wire/" + std::to_string(i));
}

Duration Wire::latency(std::size_t system) {
    Random& random = random_[system];
    const bool is_slow = random.chance(3);
    return {random.between(1, is_slow ? 900 : 25)};
}

void Wire::submit(connect::Ticket ticket, http::Request request,
                  const connect::TransportOptions& options) {
    // "http://127.0.0.1:2/things": the port is the system's number, from 1.
    const std::size_t host = request.url.find("://") + 3;
    const std::size_t port = request.url.find(':', host) + 1;
    const std::size_t path = request.url.find('/', port);
    Flight flight;
    flight.ticket = ticket;
    flight.system = std::stoul(request.url.substr(port, path - port)) - 1;
    request.headers.emplace_back("Host", request.url.substr(host, path - host));
    request.url.erase(0, path);
    // A call is always a system's; who logs in asks on behalf of all its calls.
    flight.is_login = !options.system;
    flight.asked = flight.is_login ? Spoil::Asked::read : asked_by(request);
    flight.request = std::move(request);
    flight.left = timeline_.now();
    flight.number = open_[ticket] = ++submitted_;
    ends_.leaving(flight);
    timeline_.at(timeline_.now() + latency(flight.system), [this, flight] { arrive(flight); });
}

Spoil Wire::take_spoil(const Flight& flight) {
    const auto found =
        std::ranges::find_if(spoils_, [&](const Spoil& spoil) { return meets(spoil, flight); });
    if (found == spoils_.end()) return {};
    Spoil spoil = *found;
    spoils_.erase(found);
    const Duration late_max = ends_.late_max(flight.system);
    spoil.delay = std::min(spoil.delay, late_max);
    if (spoil.fault == sim::Fault::late && (!is_write(flight) || late_max.ms == 0))
        spoil.fault = sim::Fault::request_lost;
    if (spoil.fault == sim::Fault::twice && !(is_write(flight) && is_repeatable(flight)))
        spoil.fault = sim::Fault::none;
    if (spoil.fault == sim::Fault::error_after && !is_write(flight))
        spoil.fault = sim::Fault::server_error;
    return spoil;
}

void Wire::arrive(const Flight& flight) {
    if (!ends_.is_reachable(flight.system)) {
        const connect::TransportFailure failure{connect::FailureKind::not_sent,
                                                "connection refused"};
        return answer(flight, std::unexpected(failure), Duration{1});
    }
    const Spoil spoil = take_spoil(flight);
    if (spoil.fault != sim::Fault::none) ends_.spoiled(flight, spoil.fault);
    if (spoil.fault == sim::Fault::late) {
        // What a system declares counts from when the request left: of a process that dies while it is on its way, nobody else
        // could say from when.
        const Instant last = std::max(timeline_.now(), flight.left + ends_.late_max(flight.system));
        timeline_.at(std::min(timeline_.now() + spoil.delay, last),
                     [this, flight] { ends_.handle(flight); });
    }
    execute(flight, spoil);
}

bool Wire::is_heard(const Flight& flight) const {
    const auto open = open_.find(flight.ticket);
    return open != open_.end() && open->second == flight.number;
}

void Wire::execute(const Flight& flight, const Spoil& spoil) {
    if (is_write(flight)) ends_.moment(flight, Event::When::before_write);
    http::Response response;
    if (sim::is_executed(spoil.fault)) response = ends_.handle(flight);
    if (spoil.fault == sim::Fault::twice) {
        // A second try for which the quota has no room would deny the first.
        http::Response second = ends_.handle(flight);
        if (second.status != 429) response = std::move(second);
    }
    ends_.moment(flight, is_write(flight) ? Event::When::after_write : Event::When::after_read);
    // A moment may have been the end of the process that asked.
    if (!is_heard(flight)) return;
    if (!sim::is_answered(spoil.fault)) {
        const connect::TransportFailure failure{connect::FailureKind::no_answer,
                                                "the connection broke"};
        return answer(flight, std::unexpected(failure), broken_after);
    }
    const sim::FaultPlan::Fate fate{spoil.fault, spoil.delay, spoil.status, spoil.retry_after};
    Duration back = latency(flight.system);
    if (spoil.fault == sim::Fault::slow) back = {back.ms + spoil.delay.ms};
    const bool is_own = spoil.fault == sim::Fault::none || spoil.fault == sim::Fault::slow ||
                        spoil.fault == sim::Fault::twice;
    answer(flight, sim::spoiled(fate, std::move(response)), back, is_own);
}

void Wire::answer(const Flight& flight,
                  std::expected<http::Response, connect::TransportFailure> what, Duration after,
                  bool is_own) {
    timeline_.at(timeline_.now() + after, [this, flight, what = std::move(what), is_own] {
        if (!is_heard(flight)) return;
        open_.erase(flight.ticket);
        if (what) ends_.answering(flight, *what, is_own);
        done_.push_back({flight.ticket, what});
    });
}

std::vector<connect::Finished> Wire::poll(Duration timeout) {
    const Instant until = timeline_.now() + timeout;
    is_woken_ = false;
    while (done_.empty() && !is_woken_ && timeline_.next(until)) {
    }
    return std::exchange(done_, {});
}

}  // namespace entente::world
