// Dirty (entity, data type) pairs: what may need a write, now, later, or when something else happens.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/state.hpp"

namespace entente::store {

class DirtyTable {
public:
    explicit DirtyTable(Session& session);

    std::vector<sync::Dirty> ready(DataTypeIndex data_type, Instant now, int limit);
    std::vector<sync::Dirty> waiting(DataTypeIndex data_type, int limit);
    std::optional<Instant> next(Instant after);
    std::optional<Instant> next_awaited(Instant after);

    void put(std::span<const sync::Dirty> dirty);
    void drop(EntityId entity, DataTypeIndex data_type);
    void release_awaiting(std::span<const EntityId> entities);
    void release_waiting(DataTypeIndex data_type);

private:
    std::optional<Instant> first_of(Rows row);

    Session& session_;
    Statement ready_, due_, waiting_, next_, next_awaited_, put_, drop_, any_awaiting_,
        release_awaiting_, release_waiting_;
};

}  // namespace entente::store
