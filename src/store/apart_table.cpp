#include "store/apart_table.hpp"

#include "store/sql.hpp"

namespace entente::store {

ApartTable::ApartTable(Session& session)
    : select_(*session.connection, sql::select_apart),
      any_(*session.connection, sql::select_any_apart),
      insert_(*session.connection, sql::insert_apart),
      delete_(*session.connection, sql::delete_apart) {}

bool ApartTable::holds_any() {
    if (!may_hold_any_) may_hold_any_ = any_.rows().next();
    return *may_hold_any_;
}

std::vector<RecordId> ApartTable::from(RecordId record) {
    std::vector<RecordId> out;
    if (!holds_any()) return out;
    for (Rows row = select_.rows(record.value); row.next();) out.push_back({row.integer(0)});
    return out;
}

void ApartTable::put(RecordId a, RecordId b) {
    CHECK(a && b && a != b, "two records are told apart");
    may_hold_any_ = true;
    insert_.run(a.value, b.value);
    insert_.run(b.value, a.value);
}

void ApartTable::drop(RecordId a, RecordId b) {
    delete_.run(a.value, b.value);
    delete_.run(b.value, a.value);
}

}  // namespace entente::store
