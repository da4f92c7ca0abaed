// What is forbidden (403). One call that is, is that record's. When three records of a resource are forbidden in a row and none
// passes, our rights there are lost: its lists count as never read (G6), and what is to be written there waits, but one at a time
// that finds out whether they are back. Decision 0032.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Requires: the answer is the one that was awaited, to a compare, write, read-back or probe of the intent.
void note_rights(Step& step, const Intent& intent, const Answered& answered);
bool are_rights_lost(const Step& step, ResourceIndex resource);
// While our rights there are lost: when the next is tried; nullopt when it may be now.
std::optional<Instant> forbidden_until(const Step& step, ResourceIndex resource);
// Likewise: since when the next may be tried; zero when they are not lost.
Instant tried_from(const Step& step, ResourceIndex resource);
// It is being tried. Ensures: the next one waits longer.
void note_try(Step& step, ResourceIndex resource);

}  // namespace entente::sync
