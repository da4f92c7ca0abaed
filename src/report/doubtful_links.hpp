// Links that today's rules of matching would not make: when the records were linked they showed two values of a property that
// identifies. Such links were made by older rules, which left out punctuation and let a name decide. Nothing is cut by itself:
// whoever knows says that the two are apart. Serves G7.
#pragma once

#include <string>
#include <vector>

#include "report/waiting.hpp"

namespace entente::report {

struct DoubtfulLink {
    std::string record;                // "Shop.Product:7"
    std::vector<std::string> members;  // the other records of its thing
    std::string property;
    Value replaced, kept;  // the two values that were found
    std::vector<Remedy> remedies;
};

// At most `limit`, the oldest first. Reads the whole history. Requires: `workspace` is the store's.
std::vector<DoubtfulLink> doubtful_links(const model::Workspace& workspace,
                                         sync::StoreReader& store, const Place& place, int limit);

std::vector<std::string> to_text(const DoubtfulLink& link);
Value to_json(const DoubtfulLink& link);

}  // namespace entente::report
