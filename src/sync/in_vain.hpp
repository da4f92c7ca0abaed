// What fails again and again. Answers about one record that fail while others pass have a bound: then what was to be written is
// held or parked, and offered again at longer and longer pauses. What only says that a system can serve nobody has none: its
// pauses grow to a cap. Decision 0032. Serves G1, G13, G16.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// The longest that anything waits for its next try.
inline constexpr Duration longest_rest{86'400'000};

// A failed answer about this pair. It says something of it once, until something of the system has passed again: nothing is known
// of one record while all fail.
void count_failure(Step& step, Pair pair, const Answer& answer, InVain& in_vain);
// The system has answered somebody. Requires: the answer is the one that was awaited (G9).
void note_answered(Step& step, const Answered& answered);

// So often that what was to be done is given up where that can be.
bool is_at_bound(const InVain& in_vain);
// So often that nobody waits for it any more.
bool is_lasting(const InVain& in_vain);
// How long to wait before the next try.
Duration pause_after(const InVain& in_vain);

// One look at a list may fail by a bad page; more in a row are told. Returns how long to wait before the next.
Duration note_failed_look(Step& step, ResourceIndex resource, const std::string& message);
void note_readable(Step& step, ResourceIndex resource, bool shows_records);

// A record that could not be read, though it may have changed: it is not read again before a pause that grows, and nothing is known
// of it until then. It is told.
void leave_unread(Step& step, const WorkRecord& record, const Answer& answer);
bool is_left_unread(const Step& step, RecordId record);

// What was forbidden is offered again soon, as rights come back, and so is what was refused beside others; what was refused for what
// it is, later.
Offers first_offers(Instant now, bool is_soon);
bool is_due(const Offers& offers, Instant now);
// When it is offered next; never(): no more.
Instant due_at(const Offers& offers, Instant now);
// It is being offered now. Ensures: it is not due, whatever becomes of this.
void advance(Offers& offers, Instant now);

}  // namespace entente::sync
