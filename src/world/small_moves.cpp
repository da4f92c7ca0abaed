// What can happen next in a state of a small world, how it is told, and what the engine's store says at its end.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "world/small_play.hpp"

namespace entente::world {
namespace {

using Kind = Move::Kind;

bool is_for_intent(const sync::Effect& effect) {
    return bool(effect.intent);
}

bool is_repeatable(const sync::Call& call) {
    const auto* create = std::get_if<sync::CreateCall>(&call);
    return !create || !create->idempotency_key.empty();
}

}  // namespace

Instant SmallPlay::next_wait(const SmallState& state) const {
    Instant next = state.process->engine->next_due();
    for (const auto& [effect, at] : state.asked)
        if (effect.not_before > state.ours()) next = std::min(next, effect.not_before);
    return next == Instant::never() ? next : next - state.off;
}

SystemIndex SmallPlay::hungry_system(const SmallState& state) const {
    for (std::size_t i = 0; i < state.systems.size(); ++i)
        if (const SystemIndex at{static_cast<std::int32_t>(i)};
            state.process->engine->wants_room(at))
            return at;
    return {};
}

bool SmallPlay::is_idle(const SmallState& state) const {
    if (state.is_away) return false;
    const sync::Engine& engine = *state.process->engine;
    return state.asked.empty() && state.executed.empty() && state.late.empty() &&
           engine.at_rest() && !hungry_system(state) && next_wait(state) == Instant::never();
}

// Whether the engine's store does not hold the record as the system shows it.
bool SmallPlay::is_news(const SmallState& state, std::size_t system) const {
    auto begun = state.process->store->begin();
    CHECK(begun.has_value(), "a store in memory is sound");
    for (const auto& [id, record] : state.systems[system]->table("things")) {
        bool is_known = false;
        for (std::size_t r = 0; r < workspace_.resources.size(); ++r) {
            if (workspace_.resources[r].system.at() != system) continue;
            const auto heads =
                (*begun)->find_records(ResourceIndex{static_cast<std::int32_t>(r)}, std::array{id});
            if (!heads.front()) continue;
            const auto stored = (*begun)->records(std::array{heads.front()->id});
            const auto body = json::read(stored.front().body);
            const Value* name = body ? body->find("name") : nullptr;
            const bool has_etag = world_.systems[system].versions != sim::Traits::Versions::none;
            is_known |= name && *name == *record.body.find("name") &&
                        heads.front()->digest != Digest{} &&
                        (!has_etag || heads.front()->etag == std::to_string(record.version));
        }
        if (!is_known) return true;
    }
    return false;
}

// A page that can change nothing but the order of pages is not asked for: one is while there is news, or while a write is on its
// way, whose effect the page may show or miss.
bool SmallPlay::is_worth_a_poll(const SmallState& state, std::size_t system) const {
    const SystemIndex at{static_cast<std::int32_t>(system)};
    bool is_writing = false;
    for (const auto& [effect, since] : state.asked) {
        if (effect.system != at) continue;
        if (effect.purpose == sync::Purpose::page) return false;
        is_writing |= is_for_intent(effect) && !world_.is_hasty;
    }
    for (const sync::Answered& answered : state.executed) {
        if (answered.effect.system != at) continue;
        if (answered.effect.purpose == sync::Purpose::page) return false;
        is_writing |= is_for_intent(answered.effect);
    }
    const auto& feeds = state.process->engine->feeds();
    const bool is_unswept = std::ranges::any_of(feeds, [&](const auto& entry) {
        return workspace_.resource(entry.first).system == at && entry.second.swept_at.ms == 0;
    });
    return is_writing || is_unswept || is_news(state, system);
}

Value SmallPlay::typed_value(const SmallState& state, const Move& move) const {
    switch (move.typed) {
        case SmallWorld::Kind::fresh:
            return Value(fmt::format("v{}", state.typed + 1));
        case SmallWorld::Kind::clear:
            return {};
        case SmallWorld::Kind::same:
            return Value("s");
        case SmallWorld::Kind::old:
            return Value("o");
    }
    std::unreachable();
}

void SmallPlay::add_call_moves(const SmallState& state, std::vector<Move>& moves) const {
    for (std::size_t i = 0; i < state.asked.size(); ++i) {
        const sync::Effect& effect = state.asked[i].effect;
        if (effect.not_before > state.ours()) continue;
        moves.push_back({Kind::execute, i});
        const bool is_write = sync::is_write(effect.call);
        const bool may_be_late = world_.systems[effect.system.at()].late_execution.ms > 0;
        if (state.crashes > 0 && is_write && may_be_late) moves.push_back({Kind::crash_delay, i});
        if (state.faults == 0 || !is_for_intent(effect)) continue;
        moves.push_back({Kind::lose_request, i});
        if (!is_write) continue;
        moves.push_back({Kind::lose_reply, i});
        if (may_be_late) moves.push_back({Kind::delay, i});
        if (world_.doubles && is_repeatable(effect.call)) moves.push_back({Kind::execute_twice, i});
    }
}

void SmallPlay::add_edit_moves(const SmallState& state, std::vector<Move>& moves) const {
    const Instant next = state.now + world_.between;
    for (const LateWrite& late : state.late)
        if (next >= late.until) return;
    for (std::size_t i = 0; i < state.systems.size(); ++i) {
        const auto& things = state.systems[i]->table("things");
        if (things.empty() && i == 1 && state.by_hand > 0) moves.push_back({Kind::add, i});
        if (things.empty() || state.edits[i] == 0) continue;
        const Value* now = things.begin()->second.body.find("name");
        for (const SmallWorld::Kind kind : world_.kinds) {
            const Move move{Kind::edit, i, kind};
            if (!(typed_value(state, move) == *now)) moves.push_back(move);
        }
    }
}

void SmallPlay::add_late_moves(const SmallState& state, std::vector<Move>& moves) {
    for (std::size_t i = 0; i < state.late.size(); ++i) {
        moves.push_back({Kind::late, i});
        moves.push_back({Kind::never, i});
    }
}

std::vector<Move> SmallPlay::moves(const SmallState& state) const {
    std::vector<Move> out;
    if (state.is_away) {
        add_late_moves(state, out);
        add_edit_moves(state, out);
        out.push_back({Kind::come_back});
        return out;
    }
    for (std::size_t i = 0; i < state.executed.size(); ++i) {
        out.push_back({Kind::deliver, i});
        if (state.faults > 0) out.push_back({Kind::deliver_twice, i});
    }
    add_call_moves(state, out);
    const sync::Engine& engine = *state.process->engine;
    for (std::size_t i = 0; i < state.systems.size(); ++i)
        if (engine.wants_room(SystemIndex{static_cast<std::int32_t>(i)}))
            out.push_back({Kind::room, i});
    const bool is_waiting = out.empty();
    add_late_moves(state, out);
    for (std::size_t i = 0; i < state.systems.size(); ++i)
        if (is_worth_a_poll(state, i)) out.push_back({Kind::poll, i});
    const Instant next = next_wait(state);
    const bool is_late_over =
        std::ranges::all_of(state.late, [&](const LateWrite& late) { return next < late.until; });
    if (is_waiting && next != Instant::never() && is_late_over) out.push_back({Kind::wait});
    add_edit_moves(state, out);
    if (state.crashes > 0) out.push_back({Kind::crash});
    if (state.absences > 0) out.push_back({Kind::leave});
    if (state.clock_sets > 0)
        for (const std::size_t way : {0, 1}) out.push_back({Kind::clock, way});
    return out;
}

std::string SmallPlay::values(const SmallState& state) const {
    std::string out;
    for (const auto& system : state.systems) {
        std::string mine;
        for (const auto& [id, record] : system->table("things"))
            mine += (mine.empty() ? "" : ",") + json::write(*record.body.find("name"));
        out += fmt::format("{}{}={}", out.empty() ? "" : " ", system->traits().name,
                           mine.empty() ? "-" : mine);
    }
    return out;
}

std::string SmallPlay::describe_call(const sync::Effect& effect) const {
    constexpr std::array purposes{"page", "check", "compare", "write", "read", "probe", "rights"};
    std::string out = fmt::format("{} of {}", purposes[static_cast<std::size_t>(effect.purpose)],
                                  world_.systems[effect.system.at()].name);
    if (const auto* update = std::get_if<sync::UpdateCall>(&effect.call))
        out += fmt::format(" {}{}", json::write(update->body),
                           update->precondition.empty() ? "" : " if " + update->precondition);
    if (const auto* create = std::get_if<sync::CreateCall>(&effect.call))
        out += " " + json::write(create->body);
    return out;
}

std::string SmallPlay::describe(const SmallState& state, const Move& move) const {
    const auto call = [&] { return describe_call(state.asked[move.at].effect); };
    const auto name = [&] { return world_.systems[move.at].name; };
    switch (move.kind) {
        case Kind::deliver:
            return "the engine gets the answer: " + describe_call(state.executed[move.at].effect);
        case Kind::deliver_twice:
            return "the engine gets the answer, and will once more: " +
                   describe_call(state.executed[move.at].effect);
        case Kind::execute:
            return "executed: " + call();
        case Kind::lose_request:
            return "the request is lost: " + call();
        case Kind::lose_reply:
            return "executed, the reply is lost: " + call();
        case Kind::delay:
            return "no answer, and maybe executed later: " + call();
        case Kind::execute_twice:
            return "executed twice: " + call();
        case Kind::late:
            return "the late write is executed";
        case Kind::never:
            return "the late write is never executed";
        case Kind::room:
            return fmt::format("{} has room for a write", name());
        case Kind::poll:
            return fmt::format("{} is polled", name());
        case Kind::wait:
            return "time passes";
        case Kind::sweep:
            return "all are swept";
        case Kind::edit:
        case Kind::add:
            return fmt::format("a person in {} types {}", name(),
                               json::write(typed_value(state, move)));
        case Kind::crash:
            return "the process dies and starts again";
        case Kind::leave:
            return "the process dies, and nobody starts it";
        case Kind::come_back:
            return "the process is started";
        case Kind::clock:
            return fmt::format("our clock is set {}, and a life begins",
                               move.at == 0 ? "ahead" : "back");
        case Kind::crash_delay:
            return "the process dies and starts again; maybe executed later: " + call();
    }
    std::unreachable();
}

}  // namespace entente::world
