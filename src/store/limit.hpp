// How many rows a query may answer, as every store understands it.
#pragma once

#include <algorithm>
#include <cstdint>

namespace entente::store {

// A negative limit answers nothing (to SQLite, it means all).
inline std::int64_t limit_of(int limit) {
    return std::max(limit, 0);
}

}  // namespace entente::store
