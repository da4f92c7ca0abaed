// A workspace's own catalogue over the shipped one: maps are merged key by key, null removes a key,
// anything else replaces what stood there. Every node keeps the place it came from, so that
// diagnostics point to the right file. Inside model only.
#pragma once

#include "model/reader.hpp"

namespace entente::model {

// Requires: both are trees of the same catalogue file.
void lay_over(yaml::Node& base, yaml::Node overlay, Reporter& report);

}  // namespace entente::model
