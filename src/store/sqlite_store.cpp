#include "store/sqlite_store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/core.h>

#include "store/schema.hpp"
#include "store/sql.hpp"
#include "store/sqlite_snapshot.hpp"
#include "store/sqlite_transaction.hpp"

namespace entente::store {
namespace {

constexpr std::string_view in_memory = ":memory:";

// SQLite asks this inside every COMMIT; anything but 0 turns it into a ROLLBACK.
int refuses_commit(void* options) {
    return static_cast<const OpenOptions*>(options)->refuse_commit() ? 1 : 0;
}

std::int64_t last_of(Session& session, std::string_view noun, const char* largest) {
    Statement counter(*session.connection, sql::select_counter);
    std::int64_t last = session.connection->number(largest);
    if (Rows row = counter.rows(noun); row.next()) last = std::max(last, row.integer(0));
    return last;
}

bool is_there(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

}  // namespace

Result<Age> age_of(const std::string& path) {
    if (!is_there(path)) return Age::none;
    TRY(const auto connection, Connection::open(path, OpenMode::read));
    TRY(const std::int64_t version, version_of(*connection));
    if (version == 0) return Age::none;
    return version < schema_version ? Age::older : Age::today;
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, Names names) {
    return open(path, std::move(names), {});
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, Names names,
                                                       OpenOptions options) {
    LockFile lock;
    if (path != in_memory) {
        TRY_VOID(make_private_file(path));
        TRY(lock, LockFile::take(path + ".lock"));
    }
    TRY(std::unique_ptr<Connection> connection, Connection::open(path, OpenMode::write));
    TRY_VOID(prepare_for_writing(*connection));
    store_names(*connection, NameTable::missing(names, stored_names(*connection)));
    const std::vector<NumberedName> stored = stored_names(*connection);
    TRY_VOID(connection->state());
    auto session =
        std::make_unique<Session>(std::move(connection), NameTable(std::move(names), stored));
    std::unique_ptr<SqliteStore> store(
        new SqliteStore(std::move(lock), std::move(session), std::move(options)));
    TRY_VOID(store->prepare());
    return store;
}

SqliteStore::SqliteStore(LockFile lock, std::unique_ptr<Session> session, OpenOptions options)
    : lock_(std::move(lock)),
      options_(std::move(options)),
      session_(std::move(session)),
      tables_(std::make_unique<Tables>(*session_, options_.recent_keys)) {}

SqliteStore::~SqliteStore() {
    CHECK(!in_transaction_, "a transaction ends before its store");
}

Result<void> SqliteStore::prepare() {
    Connection& connection = *session_->connection;
    counters_ = {last_of(*session_, "record", sql::last_record),
                 last_of(*session_, "entity", sql::last_entity),
                 last_of(*session_, "link", sql::last_link),
                 last_of(*session_, "intent", sql::last_intent)};
    if (options_.page_limit > 0) {
        connection.number(fmt::format("PRAGMA max_page_count = {}", options_.page_limit).c_str());
    }
    if (options_.refuse_commit) sqlite3_commit_hook(connection.handle(), refuses_commit, &options_);
    return connection.state();
}

Result<std::unique_ptr<sync::Transaction>> SqliteStore::begin() {
    CHECK(!in_transaction_, "one transaction at a time");
    TRY_VOID(SqliteTransaction::start(*session_->connection));
    return std::make_unique<SqliteTransaction>(*session_, *tables_, counters_, in_transaction_);
}

Result<std::unique_ptr<Snapshot>> SqliteStore::open_reader(const std::string& path, Names names) {
    if (!is_there(path))
        return fail(ErrorKind::not_found, "there is no store yet; run the workspace first", path);
    TRY(std::unique_ptr<Connection> connection, Connection::open(path, OpenMode::read));
    TRY_VOID(prepare_for_reading(*connection));
    auto session = std::make_unique<Session>(std::move(connection), NameTable());
    auto snapshot = std::make_unique<SqliteSnapshot>(std::move(session), std::move(names));
    TRY_VOID(snapshot->refresh());
    return snapshot;
}

}  // namespace entente::store
