// A runner's world without sockets, sleep or engine: a clock that stands still until somebody
// waits, a transport whose answers come from a function, an engine that does what the test says,
// and two small systems.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connect/rest_connector.hpp"
#include "connect/transport.hpp"
#include "run/clock.hpp"
#include "run/watcher.hpp"
#include "sync/engine.hpp"

namespace entente::run::test {

inline constexpr Instant start{1'790'000'000'000};

class FakeClock : public Clock {
public:
    Instant now() override { return now_; }
    void move_to(Instant t) { now_ = std::max(now_, t); }
    Duration ahead() override { return ahead_; }
    void set(Duration ahead) { ahead_ = ahead; }

private:
    Instant now_ = start;
    Duration ahead_{0};
};

using Reply = std::expected<http::Response, connect::TransportFailure>;

// Every request is answered `latency` after it was submitted; waiting moves the clock.
class FakeTransport : public connect::Transport {
public:
    explicit FakeTransport(FakeClock& clock) : clock_(clock) {}

    std::function<Reply(const http::Request&)> answer = [](const http::Request&) {
        return http::Response{200, {}, "{}"};
    };
    std::function<void()> on_wait = [] {};  // called whenever somebody waits
    Duration latency{10};
    std::vector<http::Request> requests;
    std::map<std::string, int> most_at_once;  // by origin
    int cancelled = 0;

