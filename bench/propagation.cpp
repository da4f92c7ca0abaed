#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <thread>

#include "bench/measurements.hpp"
#include "bench/report_line.hpp"
#include "bench/stage.hpp"
#include "connect/curl_transport.hpp"
#include "run/clock.hpp"
#include "run/runner.hpp"
#include "serve/listener.hpp"

namespace entente::bench {
namespace {

std::int64_t microseconds_now() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

// A shelf behind a listener on a thread of its own. The atomics are what the measuring thread reads.
class Server {
public:
    Server(ShelfKind kind, std::int64_t records) : shelf_(kind, records) {
        listener_ = must(serve::listen(
            "127.0.0.1", 0, [this](const http::Request& request) { return answer(request); }, {}));
        thread_ = std::thread([this] { listener_->run(); });
    }
    ~Server() {
        listener_->stop();
        thread_.join();
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::string url() const { return fmt::format("http://127.0.0.1:{}", listener_->port()); }
    std::int64_t patches() const { return patches_; }
    // In microseconds; Requires: a PATCH since the last forget().
    std::int64_t first() const { return first_; }
    std::int64_t last() const { return last_; }
    void forget() {
        patches_ = 0;
        first_ = 0;
        last_ = 0;
    }

private:
    http::Response answer(const http::Request& request) {
        if (request.url == "/bench/rename") {
            shelf_.rename_all(clock_.now());
            return {204, {}, {}};
        }
        http::Response response = shelf_.handle(request, clock_.now());
        if (request.method == "PATCH" && response.status == 200) {
            last_ = microseconds_now();
            if (++patches_ == 1) first_ = last_.load();
        }
        return response;
    }

    Shelf shelf_;
    run::SystemClock clock_;
    std::atomic<std::int64_t> patches_ = 0, first_ = 0, last_ = 0;
    std::unique_ptr<serve::Listener> listener_;
    std::thread thread_;
};

// The systems that are told; the first one is where the edits are made.
class Receivers {
public:
    explicit Receivers(const std::deque<Server>& servers) : servers_(servers) {}

