// Records: heads in one table, bodies in another, so that a rescan and a change of state touch small rows only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/state.hpp"

namespace entente::store {

class RecordTable {
public:
    explicit RecordTable(Session& session);

    std::vector<std::optional<sync::RecordHead>> find(ResourceIndex resource,
                                                      std::span<const std::string> ids);
    std::vector<sync::Record> select(std::span<const RecordId> ids);
    std::vector<RecordId> children(RecordId parent);
    std::vector<sync::RecordHead> live(ResourceIndex resource, RecordId after, int limit);
    std::vector<RecordId> pending(ResourceIndex resource, RecordId after, int limit);

    void insert(std::span<const sync::Record> records);
    void update(std::span<const sync::Record> records);
    void update(std::span<const sync::RecordHead> heads);
    void rename(RecordId record, const std::string& external_id);

private:
    void read_head(const Rows& row, ResourceIndex resource, sync::RecordHead& head);
    // `usual` is tried first, and becomes what the head needed: the records of a batch change alike.
    void update_head(const sync::RecordHead& head, Statement*& usual);

    Session& session_;
    Statement find_, select_, children_, live_, pending_;
    Statement insert_, insert_body_, update_content_, update_matching_, update_all_, rename_,
        update_body_;
};

}  // namespace entente::store
