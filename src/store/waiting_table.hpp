// Observations that wait: for the guard's verdict (deferred), or for the record they refer to (awaited).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/store.hpp"

namespace entente::store {

class WaitingTable {
public:
    explicit WaitingTable(Session& session);

    void put(std::span<const sync::Awaited> awaited);
    // By record asked for, each once.
    std::vector<RecordId> take_awaited(ResourceIndex resource, std::span<const std::string> ids);

    void put(std::span<const sync::Deferred> deferred);
    // By external id.
    std::vector<sync::Deferred> take_deferred(ResourceIndex resource, int limit);
    void drop_deferred(ResourceIndex resource);

private:
    Session& session_;
    Statement any_awaited_, insert_awaited_, select_awaited_, delete_awaited_;
    Statement put_deferred_, select_deferred_, delete_deferred_, drop_deferred_;
};

}  // namespace entente::store
