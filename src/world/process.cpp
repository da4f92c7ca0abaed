#include "world/process.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "run/connectors.hpp"
#include "store/sqlite_store.hpp"

namespace entente::world {
namespace {

// A process that cannot be started this often in a row is a finding, not bad luck.
constexpr int starts_max = 200;
constexpr Duration double_crash_within{3'000};

// The world's wire outlives the process that speaks over it.
class Plug final : public connect::Transport {
public:
    explicit Plug(Wire& wire) : wire_(wire) {}
    void submit(connect::Ticket ticket, http::Request request,
                const connect::TransportOptions& options) override {
        wire_.submit(ticket, std::move(request), options);
    }
    std::vector<connect::Finished> poll(Duration timeout) override { return wire_.poll(timeout); }
    void wake() override { wire_.wake(); }
    std::size_t in_flight() const override { return wire_.in_flight(); }
    void cancel_all() override { wire_.cancel_all(); }

private:
    Wire& wire_;
};

}  // namespace

Process::Process(Timeline& timeline, Wire& wire, Counters& counters, const Script& script,
                 Ends ends)
    : timeline_(timeline),
      clock_(timeline),
      wire_(wire),
      counters_(counters),
      seed_(script.seed),
      on_sqlite_(script.on_sqlite),
      repeated_percent_(script.repeated_percent),
      ends_(std::move(ends)),
      repeats_(script.seed, "repeated answers") {}

void Process::use(const model::Workspace& workspace,
                  const std::vector<connect::RestConnector>& connectors) {
    workspace_ = &workspace;
    connectors_ = &connectors;
    is_approved_ = false;
    if (!durable_) return open_store();
    CHECK(memory_ != nullptr, "only a store in memory takes new systems");
    memory_->grow(store::names_of(workspace));
}

void Process::open_store() {
    if (on_sqlite_) {
        auto opened = store::SqliteStore::open(":memory:", store::names_of(*workspace_));
        CHECK(opened.has_value(), "a store in memory opens");
        durable_ = *std::move(opened);
    } else {
        auto memory = std::make_unique<store::MemoryStore>(store::names_of(*workspace_));
        memory_ = memory.get();
        durable_ = std::move(memory);
    }
    store::StoreFaults faults;
    faults.fate = [this](std::int64_t) { return fate(); };
    store_ = std::make_unique<store::FaultyStore>(*durable_, std::move(faults));
}

store::CommitFate Process::fate() {
    ++commits_;
    if (const auto numbered = at_commits_.find(commits_); numbered != at_commits_.end())
        at_commit_ = numbered->second;
    if (!at_commit_) return store::CommitFate::commits;
    const Crash::Kind kind = *std::exchange(at_commit_, std::nullopt);
    ends_.note("a commit goes wrong");
    ++counters_["fault commit"];
    if (kind != Crash::Kind::commit_unanswered) return store::CommitFate::fails;
    ++counters_["crash in doubt"];
    return store::CommitFate::lost_answer;
}

Result<std::unique_ptr<sync::Engine>> Process::open_engine() {
    TRY(auto engine,
        sync::Engine::open(*workspace_, *store_,
                           {.approve = !is_approved_, .clock_moved = clock_moved_}, clock_.now()));
    is_approved_ = true;
    return std::make_unique<WatchedEngine>(
        std::move(engine), Repeats{repeated_percent_, repeats_, memory_, ends_.repeated},
        counters_);
}

// False: the store failed, and it is said again.
bool Process::hear() {
    while (!said_.empty()) {
        auto engine = sync::Engine::open(*workspace_, *store_, {}, clock_.now());
        if (!engine) return false;
        const auto heard = (*engine)->step(std::array<sync::Event, 1>{said_.front()}, clock_.now());
        if (!heard) return false;
        said_.pop_front();
        const sync::ActResult& result = heard->acts.front();
        const bool is_done = result.refusal == sync::Refusal::none;
        ++counters_[is_done ? "said" : "said in vain"];
        ends_.note(fmt::format("somebody says: {}", result.text));
        heard_.push_back(result);
    }
    return true;
}

// One life.
Process::End Process::run_once(Until until) {
    started_at_ = timeline_.now();
    clock_.anchor();
    ends_.starts();
    if (!hear()) return End::died;
    auto engine = open_engine();
    if (!engine) {
        CHECK(engine.error().kind == ErrorKind::store, engine.error().message());
        return End::died;
    }
    run::Watcher silent;
    run::RunnerOptions options;
    options.until_idle = until == Until::idle;
    options.seed = seed_;
    options.ends_by_clock = leave_clock_alone_;
    const auto transport = run::transport_over(std::make_unique<Plug>(wire_), *connectors_, clock_);
    run::Runner runner({*workspace_, **engine, *transport, clock_, silent, *connectors_}, options);
    runner_ = &runner;
    End end = End::died;
    try {
        const Result<run::RunEnd> result = runner.run();
        if (!result && result.error().kind != ErrorKind::store)
            ends_.gives_up("the run gives up: " + result.error().message());
        const bool is_of_store = !result && result.error().kind == ErrorKind::store;
        const bool has_jumped = result && *result == run::RunEnd::clock_jumped;
        if (!is_of_store) end = has_jumped ? End::clock_jumped : End::done;
        // What is still on its way answers nobody.
        if (!result && !is_of_store) wire_.cancel_all();
    } catch (const Died&) {
    }
    runner_ = nullptr;
    return end;
}

// As the program does it: what was on its way has been answered, and a life begins by the clock as it is.
void Process::begin_by_the_clock() {
    clock_moved_ = clock_.ahead();
    leave_clock_alone_ = jump_pause_.after(timeline_.now() - started_at_);
    ends_.note("our clock has jumped: a new beginning");
}

void Process::drive(Until until, Instant end) {
    // The event outlives this phase if it ends earlier, and then says nothing.
    const std::int64_t phase = ++phase_;
    const std::int64_t minutes = (end - timeline_.now()).ms / 60'000;
    bool is_over = false;
    timeline_.at(end, [this, phase, &is_over, until, minutes] {
        if (phase != phase_) return;
        is_over = true;
        if (until == Until::idle)
            ends_.gives_up(fmt::format("does not come to rest within {} minutes of calm", minutes));
        if (runner_) runner_->stop();
    });
    for (int starts = 0; !is_over; ++starts) {
        CHECK(starts < starts_max, "a process that dies for ever");
        const End how = run_once(until);
        ++lives_;
        up_.ms += (timeline_.now() - started_at_).ms;
        if (how == End::done) break;
        if (how == End::clock_jumped) {
            begin_by_the_clock();
            continue;
        }
        clock_moved_ = leave_clock_alone_ = {};
        const bool is_double = timeline_.now() - died_at_ < double_crash_within;
        if (is_double && died_at_.ms >= 0) ++counters_["double crash"];
        died_at_ = timeline_.now();
        ends_.died();
        wire_.cancel_all();
        stay_away(is_over);
        ends_.note("the process starts again");
    }
    ++phase_;
}

// What people and systems do meanwhile happens without it. Nobody lies there longer than this phase of the world lasts.
void Process::stay_away(const bool& is_over) {
    const Duration away = std::exchange(away_, Duration{0});
    if (away.ms == 0) return;
    ++counters_["downtime"];
    const Instant back = timeline_.now() + away;
    is_away_ = true;
    while (!is_over && timeline_.next(back)) {
    }
    is_away_ = false;
}

void Process::crash(const Crash& crash) {
    if (crash.kind == Crash::Kind::at_once) {
        if (is_away_) return;
        ++counters_["fault crash"];
        away_ = crash.away;
        ends_.note(away_.ms == 0 ? std::string("the process dies")
                                 : fmt::format("the process is away for {} s", away_.ms / 1'000));
        return die();
    }
    if (crash.commit > 0)
        at_commits_[crash.commit] = crash.kind;
    else
        at_commit_ = crash.kind;
}

void Process::die() {
    if (!is_away_) throw Died{};
}

void Process::stop_crashing() {
    at_commit_.reset();
    at_commits_.clear();
}

void Process::forget_cursors() {
    auto transaction = store_->begin();
    CHECK(transaction.has_value(), "the store is sound in calm");
    for (const sync::FeedState& feed : (*transaction)->feeds())
        (*transaction)->put_feed({.resource = feed.resource});
    CHECK((*transaction)->commit().has_value(), "the store is sound in calm");
}

}  // namespace entente::world
