// A model of how one property of one thing comes to agree (DESIGN.md section 4, docs/decisions): up to three records, people,
// the engine's rules for reads, lines and writes, and every order of what can happen. It shares no code with the engine and
// knows what no engine can know: by whose hand each value came. Each rule that a decision has changed is a switch, so that a
// test can show that the model holds with it and not without.
// Left out: clocks that are wrong (tests/sync/merge_test, the small worlds of src/world), several properties, crashes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace entente::rules {

inline constexpr int records_max = 3;
inline constexpr int edits_max = 5;
inline constexpr int line_max = 6;

using Number = std::int8_t;
using Edits = std::uint8_t;  // a bit for each edit

// What a decision has changed. False: as it was before.
struct Rules {
    bool shares_agreed = true;        // 0017: who shows the entity's edit has its line
    bool cuts_common = true;          // 0017: only what all lines begin with is forgotten
    bool cuts_at_rest = true;         // 0017: and nothing while a write is open
    bool waits_for_both = true;       // 0013: an unknown outcome is looked at after D + L
    bool waits_to_read_back = true;   // 0013: a read-back that differs counts when L has passed
    bool waits_after_refusal = true;  // 0013: so does the read after a failed precondition
    bool waits_to_compare = true;     // 0013: so does a comparison that differs
    bool repeats_compare = true;      // 0013: a page that came meanwhile makes it be repeated
    bool waits_to_repeat = true;      // not in the engine: that is done when L has passed
    bool waits_for_times = true;  // 0013: a version that only looks newer counts when L has passed
    bool holds_ignored = true;    // 0014: an answer that shows the old value is no form of ours
};

struct Ability {
    bool is_conditional = false;  // a version that every change moves, and a precondition
    bool answers = true;          // a write answers with the record
    bool is_untimely = false;     // a change may bear a time before the last one's
    bool lags = false;     // a read may show the state before the changes of the last while, L
    bool ignores = false;  // a write is answered and changes nothing
    Number refusals = 0;   // so many writes are refused
};

// A person's edit: to a new value, or to `same`. Those of a later phase come when those before have come to rest everywhere.
struct PlannedEdit {
    int record = 0;
    bool is_same = false;
    int phase = 0;
};

struct Setup {
    std::vector<Ability> records;
    std::vector<PlannedEdit> edits;
    std::vector<int> prefer{};  // records, the most preferred first; empty: the latest edit wins
    int faults = 0;  // requests and replies that get lost, requests that are executed late
};

struct Revision {
    Number rev = 0;
    Number time = 0;  // of the edit, or of the later one of two equal edits
    std::array<Number, line_max>
        line{};  // rev * 4 + record + 1 of the edits up to this one; 0 ends it
    auto operator<=>(const Revision&) const = default;
};

// A value as a record shows it: `edit` is by whose hand it came, which no engine can see.
struct Shown {
    Number value = 0;
    Number edit = 0;
    Number version = 1;
    auto operator<=>(const Shown&) const = default;
};

struct Value {
    Number value = 0;
    Number edit = 0;
    Revision revision;
    auto operator<=>(const Value&) const = default;
};

enum class Phase : std::uint8_t {
    none,
    comparing,
    compared,
    ready,
    reading_back,
    refused,
    unknown
};

struct Intent {
    Phase phase = Phase::none;
    Value sent;
    Number base = 0;        // the version it demands
    bool again = false;     // an earlier try's outcome is unknown
    bool waits = false;     // until L has passed; unknown: and D
    bool was_late = false;  // unknown: executed at the end of D
    bool aside = false;     // a page was put aside while it was open
    bool is_sure = false;   // compared: L had passed when the record was read
    Shown read;             // compared
    Edits told = 0;         // edits that such a page showed before the comparison was over
    auto operator<=>(const Intent&) const = default;
};

struct Record {
    Shown now, old;  // old: before the changes of the last while
    bool is_young = false;
    Number refusals = 0;
    Edits shown = 0;  // edits that somebody sitting here has seen
    Value shadow;
    Number version = 1;      // as last read
    bool is_recent = false;  // a change we know of, less than L ago
    Number held = 0;         // the edit that could not be written
    Intent intent;
    bool is_late = false;  // the request of the intent is still to be executed
    auto operator<=>(const Record&) const = default;
};

struct Typed {
    Number by = 0, value = 0, upon = 0;
    Edits seen = 0;
    auto operator<=>(const Typed&) const = default;
};

// What must never be, as it is found.
enum Wrong : std::uint8_t {
    phantom = 1,      // what nobody typed there was taken for an edit made there
    overwritten = 2,  // an edit that we had been shown
    twice = 4,        // one request had two effects
    hold = 8,         // a value was held without a cause
};

struct State {
    std::array<Record, records_max> records;
    Value entity;
    Number rev = 1;
    Number edits = 0;
    std::array<Typed, edits_max + 1> typed;
    Edits done = 0;  // of the plan
    Edits losers = 0, excused = 0;
    Number phase = 0;
    Number faults = 0;
    std::uint8_t wrong = 0;
    auto operator<=>(const State&) const = default;
};

struct Report {
    std::size_t states = 0, rests = 0;
    std::map<std::string, int> violations;  // what, how often
};

// Explores all that can happen, each state once.
Report explore(const Setup& setup, const Rules& rules);

}  // namespace entente::rules
