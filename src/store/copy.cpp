#include "store/copy.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <system_error>

#include "store/connection.hpp"
#include "store/lock_file.hpp"

namespace entente::store {

Result<void> copy_store(const std::string& from, const std::string& to) {
    std::error_code ignored;
    if (!std::filesystem::exists(from, ignored))
        return fail(ErrorKind::not_found, "there is no store yet", from);
    TRY_VOID(make_private_file(to));
    TRY(const auto source, Connection::open(from, OpenMode::read));
    TRY(const auto target, Connection::open(to, OpenMode::write));
    sqlite3_backup* backup =
        sqlite3_backup_init(target->handle(), "main", source->handle(), "main");
    if (!backup) return std::unexpected(target->explain(sqlite3_errcode(target->handle())));
    const int copied = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (copied == SQLITE_DONE) return {};
    return std::unexpected(target->explain(copied));
}

}  // namespace entente::store
