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
    page,   // a page of a poll or sweep
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
    Instant not_before;  // do not call earlier (probes, doubtful reads)
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
// What a person says of records. The newest word counts; history keeps them all, with who said so.
struct Act {
    enum class Kind : std::uint8_t {
        link,    // two records are one thing
        apart,   // two records are not: nobody is asked again
        relink,  // a record was removed and typed anew: it takes the place of the one that is gone
        retry,   // what waits for a person is tried again as it is
    };
    // A record as people name it; it may never have been seen.
    struct Named {
        DataTypeIndex data_type;
        std::string external_id;
    };
    Kind kind = Kind::link;
    // link, apart: two. relink: the new one, and the one that is gone where it could be several. retry: which, unless `all`.
    std::vector<Named> records;
    bool all = false;  // retry: everything that waits, but creates that nobody knows the outcome of
    bool is_not_there =
        false;  // retry: a create of unknown outcome too: the person has looked, and it was not executed
    std::string by;  // who says so
};
// Nothing but time has passed: matching goes on, probes and waits that are due are looked at.
struct TimePassed {};

using Event = std::variant<Answered, FeedDue, Room, TimePassed, Act>;

// Why an act was not done. Nothing of it was done then.
enum class Refusal : std::uint8_t {
    none,           // it was done
    unknown,        // the record was never seen
    not_read_yet,   // its data type was never read to its end
    gone,           // the record is no longer there
    not_of_type,    // the record is none of the kind that its data type shows
    same_record,    // one record was named twice
    other_model,    // the two are things of different kinds
    same_resource,  // two records of one list: one thing has one record there
    in_the_way,     // the thing has another record there
    parents_apart,  // the records that the lines are part of are not linked to each other
    being_written,  // a write is open, and its outcome not known yet
    linked,         // relink: the record is linked already
    no_place,       // relink: nothing is known whose place it could take
    several,        // relink: it could take the place of several
    still_there,    // relink: what it should replace is not gone
    never_answered,  // retry: only creates of unknown outcome wait, and nobody has said that they were not executed
    nothing_waits,  // retry: nothing of it waits for a person
};
struct ActResult {
    Act::Kind kind = Act::Kind::link;
    Refusal refusal = Refusal::none;
    std::string text;  // for people: what was done, or why not; it names no command
    // Refused: the records in the way (the one of the first named's thing, then the second's), or those it could be.
    std::vector<RecordId> concerns;
};

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
        stopped,   // by the guard
        refused,   // login refused
        left,      // a linked record is no more of the kind that its data type shows
        doubted,   // a list could not be read whole, however often: why
        troubled,  // something is wrong with a system, a list or our own clock: what
        mended,    // it no longer is: what it was
    };
    Kind kind = Kind::edit_seen;
    Instant at;
    EntityId entity;
    DataTypeIndex data_type;
    SystemIndex system;      // troubled, mended: none() of ourselves
    ResourceIndex resource;  // troubled, mended: none() of the whole system
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
    std::vector<ActResult> acts;  // one for each act among the events, in their order
};

}  // namespace entente::sync
