// What Entente knows, as values: entities, records, links with their shadows, intents. DESIGN.md section 4 in types.
// There is no "synced up to" anywhere: each shadow says of which edit it shows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "base/value.hpp"

namespace entente::sync {

// Where an edit was made: which record of the entity. One data type has at most one record of an entity, so it names the
// record; several data types of one system may be records of one entity. Both none(): a person in Entente.
struct Author {
    SystemIndex system;
    DataTypeIndex data_type;
    friend bool operator==(const Author&, const Author&) = default;
};

// When an edit was made, lifted above what its editor saw, so that whoever saw a value is later than it (G2, G18).
// Larger wins `latest`; equal in everything: the earlier system, then data type, in the workspace's order.
struct Stamp {
    Instant l;  // max(t, l of the stamp it was made upon)
    std::uint32_t c = 0;
    Instant t;  // the source's modified time, corrected by the skew
    Author author;
    friend bool operator==(const Stamp&, const Stamp&) = default;
};

struct LineEdit {
    std::uint32_t rev = 0;
    SystemIndex system;
    friend bool operator==(const LineEdit&, const LineEdit&) = default;
};

// Of which edit a value is: number, stamp, line (the edits from the oldest one some link still shows up to this one).
struct Revision {
    std::uint32_t rev = 0;  // 0: never edited
    Stamp stamp;
    std::vector<LineEdit> line;  // empty stands for the one edit {rev, stamp.author.system}
    friend bool operator==(const Revision&, const Revision&) = default;
};

struct EntityProperty {
    Value value;  // null: empty. A reference holds the entity id as a Decimal.
    Revision revision;
    LinkId origin;  // where the value came from; zero: a person in Entente
};

struct Entity {
    EntityId id;
    ModelIndex model;
    EntityId parent;                         // of a line
    std::uint32_t rev = 0;                   // the number of the last edit
    std::vector<EntityProperty> properties;  // by property of the model
};

enum class RecordState : std::uint8_t { live, gone };
enum class Matching : std::uint8_t {
    pending,  // waits for its data type to join
    linked,
    parked,
    outside,  // meets no data type's filter, or belongs to an ended link
};

// A record without its body: what the fast path needs.
struct RecordHead {
    RecordId id;
    ResourceIndex resource;
    std::string external_id;
    RecordId parent;  // of a line
    Digest digest;    // of body and mapping; zero: partial, equals nothing
    std::string etag;
    std::optional<Instant> modified;  // by the system's clock
    Instant changed_at;               // our clock: the last change we know of
    Instant written_at;               // our clock: the end of our last write
    RecordState state = RecordState::live;
    Matching matching = Matching::pending;
};

struct Record : RecordHead {
    std::string body;  // JSON, so that mappings can change later
};

// What the record showed of one property when last seen or read back, and of which edit that was.
struct Shadow {
    std::optional<Value>
        value;  // nullopt: unset (nothing seen yet); a reference holds the external id as text
    Revision revision;
};

// How often something was tried in vain, in a row.
struct InVain {
    int failed =
        0;  // it was asked for and failed, while the system answered others: these have a bound
    int waited = 0;  // the system could serve nobody: these have none
    friend bool operator==(const InVain&, const InVain&) = default;
};

// When what a system refused is offered to it again: at longer and longer pauses, at least daily, for a week.
struct Offers {
    Instant next =
        Instant::never();  // never(): no more; a person says so, or what it carries changes
    Duration pause{0};     // before that: a time further ahead was told by a wrong clock
    int made = 0;
    Duration lasted{0};  // all pauses so far
    friend bool operator==(const Offers&, const Offers&) = default;
};

// A property that could not be written, with the reason (a person, an edit or `retry` releases it).
struct Held {
    PropertyIndex property;
    std::string reason;
    std::uint32_t rev = 0;  // the edit that could not be written; newer ones are tried
    Offers offers{};        // of what the system refused
    // As `rev`: no edit is written until the property can be read as declared again.
    static constexpr std::uint32_t every_edit = UINT32_MAX;
};

enum class LinkState : std::uint8_t { live, gone, unlinked };
enum class LinkOrigin : std::uint8_t { first, matched, created, by_hand };

struct Link {
    LinkId id;
    RecordId record;
    DataTypeIndex data_type;
    EntityId entity;
    LinkState state = LinkState::live;
    LinkOrigin origin = LinkOrigin::first;
    Instant made_at;
    std::vector<Shadow> shadows;  // by property of the model
    std::vector<Held> held;
};

struct Sent {
    PropertyIndex property;
    Value value;        // canonical (references: entity id)
    Value written;      // as the shadow would hold it (references: external id); null when emptied
    Revision revision;  // as sent: the shadow takes it whatever the entity has become
};

// One record's part of a write: the record itself, or a line inside its body.
struct IntentPart {
    EntityId entity;
    DataTypeIndex data_type;
    LinkId link;  // zero: this part creates the record
    std::vector<Sent> sent;
};

enum class IntentPhase : std::uint8_t {
    comparing,  // read and compare before an unconditional write
    sent,       // the call may be under way
    reading_back,
    unknown,        // outcome unknown: the probe has it
    reading_lines,  // created; what became of its lines is being read
};

// A durable promise to write, made before the call. At most one open per record, or per entity and data type for creates.
struct Intent {
    IntentId id;
    ResourceIndex resource;
    std::string external_id;        // empty: a create
    RecordId record;                // zero: a create
    std::vector<IntentPart> parts;  // parts[0] is the record; the others are lines nested in it
    std::string body;               // JSON as sent
    std::string precondition;       // the version it must still have; empty: unconditional
    std::string idempotency_key;
    std::string
        made_id;  // a create that was executed as this record, of which we have not seen everything yet
    IntentPhase phase = IntentPhase::sent;
    bool again = false;  // an earlier try's outcome is unknown
    int tries = 0;
    InVain in_vain{};     // of its entity and data type, earlier intents too
    std::string failure;  // for people: what the system said last when it failed
    Instant made_at;
    Instant sent_at;
    Instant not_before;  // unknown: when the probe may look
    bool is_create() const { return external_id.empty(); }
};

enum class ParkReason : std::uint8_t {
    ambiguous,       // several candidates
    duplicate,       // a second record of one resource that matches
    recreated,       // matches an entity whose record here is gone or unlinked
    create_failed,   // the system refused the create
    create_unknown,  // nobody can know whether it was created
    unreadable,      // the record cannot be read as declared (drift)
    unsure,  // it may be one thing with another record, or not: what identifies does not say
    retyped,  // a line that came where one went that others still have: that one typed anew, or another
};
std::string_view name_of(ParkReason reason);

struct Parked {
    ParkReason reason = ParkReason::ambiguous;
    RecordId record;          // what waits; zero for creates
    EntityId entity;          // create_failed, create_unknown: of what
    DataTypeIndex data_type;  // where
    std::string text;         // for people: why. What answers it is told by src/report
    std::vector<RecordId> candidates;
    Instant since;
    // create_failed: what it would have carried, and under which configuration. Another content is tried again.
    Digest refused{};
    Offers offers{};  // of what the system refused
};

// (entity, data type) pairs that may need a write: an index that can be rebuilt from the rest.
struct Dirty {
    EntityId entity;
    DataTypeIndex data_type;
    Instant not_before;  // zero: ready. never(): waits for something that will mark it again
    EntityId awaits;     // the entity whose link it waits for; zero: none
    std::string why;     // for people, when it waits
    bool backfill =
        false;  // nothing in it is newer than the acquaintance of its systems: nobody waits for it
    InVain in_vain{};  // kept until it is dropped
    bool is_offer =
        false;  // what failed again and again is tried once more then: nobody waits for it
};

// Per resource: where its feed stands.
struct FeedState {
    ResourceIndex resource;
    Instant cursor;    // polls ask for what changed at or after cursor - overlap; zero: never swept
    Instant swept_at;  // our clock: when the last complete sweep began; zero: never
    Instant polled_at;
    std::int64_t records = 0;      // at the last sweep
    std::int64_t row_version = 0;  // of a feed by row version: the largest one seen
    int doubtful_walks = 0;  // sweeps in a row that may have hidden records, up to the last one
    std::string doubt;       // for people: why; empty: the last sweep was without doubt
};

// Per data type.
struct DataTypeState {
    DataTypeIndex data_type;
    bool joined =
        false;  // swept once and its records matched; until then nothing is created in it or from it
    Instant joined_at;       // our clock; what was edited before that is a backfill's
    bool approved = false;   // a person has allowed writes
    std::string stopped;     // by the guard: why; empty: runs
    Digest fingerprint;      // of mapping and flows, when its entities were last all looked at
    Digest configuration{};  // under which what was refused here was last tried again
    // Its system has turned out to be another one's too (`stopped` says how): until the configuration changes.
    bool is_one_with_another = false;
};

// What is wrong with a system, with one of its lists, or with our own clock, for as long as it is. Operators find it in `status`.
struct Trouble {
    enum class Kind : std::uint8_t {
        clock,      // of a system: what it tells of its time cannot be used
        our_clock,  // ours was set, or what an earlier process has stored lies ahead of it
        rights,     // of a list: we are refused what belongs to it
        list,       // of a list: it cannot be read
        removals,   // of a list: what was removed from it comes in pages without end
        search,     // of a list: what is searched for in it does
        rows,       // of a list: some of its rows cannot be read
    };
    Kind kind = Kind::clock;
    SystemIndex system;      // none(): of ourselves
    ResourceIndex resource;  // none(): of the whole system
    std::string text;        // for people: what, and what would be right
    Instant since;
};
std::string_view name_of(Trouble::Kind kind);

// A loss that the guard has believed lately: the record that was cleared, lost or turned back, and when that was believed.
struct Loss {
    ResourceIndex resource;
    RecordId record;
    Instant at;
};

// What happened, for history: append-only.
struct HistoryEvent {
    enum class Kind : std::uint8_t {
        linked,
        edit,
        agreed,
        conflict,
        first_join,
        write,
        create,
        held,
        released,
        parked,
        gone,
        back,
        stopped,
        tried,  // a write that nobody knows the outcome of, or that was certainly not executed
        left,   // a linked record is no more of the kind that its data type shows; it stays linked
        said,   // a person's act; `before` holds the id of an entity that became part of this one
    };
    Kind kind = Kind::edit;
    Instant at;
    EntityId entity;
    LinkId link;
    RecordId record;
    DataTypeIndex data_type;
    PropertyIndex property;
    std::optional<Value> before,
        after;         // conflict, first_join: after is the winner, before the loser (kept here)
    std::string text;  // for people: the rule that decided, the system's message
};
std::string_view name_of(HistoryEvent::Kind kind);

}  // namespace entente::sync
