#include "store/apart_table.hpp"

#include "store/sql.hpp"

namespace entente::store {

ApartTable::ApartTable(Session& session)
    : select_(*session.connection, sql::select_apart),
      insert_(*session.connection, sql::insert_apart),
      delete_(*session.connection, sql::delete_apart) {}

std::vector<RecordId> ApartTable::from(RecordId record) {
    std::vector<RecordId> out;
    for (Rows row = select_.rows(record.value); row.next();) out.push_back({row.integer(0)});
    return out;
}

void ApartTable::put(RecordId a, RecordId b) {
    CHECK(a && b && a != b, "two records are told apart");
    insert_.run(a.value, b.value);
    insert_.run(b.value, a.value);
}

void ApartTable::drop(RecordId a, RecordId b) {
    delete_.run(a.value, b.value);
    delete_.run(b.value, a.value);
}

}  // namespace entente::store
