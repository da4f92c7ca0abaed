// A data type that came later than the things it shall show, or that flows lead to now and did not before: everything that
// could be created or written there is looked at once more. Some at a time; a crash begins it anew.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// What decides whether an entity has something to write there: the mapping, and the flows that lead to it.
Digest settled_by(const model::Workspace& workspace, DataTypeIndex data_type);

// Looks at some more entities. Ensures: progress, or false when nothing is left to look at now.
bool resettle_some(Step& step);

}  // namespace entente::sync
