// The tables of a store file, their version, and the way from every older version to this one. The file names itself by
// PRAGMA application_id and its version by PRAGMA user_version; a newer version, another program's file or bytes that
// are no database are refused with a text that says what to do, and are left untouched. docs/STORE.md has every column.
#pragma once

#include <vector>

#include "store/connection.hpp"
#include "store/names.hpp"

namespace entente::store {

inline constexpr std::int64_t schema_version = 5;

// Sets what a connection needs and makes or migrates the tables, all in one transaction.
Result<void> prepare_for_writing(Connection& connection);
// Checks that the file is a store of this version; changes nothing. not_found: it is empty, as a first run leaves it that is
// killed before its first commit.
Result<void> prepare_for_reading(Connection& connection);
// From 0, a file without tables, to schema_version; store: another program's file, or one of a newer version.
Result<std::int64_t> version_of(Connection& connection);

// The rows of `names`. Poisons the connection on failure.
std::vector<NumberedName> stored_names(Connection& connection);
void store_names(Connection& connection, std::span<const NumberedName> names);

}  // namespace entente::store
