// What the store knows of the records that a verification has read: which entity each belongs to,
// and which counterpart the entity has elsewhere. Loaded once, in batches.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "model/workspace.hpp"
#include "report/snapshot.hpp"
#include "sync/store.hpp"

namespace entente::report {

class Membership {
public:
    Membership(const model::Workspace& workspace, sync::StoreReader& store,
               const Snapshot& snapshot);

    struct Member {
        RecordId record;
        EntityId entity;  // zero: not linked in this data type
        std::set<PropertyIndex> held;
        bool parked = false;
    };
    // Null when the store has never seen the record.
    const Member* find(DataTypeIndex data_type, const std::string& external_id) const;
    // The external id of the entity's linked record, or null.
    const std::string* counterpart(EntityId entity, DataTypeIndex data_type) const;
    bool waits(EntityId entity, DataTypeIndex data_type) const {
        return waiting_.contains({entity, data_type});
    }
    // A record of that resource is parked because it may mean this one: nothing is created there
    // for it.
    bool is_named_by_parked(RecordId record, ResourceIndex resource) const {
        return named_.contains({record, resource});
    }
    bool create_is_parked(EntityId entity, DataTypeIndex data_type) const {
        return parked_creates_.contains({entity, data_type});
    }

private:
    void load_parked(sync::StoreReader& store);
    void load_links(sync::StoreReader& store, DataTypeIndex data_type);
    void load_unlinked(const model::Workspace& workspace, sync::StoreReader& store,
                       DataTypeIndex data_type, const FreshRecords& fresh);

    using Pair = std::pair<EntityId, DataTypeIndex>;
    std::map<DataTypeIndex, std::map<std::string, Member>> members_;
    std::map<Pair, std::string> counterparts_;
    std::set<Pair> waiting_;
    std::set<Pair> parked_creates_;
    std::set<RecordId> parked_;
    std::set<std::pair<RecordId, ResourceIndex>> named_;
};

}  // namespace entente::report
