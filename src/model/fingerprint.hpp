// A digest of everything in a mapping that decides what a record means here, and what it is matched
// by: another mapping, another fingerprint, and records are projected afresh. Comments, order of files and places do not
// count. Inside model only.
#pragma once

#include "model/workspace.hpp"

namespace entente::model {

Digest fingerprint_of(const DataType& data_type, const Resource& resource, const Model& model,
                      std::string_view country);

}  // namespace entente::model
