// Links, with their shadows as one blob each; holds are rare and have a blob of their own, and a count in a column.
#pragma once

#include <span>
#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/state.hpp"

namespace entente::store {

class LinkTable {
public:
    explicit LinkTable(Session& session);

    std::vector<sync::Link> of_records(std::span<const RecordId> records);
    std::vector<sync::Link> of_entities(std::span<const EntityId> entities);
    std::vector<sync::Link> of_data_type(DataTypeIndex data_type, LinkId after, int limit);

    void insert(std::span<const sync::Link> links);
    void update(std::span<const sync::Link> links);
    void erase(std::span<const LinkId> links);

private:
    void read(const Rows& row, std::vector<sync::Link>& out);
    // Adds what the stored row holds of retired properties.
    void carry_retired(sync::Link& link);
    std::int64_t write(Statement& statement, const sync::Link& link);

    Session& session_;
    Statement of_record_, of_entity_, of_data_type_, select_blobs_;
    Statement insert_, update_content_, update_all_, delete_;
};

}  // namespace entente::store
