// Open intents: the durable promises that a restart must find again (G10, G6). Few at any time.
#pragma once

#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/state.hpp"

namespace entente::store {

class IntentTable {
public:
    explicit IntentTable(Session& session);

    std::vector<sync::Intent> all();
    void put(const sync::Intent& intent);
    void drop(IntentId intent);

private:
    Session& session_;
    Statement select_, put_, drop_;
};

}  // namespace entente::store
