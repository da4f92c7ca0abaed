// What is forbidden (403). One call that is, is that record's. When three records of a resource are forbidden in a row and none
// passes, our rights there are lost: its lists count as never read (G6), and what is to be written there waits, but one at a time
// that finds out whether they are back. Decision 0032.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Requires: a compare, write, read-back or probe.
void note_rights(Step& step, Pair pair, const Answered& answered);
bool are_rights_lost(const Step& step, ResourceIndex resource);
// While our rights there are lost: when the next is tried, or nullopt for this one, which is it.
std::optional<Instant> forbidden_until(Step& step, ResourceIndex resource);

}  // namespace entente::sync
