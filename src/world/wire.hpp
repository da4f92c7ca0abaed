// The network of the deterministic world: carries the bytes of real connectors to simulated systems in virtual time, and loses,
// delays, doubles and spoils them as the script says. Deterministic: latencies come from the seed.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "connect/transport.hpp"
#include "world/script.hpp"
#include "world/timeline.hpp"

namespace entente::world {

// A request on its way.
struct Flight {
    connect::Ticket ticket;
    std::size_t system = 0;
    http::Request request;  // origin form
    Spoil::Asked asked = Spoil::Asked::read;
    bool is_login = false;  // it asks for a token, and changes nothing
    Instant left;
    std::uint64_t number = 0;  // of all: a ticket is given again after the process has died
};

// What such a request asks for. Requires: it is no login.
Spoil::Asked asked_by(const http::Request& request);

class Wire final : public connect::Transport {
public:
    // What the wire is connected to.
    struct Ends {
        std::function<http::Response(const Flight&)> handle;  // the system executes it
        std::function<void(const Flight&)> leaving;           // the engine has sent it
        std::function<void(const Flight&, Event::When)> moment;
        std::function<bool(std::size_t system)> is_reachable;
        std::function<Duration(std::size_t system)> late_max;
        std::function<void(const Flight&, sim::Fault)> spoiled;  // a fault has met a request
        // The engine gets this answer now; `is_own`: it is the system's own, not a spoiled one.
        std::function<void(const Flight&, const http::Response&, bool is_own)> answering;
    };
    Wire(Timeline& timeline, Ends ends, std::uint64_t seed, std::size_t systems);

    void submit(connect::Ticket ticket, http::Request request,
                const connect::TransportOptions& options) override;
    std::vector<connect::Finished> poll(Duration timeout) override;
    void wake() override { is_woken_ = true; }
    std::size_t in_flight() const override { return open_.size(); }
    // What is on its way still arrives; nobody hears the answer.
    void cancel_all() override {
        open_.clear();
        done_.clear();
    }

    void spoil(Spoil spoil) { spoils_.push_back(spoil); }
    void stop_spoiling() { spoils_.clear(); }

private:
    Spoil take_spoil(const Flight& flight);
    void arrive(const Flight& flight);
    void execute(const Flight& flight, const Spoil& spoil);
    void answer(const Flight& flight, std::expected<http::Response, connect::TransportFailure> what,
                Duration after, bool is_own = false);
    Duration latency(std::size_t system);

    Timeline& timeline_;
    Ends ends_;
    std::vector<Random> random_;                // by system
    bool is_heard(const Flight& flight) const;  // somebody still waits for its answer

    std::map<connect::Ticket, std::uint64_t> open_;  // the flight's number
    std::uint64_t submitted_ = 0;
    std::deque<Spoil> spoils_;
    std::vector<connect::Finished> done_;
    bool is_woken_ = false;
};

}  // namespace entente::world
