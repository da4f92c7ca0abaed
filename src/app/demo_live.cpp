#include "app/demo_live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <system_error>
#include <thread>

#include "app/arrivals.hpp"
#include "app/output.hpp"
#include "app/patient_fetch.hpp"
#include "run/workspace_run.hpp"
#include "sim/people.hpp"

namespace entente::app {

namespace {

constexpr Duration between_edits{1'000};
// How often it is said how many entities agree, in edits.
constexpr int edits_between_counts = 5;

// How many entities are in step everywhere, and how many wait for something.
std::string agreement_text(const run::WorkspaceFolder& folder) {
    auto store = run::open_snapshot(folder);
    if (!store) return store.error().message();
    const auto& workspace = *folder.workspace;
    std::vector<std::int64_t> linked(workspace.models.size(), 0);
    std::int64_t on_their_way = 0, waiting = 0;
    for (std::size_t at = 0; at < workspace.data_types.size(); ++at) {
        const auto counts = (*store)->counts(DataTypeIndex{static_cast<std::int32_t>(at)});
        auto& most = linked[workspace.data_types[at].model.at()];
        most = std::max(most, counts.linked);
        on_their_way += counts.ready;
        waiting += counts.waiting;
    }
    on_their_way += static_cast<std::int64_t>((*store)->intents().size());
    std::int64_t entities = 0;
    for (const auto count : linked) entities += count;
    const std::int64_t agree = std::max<std::int64_t>(0, entities - on_their_way - waiting);
    return fmt::format("{} of {} entities agree, {} on their way, {} wait for a person",
                       grouped(agree), grouped(entities), grouped(on_their_way), grouped(waiting));
}

// A demo that was killed while it wrote leaves half a line behind, which would spoil the next one.
void mend_ledger(const std::filesystem::path& path) {
    std::error_code failed;
    std::ifstream file(path, std::ios::binary);
    if (!file) return;
    std::uintmax_t whole = 0, at = 0;
    for (char c = 0; file.get(c);) {
        ++at;
        if (c == '\n') whole = at;
    }
    if (whole != at) std::filesystem::resize_file(path, whole, failed);
}

}  // namespace

struct LiveDemo::State {
    State(const DemoFolder& d, const run::WorkspaceFolder& f, run::SimulatedProcesses& processes,
          LiveOptions o)
        : demo(d), folder(f), options(o), arrivals(f, processes, o.json) {}

    Result<void> run();
    Result<void> let_people_work(PatientFetch& fetch);
    void set_engine(run::WorkspaceRun* opened) {
        const std::lock_guard lock(engine_mutex);
        engine = opened;
    }

    const DemoFolder& demo;
    const run::WorkspaceFolder& folder;
    LiveOptions options;
    Arrivals arrivals;
    std::atomic<bool> stopped = false;
    // Guards `engine`: the signals' thread stops what this one opens and destroys.
    std::mutex engine_mutex;
    run::WorkspaceRun* engine = nullptr;
    std::int64_t edits = 0;
};

// On a thread of its own, with its own connections: people know nothing of the engine.
Result<void> LiveDemo::State::let_people_work(PatientFetch& fetch) {
    TRY(const Value truth, demo.truth());
    mend_ledger(demo.ledger());
    std::vector<sim::Workplace> workplaces;
    for (const auto& system : demo.systems)
        workplaces.push_back({system.name, system.kind, system.credential});
    const auto url_of = [&](const std::string& name) {
        for (const auto& system : demo.systems) {
            if (system.name == name) return system.url;
        }
        return std::string();
    };
    run::SystemClock clock;
    // Another stream each time, so that a resumed demo types new values.
    const auto seed = demo.options.seed ^ static_cast<std::uint64_t>(clock.now().ms);
    sim::People people(seed, workplaces,
                       [&](const std::string& system, const http::Request& request) {
                           http::Request absolute = request;
                           absolute.url = url_of(system) + request.url;
                           return fetch(absolute);
                       });
    people.leave_alone_what_waits(truth);
    for (int turn = 1; !stopped; ++turn) {
        const auto outcome = people.act(clock.now());
        edits += static_cast<std::int64_t>(outcome.edits.size());
        TRY_VOID(sim::append_to_ledger(demo.ledger().string(), outcome.edits));
        if (turn % edits_between_counts == 0) arrivals.say(agreement_text(folder));
        if (!stopped) fetch.wait(between_edits);
    }
    return {};
}

Result<void> LiveDemo::State::run() {
    TRY(auto opened, run::WorkspaceRun::open(folder, {.approve = true, .runner = {}}, arrivals));
    TRY(auto fetch, PatientFetch::make());
    set_engine(opened.get());
    if (stopped) opened->stop();
    arrivals.say("People edit the systems now; Ctrl-C ends it.");
    Result<void> worked;
    std::thread people([&] {
        worked = let_people_work(fetch);
        if (!worked) arrivals.say(worked.error().message());
    });
    const auto ended = opened->run();
    stopped = true;
    fetch.wake();
    people.join();
    set_engine(nullptr);
    TRY_VOID(ended);
    arrivals.say(fmt::format(
        "{} by people, {} arrived elsewhere, {}; {}", counted(edits, "edit", "edits"),
        counted(arrivals.arrived(), "value", "values"),
        counted(arrivals.conflicts(), "conflict", "conflicts"), agreement_text(folder)));
    arrivals.say(fmt::format("Go on: entente demo --dir {0}; or look: entente status {0}",
                             folder.path.string()));
    return worked;
}

LiveDemo::LiveDemo(const DemoFolder& demo, const run::WorkspaceFolder& folder,
                   run::SimulatedProcesses& processes, LiveOptions options)
    : state_(std::make_unique<State>(demo, folder, processes, options)) {}

LiveDemo::~LiveDemo() = default;

Result<void> LiveDemo::run() {
    return state_->run();
}

void LiveDemo::stop() {
    state_->stopped = true;
    const std::lock_guard lock(state_->engine_mutex);
    if (state_->engine) state_->engine->stop();
}

}  // namespace entente::app
