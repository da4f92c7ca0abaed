// The one write transaction of a SqliteStore. What it changes is in the file when commit returns without error, and
// nothing of it is otherwise: not after a failed write, a failed commit, or its destruction (G10).
#pragma once

#include "store/port.hpp"
#include "store/sqlite_store.hpp"
#include "store/tables.hpp"

namespace entente::store {

class SqliteTransaction final : public WriterOf<Tables> {
public:
    static Result<void> start(Connection& connection);
    // Requires: started; all outlive it. `active` is true for as long as it lives.
    SqliteTransaction(Session& session, Tables& tables, SqliteStore::Counters& counters,
                      bool& active);
    ~SqliteTransaction() override;
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;

    RecordId new_record_id() override { return {++counters_.record}; }
    EntityId new_entity_id() override { return {++counters_.entity}; }
    LinkId new_link_id() override { return {++counters_.link}; }
    IntentId new_intent_id() override { return {++counters_.intent}; }

    Result<void> commit() override;

private:
    void save_counters();
    void roll_back();

    Session& session_;
    SqliteStore::Counters& counters_;
    const SqliteStore::Counters saved_;
    bool& active_;
    bool is_over_ = false;
};

}  // namespace entente::store
