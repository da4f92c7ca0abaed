// What happens to the engine, and what it wants done: data only, so that production and the simulated world drive the same
// code, and every crash point is a transaction.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sync/call.hpp"
#include "sync/state.hpp"

namespace entente::sync {

enum class Purpose : std::uint8_t {
    page,       // a page of a poll or sweep
    check,  // is a missing or doubtful record really so; are the lines of a record all still there
    compare,    // before an unconditional write
    write,      // create or update
    read_back,  // after a write that answered nothing
    probe,      // what became of an unknown outcome
    rights,     // whether an empty list may be believed
    search,     // whether what is to be created is there already
};

// A call the engine wants made. The runner gives it back unchanged with the answer; nothing else is remembered about it.
struct Effect {
    SystemIndex system;
    Purpose purpose = Purpose::page;
    Call call;
    IntentId intent;        // compare, write, read_back, probe
    bool sweep = false;     // page: of a sweep
    bool backfill = false;  // compare, write: begins a write that no person waits for
    // Which of the calls made for an intent, or of the pages or reads of a look. An answer to an earlier one, or one that comes twice,
    // is ignored (G9).
    std::uint64_t turn = 0;
    // page: which poll or sweep; a page of an older run is ignored. search: which look before creates.
    std::uint64_t feed_run = 0;
    Instant not_before;          // do not call earlier (probes, doubtful reads)
};

struct Answered {
    Effect effect;
    Answer answer;
};
// A poll or sweep of a resource is due. The engine ignores it while one of that resource is running.
struct FeedDue {
    ResourceIndex resource;
    bool sweep = false;
};
// The system has room for so many more writes of people's edits, and for so many of a backfill (Ensures: at most so many intents
// of each kind are opened for it, the edits first).
struct Room {
    SystemIndex system;
    int edits = 0;
    int backfill = edits;
};
// Nothing but time has passed: matching goes on, probes and waits that are due are looked at.
struct TimePassed {};

using Event = std::variant<Answered, FeedDue, Room, TimePassed>;

// For people who watch: what changed, as it happens. Never needed for correctness.
struct Notice {
    enum class Kind : std::uint8_t {
        swept,   // a resource was read to its end: count
        joined,  // a data type's records were matched: count linked
        linked,
        edit_seen,  // a person's edit was observed
        written,  // a property arrived in another system (took: from the edit's observation to the answer)
        created,
        conflict,
        first_join,
        held,
        parked,
        gone,
        stopped,  // by the guard
        refused,  // login refused
        left,     // a linked record is no more of the kind that its data type shows
        doubted,  // a list could not be read whole, however often: why
    };
    Kind kind = Kind::edit_seen;
    Instant at;
    EntityId entity;
    DataTypeIndex data_type;
    std::string external_id;
    PropertyIndex property;
    std::optional<Value> before, after;
    Duration took{0};
    std::int64_t count = 0;
    std::string text;
};

struct StepResult {
    std::vector<Effect> effects;
    std::vector<Notice> notices;
};

}  // namespace entente::sync
