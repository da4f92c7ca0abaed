#include "rules/values_model.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "rules/values_rules.hpp"
#include "rules/visit.hpp"

namespace entente::rules {
namespace {

using Out = std::function<void(State)>;

Number at(int i) {
    return static_cast<Number>(i);
}

// What happens, on top of the rules.
class World {
public:
    World(const Setup& setup, const Rules& rules) : setup_(setup), engine_(setup, rules) {}

    State start() const {
        State s;
        s.entity.revision.rev = 1;
        s.entity.revision.line[0] = entry(1, 0);
        for (std::size_t i = 0; i < setup_.records.size(); ++i) {
            s.records[i].shadow = s.entity;
            s.records[i].refusals = setup_.records[i].refusals;
        }
        return s;
    }

    void people(const State& s, const Out& out) const {
        for (std::size_t k = 0; k < setup_.edits.size(); ++k) {
            const PlannedEdit& plan = setup_.edits[k];
            if ((s.done >> k & 1) || plan.phase != s.phase) continue;
            State t = s;
            t.done |= static_cast<Edits>(1 << k);
            type(t, plan);
            out(std::move(t));
        }
    }

    // All that goes on by itself.
    void engine(const State& s, const Out& out) const {
        time_passes(s, out);
        for (std::size_t k = 0; k < setup_.records.size(); ++k) {
            const int i = static_cast<int>(k);
            for (const Shown& x : readings(s, i)) {
                State t = s;
                engine_.observe(t, i, x);
                out(std::move(t));
            }
            write(s, i, out);
            if (s.records[k].is_late) late(s, i, out);
        }
    }

private:
    const Ability& ability(int i) const { return setup_.records[static_cast<std::size_t>(i)]; }

    void change(Record& r, Number value, Number edit) const {
        if (!r.is_young) r.old = r.now;
        r.is_young = true;
        r.now = {value, edit, at(r.now.version + 1)};
        r.shown |= static_cast<Edits>(1 << edit);
    }

    void type(State& s, const PlannedEdit& plan) const {
        constexpr Number same = 9;
        Record& r = s.records[static_cast<std::size_t>(plan.record)];
        const Number e = ++s.edits;
        Typed& typed = s.typed[static_cast<std::size_t>(e)];
        typed = {at(plan.record), plan.is_same ? same : e, r.now.value, 0};
        for (int d = 1; d < e; ++d)
            if (r.shown >> d & 1)
                typed.seen |=
                    static_cast<Edits>(1 << d | s.typed[static_cast<std::size_t>(d)].seen);
        change(r, typed.value, e);
    }

    std::vector<Shown> readings(const State& s, int i) const {
        const Record& r = s.records[static_cast<std::size_t>(i)];
        if (ability(i).lags && r.is_young) return {r.now, r.old};
        return {r.now};
    }

    void time_passes(const State& s, const Out& out) const {
        State t = s;
        for (Record& r : t.records) {
            r.is_young = r.is_recent = false;
            r.old = r.now;
            if (!r.is_late) r.intent.waits = false;
        }
        out(std::move(t));
    }

    void write(const State& s, int i, const Out& out) const {
        const Record& r = s.records[static_cast<std::size_t>(i)];
        const auto with = [&](const std::function<void(State&)>& change) {
            State t = s;
            change(t);
            out(std::move(t));
        };
        switch (r.intent.phase) {
            case Phase::none:
                if (engine_.is_needed(s, i)) with([&](State& t) { engine_.open(t, i); });
                return;
            case Phase::comparing:
                for (const Shown& x : readings(s, i))
                    if (!r.intent.waits) with([&](State& t) { engine_.compare(t, i, x); });
                return;
            case Phase::compared:
                return with([&](State& t) { engine_.decide(t, i); });
            case Phase::ready:
                return send(s, i, out);
            case Phase::reading_back:
                for (const Shown& x : readings(s, i))
                    if (engine_.believes_read_back(s, i, x))
                        with([&](State& t) { engine_.read_back(t, i, x); });
                return;
            case Phase::refused:
            case Phase::unknown:
                for (const Shown& x : readings(s, i))
                    if (engine_.may_probe(s, i)) with([&](State& t) { engine_.probe(t, i, x); });
                return;
        }
    }

    // The system executes the request. True: something became of it.
    bool execute(State& s, int i) const {
        Record& r = s.records[static_cast<std::size_t>(i)];
        const Intent& intent = r.intent;
        if (ability(i).is_conditional && r.now.version != intent.base) return false;
        if (r.now.edit == intent.sent.edit) s.wrong |= Wrong::twice;
        const bool is_unseen = r.now.edit != r.shadow.edit && r.now.edit != intent.sent.edit;
        if (is_unseen && (intent.told >> r.now.edit & 1)) s.wrong |= Wrong::overwritten;
        if (is_unseen) s.excused |= static_cast<Edits>(1 << r.now.edit);
        if (!ability(i).ignores) change(r, intent.sent.value, intent.sent.edit);
        return true;
    }

