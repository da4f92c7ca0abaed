// What a person says of records: link, apart, relink, retry. An act is done whole or refused in words, in the transaction of its
// step, and history tells it with who said so. It decides only what belongs together and what is tried again; what follows
// from it for values is observe's and reconcile's business, as for any other link. Serves G7 (nothing is merged but by a
// person) and G6 (what a person did not tell apart is not made twice).
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Requires: called once for each act of the step. Ensures: refused, nothing has changed.
ActResult take_act(Step& step, const Act& act);

}  // namespace entente::sync
