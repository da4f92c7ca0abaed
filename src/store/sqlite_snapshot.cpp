#include "store/sqlite_snapshot.hpp"

#include <sqlite3.h>

#include "store/schema.hpp"

namespace entente::store {

SqliteSnapshot::SqliteSnapshot(std::unique_ptr<Session> opened, Names names)
    : SnapshotParts(std::move(opened)),
      ReaderOf<Snapshot, Tables>(tables),
      configured_(std::move(names)) {}

// The names belong to the snapshot: a writer with a newer configuration may have added some. Reading them is also what
// makes SQLite fix the moment.
Result<void> SqliteSnapshot::refresh() {
    Connection& connection = *session->connection;
    connection.recover();
    if (sqlite3_get_autocommit(connection.handle()) == 0) connection.run("COMMIT");
    connection.run("BEGIN");
    const std::vector<NumberedName> stored = stored_names(connection);
    TRY_VOID(connection.state());
    session->names = NameTable(configured_, stored);
    tables.keys.forget();
    tables.states.forget();
    return {};
}

Result<void> SqliteSnapshot::state() const {
    return session->connection->state();
}

}  // namespace entente::store
