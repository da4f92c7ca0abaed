// Entities that become one, and one that becomes two, because a person says so. Values that meet are compared as at a first join:
// numbers of edits mean nothing outside their entity. Called by act only. Serves G7 and G2.
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

// Everything linked to `from` is linked to `into` from now on. Lines meet as a multiset by the best rule, and those without a
// counterpart stay what they are, in their new parent. What referred to `from` refers to `into`.
// Requires: of one model, no live links of both in one resource, no open write to either. Ensures: `from` is no more.
void merge_into(Step& step, EntityId from, EntityId into);

// The record, its links and its lines become a thing of their own; everything shows what it shows. What refers to it stays
// with the old one where it was so. Ensures: the id of the new entity.
EntityId cut_out(Step& step, WorkRecord& record, EntityId from);

// Whether a write to the entity, or to one of its lines, is open.
bool is_being_written(Step& step, EntityId entity);

}  // namespace entente::sync
