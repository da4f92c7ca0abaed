// The merge of one property: pure functions on values, no store, no lenses. Called by observe and write. Serves G2, G3, G18:
// whoever saw a value is later than it, every edit history has one result, and the loser of a conflict is returned to be kept.
// The rules are those of DESIGN.md section 4, each with a counterexample without it in the exhaustive model of agreement.
#pragma once

#include "model/workspace.hpp"
#include "sync/state.hpp"

namespace entente::sync {

// The line of a revision, written out: {} for rev 0, the one edit where nothing else is stored.
std::vector<LineEdit> line_of(const Revision& revision);

// The stamp and line of edit number `rev`, made at `t` by `author` upon what a shadow showed.
Revision revision_upon(const Revision& base, std::uint32_t rev, Instant t, Author author);

// Whether the edit a wins over b. A total order for `latest`; for `prefer` the lines are compared where they first differ.
bool beats(const Revision& a, const Revision& b, const model::ConflictPolicy& policy);

enum class Merge : std::uint8_t {
    forward,  // made upon what the entity holds: taken
    agreed,   // both moved to the same value
    won,      // conflict: the edit replaced the entity's value, `loser` is what it replaced
    lost,     // conflict: the entity keeps its value, `loser` is the edit's
};
struct MergeResult {
    Merge merge = Merge::forward;
    Value loser;
    bool first_join = false;  // made upon nothing: a difference found, not made
    bool entity_changed = true;
};

// Takes an edit seen at `link_shadow` into the entity's property. `value` is canonical as the entity holds it (a reference:
// the entity id), `shown` as the shadow holds it. `equal` says whether `value` is equivalent to the entity's value in the lens of
// that link. Ensures: the shadow shows the edit (or, when both agree, the entity's revision); Entity::rev counts every edit that
// something shows.
MergeResult take_edit(Entity& entity, PropertyIndex p, Shadow& shadow, LinkId origin, Value value,
                      Value shown, bool equal, Instant t, Author author,
                      const model::ConflictPolicy& policy);

}  // namespace entente::sync
