// One state of a small world: the systems, the engine on its store, what is on the way, what may still happen, and what the oracle
// has seen. Copies are cheap: parts are shared until one of the copies changes them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/http.hpp"
#include "oracle/oracle.hpp"
#include "sim/trait_system.hpp"
#include "store/memory_store.hpp"
#include "sync/engine.hpp"

namespace entente::world {

// A value that copies of its owner share until they change it.
template <class T>
class Shared {
public:
    explicit Shared(std::shared_ptr<T> value) : value_(std::move(value)) {}
    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_.get(); }
    T& own() {
        if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
        return *value_;
    }

private:
    std::shared_ptr<T> value_;
};

// The engine and the store under it.
struct Process {
    std::unique_ptr<store::MemoryStore> store;
    std::unique_ptr<sync::Engine> engine;

    Process() = default;
    Process(const Process& other)
        : store(other.store->clone()), engine(other.engine->clone(*store)) {}
    Process& operator=(const Process&) = delete;
};

// A call that the engine wants made, and since when.
struct Asked {
    sync::Effect effect;
    Instant at;
};

// A record in an answer that the engine has not yet.
struct Unseen {
    Instant at;  // when the answer was given, which no other was
    oracle::RecordKey key;
    Value body;
};

// A write that nobody waits for any more, and that may still be executed.
struct LateWrite {
    std::size_t system = 0;
    http::Request request;  // origin form
    Instant asked_at, until;
};

struct SmallState {
    Instant now;
    std::vector<Shared<sim::TraitSystem>> systems;
    Shared<Process> process;
    Shared<oracle::Oracle> oracle;
    std::vector<Asked> asked;              // not yet executed
    std::vector<sync::Answered> executed;  // not yet told to the engine
    std::vector<Unseen> unseen;
    std::vector<LateWrite> late;
    std::vector<int> edits;  // left
    int faults = 0, crashes = 0, absences = 0, by_hand = 0, clock_sets = 0;
    bool is_away = false;    // nobody runs the process
    bool left_open = false;  // a write was open when it was left
    Duration off{0};         // our clock minus the true time
    Instant ours() const { return now + off; }
    int typed = 0;                       // fresh values so far
    bool typed_twice = false;            // one value, by two people
    std::string history;                 // who typed what upon what, and when
    std::vector<std::string> has_shown;  // the values that each record has had, in order
    std::string ghost;                   // of each edit: what its editor had seen
};

}  // namespace entente::world
