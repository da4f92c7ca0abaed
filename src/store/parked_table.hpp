// What waits for a person: records, and creates of an entity in a data type.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/state.hpp"

namespace entente::store {

class ParkedTable {
public:
    explicit ParkedTable(Session& session);

    std::vector<sync::Parked> all(int limit);
    std::optional<sync::Parked> of_record(RecordId record);
    std::optional<sync::Parked> of_create(EntityId entity, DataTypeIndex data_type);
    std::vector<sync::Parked> creates(DataTypeIndex data_type, EntityId after, int limit);
    std::vector<ResourceIndex> naming(std::span<const RecordId> candidates);
    std::map<sync::ParkReason, std::int64_t> counts();

    void put(const sync::Parked& parked);
    void drop_record(RecordId record);
    void drop_create(EntityId entity, DataTypeIndex data_type);

private:
    // False when its data type is retired.
    bool read(const Rows& row, sync::Parked& parked);

    Session& session_;
    Statement select_, of_record_, of_create_, creates_, naming_, any_candidate_, count_;
    Statement insert_, insert_candidate_, drop_record_, drop_candidate_, drop_create_;
};

}  // namespace entente::store
