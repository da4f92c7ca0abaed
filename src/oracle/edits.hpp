// Every edit that people made of one property of one true thing, and what each editor had seen: whoever works in a record has
// seen what it shows and what it has shown. The oracle's only idea of causality (GUARANTEES G3).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"
#include "oracle/sight.hpp"

namespace entente::oracle {

using Seen = std::vector<bool>;  // by number of the edit
void add_to(Seen& into, const Seen& more);
void add_to(Seen& into, std::size_t edit);
bool has(const Seen& seen, std::size_t edit);

struct Edit {
    RecordKey record;     // where
    Value before, value;  // null: none; a clear
    Seen seen;            // what came to its editor's eyes, by way of the records
    Seen
        known;  // the same, and edits elsewhere that made a value he saw: who typed it does not show
    Instant at;
    std::optional<Instant> shown_at;  // first answered to us
    std::optional<Instant> sure_at;   // likewise, when what was shown could be believed
    bool is_first = false;            // made with the record
    bool is_excused = false;          // overwritten in a window that nobody can close
};

struct Edits {
    std::vector<Edit> all;  // in order of time
};

}  // namespace entente::oracle
