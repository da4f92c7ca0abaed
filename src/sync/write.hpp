// Write (DESIGN.md section 4): what the answer to a write, a compare, a read-back or a probe means. Nothing sent is ever sent
// again blindly: an unknown outcome is settled by the same request under its precondition or key, or by looking (G3, G6).
#pragma once

#include "sync/reconcile.hpp"

namespace entente::sync {

// Requires: the effect's purpose is compare, write, read_back or probe. An answer to an intent that is closed is ignored.
void take_write_answer(Step& step, const Answered& answered);

// At the start every open intent is of unknown outcome: nobody knows what the last process got to send.
void resume_intents(Step& step);

}  // namespace entente::sync
