// What keeps a create from being sent: what may be the very thing, and looks at the target that are not fresh enough to tell. Called
// by reconcile only. Serves G6.
#pragma once

#include <string>

#include "sync/step.hpp"

namespace entente::sync {

// Why a create must wait; empty when it may go ahead.
std::string obstacle(Step& step, const Dirty& pair);

// A line that came beside it, and is matched when all lines there are known, may be this very one.
bool are_lines_read(Step& step, const Dirty& pair);

// Whether the target's feed has been read since the newest source record was linked (what it shows is matched first).
bool fresh_enough(Step& step, const Dirty& pair);

// Whether it is certain enough that the target does not have it. Ensures: else it is asked for, or the pair waits.
bool may_be_sent(Step& step, const Dirty& pair, const IntentPart& self);

// The pair waits: for a person, or until `awaits` is linked.
void wait(Step& step, const Dirty& pair, EntityId awaits, std::string why);

}  // namespace entente::sync
