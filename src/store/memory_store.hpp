// The store in memory: the whole port in ordered containers, with SqliteStore's semantics and none of its durability.
// For the deterministic world and for tests, which make, crash and clone thousands of stores a minute; `run` never uses
// it. "Durable" is what was committed: it outlives the engine, not the process. A transaction notes what it changes and
// takes it back when it is not committed; nothing is copied. Not thread-safe, and a store and its clones, which share
// rows, belong to one thread together.
#pragma once

#include <memory>

#include "base/digest.hpp"
#include "store/names.hpp"
#include "sync/store.hpp"

namespace entente::store {

struct MemorySession;
struct MemoryTables;

class MemoryStore final : public sync::Store {
public:
    explicit MemoryStore(Names names);
    ~MemoryStore() override;
    MemoryStore(const MemoryStore&) = delete;
    MemoryStore& operator=(const MemoryStore&) = delete;

    // Requires: no other transaction is alive, and the store outlives it. Never fails. Changes that cannot be (a second
    // record of one external id, an update of a row that is not there) poison the transaction: it answers nothing any
    // more and commit fails, with the kinds of SqliteStore.
    Result<std::unique_ptr<sync::Transaction>> begin() override;

    // Goes on under a configuration that has grown. Rows hold indexes as they are, not numbers that outlive a
    // configuration as in a file. Requires: no transaction is alive; the names begin with those so far (systems were
    // appended at the end, nothing was removed, renamed, reordered, and no model has changed).
    void grow(Names names);

    // Another store with the same rows and last ids; neither ever sees what becomes of the other. Takes the same short
    // time whatever is in it: a container is copied when one of the two first changes it. Requires: no transaction is
    // alive.
    std::unique_ptr<MemoryStore> clone() const;

    // Of every row, field by field: equal for equal rows, however they came to be and whatever ids were given out and
    // not used; the same in every process. Requires: no transaction is alive.
    Digest digest() const;

private:
    friend class MemoryTransaction;
    struct Counters {
        std::int64_t record = 0, entity = 0, link = 0, intent = 0;
    };

    std::unique_ptr<MemorySession> session_;
    std::unique_ptr<MemoryTables> tables_;
    Counters counters_;
    bool in_transaction_ = false;
};

}  // namespace entente::store
