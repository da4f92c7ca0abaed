// What is wrong with a system, a list or our own clock, while it is.
#pragma once

#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/state.hpp"

namespace entente::store {

class TroubleTable {
public:
    explicit TroubleTable(Session& session);

    // Those of systems and resources that are no longer configured are left out.
    std::vector<sync::Trouble> all();
    void put(const sync::Trouble& trouble);
    void drop(sync::Trouble::Kind kind, SystemIndex system, ResourceIndex resource);

private:
    Session& session_;
    Statement select_, put_, drop_;
};

}  // namespace entente::store
