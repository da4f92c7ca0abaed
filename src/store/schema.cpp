#include "store/schema.hpp"

#include <array>

#include <fmt/core.h>

#include "store/sql.hpp"
#include "store/sql_schema.hpp"
#include "store/statement.hpp"

namespace entente::store {
namespace {

constexpr std::array<NameKind, 5> name_kinds{
    NameKind::system, NameKind::resource, NameKind::data_type, NameKind::model, NameKind::property};

Error refused(const Connection& connection, std::string text) {
    return {ErrorKind::store, std::move(text), connection.path()};
}

Result<void> check_version(Connection& connection, std::int64_t version) {
    if (version > schema_version) {
        return std::unexpected(refused(
            connection,
            fmt::format(
                "the store has version {}, this entente knows versions up to {}; use the entente "
                "that wrote it, or a newer one",
                version, schema_version)));
    }
    if (version < 0)
        return std::unexpected(
            refused(connection, fmt::format("{} is no version of a store", version)));
    return {};
}

// A file without tables is new; one with tables must be ours.
Result<void> check_owner(Connection& connection) {
    const std::int64_t application = connection.number(sql::application_id);
    const std::int64_t tables = connection.number(sql::count_tables);
    TRY_VOID(connection.state());
    if (tables == 0 || application == sql::our_application_id) return {};
    return std::unexpected(
        refused(connection,
                "this is the database of another program; name another file under "
                "`store:`"));
}

// From each version to the next. Version 0 is an empty file.
bool migrate_from(Connection& connection, std::int64_t version) {
    if (version == 0)
        return connection.run(sql::create_tables) && connection.run(sql::mark_as_ours);
    if (version == 1) return connection.run(sql::to_version_2);
    if (version == 2) return connection.run(sql::to_version_3);
    if (version == 3) return connection.run(sql::to_version_4);
    if (version == 4) return connection.run(sql::to_version_5);
    return false;
}

Result<void> migrate(Connection& connection) {
    connection.run("BEGIN IMMEDIATE");
    const std::int64_t found = connection.number("PRAGMA user_version");
    TRY_VOID(connection.state());
    TRY_VOID(check_version(connection, found));
    for (std::int64_t version = found; version < schema_version; ++version) {
        if (!migrate_from(connection, version)) return connection.state();
        connection.run(fmt::format("PRAGMA user_version = {}", version + 1).c_str());
    }
    connection.run("COMMIT");
    return connection.state();
}

}  // namespace

Result<void> prepare_for_writing(Connection& connection) {
    TRY_VOID(check_owner(connection));
    TRY_VOID(check_version(connection, connection.number("PRAGMA user_version")));
    connection.run(sql::writer_pragmas);
    TRY_VOID(connection.state());
    return migrate(connection);
}

Result<std::int64_t> version_of(Connection& connection) {
    TRY_VOID(check_owner(connection));
    const std::int64_t version = connection.number("PRAGMA user_version");
    TRY_VOID(connection.state());
    TRY_VOID(check_version(connection, version));
    return version;
}

Result<void> prepare_for_reading(Connection& connection) {
    connection.run(sql::reader_pragmas);
    TRY(const std::int64_t version, version_of(connection));
    if (version == schema_version) return {};
    if (version == 0)
        return fail(ErrorKind::not_found, "nothing is stored here yet; run the workspace first",
                    connection.path());
    return std::unexpected(refused(
        connection,
        fmt::format("the store has the older version {}; `entente run` brings it to version {}",
                    version, schema_version)));
}

std::vector<NumberedName> stored_names(Connection& connection) {
    std::vector<NumberedName> out;
    Statement select(connection, sql::select_names);
    for (Rows row = select.rows(); row.next();) {
        for (const NameKind kind : name_kinds) {
            if (row.text(0) != name_of(kind)) continue;
            out.push_back(
                {kind, std::string(row.text(1)), std::string(row.text(2)), row.integer(3)});
        }
    }
    return out;
}

void store_names(Connection& connection, std::span<const NumberedName> names) {
    if (names.empty()) return;
    Statement insert(connection, sql::insert_name);
    connection.run("BEGIN IMMEDIATE");
    for (const NumberedName& name : names)
        insert.run(name_of(name.kind), name.within, name.name, name.number);
    connection.run("COMMIT");
}

}  // namespace entente::store
