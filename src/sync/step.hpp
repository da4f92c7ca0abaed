// What the rules share while one step runs: the configuration, the working set, the engine's memory, and what the step gives
// out. Made at the beginning of a step, gone at its end. Plain data: the rules are functions over it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "model/workspace.hpp"
#include "sync/event.hpp"
#include "sync/pages.hpp"
#include "sync/store.hpp"
#include "sync/walk.hpp"
#include "sync/work.hpp"

namespace entente::sync {

using Pair = std::pair<EntityId, DataTypeIndex>;

// Rows that a look has met and nobody can read.
struct BadRowsMet {
    std::int64_t count = 0;
    std::int64_t unknown = 0;  // of them, of records that are not known here
    bool hides_many = false;   // one of them hides nobody knows how many records
    std::vector<BadRow> first;
};

// A poll or sweep under way. Lost in a crash: it simply starts again (its cursor has not moved).
struct FeedRun {
    std::uint64_t number = 0;
    std::uint64_t turn = 0;  // of the page whose answer is awaited
    bool sweep = false;
    Instant began;                              // our clock
    std::optional<Instant> since;               // polls: what was asked for
    std::optional<std::int64_t> since_version;  // the same of a feed by row version
    Instant newest;                             // the largest modified time seen that can be one
    std::optional<Duration> least_skew;  // of its answers: how far the system's clock is at least
    std::int64_t newest_version = 0;
    Walk walk;
    bool is_of_removals = false;  // its pages now tell what was removed
    Pages removal_pages;
    std::set<std::pair<std::int64_t, std::string>> removals_met;  // version and id
    std::vector<RecordId> removed;                                // of those that are here
    bool is_second_look = false;  // it showed nothing once, and we may see it all
    std::set<RecordId> lost;      // those that lost a value or went back in time
    bool doubts_a_loss = false;   // one of them is read again first: nothing is known of it yet
    // The sweep in doubt that this poll is to explain, and the records that it shows as edited or made since that began.
    std::shared_ptr<const FeedRun> explains;
    std::set<RecordId> moved;
    std::int64_t met_first = 0;  // records that nobody had shown before
    BadRowsMet bad_rows;
    bool is_new_made_since =
        false;  // all was known before: what is new was made since, or a moment before
};

// A missing or doubtful record that is read again. Lost in a crash: the next sweep looks again.
struct Check {
    ResourceIndex resource;
    int reads = 0;           // so far
    std::uint64_t turn = 0;  // of the read whose answer is awaited
    bool is_judged = false;  // the guard has let pass what it may lose
    bool is_absent = false;  // a look has not shown it, or it was not there once
};

// What the latest answer of a system told of its clock.
struct ClockHeard {
    Duration skew{0};  // its clock minus ours
    Instant at;        // our clock
};

// What the guard counts in one resource.
struct Losses {
    std::map<RecordId, Instant> believed;  // lately, and when; as the store has it
    // Lost in a crash: what single reads have shown of records that would lose something by it, not judged yet.
    std::map<RecordId, Answer> aside;
    Instant aside_since;
    int checks_open = 0;  // single reads under way
};

// A look by search for things that are to be created: nobody shows changes of their resource, or its list may hide them.
// Lost in a crash: the pairs come up again.
struct SearchLook {
    ResourceIndex resource;
    Instant began;
    struct Asked {
        Digest terms;  // that it is searched for by
        bool backfill = false;
        InVain in_vain{};
    };
    std::map<std::pair<EntityId, DataTypeIndex>, Asked> pairs;
    struct Asking {
        Pages pages;                // so far
        std::set<std::string> met;  // ids
    };
    std::map<std::uint64_t, Asking> turns;  // of the calls whose answers are awaited
    bool has_failed = false;                // one of them could not be answered
    Answer failure;                         // then: the last of these
    Duration again_after{0};                // then
};

// What these terms have found was looked at, at that moment.
struct LookedFor {
    Digest terms;
    Instant at;
};

// How far the search for a create of unknown outcome has come, or for the lines of a create: which rule is asked, and what the one
// asked now has shown so far.
struct Probe {
    std::size_t rule = 0;
    Pages pages;
    std::vector<SeenRecord> shown;
    bool is_cut = false;  // a rule's search had no end
};

// How far the look at what was refused has come, of one data type: first the creates, then the links.
struct Releasing {
    static constexpr EntityId all{INT64_MAX};
    EntityId entity;
    LinkId link;
};

// All lines of one record being read (line_look.hpp). Lost in a crash: it begins again.
struct LineLook {
    std::uint64_t turn = 0;     // of its calls; zero: none is under way
    Instant began;              // none of its calls was made earlier
    std::string cursor;         // of the page of its search that is awaited
    Pages pages;                // of its search, so far
    std::set<RecordId> met;     // by the search
    std::set<RecordId> open;    // being read one by one
    std::set<RecordId> absent;  // read, and not there: read once more
    bool is_second = false;     // those in `open` were not shown once
    int tries = 0;
    Instant known_at;     // all that were there then are known; zero: not yet
    std::string failure;  // why it was given up; empty: it was not
};

// A create into one of several systems of one connector, after which the others are read before more is created: they may be
// one system under two addresses.
struct Trial {
    EntityId entity;
    DataTypeIndex data_type;
    bool is_passed = false;
};

// An open intent whose outcome nobody could tell, however often it was asked: when, and with what call, it is asked again. Lost in a
// crash: it is asked at once.
struct Asleep {
    Instant until;
    Purpose purpose = Purpose::probe;
    Call call;
    bool is_asked =
        false;  // its time has come, or it has gone on; kept, so that people are told once
};

// Records of one resource whose reads, or writes, were forbidden in a row, none passing. Three: our rights there are lost.
struct Forbidden {
    std::set<Pair> in_a_row;
    bool is_lost = false;
    Instant again;      // when the next one is tried
    Duration pause{0};  // before that
};

// What the engine keeps between steps besides the store. All of it can be rebuilt.
struct Memory {
    Instant began;               // this life
    std::string clock_trouble;   // of our own, as this life found it; told in its first step
    Instant clock_trusted_from;  // then it is over
    std::map<ResourceIndex, FeedState> feeds;
    std::map<DataTypeIndex, DataTypeState> data_types;
    std::vector<Trouble> troubles;  // as the store has them
    std::map<IntentId, Intent> intents;
    std::map<RecordId, IntentId> intent_of;   // open writes by record
    std::map<IntentId, std::uint64_t> turns;  // of open ones: the call whose answer is awaited
    std::uint64_t last_turn = 0;
    // Records first met while a create was open in their resource: evidence of it, should it be of unknown outcome.
    std::map<ResourceIndex, std::vector<RecordId>> met_meanwhile;
    // Of open creates: how many of these were met before it was opened.
    std::map<IntentId, std::size_t> met_before;
    std::map<ResourceIndex, int> creates_open;
    std::set<std::pair<EntityId, DataTypeIndex>> being_created;
    // A read was put aside while it was open: what it showed (no digest: several things). Looked at again when it closes, unless the
    // answer shows the same.
    std::map<IntentId, Digest> evidence_lost;
    // What an answer without a body told: the version that the write made.
    std::map<IntentId, std::string> made_version;
    std::map<ResourceIndex, FeedRun> runs;
    std::uint64_t next_run = 1;
    std::map<RecordId, Check> checks;  // missing or doubtful records being read again
    std::map<ResourceIndex, Losses> losses;
    // Records that could not be read when they were to be: not before that again. How often in a row.
    std::map<RecordId, std::pair<int, Instant>> unread;
    // Of the systems that have answered in this life: what has failed there since the last answer that said something.
    std::map<SystemIndex, std::set<Pair>> failing;
    std::set<IntentId> absent;  // their record was not there once
    std::map<IntentId, Asleep> asleep;
    std::map<std::pair<ResourceIndex, bool>, Forbidden> forbidden;  // of writes; of reads
    std::map<ResourceIndex, int> failed_looks;                      // in a row
    std::map<std::pair<RecordId, DataTypeIndex>, LineLook>
        line_looks;                        // by record and data type of the lines
    std::set<ResourceIndex> match_wanted;  // has pending records worth a pass
    // Pending records that may be what a create of unknown outcome made, as of the last pass.
    std::map<ResourceIndex, std::set<RecordId>> doubted;
    std::map<ResourceIndex, RecordId> match_after;  // where that pass stands
    std::set<ResourceIndex> replay_wanted;          // the guard has let deferred observations pass
    std::set<ResourceIndex> poll_wanted;            // something waits for a fresh look
    std::map<ResourceIndex, Instant> poll_not_before;  // a list failed: not at once again
    // From when on a list is to show what a create made that nobody can be asked for.
    std::map<ResourceIndex, Instant> look_from;
    std::map<ResourceIndex, Instant> walk_again;  // the last sweep was in doubt: not at once again
    std::map<ResourceIndex, int> doubtful_polls;  // in a row
    std::map<std::uint64_t, SearchLook> looks;    // under way, by number; one of a resource
    std::map<std::pair<EntityId, DataTypeIndex>, LookedFor> looked_for;
    std::set<std::pair<EntityId, DataTypeIndex>> look_alone;  // a look for several of them failed
    std::map<IntentId, Probe> probes;                         // of creates
    std::map<ResourceIndex, Trial> trials;       // by the first resource of those that may be one
    std::map<ResourceIndex, std::int64_t> live;  // records there, as known
    bool somebody_waits = true;    // for a link or a record; false only while that is certain
    bool anything_parked = true;   // records or creates; false only while that is certain
    bool anything_refused = true;  // creates, or asked about; false only while that is certain
    bool match_progress = true;    // the last pass did something, or something has changed since
    std::map<DataTypeIndex, bool> maybe_ready;  // dirty pairs may be ready
    std::map<ResourceIndex, RecordId>
        rekeying;  // records whose keys are of other rules, and the last one that is done
    // Data types whose entities are looked at once more, and where that stands: the source, and its last link.
    std::map<DataTypeIndex, std::pair<DataTypeIndex, LinkId>> resettling;
    std::map<DataTypeIndex, Releasing> releasing;   // the configuration has changed
    std::set<DataTypeIndex> guard_waived;           // a person has approved what the guard stopped
    std::map<SystemIndex, ClockHeard> clocks;       // by the latest answer of each
    std::map<ResourceIndex, Duration> cursor_skew;  // of the system, when the cursor was last set
    std::vector<ResourceIndex> match_order;         // what is referred to comes before what refers
    std::vector<DataTypeIndex> write_order;
    std::map<DataTypeIndex, std::int64_t> counterparts;  // found since the start, for people
    Instant next_timed = Instant::never();    // the earliest dirty pair that waits for a time
    Instant next_awaited = Instant::never();  // the earliest of these that is no offer
};

// A pair that wants a create, and all that it can be searched for by: each of the terms alone is enough.
struct Wanted {
    Dirty pair;
    std::vector<SearchTerms> alternatives;
};

struct Step {
    const model::Workspace& workspace;
    Transaction& transaction;
    Work& work;
    Memory& memory;
    Instant now;
    StepResult& out;
    std::set<std::pair<EntityId, ResourceIndex>>
        expected{};  // a record there is about to be matched: no create yet
    std::map<ResourceIndex, std::vector<Wanted>>
        to_search{};  // to be asked for before they are created
    std::set<std::pair<EntityId, DataTypeIndex>>
        delayed{};  // a write was just refused for now: ready only later
    std::vector<std::pair<EntityId, RecordId>> newly_linked{};
    std::set<EntityId> unsettled{};  // what changed: looked at once, at the end of the step
    std::vector<HistoryEvent> history{};
    std::map<RecordId, std::vector<Digest>> keys{};  // to be set once the records are written
    std::set<RecordId> keys_fresh{};
    // As the store had them when first asked: before `keys`.
    std::unordered_map<Digest, std::vector<Carrier>> carriers_of_key{};

