// One SQLite handle and the first thing that went wrong on it. Reads and writes of a transaction have no Result of
// their own: the first failure poisons the connection, everything after it does nothing, and commit reports it (G10).
// `recover` makes it usable again after a rollback. Not thread-safe; one connection per thread that needs one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

struct sqlite3;

namespace entente::store {

enum class OpenMode { write, read };

class Connection {
public:
    // The file must exist (the caller makes it, with its rights); ":memory:" is a database of its own.
    static Result<std::unique_ptr<Connection>> open(const std::string& path, OpenMode mode);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Runs statements without parameters and without results; poisons on failure.
    bool run(const char* sql);
    // The single integer of a PRAGMA or query; poisons on failure.
    std::int64_t number(const char* sql);

    // Rows that this connection has changed since it was opened.
    std::int64_t changes() const;

    bool poisoned() const { return error_.has_value(); }
    // Keeps the first one only.
    void poison(Error error);
    void poison(int sqlite_code);
    // A stored thing that cannot be what it must be: "links 17: the shadows cannot be read".
    void poison_corrupt(std::string_view table, std::int64_t id, std::string_view what);
    // The error, or success.
    Result<void> state() const;
    void recover() { error_.reset(); }
    // What SQLite's code means, where, and what to do about it.
    Error explain(int sqlite_code) const;

    const std::string& path() const { return path_; }
    sqlite3* handle() { return handle_; }

private:
    Connection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

    sqlite3* handle_;
    std::string path_;
    std::optional<Error> error_;
};

}  // namespace entente::store
