#include <fmt/format.h>

#include <atomic>
#include <chrono>
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
    // From the first PATCH to the last one since the last forget().
    double seconds() const { return static_cast<double>(last_ - first_) / 1e6; }
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

run::CallCounts run_until_idle(const run::RunnerParts& parts) {
    run::RunnerOptions options;
    options.until_idle = true;
    run::Runner runner(parts, options);
    must(runner.run());
    return runner.counts({1});
}

std::vector<http::Request> bare_requests(const Server& erp, std::int64_t edits) {
    std::vector<http::Request> out;
    for (std::int64_t number = 1; number <= edits; ++number)
        out.push_back(
            {.method = "PATCH",
             .url = fmt::format("{}/v1/customers/{}", erp.url(), number),
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

}  // namespace

void measure_propagation(const Plan& plan) {
    const Folder folder;
    Server webshop(ShelfKind::webshop, plan.edits), erp(ShelfKind::erp, plan.edits);
    const model::Workspace workspace = load_workspace({webshop.url(), erp.url(), plan.concurrent});
    const auto connectors = open_connectors(workspace);
    auto store =
        must(store::SqliteStore::open(folder.file("engine.db"), store::names_of(workspace)));
    auto transport = must(connect::CurlTransport::make({}));
    run::SystemClock clock;
    run::Watcher watcher;
    auto engine = must(sync::Engine::open(workspace, *store, {.approve = true}, clock.now()));
    const run::RunnerParts parts{workspace, *engine, *transport, clock, watcher, connectors};
    (void)run_until_idle(parts);
    if (erp.patches() != 0 || webshop.patches() != 0)
        give_up("records that agree everywhere were written");
    (void)must(connect::fetch(
        *transport,
        {.method = "GET", .url = webshop.url() + "/bench/rename", .headers = {}, .body = {}}, {}));
    Stopwatch watch, bare;
    watch.start();
    const run::CallCounts counts = run_until_idle(parts);
    watch.stop();
    if (erp.patches() != plan.edits || webshop.patches() != 0)
        give_up(fmt::format("{} edits became {} writes there and {} back", plan.edits,
                            erp.patches(), webshop.patches()));
    const double rate = static_cast<double>(plan.edits - 1) / erp.seconds();
    erp.forget();
    std::vector<http::Request> requests = bare_requests(erp, plan.edits);
    bare.start();
    send_bare(*transport, std::move(requests), plan.concurrent);
    bare.stop();
    const double bare_rate = static_cast<double>(plan.edits - 1) / erp.seconds();
    ReportLine line("propagate");
    line.add("edits", plan.edits);
    line.add("concurrent", plan.concurrent);
    line.add("server", "a handler that computes its records, behind the product's own listener");
    line.add("calls", counts.calls);
    line.add_number("writes_per_second", rate, 0);
    line.add_number("bare_writes_per_second", bare_rate, 0);
    // Of the one thread that sends; its looks at both systems before and after are part of the first number.
    line.add_number("cpu_us_per_write", watch.cpu_seconds() * 1e6 / static_cast<double>(plan.edits),
                    1);
    line.add_number("bare_cpu_us_per_write",
                    bare.cpu_seconds() * 1e6 / static_cast<double>(plan.edits), 1);
    line.at_least(rate / bare_rate, 0.5);
    line.print();
}

}  // namespace entente::bench
