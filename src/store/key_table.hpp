// Match keys: which records carry a digest. Two tables: `record_keys`, the keys of each record, which grows at its end
// only, and `match_keys`, the records of each key, which trails behind: keys of the newest records are kept in memory
// (RecentKeys) and reach it in sorted slices, one with each commit. A question asks both.
#pragma once

#include <span>
#include <vector>

#include "store/recent_keys.hpp"
#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/store.hpp"

namespace entente::store {

class KeyTable {
public:
    // `recent_max`: so many keys are kept in memory before a merge begins.
    KeyTable(Session& session, std::size_t recent_max);

    std::vector<std::vector<Digest>> keys_of(std::span<const RecordId> records);
    std::vector<std::vector<sync::Carrier>> carriers(std::span<const Digest> keys, int limit);
    void set(RecordId record, ResourceIndex resource, std::span<const Digest> keys, bool fresh);

    // Brings a slice of what is in memory into the table when there is too much of it. Part of every commit.
    void merge_some();
    // What is in memory may not be what is in the file: after a rollback, and when a snapshot moves on.
    void forget() { is_loaded_ = false; }

private:
    void load();
    void add(const CarriedKey& carried, std::int64_t resource);
    void remove(const CarriedKey& carried);
    std::vector<Digest> keys_of(RecordId record);

    Session& session_;
    const std::size_t recent_max_;
    RecentKeys recent_;
    bool is_loaded_ = false;
    std::size_t added_ = 0;  // since the last slice
    Statement select_keys_, insert_keys_, update_keys_, delete_keys_, newer_keys_, counter_,
        put_counter_;
    Statement carriers_, insert_, delete_;
};

}  // namespace entente::store
