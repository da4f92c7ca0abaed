// A digest of every row of a memory store: the rows in their order, field by field, as bytes.
#pragma once

#include "base/digest.hpp"
#include "store/memory_tables.hpp"

namespace entente::store {

// Requires: no transaction is open.
Digest digest_of(const MemoryTables& tables);

}  // namespace entente::store