    std::int64_t patches() const {
        std::int64_t out = 0;
        for (std::size_t i = 1; i < servers_.size(); ++i) out += servers_[i].patches();
        return out;
    }
    bool each_has(std::int64_t patches) const {
        return std::all_of(servers_.begin() + 1, servers_.end(),
                           [&](const Server& s) { return s.patches() == patches; });
    }
    double writes_per_second() const {
        std::int64_t first = servers_[1].first(), last = servers_[1].last();
        for (std::size_t i = 2; i < servers_.size(); ++i) {
            first = std::min(first, servers_[i].first());
            last = std::max(last, servers_[i].last());
        }
        return static_cast<double>(patches() - 1) * 1e6 / static_cast<double>(last - first);
    }

private:
    const std::deque<Server>& servers_;
};

std::int64_t run_until_idle(const run::RunnerParts& parts) {
    run::RunnerOptions options;
    options.until_idle = true;
    run::Runner runner(parts, options);
    must(runner.run());
    std::int64_t calls = 0;
    for (std::size_t i = 1; i < parts.workspace.systems.size(); ++i)
        calls += runner.counts({static_cast<std::int32_t>(i)}).calls;
    return calls;
}

std::vector<http::Request> bare_requests(const std::deque<Server>& servers, std::int64_t edits) {
    std::vector<http::Request> out;
    for (std::int64_t number = 1; number <= edits; ++number)
        for (std::size_t i = 1; i < servers.size(); ++i)
            out.push_back(
                {.method = "PATCH",
                 .url = fmt::format("{}/v1/customers/{}", servers[i].url(), number),
                 // Made by arithmetic as 1, renamed by the engine to 2.
                 .headers = {{"If-Match", "\"2\""},
                             {"Content-Type", "application/json"},
                             {"Accept", "application/json"},
                             {"Authorization", "Bearer bench-secret"}},
                 .body = fmt::format(R"({{"company_name":"Company {:07} Bare AS"}})", number)});
    return out;
}

// The same client with the same number of requests under way, and nothing else.
void send_bare(connect::Transport& transport, std::vector<http::Request> requests, int concurrent) {
    std::size_t sent = 0, answered = 0;
    while (answered < requests.size()) {
        while (sent < requests.size() &&
               transport.in_flight() < static_cast<std::size_t>(concurrent)) {
            transport.submit({static_cast<std::int64_t>(sent + 1)}, std::move(requests[sent]), {});
            ++sent;
        }
        for (const connect::Finished& done : transport.poll(Duration{1'000})) {
            if (!done.answer || done.answer->status != 200) give_up("a bare PATCH failed");
            ++answered;
        }
    }
}

struct Side {
    Stopwatch watch;
    double rate = 0;  // writes a second
};

void print_propagation(const Plan& plan, std::int64_t calls, const Side& engine, const Side& bare) {
    const double writes = static_cast<double>(plan.edits * (plan.systems - 1));
    ReportLine line("propagate");
    line.add("systems", plan.systems);
    line.add("edits", plan.edits);
    line.add("concurrent", plan.concurrent);
    line.add("server", "a handler that computes its records, behind the product's own listener");
    line.add("calls", calls);
    line.add_number("writes_per_second", engine.rate, 0);
    line.add_number("bare_writes_per_second", bare.rate, 0);
    // Of the one thread that sends; its looks at all systems before and after are part of the first number.
    line.add_number("cpu_us_per_write", engine.watch.cpu_seconds() * 1e6 / writes, 1);
    line.add_number("bare_cpu_us_per_write", bare.watch.cpu_seconds() * 1e6 / writes, 1);
    line.at_least(engine.rate / bare.rate, 0.5);
    line.print();
}

}  // namespace

void measure_propagation(const Plan& plan) {
    const Folder folder;
    std::deque<Server> servers;
    Places places{.urls = {}, .concurrent = plan.concurrent};
    for (int i = 0; i < plan.systems; ++i)
        places.urls.push_back(
            servers.emplace_back(kind_of(static_cast<std::size_t>(i)), plan.edits).url());
    const Receivers receivers(servers);
    const model::Workspace workspace = load_workspace(places);
    const auto connectors = open_connectors(workspace);
    auto store =
        must(store::SqliteStore::open(folder.file("engine.db"), store::names_of(workspace)));
    auto transport = must(connect::CurlTransport::make({}));
    run::SystemClock clock;
    run::Watcher watcher;
    auto engine = must(sync::Engine::open(workspace, *store, {.approve = true}, clock.now()));
    const run::RunnerParts parts{workspace, *engine, *transport, clock, watcher, connectors};
    (void)run_until_idle(parts);
    if (servers[0].patches() + receivers.patches() != 0)
        give_up("records that agree everywhere were written");
    (void)must(connect::fetch(
        *transport,
        {.method = "GET", .url = servers[0].url() + "/bench/rename", .headers = {}, .body = {}},
        {}));
    Stopwatch watch, bare;
    watch.start();
    const std::int64_t calls = run_until_idle(parts);
    watch.stop();
    if (!receivers.each_has(plan.edits) || servers[0].patches() != 0)
        give_up(fmt::format("{} edits became {} writes there and {} back", plan.edits,
                            receivers.patches(), servers[0].patches()));
    const double rate = receivers.writes_per_second();
    for (Server& server : servers) server.forget();
    std::vector<http::Request> requests = bare_requests(servers, plan.edits);
    bare.start();
    send_bare(*transport, std::move(requests), plan.concurrent * (plan.systems - 1));
    bare.stop();
    print_propagation(plan, calls, {watch, rate}, {bare, receivers.writes_per_second()});
}

}  // namespace entente::bench
