// What a stored time is worth. A life is what one engine sees from its opening on; within it our clock never jumps, but nothing is
// known of how an earlier life's clock stood to it. So no wait and no doubt is shorter or longer for a time that an earlier life
// has stored: where one bounds a wait, the beginning of this life counts in its place (G1, G6, G10). A time later than now is of
// an earlier life too, whose clock was ahead.
#pragma once

#include "sync/observe.hpp"
#include "sync/step.hpp"

namespace entente::sync {

// Where it bounds a wait or a doubt: the time itself if it is of this life, else this life's beginning.
Instant in_this_life(const Step& step, Instant stored);
// Where it is told or compared with other such times: the time itself, but never one later than now.
Instant not_ahead(const Step& step, Instant stored);
// Whether a was before b. What is of an earlier life was before all that is of this one.
bool is_before(const Step& step, Instant a, Instant b);

// The time that a record tells of its last change, if it can be one: none is later than the system's own now. What cannot be is
// none: it orders nothing.
std::optional<Instant> told_time(const std::optional<Instant>& modified, const Reading& reading);

// At the opening of a life. `moved`: the machine's clock was set, and that ended the life before. Waits that the clock of an
// earlier life has put off, which was ahead, are over.
void begin_life(Transaction& transaction, const model::Workspace& workspace, Memory& memory,
                Instant now, Duration moved);
// In every step: what is wrong with our own clock is told, for as long as it is.
void watch_our_clock(Step& step);

// The system's clock, as its answers tell it: what cannot be used is told, for as long as they do. An answer that comes late, or once
// more, tells nothing of it.
void watch_clock(Step& step, SystemIndex system, const Answer& answer);
// A list whose cursor is worth nothing, since the system's clock was set by so much (zero: it stands before the cursor).
void tell_lost_cursor(Step& step, ResourceIndex resource, Duration moved);
// All of it has been read since.
void end_lost_cursor(Step& step, ResourceIndex resource);

}  // namespace entente::sync
