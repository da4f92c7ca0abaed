#include "store/sqlite_transaction.hpp"

#include <sqlite3.h>

#include "store/sql.hpp"

namespace entente::store {

Result<void> SqliteTransaction::start(Connection& connection) {
    connection.recover();
    connection.run("BEGIN IMMEDIATE");
    return connection.state();
}

SqliteTransaction::SqliteTransaction(Session& session, Tables& tables,
                                     SqliteStore::Counters& counters, bool& active)
    : WriterOf<Tables>(tables),
      session_(session),
      counters_(counters),
      saved_(counters),
      active_(active) {
    active_ = true;
}

SqliteTransaction::~SqliteTransaction() {
    if (!is_over_) roll_back();
    active_ = false;
}

// Ids must not come back after a restart either, even those whose rows are gone: an idempotency key may hold one.
void SqliteTransaction::save_counters() {
    if (counters_ == saved_) return;
    Statement put(*session_.connection, sql::put_counter);
    put.run(std::string_view("record"), counters_.record);
    put.run(std::string_view("entity"), counters_.entity);
    put.run(std::string_view("link"), counters_.link);
    put.run(std::string_view("intent"), counters_.intent);
}

Result<void> SqliteTransaction::commit() {
    CHECK(!is_over_, "a transaction commits once");
    save_counters();
    tables_.keys.merge_some();
    session_.connection->run("COMMIT");
    is_over_ = true;
    const Result<void> result = session_.connection->state();
    if (!result) roll_back();
    return result;
}

// SQLite may have rolled back on its own (disk full, a failed commit): asking again would only be an error.
void SqliteTransaction::roll_back() {
    sqlite3* handle = session_.connection->handle();
    if (sqlite3_get_autocommit(handle) == 0)
        sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
    tables_.keys.forget();
    tables_.states.forget();
    is_over_ = true;
}

}  // namespace entente::store
