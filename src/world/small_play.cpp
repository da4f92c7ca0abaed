#include "world/small_play.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "model/loader.hpp"

namespace entente::world {
namespace {

constexpr Instant beginning{1'767'225'600'000};  // 2026-01-01
constexpr Duration tick{1};                      // nothing happens at the very same time
constexpr Duration before_edits{100'000};
constexpr int settling_max = 300;
constexpr int steps_at_once_max = 50;

oracle::SystemSight sight_of(const sim::TraitSystem& system) {
    const sim::Traits& traits = system.traits();
    oracle::SystemSight sight;
    sight.name = traits.name;
    sight.is_conditional = traits.versions != sim::Traits::Versions::none;
    sight.tells_own_write =
        sight.is_conditional && traits.update_answer == sim::Traits::Answer::record;
    sight.sends_whole = traits.full_update;
    sight.has_skew = traits.skew.ms != 0;
    sight.tables = {"things"};
    sight.form = [&system](std::string_view property, const Value& value) {
        return system.stored_form(property, value);
    };
    sight.is_difficult = [&traits](std::string_view property) {
        for (std::size_t i = 0; i < sim::formed_properties.size(); ++i)
            if (sim::formed_properties[i] == property)
                return traits.forms[i] != sim::Form::as_is && !traits.declared[i];
        return false;
    };
    return sight;
}

oracle::RecordChange::Kind kind_of(sim::Change::Kind kind) {
    return kind == sim::Change::Kind::created ? oracle::RecordChange::Kind::created
                                              : oracle::RecordChange::Kind::changed;
}

Value thing(const std::string& name) {
    Value body = Value::object();
    body.set("code", Value("T1"));
    body.set("name", Value(name));
    return body;
}

std::string shown_name(const Value& body) {
    const Value* name = body.find("name");
    return name ? json::write(*name) : "null";
}

// What was just answered reaches nobody.
void forget_shown_now(SmallState& state) {
    std::erase_if(state.unseen, [&](const Unseen& seen) { return seen.at == state.now; });
}

}  // namespace

SmallPlay::SmallPlay(const SmallWorld& world) : world_(world) {
    const std::vector<sim::Traits>& traits = world.systems;
    model::LoadInput input;
    input.workspace = {"entente.yaml", sim::workspace_of(traits, world.policies)};
    input.catalog = sim::catalog_of(traits);
    input.is_set = [](const model::SecretRef&) { return true; };
    model::LoadResult loaded = model::load(input);
    CHECK(loaded.workspace.has_value(), "a small world's own configuration loads");
    workspace_ = *std::move(loaded.workspace);
    for (const sim::Traits& t : traits) originals_.emplace_back(t, *this);
    for (std::size_t i = 0; i < traits.size(); ++i) {
        auto connector =
            connect::RestConnector::open(workspace_, SystemIndex{static_cast<std::int32_t>(i)},
                                         {{"api_key", originals_[i].secret()}});
        CHECK(connector.has_value(), connector ? "" : connector.error().message());
        connectors_.push_back(*std::move(connector));
    }
}

SmallState SmallPlay::start() {
    auto process = std::make_shared<Process>();
    process->store = std::make_unique<store::MemoryStore>(store::names_of(workspace_));
    std::vector<oracle::SystemSight> sights;
    for (const sim::TraitSystem& system : originals_) sights.push_back(sight_of(system));
    SmallState state{beginning,
                     {},
                     Shared(std::move(process)),
                     Shared(std::make_shared<oracle::Oracle>(std::move(sights))),
                     {},
                     {},
                     {}};
    for (const sim::TraitSystem& system : originals_)
        state.systems.emplace_back(std::make_shared<sim::TraitSystem>(system));
    into_ = &state;
    using Start = SmallWorld::Start;
    const bool is_apart = world_.start == Start::apart;
    state.has_shown.resize(state.systems.size());
    for (std::size_t i = 0; i < state.systems.size(); ++i) {
        const std::string own = fmt::format("{}", "abc"[i]);
        state.systems[i].own().add("things", thing(is_apart ? own : "o"), state.now);
        state.now = state.now + Duration{1'000};
        if (world_.start == Start::only_first) break;
    }
    state.now = state.now + Duration{10'000};
    restart(state);
    if (world_.start == Start::linked) settle(state);
    begins_ = state.now = beginning + before_edits;
    state.edits = world_.edits;
    state.faults = world_.faults;
    state.crashes = world_.crashes;
    state.absences = world_.absences;
    state.clock_sets = world_.clock_sets;
    state.by_hand = world_.by_hand ? 1 : 0;
    state.history.clear();
    return state;
}

void SmallPlay::restart(SmallState& state) {
    Process& process = state.process.own();
    auto engine = sync::Engine::open(workspace_, *process.store, {.approve = true}, state.ours());
    CHECK(engine.has_value(), "a store in memory is sound");
    process.engine = *std::move(engine);
    state.asked.clear();
    state.executed.clear();
    state.unseen.clear();
    if (process.engine->next_due() <= state.ours()) step(state, sync::TimePassed{});
}

// One event, and then whatever the engine does by itself at once.
void SmallPlay::step(SmallState& state, const sync::Event& event) {
    sync::Engine& engine = *state.process.own().engine;
    sync::Event next = event;
    for (int steps = 0;; ++steps) {
        CHECK(steps < steps_at_once_max, "an engine that is never done by itself");
        auto result = engine.step(std::array{next}, state.ours());
        CHECK(result.has_value(), result ? "" : result.error().message());
        for (sync::Effect& effect : result->effects)
            state.asked.push_back({std::move(effect), state.now});
        if (engine.next_due() > state.ours()) return;
        next = sync::TimePassed{};
    }
}

sync::Answer SmallPlay::execute(SmallState& state, const Asked& asked) {
    const sync::Effect& effect = asked.effect;
    const std::size_t system = effect.system.at();
    auto request = connectors_[system].request(effect.call);
    CHECK(request.has_value(), request ? "" : request.error().message());
    request->url.erase(0, request->url.find('/', request->url.find("://") + 3));
    asked_at_ = asked.at;
    const http::Response response = state.systems[system].own().handle(*request, state.now);
    sync::Answer answer = connectors_[system].answer(effect.call, response);
    answer.began = state.ours();
    if (world_.knows_clocks) answer.skew = {world_.systems[system].skew.ms - state.off.ms};
    return answer;
}

sync::Answer SmallPlay::fail_call(const SmallState& state, const sync::Effect& effect) const {
    const connect::TransportFailure failure{connect::FailureKind::no_answer,
                                            "the connection broke"};
    sync::Answer answer = connectors_[effect.system.at()].failure(effect.call, failure);
    answer.began = state.ours();
    return answer;
}

LateWrite SmallPlay::late_write(const SmallState& state, const Asked& asked) const {
    const sync::Effect& effect = asked.effect;
    const std::size_t system = effect.system.at();
    auto request = connectors_[system].request(effect.call);
    CHECK(request.has_value(), request ? "" : request.error().message());
    request->url.erase(0, request->url.find('/', request->url.find("://") + 3));
    return {system, *std::move(request), asked.at,
            state.now + world_.systems[system].late_execution};
}

void SmallPlay::poll(SmallState& state, std::size_t system, bool sweep) {
    const SystemIndex at{static_cast<std::int32_t>(system)};
    for (std::size_t r = 0; r < workspace_.resources.size(); ++r)
        if (workspace_.resources[r].system == at)
            step(state, sync::FeedDue{ResourceIndex{static_cast<std::int32_t>(r)}, sweep});
    const auto is_page = [&](const Asked& asked) {
        return asked.effect.purpose == sync::Purpose::page && asked.effect.system == at;
    };
    const auto page = std::ranges::find_if(state.asked, is_page);
    CHECK(page != state.asked.end(), "a poll that is due asks for a page");
    Asked asked = *page;
    state.asked.erase(page);
    sync::Answer answer = execute(state, asked);
    state.executed.push_back({std::move(asked.effect), std::move(answer)});
}

void SmallPlay::deliver(SmallState& state, std::size_t at) {
    sync::Answered answered = std::move(state.executed[at]);
    state.executed.erase(state.executed.begin() + static_cast<std::ptrdiff_t>(at));
    answered.answer.ended = state.ours();
    std::erase_if(state.unseen, [&](const Unseen& seen) {
        const bool is_in_it = seen.at + state.off == answered.answer.began;
        if (is_in_it) state.oracle.own().shown(seen.key, seen.body, state.now);
        return is_in_it;
    });
    step(state, answered);
}

void SmallPlay::make_call(SmallState& state, const Move& move) {
    using Kind = Move::Kind;
    Asked asked = state.asked[move.at];
    state.asked.erase(state.asked.begin() + static_cast<std::ptrdiff_t>(move.at));
    if (move.kind != Kind::execute) {
        --state.faults;
        state.oracle.own().disturbed(asked.effect.system.value);
    }
    if (move.kind == Kind::delay) state.late.push_back(late_write(state, asked));
    const bool is_executed = move.kind == Kind::execute || move.kind == Kind::lose_reply ||
                             move.kind == Kind::execute_twice;
    sync::Answer answer;
    if (is_executed) answer = execute(state, asked);
    if (move.kind == Kind::execute_twice) answer = execute(state, asked);
    if (move.kind != Kind::execute && move.kind != Kind::execute_twice) {
        answer = fail_call(state, asked.effect);
        forget_shown_now(state);
    }
    state.executed.push_back({std::move(asked.effect), std::move(answer)});
    if (!world_.at_once) return;
    state.now = state.now + tick;
    deliver(state, state.executed.size() - 1);
}

SmallState SmallPlay::after(const SmallState& state, const Move& move) {
    SmallState next = state;
    into_ = &next;
    make(next, move);
    for (SystemIndex at; world_.is_hasty && !next.is_away && (at = hungry_system(next));)
        step(next, sync::Room{at, 1});
    next.now = next.now + tick;
    const auto place = [](const sync::Effect& effect) {
        return std::pair(effect.system.value, effect.purpose);
    };
    std::ranges::stable_sort(next.asked, {},
                             [&](const Asked& asked) { return place(asked.effect); });
    std::ranges::stable_sort(
        next.executed, {}, [&](const sync::Answered& answered) { return place(answered.effect); });
    return next;
}

void SmallPlay::make(SmallState& state, const Move& move) {
    using Kind = Move::Kind;
    switch (move.kind) {
        case Kind::deliver_twice: {
            --state.faults;
            sync::Answered again = state.executed[move.at];
            deliver(state, move.at);
            state.executed.push_back(std::move(again));
            return;
        }
        case Kind::deliver:
            return deliver(state, move.at);
        case Kind::execute:
        case Kind::lose_request:
        case Kind::lose_reply:
        case Kind::delay:
        case Kind::execute_twice:
            return make_call(state, move);
        case Kind::late:
            asked_at_ = state.late[move.at].asked_at;
            state.systems[state.late[move.at].system].own().handle(state.late[move.at].request,
                                                                   state.now);
            forget_shown_now(state);
            [[fallthrough]];
        case Kind::never:
            state.late.erase(state.late.begin() + static_cast<std::ptrdiff_t>(move.at));
            return;
        case Kind::room:
            return step(state, sync::Room{SystemIndex{static_cast<std::int32_t>(move.at)}, 1});
        case Kind::poll:
            poll(state, move.at, false);
            if (!world_.at_once) return;
            state.now = state.now + tick;
            return deliver(state, state.executed.size() - 1);
        case Kind::wait:
            return wait(state);
        case Kind::sweep:
            return settle(state);
        case Kind::edit:
        case Kind::add:
            return edit(state, move);
        case Kind::clock:
            --state.clock_sets;
            state.off.ms += (move.at == 0 ? 1 : -1) * world_.clock_step.ms;
            state.oracle.own().disturbed();
            return restart(state);
        case Kind::leave:
            return leave(state);
        case Kind::come_back:
            state.is_away = false;
            return restart(state);
        case Kind::crash_delay:
            state.late.push_back(late_write(state, state.asked[move.at]));
            [[fallthrough]];
        case Kind::crash:
            --state.crashes;
            state.oracle.own().disturbed();
            return restart(state);
    }
}

void SmallPlay::leave(SmallState& state) {
    --state.absences;
    state.oracle.own().disturbed();
    auto begun = state.process->store->begin();
    CHECK(begun.has_value(), "a store in memory is sound");
    state.left_open = state.left_open || !(*begun)->intents().empty();
    begun->reset();
    restart(state);
    // It died again before it could ask anything.
    state.asked.clear();
    state.is_away = true;
}

void SmallPlay::wait(SmallState& state) {
    state.now = next_wait(state);
    if (state.process->engine->next_due() <= state.ours()) step(state, sync::TimePassed{});
}

// All systems are read to their ends, and whatever follows is done, one thing after the other.
void SmallPlay::settle(SmallState& state) {
    for (std::size_t i = 0; i < state.systems.size(); ++i) poll(state, i, true);
    for (int turns = 0; turns < settling_max; ++turns) {
        state.now = state.now + tick;
        const auto due = std::ranges::find_if(state.asked, [&](const Asked& asked) {
            return asked.effect.not_before <= state.ours();
        });
        if (!state.executed.empty())
            deliver(state, 0);
        else if (due != state.asked.end()) {
            Asked asked = *due;
            state.asked.erase(due);
            sync::Answer answer = execute(state, asked);
            state.executed.push_back({std::move(asked.effect), std::move(answer)});
        } else if (const SystemIndex hungry = hungry_system(state); hungry)
            step(state, sync::Room{hungry, 1});
        else if (next_wait(state) != Instant::never())
            wait(state);
        else
            return;
    }
    state.oracle.own().verdict().violated(1, "does not come to rest after a sweep");
}

void SmallPlay::edit(SmallState& state, const Move& move) {
    const std::int64_t slot = (state.now - begins_).ms / world_.between.ms + 1;
    state.now = begins_ + Duration{slot * world_.between.ms};
    sim::TraitSystem& system = state.systems[move.at].own();
    const Value value = typed_value(state, move);
    if (move.typed == SmallWorld::Kind::fresh) ++state.typed;
    const auto& things = system.table("things");
    const std::string before = things.empty() ? "-" : shown_name(things.begin()->second.body);
    const std::string typed =
        fmt::format("{}={}<{}@{};", system.traits().name, json::write(value), before, slot);
    const std::string mark = fmt::format("={}<", json::write(value));
    state.typed_twice |=
        move.typed == SmallWorld::Kind::old || state.history.find(mark) != std::string::npos;
    state.history += typed;
    state.ghost += fmt::format("{}{}", typed, state.has_shown[move.at]);
    if (move.kind == Move::Kind::add) {
        --state.by_hand;
        Value body = thing("");
        body.set("name", value);
        system.add("things", std::move(body), state.now);
        return;
    }
    --state.edits[move.at];
    system.edit("things", things.begin()->first, "name", value, state.now);
}

std::size_t SmallPlay::number_of(const sim::TraitSystem& system) const {
    const auto found = std::ranges::find(world_.systems, system.traits().name, &sim::Traits::name);
    CHECK(found != world_.systems.end(), "a system that is none of the world's");
    return static_cast<std::size_t>(found - world_.systems.begin());
}

void SmallPlay::changed(const sim::TraitSystem& system, const sim::Change& change) {
    const std::size_t number = number_of(system);
    oracle::RecordChange told;
    told.kind = kind_of(change.kind);
    told.by_person = change.by_person;
    told.key = {static_cast<int>(number), change.table, change.id};
    told.thing = "T1";
    told.before = change.before;
    told.after = change.after;
    told.sent = change.sent;
    told.at = change.at;
    told.asked_at = asked_at_;
    into_->oracle.own().changed(told);
    const std::string value = "|" + shown_name(change.after);
    std::string& had = into_->has_shown[number];
    if (had.find(value) == std::string::npos) had += value;
}

// The oracle is told when the engine is: in deliver.
void SmallPlay::shown(const sim::TraitSystem& system, const std::string& table,
                      const std::string& id, const Value& body, Instant at) {
    into_->unseen.push_back({at, {static_cast<int>(number_of(system)), table, id}, body});
}

}  // namespace entente::world