    const model::DataType& data_type(DataTypeIndex d) const { return workspace.data_type(d); }
    const model::Resource& resource(ResourceIndex r) const { return workspace.resource(r); }
    const model::Model& model_of(const model::DataType& d) const {
        return workspace.model(d.model);
    }
    const model::RestProtocol& rest(ResourceIndex r) const {
        return workspace.system(resource(r).system).rest;
    }

    bool joined(DataTypeIndex d) const { return memory.data_types.at(d).joined; }
    bool may_write(DataTypeIndex d) const {
        const DataTypeState& state = memory.data_types.at(d);
        return state.approved && state.stopped.empty() && data_type(d).share;
    }
    Intent* intent_on(RecordId record) {
        auto it = memory.intent_of.find(record);
        return it == memory.intent_of.end() ? nullptr : &memory.intents.at(it->second);
    }
    void mark_dirty(Dirty dirty);
    void notice(Notice notice) {
        notice.at = now;
        out.notices.push_back(std::move(notice));
    }
    void record(HistoryEvent event) {
        event.at = now;
        history.push_back(std::move(event));
    }
};

// Sets the pair aside as ready, or as waiting when not_before lies ahead.
inline void Step::mark_dirty(Dirty dirty) {
    if (dirty.not_before > now)
        delayed.insert({dirty.entity, dirty.data_type});
    else if (delayed.contains({dirty.entity, dirty.data_type}))
        return;
    if (dirty.not_before <= now)
        memory.maybe_ready[dirty.data_type] = true;
    else {
        memory.next_timed = std::min(memory.next_timed, dirty.not_before);
        if (!dirty.is_offer) memory.next_awaited = std::min(memory.next_awaited, dirty.not_before);
    }
    transaction.put_dirty(std::array{std::move(dirty)});
}

// When the earliest pair that waits for a time is due.
inline void note_next_timed(Step& step) {
    step.memory.next_timed = step.transaction.next_dirty(step.now).value_or(Instant::never());
    step.memory.next_awaited = step.transaction.next_awaited(step.now).value_or(Instant::never());
}

}  // namespace entente::sync
