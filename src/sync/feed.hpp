// Feeds: polls and sweeps, page by page, and the reads that check what they seemed to show. A feed is a fast path, the sweep is
// the truth; a cursor moves in the transaction that holds what it covered. Decides which readings are believed (rule 2 of
// Observe) and asks the guard before values or records are lost (G12).
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Begins a poll or sweep unless one is running. A resource never swept, or without a change filter, is swept.
void start_feed(Step& step, ResourceIndex resource, bool sweep);
// Begins the polls that something waits for.
void start_wanted_feeds(Step& step);

// Whether changes can be asked for; otherwise every look is a sweep.
bool has_change_feed(const Step& step, ResourceIndex resource);

// Asks for a page of a run; empty cursor: the first.
void ask_page(Step& step, ResourceIndex resource, FeedRun& run, std::string cursor);

// Pages go by number: what is put in or taken out before shifts what follows.
bool is_counted(const model::RestProtocol& rest);

void take_page(Step& step, const Answered& answered);

// What came of asking whether an empty list may be believed: the sweep ends, or it never was one.
void take_rights(Step& step, const Answered& answered);

// Whether the reading may show an older state of the record than the one we know (rule 2 of Observe).
bool is_stale(const Step& step, const RecordHead& record, const SeenRecord& seen,
              const Reading& reading);

// From when on a reading of the record is believed whatever it shows: our last write has ended, and older bodies can no longer be
// shown instead of the last change we know of (rule 2 of Observe).
Instant sure_from(const Step& step, const RecordHead& record);

// A body that was read while a write to its record is under way: whose it is shows when the answer comes.
void put_aside(Step& step, IntentId intent, ResourceIndex resource, const Value& body);

// Reads the record once more, not before `when`; the answer comes to take_check. `is_judged`: the guard has let pass already what
// the record may lose by it.
void check_record(Step& step, RecordId record, Instant when, bool is_judged = false);
// The same of one that a look has not shown: what is not there now either is gone.
void check_missing(Step& step, RecordId record, Instant when);
void take_check(Step& step, const Answered& answered);

// What single reads have shown is judged where nothing is awaited any more, and taken.
void take_judged(Step& step);

}  // namespace entente::sync
