// Pairs of records that a person has told apart. Kept in both directions, so that either finds the other.
#pragma once

#include <optional>
#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"

namespace entente::store {

class ApartTable {
public:
    explicit ApartTable(Session& session);

    std::vector<RecordId> from(RecordId record);  // by id
    void put(RecordId a, RecordId b);
    void drop(RecordId a, RecordId b);

private:
    bool holds_any();

    Statement select_, any_, insert_, delete_;
    // Every record that is matched is asked about, and most companies never tell two apart. Only this session writes the
    // table. None: not looked yet; false: it is empty for certain.
    std::optional<bool> may_hold_any_;
};

}  // namespace entente::store
