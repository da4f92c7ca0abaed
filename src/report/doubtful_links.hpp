// Links that today's rules of matching would not make: when the records were linked they showed two values of a property that
// identifies. Such links were made by older rules, which left out punctuation and let a name decide; or a person made them.
// Nothing is cut by itself: whoever knows says that the two are apart. Serves G7.
#pragma once

#include <string>
#include <vector>

#include "model/workspace.hpp"
#include "sync/store.hpp"

namespace entente::report {

struct DoubtfulLink {
    EntityId entity;
    RecordId record;
    DataTypeIndex data_type;
    std::string external_id;
    PropertyIndex property;
    Value replaced, kept;  // the two values that were found
};

// At most `limit`, the oldest first. Reads the whole history.
std::vector<DoubtfulLink> doubtful_links(const model::Workspace& workspace, sync::StoreReader& store,
                                         int limit);

}  // namespace entente::report
