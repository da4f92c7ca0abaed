// The engine's side of the model: what is known of each record, and what follows from what it is shown.
#pragma once

#include "rules/values_model.hpp"

namespace entente::rules {

Number entry(int rev, int record);

class Engine {
public:
    // Requires: both outlive it.
    Engine(const Setup& setup, const Rules& rules) : setup_(setup), rules_(rules) {}

    void observe(State& s, int i, const Shown& x) const;  // a page shows the record
    bool is_needed(const State& s, int i) const;
    void open(State& s, int i) const;
    void compare(State& s, int i,
                 const Shown& x) const;  // it is read before an unconditional write
    void decide(State& s, int i) const;  // ... and that is answered
    void executed(State& s, int i) const;
    void reject(State& s, int i) const;
    void refuse(State& s, int i) const;  // the precondition failed
    void lose(State& s, int i) const;    // nobody knows
    bool believes_read_back(const State& s, int i, const Shown& x) const;
    void read_back(State& s, int i, const Shown& x) const;
    bool may_probe(const State& s, int i) const;
    void probe(State& s, int i, const Shown& x) const;

private:
    const Ability& ability(int i) const { return setup_.records[static_cast<std::size_t>(i)]; }
    bool beats(const Revision& a, const Revision& b) const;
    void take_edit(State& s, int i, const Shown& x) const;
    void take(State& s, int i, const Shown& x) const;  // it is believed
    void close(State& s, int i) const;
    void settle(State& s) const;
    void share(State& s) const;
    void cut(State& s) const;

    const Setup& setup_;
    const Rules& rules_;
};

}  // namespace entente::rules
