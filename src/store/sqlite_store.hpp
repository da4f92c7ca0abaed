// The store on SQLite: one file per workspace, one writer, any number of readers. A commit is durable when it returns
// (WAL with synchronous=FULL; G10). `run` owns the writer; status, verify and the console read snapshots of their own,
// in this or another process. docs/STORE.md says what is inside and how to look at it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "store/lock_file.hpp"
#include "store/names.hpp"
#include "sync/store.hpp"

namespace entente::store {

struct Session;
struct Tables;

struct OpenOptions {
    // Pages of 4 KiB that the file may have; 0: as many as the disk holds. More is "disk full".
    std::int64_t page_limit = 0;
    // Asked by SQLite inside every commit; true makes it fail as a disk would. For tests of crashes.
    std::function<bool()> refuse_commit;
    // Match keys kept in memory (KeyTable). More write fewer pages in a large first sync (with 4 million keys in the
    // store, 262144 write a tenth of what a page for each key would be), but take more memory (about 30 MB at the most)
    // and more time at open (a fraction of a second).
    std::size_t recent_keys = 1 << 18;
};

// What a file holds, before it is opened: nothing yet (no file, or one without tables), a store of an older version, or one
// of today's.
enum class Age { none, older, today };
Result<Age> age_of(const std::string& path);

// A consistent view of one moment, for as long as it lives or until it is refreshed. A query that fails answers
// nothing; `state` tells. Keep it short-lived: what it still sees cannot be removed from the write-ahead log.
class Snapshot : public sync::StoreReader {
public:
    // Moves to the present, and forgets what went wrong before.
    virtual Result<void> refresh() = 0;
    // The first thing that went wrong since then.
    virtual Result<void> state() const = 0;
};

class SqliteStore final : public sync::Store {
public:
    // Makes folder (0700), file (0600) and tables where missing, and takes the workspace's lock: busy when another
    // process has it. ":memory:" has neither file nor lock. Errors of the medium are ErrorKind::store.
    static Result<std::unique_ptr<SqliteStore>> open(const std::string& path, Names names);
    static Result<std::unique_ptr<SqliteStore>> open(const std::string& path, Names names,
                                                     OpenOptions options);

    // Reads while a writer runs, or without one; changes nothing. not_found when nothing was stored yet: there is no such file,
    // or it has no tables. store, with the remedy: the store has an older version.
    static Result<std::unique_ptr<Snapshot>> open_reader(const std::string& path, Names names);

    ~SqliteStore() override;
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    // Requires: no other transaction is alive, and the store outlives it.
    Result<std::unique_ptr<sync::Transaction>> begin() override;

    // The last ids that were given out.
    struct Counters {
        std::int64_t record = 0, entity = 0, link = 0, intent = 0;
        friend bool operator==(const Counters&, const Counters&) = default;
    };

private:
    SqliteStore(LockFile lock, std::unique_ptr<Session> session, OpenOptions options);
    Result<void> prepare();

    // Released last: whoever gets it next finds the file closed.
    LockFile lock_;
    OpenOptions options_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<Tables> tables_;
    Counters counters_;
    bool in_transaction_ = false;
};

}  // namespace entente::store
