// What some seeded bugs do instead of the rule that they leave out, where that is more than a mark in a condition. Called
// only behind SEEDED(...) by the rules of this folder, and compiled only into the seeded library (src/seeded.cmake).
#pragma once

#include "sync/reconcile.hpp"

namespace entente::sync::seeded {

// per_property: the newest edit that any shadow of the link shows.
std::uint32_t newest_shown(const Link& link);

// split_answer: whatever the body shows is the shadow.
void take_whole(WorkLink& link, const Projection& shown);

// keep_unseen: what the body leaves out is empty.
void empty_unseen(const Step& step, WorkLink& link, const Projection& shown);

// folded_keys: the texts as they were compared before what identifies was compared exactly.
model::Canonical folded(const model::Model& model, model::Canonical values);

// shared_shadow: every record of the entity counts as showing this.
void share_shadow(Step& step, const WorkLink& link, PropertyIndex p);

// gone_forgets: every record of the entity counts as showing what it holds.
void agree(Step& step, EntityId entity);

// retry_without_probe: the same create once more, without its key.
void send_again(Step& step, Intent intent);

// recreate_gone: whether the entity has a live record there besides the one that is gone.
bool is_live(Step& step, EntityId entity, DataTypeIndex data_type);

// full_body: every property that may be written, as the entity holds it.
void fill(Step& step, const IntentPart& part, Value& body);

// stale_body: whether the body differs from the stored one in nothing that is mapped.
bool shows_the_same(const Step& step, const Record& record, const Value& body);

// baseline_at_start: whether this process has not looked at the whole list yet, which an earlier one has read.
bool is_first_look(const Step& step, ResourceIndex resource);

}  // namespace entente::sync::seeded
