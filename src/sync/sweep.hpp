// How a poll or sweep ends: whether the walk can be believed, what is gone by it, what the guard says, and where the feed stands
// then. A walk that may have passed over records is no sweep: nothing is missing by it and nothing is created upon it (G6, G12).
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// The last page has come, or none that shows anything new. Requires: a run of the resource. Ensures: it is no more; a poll
// that explains it may be.
void end_run(Step& step, ResourceIndex resource, Duration skew);

// A page could not be had: the look is made again later.
void fail_run(Step& step, ResourceIndex resource, Duration skew);

}  // namespace entente::sync
