// A copy of a store as it is at one moment, while somebody may be writing to it. The plan works on one.
#pragma once

#include <string>

#include "base/error.hpp"

namespace entente::store {

// Ensures: `to` is a new private file with everything that was committed to `from`. not_found: there is no `from`;
// store: it cannot be read, or `to` cannot be written.
Result<void> copy_store(const std::string& from, const std::string& to);

}  // namespace entente::store
