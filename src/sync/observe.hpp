// Observe (DESIGN.md section 4, rules 3 to 6): what a believed reading of a record means. What differs from the shadow is an
// edit made in that system; what equals it is not, so no echo, normal form or unrelated field can start a loop (G8).
// Whether a reading is believed at all is decided by feed (pages, checks) and write (evidence for an intent).
#pragma once

#include "sync/keys.hpp"
#include "sync/project.hpp"

namespace entente::sync {

// When and how something was read.
struct Reading {
    Instant began, ended;  // our clock
    Duration skew{0};      // the system's clock minus ours
    bool complete = true;  // the whole record was shown
};

Reading reading_of(const Answer& answer);

// When the source says the record was edited, on our clock, and no later than it was read; that is known no better than by
// clock_doubt.
inline constexpr Duration clock_doubt{2'000};
Instant edited_at(const SeenRecord& seen, const Reading& reading);

// The same for a body read earlier, by the skew as known now; no later than it was read then.
Instant stored_edit_time(const Step& step, const RecordHead& record);

// A record never seen before: kept, with its match keys, to be matched once its data type has joined. Nested lines too.
WorkRecord& observe_new(Step& step, ResourceIndex resource, const SeenRecord& seen,
                        const Reading& reading, RecordId parent);

// A believed reading of a known record. Requires: no intent is open on it, or its evidence has been taken from the reading.
void observe_known(Step& step, WorkRecord& record, const SeenRecord& seen, const Reading& reading);

// Compares a link's shadows with what its record shows and takes every difference as an edit made at `t`.
void compare_link(Step& step, WorkLink& link, const Projection& shown, Instant t);

// Looks again at the stored body: a reference has become resolvable, or the record has just been linked.
void observe_stored(Step& step, RecordId record);

// The record is no longer there: its links become `gone`; nothing is deleted or created in its place (G12).
void observe_gone(Step& step, WorkRecord& record);

// The system has given the record's id to another one: it is gone, and keeps no claim to the id.
void retire(Step& step, WorkRecord& record);

// Whether believing this reading would take values or lines away.
bool would_empty(Step& step, WorkRecord& record, const SeenRecord& seen);

// The same, or turn the record back in time (the guard counts those).
bool would_lose(Step& step, WorkRecord& record, const SeenRecord& seen, const Reading& reading);

// Whether the reading shows an older state than the one we know, as far as their times can tell.
bool is_older(const SeenRecord& seen, const RecordHead& record, const Reading& reading);

// The element's external id: unique in its nested resource.
std::string nested_id(const WorkRecord& parent, const model::Resource& nested,
                      const Value& element);

}  // namespace entente::sync
