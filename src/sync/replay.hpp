// Observations that were put aside while a look was judged, and that the guard has let pass since (G12). Each is what was read then:
// where something has happened to the record meanwhile, the record is read again instead.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Takes some of them. Ensures: progress, or false when there are none.
bool replay_deferred(Step& step);
// Takes some of the resource's. Ensures: it is in `replay_wanted` only while there are more.
void replay_some(Step& step, ResourceIndex resource);

}  // namespace entente::sync
