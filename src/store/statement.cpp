#include "store/statement.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

namespace entente::store {
namespace {

// SQLite takes a null pointer for NULL; an empty text is not NULL.
const char* not_null(std::string_view bytes) {
    return bytes.data() == nullptr ? "" : bytes.data();
}

std::string_view view_of(const void* data, int size) {
    if (data == nullptr || size <= 0) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

}  // namespace

Rows::~Rows() {
    if (statement_ != nullptr) statement_->reset();
}

bool Rows::next() {
    return statement_->step();
}

std::int64_t Rows::integer(int column) const {
    return sqlite3_column_int64(statement_->handle_, column);
}

std::string_view Rows::text(int column) const {
    const void* data = sqlite3_column_text(statement_->handle_, column);
    return view_of(data, sqlite3_column_bytes(statement_->handle_, column));
}

std::string_view Rows::blob(int column) const {
    const void* data = sqlite3_column_blob(statement_->handle_, column);
    return view_of(data, sqlite3_column_bytes(statement_->handle_, column));
}

bool Rows::is_null(int column) const {
    return sqlite3_column_type(statement_->handle_, column) == SQLITE_NULL;
}

void Rows::unknown_state(std::int64_t n) const {
    statement_->connection_.poison(Error{
        ErrorKind::corrupt, fmt::format("{} is no value of a column of: {}", n, statement_->sql_),
        statement_->connection_.path()});
}

Statement::~Statement() {
    sqlite3_finalize(handle_);
}

bool Statement::prepare() {
    if (connection_.poisoned()) return false;
    if (handle_ != nullptr) return true;
    const int code =
        sqlite3_prepare_v3(connection_.handle(), sql_.data(), static_cast<int>(sql_.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (code != SQLITE_OK) connection_.poison(code);
    return code == SQLITE_OK;
}

void Statement::bind(int position, std::int64_t n) {
    const int code = sqlite3_bind_int64(handle_, position, n);
    CHECK(code == SQLITE_OK, "a parameter that the statement has");
}

// Larger than SQLite's limit of one value is the one thing that can go wrong here.
void Statement::bind(int position, std::string_view text) {
    const int code = sqlite3_bind_text64(handle_, position, not_null(text), text.size(),
                                         SQLITE_STATIC, SQLITE_UTF8);
    if (code != SQLITE_OK) connection_.poison(code);
}

void Statement::bind(int position, const Blob& blob) {
    const int code = sqlite3_bind_blob64(handle_, position, not_null(blob.bytes), blob.bytes.size(),
                                         SQLITE_STATIC);
    if (code != SQLITE_OK) connection_.poison(code);
}

void Statement::bind(int position, std::nullopt_t) {
    const int code = sqlite3_bind_null(handle_, position);
    CHECK(code == SQLITE_OK, "a parameter that the statement has");
}

bool Statement::step() {
    if (connection_.poisoned()) return false;
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) connection_.poison(code);
    return false;
}

void Statement::reset() {
    if (handle_ != nullptr) sqlite3_reset(handle_);
}

std::int64_t Statement::finish() {
    if (connection_.poisoned()) {
        reset();
        return 0;
    }
    const bool has_row = step();
    const std::int64_t changed = sqlite3_changes64(connection_.handle());
    reset();
    CHECK(!has_row, "a statement that is run has no results");
    return connection_.poisoned() ? 0 : changed;
}

}  // namespace entente::store
