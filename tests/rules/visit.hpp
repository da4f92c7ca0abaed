// Every state that can be reached, each once.
#pragma once

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

namespace entente::rules {

// Calls moves(state, add) for each; it calls add(next) for each state that may follow. How many there were.
template <class State, class Moves>
std::size_t visit(const State& start, const Moves& moves) {
    std::set<State> known{start};
    std::vector<State> left{start};
    while (!left.empty()) {
        const State state = left.back();
        left.pop_back();
        moves(state, [&](State next) {
            if (known.insert(next).second) left.push_back(std::move(next));
        });
    }
    return known.size();
}

}  // namespace entente::rules
