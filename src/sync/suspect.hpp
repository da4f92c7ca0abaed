// Records that may be what a create of unknown outcome made. They are matched once that is known; all others go their way (G1,
// G6).
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Whether the answer to a create there is awaited, and nobody doubts yet that it will come: nothing there is matched meanwhile.
bool is_create_under_way(const Step& step, ResourceIndex resource);

// Those of `pending` that may be what a create of unknown outcome made: first seen since it was sent, and alike in something that
// records are matched by, or in nothing that could be compared.
std::set<RecordId> suspects_of(Step& step, ResourceIndex resource,
                               std::span<const RecordId> pending);

// Whether a create of the entity is open there: a record that is the same thing waits for what becomes of it.
bool is_being_created(const Step& step, EntityId entity, ResourceIndex resource);

// Until when a create waits for one whose outcome is unknown. `is_lasting`: that one is asked about at long intervals only, and
// nobody waits for it.
struct Suspected {
    Instant until;
    bool is_lasting = false;
};

// When to look again whether the entity may be created there: a record that may be it waits to be matched. Empty: now.
std::optional<Suspected> suspected_until(Step& step, EntityId entity, DataTypeIndex data_type);

}  // namespace entente::sync
