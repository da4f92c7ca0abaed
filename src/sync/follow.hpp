// What a change of a record means beyond its values: that its parent's version has moved, that the system may take edits again, or
// that the record is no more of the kind that its data type shows. Called by observe only. Serves G13 (nothing that was refused
// stays so when its reason has gone) and G16.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Whether two bodies differ at a path.
bool differ_at(const Value& before, const Value& after, const std::string& path);

// Of a line that has changed or gone: a write upon the parent's version that we know would be refused
// (Resource::lines_move_version), so it is forgotten, and the parent is read before it is written.
void forget_parent_version(Step& step, const WorkRecord& line);

// Of a linked record whose body was `before`.
void follow_change(Step& step, WorkLink& link, const Value& before, const Value& after);

}  // namespace entente::sync
