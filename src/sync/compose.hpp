// Bodies of writes: canonical values put into a system's form. Only what is needed is sent where the system can patch (G5).
#pragma once

#include "sync/project.hpp"

namespace entente::sync {

// What one record (or line) needs to be told, after equivalent values have been marked as agreed.
struct Needs {
    std::vector<Sent> sent;  // expressible, writable, not held
    EntityId
        awaits;  // something needed cannot be expressed until this entity is linked there; zero: nothing
    EntityId lacks;                         // create: the same of something that it can do without
    std::string missing;                    // create: what it cannot do without, for people
    std::vector<Sent> offers;               // held, and due to be offered again
    Instant offered_at = Instant::never();  // when the next of what is held is
};

// Requires: link is live. Ensures: shadows that show an equivalent value have taken the entity's revision; what the lens refuses
// is held with the reason.
Needs needs_of(Step& step, WorkLink& link);

// Everything a new record of this data type can be given.
Needs needs_of_new(Step& step, EntityId entity, DataTypeIndex data_type);

// Creates that a flow asks for: no link there, open or ended, and a live record elsewhere whose flow says always. Lines are
// part of their parents and travel among all records of those, as any edit does.
bool wants_create(Step& step, EntityId entity, DataTypeIndex data_type);

// Whether the parent of the line has a record there.
bool has_live_parent(Step& step, EntityId line, DataTypeIndex parents);

// The parts of a write to one record: itself first, then the lines nested in it that need something. Without any: empty.
struct Parts {
    std::vector<IntentPart> parts;
    EntityId awaits;
    EntityId lacks;
    std::string missing;
    int lines = 0;                          // lines that the record has or will have
    Instant offered_at = Instant::never();  // when the next of what was refused is offered again
};
// What was refused goes alone, one thing at a time, when nothing else is to be sent: a refusal then tells what it is about.
Parts parts_of(Step& step, EntityId entity, DataTypeIndex data_type, WorkLink* link);

// `current` is the record's body as last read; null for a create.
Value compose(Step& step, DataTypeIndex data_type, const std::vector<IntentPart>& parts,
              const Value* current);

// What could not be written: `held.rev` names the very edit, whatever the entity holds by now, so that a newer one is still tried
// (G3). `wanted` and `shown`: what we wrote and what the record shows instead, when that is the reason.
// Ensures: it takes the place of what was held of older edits.
void hold(Step& step, WorkLink& link, Held held, const std::optional<Value>& wanted = {},
          const std::optional<Value>& shown = {});

// The record shows the edit of that number, or one that replaced it: what was held of it and of older ones is over.
void end_holds(WorkLink& link, PropertyIndex p, std::uint32_t rev);

}  // namespace entente::sync
