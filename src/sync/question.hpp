// Whether a create is a question: a record that is there already may be the very thing, and nothing proves it or the contrary.
// Matching asks when a record comes; what is one thing with whom may become clear later, and then the question must not be
// forgotten. Asked just before each create, so that it does not matter in which order things became known. Serves G2, G6, G7.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Records in the data type's resource that may be the entity, by record id. What a person has told apart is none.
std::vector<RecordId> may_be_there(Step& step, EntityId entity, DataTypeIndex data_type);

// Ensures: when there are such records, the create waits for a person, who is told once; true then.
bool is_a_question(Step& step, EntityId entity, DataTypeIndex data_type);

}  // namespace entente::sync
