// A Snapshot on a connection of its own: a read transaction that stays open until it is refreshed.
#pragma once

#include "store/port.hpp"
#include "store/sqlite_store.hpp"
#include "store/tables.hpp"

namespace entente::store {

// Base of SqliteSnapshot, so that the tables exist before the reader that refers to them.
struct SnapshotParts {
    explicit SnapshotParts(std::unique_ptr<Session> opened)
        : session(std::move(opened)), tables(*session, 0) {}
    std::unique_ptr<Session> session;
    Tables tables;
};

class SqliteSnapshot final : private SnapshotParts, public ReaderOf<Snapshot, Tables> {
public:
    SqliteSnapshot(std::unique_ptr<Session> opened, Names names);

    Result<void> refresh() override;
    Result<void> state() const override;

private:
    Names configured_;
};

}  // namespace entente::store