    void submit(connect::Ticket ticket, http::Request request,
                const connect::TransportOptions&) override {
        requests.push_back(request);
        pending_.push_back({ticket, request, clock_.now() + latency});
        const std::string origin = request.url.substr(0, request.url.find('/', 8));
        int at_once = 0;
        for (const auto& one : pending_) at_once += one.request.url.starts_with(origin) ? 1 : 0;
        most_at_once[origin] = std::max(most_at_once[origin], at_once);
    }
    std::vector<connect::Finished> poll(Duration timeout) override {
        on_wait();
        Instant until = clock_.now() + timeout;
        for (const auto& one : pending_) until = std::min(until, one.at);
        clock_.move_to(std::max(until, clock_.now() + Duration{1}));
        std::vector<connect::Finished> done;
        std::erase_if(pending_, [&](const Pending& one) {
            if (one.at > clock_.now()) return false;
            done.push_back({one.ticket, answer(one.request)});
            return true;
        });
        return done;
    }
    void wake() override {}
    std::size_t in_flight() const override { return pending_.size(); }
    void cancel_all() override {
        cancelled += static_cast<int>(pending_.size());
        pending_.clear();
    }

private:
    struct Pending {
        connect::Ticket ticket;
        http::Request request;
        Instant at;
    };
    FakeClock& clock_;
    std::vector<Pending> pending_;
};

// Waits for all answers that are still to come; by ticket.
inline std::map<std::int64_t, Reply> finish(connect::Transport& transport) {
    std::map<std::int64_t, Reply> out;
    while (transport.in_flight() > 0)
        for (auto& done : transport.poll(Duration{1'000}))
            out.emplace(done.ticket.value, std::move(done.answer));
    return out;
}

// Asks for one page per look, and for whatever the test wants besides.
class FakeEngine : public sync::Engine {
public:
    explicit FakeEngine(const model::Workspace& workspace) : workspace_(workspace) {}

    std::function<void(const sync::Event&, sync::StepResult&)> on_event = [](const sync::Event&,
                                                                             sync::StepResult&) {};
    std::vector<sync::Event> events;
    std::vector<SystemIndex> hungry;  // who wants room
    int open = 0;                     // what the test says is under way: not at rest
    bool store_is_full = false;
    int looks_put_off = 0;  // so many more are not begun: it is busy with an earlier one

    Result<sync::StepResult> step(std::span<const sync::Event> given, Instant) override {
        if (store_is_full) return fail(ErrorKind::store, "disk full");
        sync::StepResult out;
        for (const auto& event : given) {
            events.push_back(event);
            const auto* due = std::get_if<sync::FeedDue>(&event);
            if (due && looks_put_off > 0) {
                --looks_put_off;
            } else if (due) {
                looking_.insert_or_assign(due->resource, ++run_);
                out.effects.push_back(page(due->resource, due->sweep));
            }
            if (const auto* answered = std::get_if<sync::Answered>(&event)) {
                if (answered->effect.purpose == sync::Purpose::page)
                    looking_.erase(sync::resource_of(answered->effect.call));
            }
            on_event(event, out);
        }
        return out;
    }
    Instant next_due() const override { return Instant::never(); }
    bool wants_room(SystemIndex system) const override {
        return std::ranges::find(hungry, system) != hungry.end();
    }
    bool at_rest() const override { return looking_.empty() && open == 0; }
    const std::map<ResourceIndex, sync::FeedState>& feeds() const override { return feeds_; }
    const std::map<DataTypeIndex, sync::DataTypeState>& data_types() const override {
        return data_types_;
    }
    std::unique_ptr<sync::Engine> clone(sync::Store&) const override { return nullptr; }
    std::vector<sync::Kept> kept() const override { return {}; }

    sync::Effect page(ResourceIndex resource, bool sweep) const {
        sync::Effect effect;
        effect.system = workspace_.resource(resource).system;
        effect.purpose = sync::Purpose::page;
        effect.call = sync::ListCall{resource, std::nullopt, ""};
        effect.sweep = sweep;
        return effect;
    }
    template <class T>
    std::vector<T> all() const {
        std::vector<T> found;
        for (const auto& event : events) {
            if (const auto* one = std::get_if<T>(&event)) found.push_back(*one);
        }
        return found;
    }

private:
    const model::Workspace& workspace_;
    std::map<ResourceIndex, std::uint64_t> looking_;
    std::uint64_t run_ = 0;
    std::map<ResourceIndex, sync::FeedState> feeds_;
    std::map<DataTypeIndex, sync::DataTypeState> data_types_;
};

// "Shop" with /things on port 1, "Erp" with /things on port 2; no login; lists are plain arrays.
inline model::Workspace two_systems() {
    model::Workspace workspace;
    workspace.name = "test";
    for (const auto& [name, port] : {std::pair{"Shop", 1}, std::pair{"Erp", 2}}) {
        const auto at = static_cast<std::int32_t>(workspace.systems.size());
        model::System system;
        system.name = name;
        system.base_url = "http://127.0.0.1:" + std::to_string(port);
        system.poll_every = Duration{5'000};
        system.sweep_every = Duration{3'600'000};
        system.resources = {ResourceIndex{at}};
        system.rest.concurrent = 2;
        workspace.systems.push_back(system);
        model::Resource resource;
        resource.name = "things";
        resource.system = SystemIndex{at};
        resource.path = "/things";
        workspace.resources.push_back(resource);
    }
    return workspace;
}

inline std::vector<connect::RestConnector> connectors_of(
    const model::Workspace& workspace, const std::map<std::string, std::string>& secrets = {}) {
    std::vector<connect::RestConnector> connectors;
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        const SystemIndex system{static_cast<std::int32_t>(at)};
        auto connector = connect::RestConnector::open(workspace, system, secrets);
        CHECK(connector.has_value(), connector ? "" : connector.error().message());
        connectors.push_back(std::move(*connector));
    }
    return connectors;
}

inline const ResourceIndex shop_things{0};
inline const ResourceIndex erp_things{1};
inline const SystemIndex shop{0};
inline const SystemIndex erp{1};

inline sync::Effect write_to(SystemIndex system, IntentId intent) {
    sync::Effect effect;
    effect.system = system;
    effect.purpose = sync::Purpose::write;
    Value body = Value::object();
    body.set("name", "new");
    effect.call = sync::UpdateCall{ResourceIndex{system.value}, "1", body, ""};
    effect.intent = intent;
    return effect;
}
inline sync::Effect read_of(SystemIndex system, sync::Purpose purpose) {
    sync::Effect effect;
    effect.system = system;
    effect.purpose = purpose;
    effect.call = sync::ReadCall{ResourceIndex{system.value}, "1"};
    return effect;
}

inline http::Response list_of_nothing() {
    return {200, {}, "[]"};
}
inline connect::TransportFailure refused_connection() {
    return {connect::FailureKind::not_sent, "connection refused"};
}
inline connect::TransportFailure no_answer() {
    return {connect::FailureKind::no_answer, "timed out"};
}

}  // namespace entente::run::test
