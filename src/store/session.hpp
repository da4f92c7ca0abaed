// What all tables of one connection share: the connection and the names' translation. The translation is replaced when
// a snapshot is refreshed, so tables refer to it and keep nothing of it.
#pragma once

#include <memory>

#include "store/connection.hpp"
#include "store/limit.hpp"
#include "store/names.hpp"

namespace entente::store {

struct Session {
    std::unique_ptr<Connection> connection;
    NameTable names;

    // A stored number as an index of this configuration. None() for retired ones and for number 0; poisons when the
    // number was never given out.
    template <class Found>
    auto index_of(Found found, std::string_view table, std::int64_t id) {
        if (!found.known)
            connection->poison_corrupt(table, id, "it names something that was never configured");
        return found.index;
    }
};

}  // namespace entente::store
