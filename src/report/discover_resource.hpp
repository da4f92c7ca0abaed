// One entity set of a discovered service as the file of a resource. Inside report only.
#pragma once

#include <string>

#include "model/definition.hpp"
#include "model/metadata.hpp"

namespace entente::report {

struct ResourceDraft {
    std::string text;
    bool has_data_type = false;  // its model could be told by its name
};

ResourceDraft draft_resource(const model::Metadata& metadata, const model::MetadataSet& set,
                             const model::Catalog& catalog);

}  // namespace entente::report
