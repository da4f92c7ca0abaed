// A small world: two or three systems, one thing, a few edits and faults, to be explored in every order (exhaustive.hpp). What the random
// worlds of a seed only visit is complete here, on the same engine, connectors, store and simulated systems (GUARANTEES X4).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "sim/traits.hpp"

namespace entente::world {

struct SmallWorld {
    // How it begins: all systems hold the thing and are linked; all hold it with a value of their own and know nothing of each
    // other; only the first one holds it.
    enum class Start { linked, apart, only_first };
    // What a person may type: a value that nobody typed before, nothing, a value that another may type too, the first value.
    enum class Kind { fresh, clear, same, old };

    std::string name;
    std::vector<sim::Traits> systems;
    std::string policies;  // YAML for entente.yaml
    Start start = Start::linked;
    std::vector<int> edits;  // of people, in each system
    std::vector<Kind> kinds{Kind::fresh};
    bool by_hand = false;  // a person may create the thing in the second system too
    int faults = 0;        // calls that go wrong, answers that come twice
    // Whether a call that goes wrong may be executed twice, and only the second answer come back. When that is a failed
    // precondition, nobody can know that our own first execution failed it: an edit made upon that one then counts as made
    // upon the value before it, and `prefer` may overrule it (the loser is kept).
    bool doubles = true;
    int crashes = 0;
    int absences = 0;  // crashes after which nobody starts the process until some time later
    // So often the clock of the process' machine is set by so much, ahead or back, and a life begins by it.
    int clock_sets = 0;
    Duration clock_step{0};
    Duration between{1'000};   // people edit at most this often
    bool knows_clocks = true;  // the engine has measured how far the systems' clocks are off
    bool at_once =
        false;  // a call is executed and answered in one go: for worlds that are too large otherwise
    // What is to be written is begun at once, and only what has changed is polled: for three systems.
    bool is_hasty = false;
    bool is_quick = false;  // explored in seconds
    std::size_t states_max = 400'000;
};

std::vector<SmallWorld> small_worlds();

}  // namespace entente::world
