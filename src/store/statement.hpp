// A prepared statement of one connection: prepared at its first use and kept, parameters bound by position, columns
// read by position. On a poisoned connection nothing runs and every query is empty. Values that are bound are not
// copied: they must live until the row is left.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "store/connection.hpp"

struct sqlite3_stmt;

namespace entente::store {

// Bytes, bound as BLOB; a string_view is bound as TEXT.
struct Blob {
    std::string_view bytes;
};

class Statement;

// The rows of a running query. Resets the statement when it goes, so that no read keeps a transaction open.
class Rows {
public:
    explicit Rows(Statement& statement) : statement_(&statement) {}
    Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    Rows& operator=(Rows&&) = delete;
    ~Rows();

    // Moves to the next row; false at the end and on failure.
    bool next();
    // Requires: next() was true. Texts and blobs live until the next call of next().
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    std::string_view blob(int column) const;
    bool is_null(int column) const;
    // A count of an enumeration, poisoning when it is none of them.
    template <class E>
    E one_of(int column, E last) const {
        const std::int64_t n = integer(column);
        if (n >= 0 && n <= static_cast<std::int64_t>(last)) return static_cast<E>(n);
        unknown_state(n);
        return E{};
    }

private:
    void unknown_state(std::int64_t n) const;
    Statement* statement_;
};

class Statement {
public:
    // Requires: the connection outlives the statement's use; `sql` is a literal.
    Statement(Connection& connection, std::string_view sql) : connection_(connection), sql_(sql) {}
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    template <class... Args>
    [[nodiscard]] Rows rows(const Args&... args) {
        start(args...);
        return Rows(*this);
    }

    // Runs a statement without results; the number of rows it changed.
    template <class... Args>
    std::int64_t run(const Args&... args) {
        start(args...);
        return finish();
    }

private:
    friend class Rows;
    template <class... Args>
    void start(const Args&... args) {
        if (!prepare()) return;
        int position = 0;
        (bind(++position, args), ...);
    }
    bool prepare();
    void bind(int position, std::int64_t n);
    void bind(int position, std::string_view text);
    void bind(int position, const Blob& blob);
    void bind(int position, std::nullopt_t);
    template <class T>
    void bind(int position, const std::optional<T>& value) {
        value ? bind(position, *value) : bind(position, std::nullopt);
    }
    bool step();
    void reset();
    std::int64_t finish();

    Connection& connection_;
    std::string_view sql_;
    sqlite3_stmt* handle_ = nullptr;
};

}  // namespace entente::store
