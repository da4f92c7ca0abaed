// What a change of the configuration leaves to be done. Match keys are made anew where mapping or match rules have changed. And:
// a data type that came later than the things it shall show, or that flows lead to now and did not before: everything that
// could be created or written there is looked at once more. Some at a time; a crash begins it anew.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// What decides whether an entity has something to write there: the mapping (low half), and the flows that lead to it (high).
Digest settled_by(const model::Workspace& workspace, DataTypeIndex data_type);

// Looks at some more entities. Ensures: progress, or false when nothing is left to look at now.
bool resettle_some(Step& step);

// Gives some more records the match keys of the rules as they are now. Nothing is matched and nothing created before all have
// them: a key of yesterday's rules would hide that a newcomer is known. Ensures: progress, or false when none is left.
bool rekey_some(Step& step);

}  // namespace entente::sync
