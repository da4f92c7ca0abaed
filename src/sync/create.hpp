// Creates, from the answer to them to the last line they made: what each answer means. A create is sent once; what became
// of it is found out by its key, by the id it was answered with, or by a search (GUARANTEES.md X1). Serves G3, G6, G10.
#pragma once

#include "sync/observe.hpp"
#include "sync/unknown.hpp"

namespace entente::sync {

// The system says that it has created the record: with all there is to see of it, with its id alone, or without a word.
void take_create_answer(Step& step, Intent intent, const Answer& answer);

// The record that was created, or its lines, read to see what the system made of them.
void take_create_read_back(Step& step, Intent intent, const Effect& effect, const Answer& answer);

// The search for a create of unknown outcome: by every match rule, one after the other.
void take_create_probe(Step& step, Intent intent, const Effect& effect, const Answer& answer);

// The resource was listed from that moment on: what nobody could be asked for has been shown, or waits for a person.
void settle_blind_creates(Step& step, ResourceIndex resource, Instant began);

// A create that the last process left open.
void resume_create(Step& step, Intent intent);

}  // namespace entente::sync
