// The rules of a small world: what can happen next in a state, and the state after it. Carries the bytes of the real connectors to
// the simulated systems and back; the engine is stepped with one event at a time, as the slowest runner would.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connect/rest_connector.hpp"
#include "model/workspace.hpp"
#include "world/small_state.hpp"
#include "world/small_world.hpp"

namespace entente::world {

struct Move {
    enum class Kind {
        deliver,        // the answer `at` reaches the engine
        deliver_twice,  // and will do so once more
        execute,        // the call `at` is made
        lose_request,   // the call `at` never arrives
        lose_reply,     // it is executed, and the answer lost
        delay,          // nobody waits for it any longer; it may be executed later
        execute_twice,
        late,         // the late write `at` is executed
        never,        // the late write `at` never is
        room,         // the system `at` has room for a write
        poll,         // the system `at` is polled, and has answered
        wait,         // until the engine does something by itself
        sweep,        // both are read to their ends, and all that follows
        edit,         // a person in the system `at`
        add,          // a person makes the thing in the system `at`
        crash,        // the process starts anew
        leave,        // the process dies, and nobody starts it
        come_back,    // until somebody does
        clock,        // the same, and its clock was set ahead (`at` 0) or back
        crash_delay,  // the same, and the call `at` may be executed later
    };
    Kind kind = Kind::deliver;
    std::size_t at = 0;
    SmallWorld::Kind typed = SmallWorld::Kind::fresh;
};

class SmallPlay final : public sim::Witness {
public:
    // Requires: `world` outlives it.
    explicit SmallPlay(const SmallWorld& world);

    SmallState start();
    // All that can happen next but `sweep`. Crashes, faults and edits as long as there are some left.
    std::vector<Move> moves(const SmallState& state) const;
    // Requires: one of moves(state), or a sweep where is_idle(state).
    SmallState after(const SmallState& state, const Move& move);

    // Nothing is on the way and the engine rests: only people, polls and crashes can move it.
    bool is_idle(const SmallState& state) const;
    // What the engine's store says, for the oracle.
    oracle::EngineSight look(const SmallState& state) const;
    // The property in each system; "-": no record.
    std::string values(const SmallState& state) const;
    // The move in words, before it is made.
    std::string describe(const SmallState& state, const Move& move) const;
    const model::Workspace& workspace() const { return workspace_; }
    const SmallWorld& world() const { return world_; }

private:
    void changed(const sim::TraitSystem& system, const sim::Change& change) override;
    void shown(const sim::TraitSystem& system, const std::string& table, const std::string& id,
               const Value& body, Instant at) override;
    std::size_t number_of(const sim::TraitSystem& system) const;

    static void add_late_moves(const SmallState& state, std::vector<Move>& moves);
    void make(SmallState& state, const Move& move);
    void make_call(SmallState& state, const Move& move);
    void step(SmallState& state, const sync::Event& event);
    void restart(SmallState& state);
    void leave(SmallState& state);
    void poll(SmallState& state, std::size_t system, bool sweep);
    void deliver(SmallState& state, std::size_t at);
    void edit(SmallState& state, const Move& move);
    void settle(SmallState& state);
    void wait(SmallState& state);
    sync::Answer execute(SmallState& state, const Asked& asked);
    sync::Answer fail_call(const SmallState& state, const sync::Effect& effect) const;
    LateWrite late_write(const SmallState& state, const Asked& asked) const;

    void add_call_moves(const SmallState& state, std::vector<Move>& moves) const;
    void add_edit_moves(const SmallState& state, std::vector<Move>& moves) const;
    bool is_worth_a_poll(const SmallState& state, std::size_t system) const;
    bool is_news(const SmallState& state, std::size_t system) const;
    // The first that has something to be written; none() when there is none.
    SystemIndex hungry_system(const SmallState& state) const;
    Instant next_wait(const SmallState& state) const;
    Value typed_value(const SmallState& state, const Move& move) const;
    std::string describe_call(const sync::Effect& effect) const;

    const SmallWorld& world_;
    model::Workspace workspace_;
    std::vector<connect::RestConnector> connectors_;
    std::vector<sim::TraitSystem> originals_;  // as they are before anything has happened
    SmallState* into_ = nullptr;               // the state that is being made
    Instant asked_at_;
    Instant begins_;  // of people's edits
};

// Of all that decides how things go on: equal for states that go on alike. How, and why that is sound: small_sketch.cpp.
Digest sketch_of(const SmallPlay& play, const SmallState& state);

}  // namespace entente::world
