// A whole run of the deterministic world, told beforehand: which systems there are, what people do and when, and what goes wrong.
// Drawn from a seed (draw.hpp) or read from a scenario file (scenario.hpp); whoever plays the same script sees the same run.
// Leaving out an event leaves the others as they were, so a failing script can be made smaller.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"
#include "sim/fault_plan.hpp"
#include "sim/people.hpp"
#include "sim/trait_system.hpp"

namespace entente::world {

// Something a person does in a system. What cannot be done when its time comes (the thing is not there) is left out.
struct Act {
    enum class Kind {
        add,          // a thing or owner with this code; `fields` besides it
        edit,         // `property` becomes `value` (null: cleared); an owner is named by its code
        remove,       // the record of this code
        bring_back,   // the record of this code that was removed last
        add_line,     // `line` with quantity `value` to the thing
        double_line,  // the same, though one of that text may stand there
        edit_line,    // the quantity of `line` becomes `value`
        remove_line,  // `line` is taken from the thing
        retype_line,  // `line` is removed and typed again, with quantity `value` unless it is null
        save_lines,  // all lines of the thing get new ids; `line`, if any, the quantity `value` too
        back_up,     // everything is set aside
        restore,     // the system is as it was when it was set aside
    };
    Kind kind = Kind::edit;
    int system = 0;
    std::string table = "things";
    std::string
        code;  // empty: of the record that the write at hand is about (When::before_write, after_write)
    std::string property;
    Value value;
    Value fields = Value::object();
    std::string line;
};

// Something that people do in a system of the catalogue: where, with which record and what they type follows from the script's
// seed and the deed's number, whatever the others do.
struct Deed {
    sim::Act act = sim::Act::change_phone;
    std::int64_t number = 0;  // no two of a script have the same
    // Instead of an act: a value of the very record that our call is about (When::before_write, after_write) is changed.
    bool is_in_that_record = false;
};

// The next request of that kind to that system meets with this.
struct Spoil {
    enum class Asked { any, read, create, update, write } asked = Asked::any;
    int system = 0;
    sim::Fault fault = sim::Fault::none;
    Duration delay{0};
    int status = 503;
    Duration retry_after{0};
};

// For a while a system is as its mood says, or cannot be reached at all.
struct Spell {
    enum class Kind {
        stale,
        no_rights,
        drifted,
        skips_feed,
        early_stamps,
        unreachable,
        no_date,        // its answers tell no time
        absurd_date,    // they tell that of another century
        dated,          // what changes is dated `by` after the true time
        ring,           // the pages of its lists go in a ring
        last_again,     // the last one comes again and again
        empty_pages,    // they are empty, and name another one
        too_many,       // they tell of more records than there are
        endless_search  // what is searched for comes in empty pages
    } kind = Kind::stale;
    int system = 0;
    Duration lasts{0};
    Duration by{0};
};
std::string_view name_of(Spell::Kind kind);  // "stale", as faults are counted

// From now on something in a system always fails; `lasts` zero: for ever, and the calm does not end it.
struct Lasting {
    int system = 0;
    sim::Ailment what;
    Duration lasts{0};
};

// The engine's process dies now, or at its next commit, or at the one of that number, counted from 1.
struct Crash {
    enum class Kind { at_once, commit_fails, commit_unanswered } kind = Kind::at_once;
    std::int64_t commit = 0;  // its number; 0: the next one
    Duration away{0};  // at_once: so long nobody starts it again, and the world goes on without it
};

// Somebody sets a clock: a system's, or that of the process' machine.
struct ClockSet {
    static constexpr int ours = -1;
    int system = ours;
    Duration by{0};
};

// A person who looks after the engine says something of records: the process ends, hears it, and starts anew. Of several records of
// one code in one system the last is meant, and the first where it is named second.
struct Say {
    enum class Kind { one_thing, not_one_thing, typed_anew, retry } kind = Kind::one_thing;
    int system = 0;
    std::string table = "things", code;  // retry: everything
    int other_system = 0;                // one_thing, not_one_thing
    std::string other_code;
};

// The systems that were left out until now join: the process starts anew with all of them.
struct Join {};

struct Event {
    enum class When { at, before_write, after_write, after_read } when = When::at;
    Duration at{
        0};  // since the beginning; the other kinds: the first such moment in `system` from then on
    int system = 0;  // of a kind of moment
    std::variant<Act, Spoil, Spell, Crash, Join, Deed, Say, ClockSet, Lasting> what;
};

// What happens then, whatever we do.
inline Event event_at(Duration at, decltype(Event::what) what) {
    return {.at = at, .what = std::move(what)};
}

// The catalogue's own systems at work, full of the generator's records (docs/SIMULATED.md).
struct CompanyPlan {
    std::vector<std::string> kinds;  // of sim/system.hpp, in the order of their ports
    std::int64_t records = 0;        // things that they share at first
    std::int64_t clock = 1;          // so much faster their limits run
    Duration poll_every{1'000};
    Duration sweep_every{300'000};
};

struct Script {
    std::string title;
    std::uint64_t seed = 0;  // of latencies and repeated events
    std::vector<sim::Traits> systems;
    std::optional<CompanyPlan>
        company;             // plays in place of `systems`; people do deeds there, no acts
    std::string policies;    // YAML for entente.yaml, empty: latest everywhere
    int at_first = 0;        // so many systems take part from the beginning
    bool on_sqlite = false;  // else on the memory store
    // Only people edit, one property, each value once: whatever the schedule, one history must end in one result (G2), and the
    // latest of edits that did not know of each other wins.
    bool is_ordered = false;
    bool values_repeat =
        false;  // of these: a value may be typed twice, and the result may then depend on the schedule
    int repeated_percent = 0;  // of the answers, given to the engine twice (G9)
    // Once all is at rest people approve what the guard stopped, answer what waits for them, and edit while nothing else happens.
    bool goes_on = false;
    // Nothing is wrong but with single records: people's edits in all others arrive as soon as in quiet.
    bool is_timed = false;
    std::vector<Event> events;  // by time
    Duration calm_from{0};      // people stop, faults are over
};

}  // namespace entente::world
