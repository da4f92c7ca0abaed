#include "store/connection.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

namespace entente::store {
namespace {

// How long to wait for another process that writes (a person with the sqlite3 shell) or checkpoints.
constexpr int busy_ms_max = 5'000;

std::string_view remedy_of(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return "the disk is full; nothing was changed: make room and start again";
        case SQLITE_NOTADB:
            return "this is not a store of entente; move the file away, or name another one under "
                   "`store:`";
        case SQLITE_CORRUPT:
            return "the file is damaged; restore a backup, or move it away: the systems will be "
                   "read and matched anew";
        case SQLITE_READONLY:
            return "the file or its folder may not be written; check owner and rights";
        case SQLITE_CANTOPEN:
            return "the file cannot be opened; check that its folder exists, its owner and rights";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program keeps the file locked; close it and start again";
        case SQLITE_IOERR:
            return "the disk does not do as told; nothing was changed: check it and start again";
        default:
            return "nothing was changed";
    }
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, OpenMode mode) {
    sqlite3* handle = nullptr;
    // NOMUTEX: a connection belongs to one thread, so SQLite need not guard it call by call.
    // A reader may have to finish what a killed writer left (a journal to roll back, an index of the write-ahead log to make
    // anew), and SQLite allows that to handles alone that may write. Tables cannot be changed by it: see below.
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    std::unique_ptr<Connection> connection(new Connection(handle, path));
    if (code != SQLITE_OK) return std::unexpected(connection->explain(code));
    sqlite3_busy_timeout(handle, busy_ms_max);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (mode == OpenMode::write) return connection;
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    connection->run("PRAGMA query_only = ON");
    TRY_VOID(connection->state());
    return connection;
}

// close_v2, because statements that borrow the handle may be destroyed after it.
Connection::~Connection() {
    sqlite3_close_v2(handle_);
}

bool Connection::run(const char* sql) {
    if (poisoned()) return false;
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return true;
    poison(code);
    return false;
}

std::int64_t Connection::number(const char* sql) {
    if (poisoned()) return 0;
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(handle_, sql, -1, &statement, nullptr);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    const std::int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    if (code != SQLITE_ROW && code != SQLITE_DONE) poison(code);
    sqlite3_finalize(statement);
    return value;
}

std::int64_t Connection::changes() const {
    return sqlite3_total_changes64(handle_);
}

void Connection::poison(Error error) {
    if (!error_) error_ = std::move(error);
}

void Connection::poison(int sqlite_code) {
    if (!error_) error_ = explain(sqlite_code);
}

void Connection::poison_corrupt(std::string_view table, std::int64_t id, std::string_view what) {
    poison(Error{ErrorKind::corrupt,
                 fmt::format("{} {}: {}; nothing was changed: restore a backup, or look with "
                             "`sqlite3 -readonly` as docs/STORE.md says",
                             table, id, what),
                 path_});
}

Result<void> Connection::state() const {
    if (error_) return std::unexpected(*error_);
    return {};
}

Error Connection::explain(int sqlite_code) const {
    const char* detail = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(sqlite_code);
    return {ErrorKind::store,
            fmt::format("{} (SQLite: {}, {})", remedy_of(sqlite_code), detail, sqlite_code), path_};
}

}  // namespace entente::store
