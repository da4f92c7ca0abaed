// Reconcile (DESIGN.md section 4): level-triggered, from what is known now, never from an event's payload. `settle` marks
// what changed as dirty; `reconcile` turns dirty pairs into durable intents and calls, as many as the system has room for.
#pragma once

#include "sync/compose.hpp"
#include "sync/intent.hpp"

namespace entente::sync {

// For every entity touched in this step: marks agreed shadows, prunes lines, sets pairs aside that need a write.
void settle(Step& step);

// Opens intents for the system as the room allows, people's edits of all its data types before any backfill (G16). Ensures: each
// is in the transaction before its effect is given out (G10).
void reconcile(Step& step, const Room& offered);

// Whether no person waits for this write: all that it carries was edited before the data types it goes between had joined.
bool is_backfill(const Step& step, const Intent& intent);

// Whether lines inside the data type's records are still to be matched: one of them may be the very line that a write would add.
bool lines_are_unmatched(const model::Workspace& workspace, const Memory& memory,
                         const model::DataType& data_type);

}  // namespace entente::sync
