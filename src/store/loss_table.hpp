// What the guard has believed lately, so that a restart does not make it forget (G12).
#pragma once

#include <span>
#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/state.hpp"

namespace entente::store {

class LossTable {
public:
    explicit LossTable(Session& session);

    // Those of resources that are no longer configured are left out.
    std::vector<sync::Loss> all();
    void put(std::span<const sync::Loss> losses);
    void drop(ResourceIndex resource, Instant until);

private:
    Session& session_;
    Statement select_, put_, drop_;
};

}  // namespace entente::store
