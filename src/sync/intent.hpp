// Intents as they are opened, asked about and closed: the durable promise is in the transaction before its call is given out, and
// from then on only the answer to its latest call counts. Called by reconcile, write, create and unknown. Serves G9, G10.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Whether a record's version is its modified time: then the next change may bear the same one, until its granule has passed.
bool version_is_a_time(const model::RestProtocol& rest);

// From now on only the answer to this call of its intent counts.
void take_turn(Step& step, Effect& effect);
// The calls of an intent that is about to be sent.
Effect write_effect(Step& step, const Intent& intent, Purpose purpose);
void keep_intent(Step& step, const Intent& intent);
// Forgets a closed intent and looks at its entities again.
void close_intent(Step& step, IntentId id);

}  // namespace entente::sync