    void send(const State& s, int i, const Out& out) const {
        State t = s;
        Record& r = t.records[static_cast<std::size_t>(i)];
        if (r.refusals > 0) {
            --r.refusals;
            engine_.reject(t, i);
        } else if (execute(t, i)) {
            engine_.executed(t, i);
        } else {
            engine_.refuse(t, i);
        }
        out(std::move(t));
        if (s.faults == setup_.faults) return;
        for (const bool is_executed : {false, true}) {
            State u = s;
            if (is_executed) execute(u, i);
            engine_.lose(u, i);
            out(std::move(u));
        }
        State u = s;
        engine_.lose(u, i);
        u.records[static_cast<std::size_t>(i)].is_late = true;
        out(std::move(u));
    }

    void late(const State& s, int i, const Out& out) const {
        for (const bool is_executed : {false, true}) {
            State t = s;
            Record& r = t.records[static_cast<std::size_t>(i)];
            r.is_late = false;
            if (is_executed && r.intent.phase != Phase::none) {
                execute(t, i);
                r.intent.was_late = true;
            }
            out(std::move(t));
        }
    }

    const Setup& setup_;
    Engine engine_;
};

// Whether somebody made a later edit who had seen the value, whoever had typed it.
bool was_seen(const State& s, Number value) {
    Edits same = 0;
    for (int d = 1; d <= s.edits; ++d)
        if (s.typed[static_cast<std::size_t>(d)].value == value) same |= static_cast<Edits>(1 << d);
    return std::ranges::any_of(s.typed, [&](const Typed& f) { return (f.seen & same) != 0; });
}

// What a whole history came to, and whether it may.
void judge(const Setup& setup, const State& s, Report& report) {
    ++report.rests;
    bool is_diverged = false;
    for (std::size_t i = 0; i < setup.records.size(); ++i)
        is_diverged |=
            s.records[i].now.value != s.entity.value && s.records[i].held != s.entity.revision.rev;
    if (is_diverged) ++report.violations["diverged"];
    for (int e = 1; e <= s.edits; ++e) {
        const Typed& edit = s.typed[static_cast<std::size_t>(e)];
        bool is_fine = edit.value == s.entity.value || ((s.losers | s.excused) >> e & 1);
        is_fine |= was_seen(s, edit.value);
        if (!is_fine) ++report.violations["lost"];
        const bool saw_the_last = edit.seen >> s.entity.edit & 1;
        if (saw_the_last && edit.value != s.entity.value && !(s.excused >> e & 1))
            ++report.violations["resurrected"];
    }
}

std::string history_of(const State& s) {
    std::string history;
    for (int e = 1; e <= s.edits; ++e) {
        const Typed& typed = s.typed[static_cast<std::size_t>(e)];
        for (const Number n : {typed.by, typed.value, typed.upon})
            history += static_cast<char>('0' + n);
    }
    return history;
}

void note_wrong(const State& s, Report& report) {
    const std::pair<Wrong, const char*> kinds[] = {
        {phantom, "phantom"}, {overwritten, "overwritten"}, {twice, "twice"}, {hold, "hold"}};
    for (const auto& [kind, name] : kinds)
        if (s.wrong & kind) ++report.violations[name];
}

}  // namespace

Report explore(const Setup& setup, const Rules& rules) {
    const World world(setup, rules);
    Report report;
    std::map<std::string, std::set<Number>> ends;
    int last_phase = 0;
    for (const PlannedEdit& plan : setup.edits) last_phase = std::max(last_phase, plan.phase);
    report.states = visit(world.start(), [&](const State& s, const Out& add) {
        if (s.wrong != 0) return note_wrong(s, report);
        bool is_resting = true;
        const auto add_change = [&](State t) {
            if (t == s) return;
            is_resting = false;
            add(std::move(t));
        };
        world.engine(s, add_change);
        world.people(s, add_change);
        if (!is_resting) return;
        if (s.phase < last_phase) {
            State next = s;
            ++next.phase;
            return add(std::move(next));
        }
        judge(setup, s, report);
        // What nobody could save, or what a fault has hidden, may end in several ways.
        if (s.excused == 0 && s.faults == 0) ends[history_of(s)].insert(s.entity.value);
    });
    for (const auto& [history, results] : ends)
        if (results.size() > 1) ++report.violations["order"];
    return report;
}

}  // namespace entente::rules
