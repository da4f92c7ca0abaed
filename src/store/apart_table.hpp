// Pairs of records that a person has told apart. Kept in both directions, so that either finds the other.
#pragma once

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
    Statement select_, insert_, delete_;
};

}  // namespace entente::store
