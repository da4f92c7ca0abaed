// The workspace that `entente init` writes: two systems of kinds that can be simulated, so that it can be tried as it
// stands with --simulated, and comments that say what else can be said. Data.
#pragma once

#include <string_view>

namespace entente::sim {

// The text of an entente.yaml.
std::string_view sample_workspace();

}  // namespace entente::sim
