#include "world/world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "model/loader.hpp"
#include "store/faulty_store.hpp"
#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"

namespace entente::world {
namespace {

constexpr Instant beginning{1'767'225'600'000};  // 2026-01-01
// How long a calm world may take to agree: waits of a minute, several times over.
constexpr Duration calm_max{900'000};
constexpr Duration silence_polls{100};
// A process that cannot be started this often in a row is a finding, not bad luck.
constexpr int starts_max = 50;
constexpr int sweeps_max = 6;
constexpr Duration sweeps_never{3'600'000};
constexpr Duration polls_settle{180'000};
constexpr std::size_t trace_kept = 60;

oracle::SystemSight sight_of(const sim::TraitSystem& system) {
    const sim::Traits& traits = system.traits();
    using Traits = sim::Traits;
    oracle::SystemSight sight;
    sight.name = traits.name;
    // A time is a condition only where it is old enough: else the engine compares, and the window stays.
    sight.is_conditional = traits.versions == Traits::Versions::counter ||
                           traits.versions == Traits::Versions::touched;
    sight.can_deny = traits.versions != Traits::Versions::none;
    sight.asks_rights = traits.rights;
    sight.tells_own_write = sight.is_conditional && traits.update_answer == Traits::Answer::record;
    sight.sends_whole = traits.full_update;
    sight.has_skew = traits.skew.ms != 0;
    sight.ahead = traits.skew;
    constexpr Duration spare{1'500};
    sight.settles_after = {std::max(traits.lag, traits.granularity).ms + traits.poll_every.ms +
                           spare.ms};
    sight.tables = {"things"};
    if (traits.owners) sight.tables.push_back("owners");
    if (traits.lines != Traits::Lines::none) sight.tables.push_back("lines");
    sight.form = [&system](std::string_view property, const Value& value) {
        return system.stored_form(property, value);
    };
    sight.is_difficult = [&traits](std::string_view property) {
        if (traits.unique_code)
            return true;  // refuses every write to one of two things of one code
        for (std::size_t i = 0; i < sim::formed_properties.size(); ++i)
            if (sim::formed_properties[i] == property)
                return traits.forms[i] == sim::Form::refused ||
                       traits.forms[i] == sim::Form::ignored ||
                       (traits.forms[i] != sim::Form::as_is && !traits.declared[i]);
        return false;
    };
    return sight;
}

std::vector<oracle::SystemSight> sights_of(
    const std::vector<std::unique_ptr<sim::TraitSystem>>& systems) {
    std::vector<oracle::SystemSight> sights;
    for (const auto& system : systems) sights.push_back(sight_of(*system));
    return sights;
}

std::vector<std::unique_ptr<sim::TraitSystem>> make_systems(const Script& script,
                                                            sim::Witness& witness) {
    std::vector<std::unique_ptr<sim::TraitSystem>> systems;
    for (const sim::Traits& traits : script.systems)
        systems.push_back(std::make_unique<sim::TraitSystem>(traits, witness));
    return systems;
}

}  // namespace

World::World(const Script& script)
    : script_(script),
      timeline_(beginning),
      begins_(beginning),
      systems_(make_systems(script, *this)),
      unreachable_until_(systems_.size()),
      backups_(systems_.size()),
      wire_(
          timeline_,
          {.handle = [this](const Flight& flight) { return handle(flight); },
           .leaving = [this](const Flight& flight) { leaving(flight); },
           .moment = [this](const Flight& flight, Event::When when) { moment(flight, when); },
           .is_reachable =
               [this](std::size_t system) { return unreachable_until_[system] <= timeline_.now(); },
           .late_max =
               [this](std::size_t system) { return systems_[system]->traits().late_execution; },
           .spoiled =
               [this](const Flight& flight, sim::Fault fault) {
                   ++counters_[fmt::format("fault {}", sim::name_of(fault))];
                   oracle_.disturbed(static_cast<int>(flight.system));
                   note(fmt::format("{} {}: {}", flight.request.method, flight.request.url,
                                    sim::name_of(fault)));
               },
           .answering = [this](const Flight& flight, const http::Response& response,
                               bool is_own) { answering(flight, response, is_own); }},
          script.seed, systems_.size()),
      repeats_(script.seed, "repeated answers"),
      oracle_(sights_of(systems_)),
      wait_until_(systems_.size()) {
    load(static_cast<std::size_t>(script_.at_first));
    open_store();
    schedule();
}

World::~World() = default;

void World::load(std::size_t systems) {
    const std::vector<sim::Traits> part(
        script_.systems.begin(), script_.systems.begin() + static_cast<std::ptrdiff_t>(systems));
    model::LoadInput input;
    input.workspace = {"entente.yaml", sim::workspace_of(part, script_.policies)};
    input.catalog = sim::catalog_of(part);
    input.is_set = [](const model::SecretRef&) { return true; };
    model::LoadResult loaded = model::load(input);
    CHECK(loaded.workspace.has_value(), "the world's own configuration loads");
    workspace_ = *std::move(loaded.workspace);
    connectors_.clear();
    for (std::size_t i = 0; i < systems; ++i) {
        auto connector =
            connect::RestConnector::open(workspace_, SystemIndex{static_cast<std::int32_t>(i)},
                                         {{"api_key", systems_[i]->secret()}});
        CHECK(connector.has_value(), connector ? "" : connector.error().message());
        connectors_.push_back(*std::move(connector));
    }
    joined_ = systems;
}

void World::open_store() {
    if (script_.on_sqlite) {
        auto opened = store::SqliteStore::open(":memory:", store::names_of(workspace_));
        CHECK(opened.has_value(), "a store in memory opens");
        durable_ = *std::move(opened);
    } else {
        auto memory = std::make_unique<store::MemoryStore>(store::names_of(workspace_));
        memory_ = memory.get();
        durable_ = std::move(memory);
    }
    store::StoreFaults faults;
    faults.fate = [this](std::int64_t) {
        ++commits_;
        if (const auto numbered = at_commits_.find(commits_); numbered != at_commits_.end())
            at_commit_ = numbered->second;
        if (!at_commit_) return store::CommitFate::commits;
        const Crash::Kind kind = *std::exchange(at_commit_, std::nullopt);
        note("a commit goes wrong");
        ++counters_["fault commit"];
        if (kind == Crash::Kind::commit_unanswered) ++counters_["crash in doubt"];
        return kind == Crash::Kind::commit_unanswered ? store::CommitFate::lost_answer
                                                      : store::CommitFate::fails;
    };
    store_ = std::make_unique<store::FaultyStore>(*durable_, std::move(faults));
}

void World::schedule() {
    for (const Event& event : script_.events) {
        const Instant when = begins_ + event.at;
        if (event.when == Event::When::at)
            timeline_.at(when, [this, &event] { happen(event, nullptr); });
        else
            waiting_.push_back({event, when});
    }
}

void World::note(std::string line) {
    line = fmt::format("{:8.3f} {}", static_cast<double>((timeline_.now() - begins_).ms) / 1000.0,
                       line);
    digest_ = digest_of(line, digest_).low;
    if (on_trace) on_trace(line);
    trace_.push_back(std::move(line));
    if (trace_.size() > 4 * trace_kept)
        trace_.erase(trace_.begin(), trace_.end() - static_cast<std::ptrdiff_t>(trace_kept));
}

// G14: what has arrived in part has no effect.
void World::refuse_half_a_configuration() {
    model::LoadInput input;
    const std::string whole = sim::workspace_of(script_.systems, script_.policies);
    input.workspace = {"entente.yaml", whole.substr(0, whole.find("flows:") - 8)};
    input.catalog = sim::catalog_of(script_.systems);
    input.is_set = [](const model::SecretRef&) { return true; };
    oracle_.verdict().check(14, !model::load(input).workspace.has_value(),
                            [] { return "half a configuration was loaded"; });
}

Result<std::unique_ptr<sync::Engine>> World::open_engine() {
    if (joins_ && joined_ < systems_.size()) {
        refuse_half_a_configuration();
        load(systems_.size());
        memory_->grow(store::names_of(workspace_));
    }
    // A person approves what is new, once: what the guard stops later stays stopped.
    TRY(auto engine,
        sync::Engine::open(workspace_, *store_, {.approve = approved_ < joined_}, timeline_.now()));
    approved_ = joined_;
    return std::make_unique<WatchedEngine>(std::move(engine), script_.repeated_percent, repeats_,
                                           counters_);
}

// One life of the process. True: it came to its end; false: it died.
bool World::run_once(Until until) {
    auto engine = open_engine();
    if (!engine) {
        CHECK(engine.error().kind == ErrorKind::store, engine.error().message());
        return false;
    }
    // What a 429 told is not stored: a new process learns it anew (docs/GUARANTEES.md G13).
    std::fill(wait_until_.begin(), wait_until_.end(), Instant{});
    started_at_ = timeline_.now();
    set_blind_aside();  // tickets are given anew
    run::Watcher silent;
    run::RunnerOptions options;
    options.until_idle = until == Until::idle;
    options.seed = script_.seed;
    run::Runner runner({workspace_, **engine, wire_, timeline_, silent, connectors_}, options);
    runner_ = &runner;
    bool ended = false;
    try {
        const Result<void> result = runner.run();
        ended = result.has_value();
        if (!result && result.error().kind != ErrorKind::store) {
            oracle_.verdict().violated(1, "the run gives up: " + result.error().message());
            ended = true;
        }
    } catch (const Crashed&) {
    }
    runner_ = nullptr;
    return ended;
}

void World::drive(Until until, Instant end) {
    // The event outlives this phase if it ends earlier, and then says nothing.
    const std::int64_t phase = ++phase_;
    bool is_over = false;
    timeline_.at(end, [this, phase, &is_over, until] {
        if (phase != phase_) return;
        is_over = true;
        if (until == Until::idle)
            oracle_.verdict().violated(1, "does not come to rest within a quarter of an hour of calm");
        if (runner_) runner_->stop();
    });
    for (int starts = 0; !is_over; ++starts) {
        CHECK(starts < 4 * starts_max, "a process that dies for ever");
        if (run_once(until)) break;
        const bool is_double = timeline_.now() - died_at_ < Duration{3'000};
        if (is_double && died_at_.ms >= 0) ++counters_["double crash"];
        died_at_ = timeline_.now();
        oracle_.disturbed();
        set_blind_aside();
        wire_.cancel_all();
        shown_.clear();
        note("the process starts again");
    }
    ++phase_;
}

http::Response World::handle(const Flight& flight) {
    sim::TraitSystem& system = *systems_[flight.system];
    asked_at_ = flight.left;
    showing_.clear();
    http::Response response = system.handle(flight.request, timeline_.now());
    const bool is_single = showing_.size() >= 1 && flight.asked == Spoil::Asked::read &&
                           flight.request.url.ends_with("/" + showing_.front().key.id);
    if (is_single) compared_[showing_.front().key].push_back(timeline_.now());
    shown_[flight.number] = std::exchange(showing_, {});
    note(fmt::format("{} {} {} {} -> {} {:x}", system.traits().name, flight.request.method,
                     flight.request.url, flight.request.body, response.status,
                     digest_of(response.body).low));
    const std::int64_t quota = system.traits().quota;
    // What is left of a window is not stored either.
    const bool counts = timeline_.now() - started_at_ >= Duration{2 * system.traits().quota_per.ms};
    if (quota > 0 && counts)
        oracle_.verdict().check(13, system.in_window(timeline_.now()) <= quota, [&] {
            return fmt::format("more than {} requests to {} in a window", quota,
                               system.traits().name);
        });
    return response;
}

void World::leaving(const Flight& flight) {
    const std::string& name = systems_[flight.system]->traits().name;
    oracle_.verdict().check(13, timeline_.now() >= wait_until_[flight.system], [&] {
        return fmt::format("{} was asked for {} {} ms before the time that its 429 told", name,
                           flight.request.url, (wait_until_[flight.system] - timeline_.now()).ms);
    });
    if (flight.asked == Spoil::Asked::read) return;
    if (flight.asked == Spoil::Asked::create &&
        systems_[flight.system]->traits().grade == sim::Traits::Grade::none)
        blind_[flight.number] = thing_asked_for(flight);
    // G10: the intent is durable before the request leaves.
    auto transaction = store_->begin();
    if (!transaction) return;
    const auto intents = (*transaction)->intents();
    const auto sent = json::read(flight.request.body);
    const std::string body = sent ? json::write(*sent) : std::string();
    const bool is_durable = std::ranges::any_of(intents, [&](const sync::Intent& intent) {
        const model::Resource& resource = workspace_.resource(intent.resource);
        return resource.system.at() == flight.system && intent.body == body &&
               flight.request.url ==
                   resource.path + (intent.is_create() ? "" : "/") + intent.external_id;
    });
    oracle_.verdict().check(10, is_durable, [&] {
        return fmt::format("{} {} left for {} before its intent was durable", flight.request.method,
                           flight.request.url, name);
    });
}

// Which thing a create is to make.
std::string World::thing_asked_for(const Flight& flight) const {
    const auto body = json::read(flight.request.body);
    const std::string table = flight.request.url.substr(1);
    return body ? thing_of(static_cast<int>(flight.system), table, *body) : std::string();
}

void World::answering(const Flight& flight, const http::Response& response, bool is_own) {
    if (is_own) blind_.erase(flight.number);
    if (const auto shown = shown_.extract(flight.number); is_own && !shown.empty())
        for (const Shown& one : shown.mapped()) {
            oracle_.shown(one.key, one.fields, timeline_.now());
            const Value* note = one.fields.find("note");
            if (note && note->is_object()) drifted_.try_emplace(one.key, timeline_.now());
        }
    if (response.status != 429) return;
    if (const auto after = http::find(response.headers, "Retry-After"))
        wait_until_[flight.system] =
            std::max(wait_until_[flight.system],
                     timeline_.now() + Duration{1000 * std::stoll(std::string(*after))});
}

Outcome World::play() {
    if (script_.is_ordered) expect_order();
    // Where nobody sweeps what people did must come along by polls alone. A new process would sweep, so this one lives on.
    const bool by_polls = lives_on_polls();
    timeline_.at(begins_ + script_.calm_from, [this] { end_faults(); });
    drive(Until::time, begins_ + script_.calm_from + (by_polls ? polls_settle : Duration{1}));
    if (by_polls) check_rest();
    calm();
    check_rest();
    if (oracle_.verdict().violations().empty()) check_silence();
    finish_counters();
    Outcome outcome;
    outcome.verdict = oracle_.verdict();
    outcome.counters = counters_;
    outcome.digest = digest_;
    outcome.lasted = timeline_.now() - begins_;
    outcome.commits = commits_until_calm_;
    outcome.records = standing();
    outcome.things = things_;
    outcome.sight = sight_;
    for (const auto& system : systems_) outcome.counts.push_back(system->counts());
    const std::size_t kept = std::min(trace_.size(), trace_kept);
    outcome.last.assign(trace_.end() - static_cast<std::ptrdiff_t>(kept), trace_.end());
    outcome.values = final_values();
    outcome.history = oracle_.history();
    return outcome;
}

bool World::lives_on_polls() const {
    return std::ranges::all_of(script_.systems, [](const sim::Traits& traits) {
        return traits.sweep_every >= sweeps_never && traits.feed != sim::Traits::Feed::none &&
               traits.paging != sim::Traits::Paging::page;
    });
}

void World::end_faults() {
    is_calm_ = true;
    note("calm");
    waiting_.clear();
    wire_.stop_spoiling();
    at_commit_.reset();
    at_commits_.clear();
    commits_until_calm_ = commits_;
    for (const auto& system : systems_) system->mood = {};
    std::fill(unreachable_until_.begin(), unreachable_until_.end(), Instant{});
}

void World::calm() {
    // A sweep that ran while we wrote may have missed what moved between its pages: the truth is the one that finds nothing to do.
    std::int64_t before = -1;
    for (int round = 0; round < sweeps_max && before != writes(); ++round) {
        before = writes();
        drive(Until::idle, timeline_.now() + calm_max);
    }
}

std::int64_t World::writes() const {
    std::int64_t sum = 0;
    for (const auto& system : systems_) sum += system->counts().writes;
    return sum;
}

void World::set_blind_aside() {
    for (const auto& [number, thing] : blind_) oracle_.set_aside(thing);
    blind_.clear();
}

void World::check_rest() {
    set_blind_aside();
    sight_ = look();
    oracle_.judge(sight_);
    for (const std::string& text : sight_.texts)
        for (const auto& system : systems_)
            oracle_.verdict().check(19, text.find(system->secret()) == std::string::npos,
                                    [&] { return "a secret stands in: " + text; });
    for (const auto& system : systems_)
        oracle_.verdict().check(12, system->counts().deletes == 0,
                                [&] { return "we asked " + system->traits().name + " to delete"; });
}

// G8: an agreed world is only polled; whatever is thrown away but the store's links, nothing is made or removed.
void World::check_silence() {
    Duration longest{1};
    for (const auto& system : systems_) longest = std::max(longest, system->traits().poll_every);
    oracle_.expect_silence(8, "in an agreed world");
    drive(Until::time, timeline_.now() + Duration{silence_polls.ms * longest.ms});
    oracle_.expect_silence(10, "after a restart in an agreed world");
    drive(Until::idle, timeline_.now() + calm_max);
    forget_cursors();
    oracle_.expect_silence(6, "after all cursors were thrown away");
    drive(Until::idle, timeline_.now() + calm_max);
}

void World::forget_cursors() {
    auto transaction = store_->begin();
    CHECK(transaction.has_value(), "the store is sound in calm");
    for (sync::FeedState feed : (*transaction)->feeds())
        (*transaction)->put_feed({.resource = feed.resource});
    CHECK((*transaction)->commit().has_value(), "the store is sound in calm");
}

}  // namespace entente::world
