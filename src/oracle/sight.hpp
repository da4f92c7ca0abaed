// What the oracle is told: the systems as they truly are, every change of a record, and what the engine remembers at the end.
// Values only; nothing here knows the engine.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"

namespace entente::oracle {

// What the oracle knows of one system, from the world's own table of expected pairs.
struct SystemSight {
    std::string name;
    bool is_conditional = false;  // refuses a write over a newer version
    bool can_deny = false;        // may refuse a write for the version it was made upon
    bool tells_own_write =
        false;                 // conditional, and the answer to a write shows the record as written
    bool sends_whole = false;  // updates carry the whole record
    bool has_skew = false;
    Duration ahead{0};                // its clock minus the true time, where nobody can measure it
    bool asks_rights = false;         // can be asked whether a list may be believed
    std::vector<std::string> tables;  // that it has: "things", "owners", "lines"
    // What it stores when it is given `value` through its API.
    std::function<Value(std::string_view property, const Value& value)> form;
    // Whether it may keep a property from agreeing: it refuses, ignores or changes it without saying so.
    std::function<bool(std::string_view property)> is_difficult;
    // Whether it may refuse to change a property to that value; not set: it may.
    std::function<bool(std::string_view property, const Value& value)> refuses;
    // Whether it may keep this very value from being stored as it is given, unasked and untold; not set: as `is_difficult`.
    std::function<bool(std::string_view property, const Value& value)> may_spoil;
    // How long after a change of a record what it shows may not be believed.
    Duration lag{0};
    // Whether it may refuse to create a thing of which some record shows these fields; not set: it may.
    std::function<bool(const Value& fields)> may_refuse;
};

// A record that is one true thing: a thing by its code, an owner by its code, a line by its thing's code and its text.
struct RecordKey {
    int system = 0;
    std::string table;  // "things", "owners", "lines"
    std::string id;
    friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

struct RecordChange {
    enum class Kind { created, changed, removed, returned } kind = Kind::changed;
    bool by_person = false;
    bool is_restore = false;  // the system goes back to a backup
    RecordKey key;
    std::string thing;    // which true thing it is: "T3", "T3/text of the line"
    Value before, after;  // by field; null: there is none
    Value sent;           // by us: the fields that the request held
    Instant at;
    Instant asked_at;  // by us: when the request left
    // By us: when the record was last read for itself since we last wrote to it; never(): it was not. Not told: what we had
    // not been shown when the request left counts as made after it.
    std::optional<Instant> compared_at;
};

// What the engine says about itself, read from its store when it rests.
struct HeldSight {
    std::string property, reason;
    Value wanted;  // what the record should show, as the engine remembers it
    // It is about that very edit; else about an older one, and excuses nothing of the newer.
    bool is_current = true;
    bool is_unreadable = false;  // no edit is written while the record cannot be read as declared
};
struct LinkSight {
    RecordKey key;
    std::int64_t entity = 0;
    bool is_live = false;
    Instant made_at;
    std::vector<HeldSight> held;
};
struct KeptSight {  // a conflict or first join in the history: the loser is kept
    RecordKey key;
    std::string property;
    Value loser, winner;
    bool is_decided = true;  // by the policy; else held for a person
};
struct EngineSight {
    std::vector<LinkSight> links;
    std::vector<KeptSight> kept;
    std::vector<RecordKey> parked;  // records that wait for a person
    std::vector<std::pair<std::string, int>>
        parked_creates;  // the thing (by code), the system where
    std::vector<std::pair<std::string, int>> refused_creates;  // those that the system refused
    std::vector<std::pair<std::string, int>> held_up;  // likewise: a parked record may be it
    // The thing, the system: a write there stays open or waits as nobody can be asked about it; what failed there is given up.
    std::vector<std::pair<std::string, int>> open, given_up,
        unread;                               // it is told that it could not be read again
    std::vector<RecordKey> written, created;  // told in the history
    std::vector<RecordKey> gone;              // believed to be removed, once each time
    std::vector<std::pair<std::string, int>>
        tried;                       // the thing, the system: a create of unknown outcome is told
    std::vector<std::string> texts;  // all that people are told: history, parked, notices
    std::vector<std::pair<int, std::string>> stopped;  // by the guard: the system, the table
    bool is_at_end = true;                             // what was refused has been offered again
};

}  // namespace entente::oracle
