#include "store/dirty_table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "store/sql.hpp"

namespace entente::store {
namespace {

void read(Rows rows, DataTypeIndex data_type, std::vector<sync::Dirty>& out) {
    while (rows.next()) {
        sync::Dirty& dirty = out.emplace_back();
        dirty.entity.value = rows.integer(0);
        dirty.data_type = data_type;
        dirty.not_before.ms = rows.integer(1);
        dirty.awaits.value = rows.integer(2);
        dirty.why = rows.text(3);
        dirty.backfill = rows.integer(4) != 0;
        dirty.in_vain.failed = static_cast<int>(rows.integer(5));
        dirty.in_vain.waited = static_cast<int>(rows.integer(6));
        dirty.is_offer = rows.integer(7) != 0;
    }
}

}  // namespace

DirtyTable::DirtyTable(Session& session)
    : session_(session),
      ready_(*session.connection, sql::dirty_ready),
      due_(*session.connection, sql::dirty_due),
      waiting_(*session.connection, sql::dirty_waiting),
      next_(*session.connection, sql::next_dirty),
      next_awaited_(*session.connection, sql::next_awaited),
      put_(*session.connection, sql::put_dirty),
      drop_(*session.connection, sql::drop_dirty),
      any_awaiting_(*session.connection, sql::any_awaiting),
      release_awaiting_(*session.connection, sql::release_awaiting),
      release_waiting_(*session.connection, sql::release_waiting) {}

// Two short index scans instead of one over everything that waits: those that were always ready, and those whose
// time has come.
std::vector<sync::Dirty> DirtyTable::ready(DataTypeIndex data_type, Instant now, int limit) {
    const std::int64_t number = session_.names.number(data_type);
    std::vector<sync::Dirty> always, due, out;
    read(ready_.rows(number, limit_of(limit)), data_type, always);
    read(due_.rows(now.ms, number, limit_of(limit)), data_type, due);
    const auto turn = [](const sync::Dirty& dirty) {
        return std::pair(dirty.backfill, dirty.entity);
    };
    std::ranges::merge(always, due, std::back_inserter(out), {}, turn, turn);
    if (std::ssize(out) > limit_of(limit)) out.resize(static_cast<std::size_t>(limit));
    return out;
}

std::vector<sync::Dirty> DirtyTable::waiting(DataTypeIndex data_type, int limit) {
    std::vector<sync::Dirty> out;
    read(waiting_.rows(session_.names.number(data_type), limit_of(limit)), data_type, out);
    return out;
}

std::optional<Instant> DirtyTable::first_of(Rows row) {
    while (row.next()) {
        const Instant at{row.integer(0)};
        if (session_.index_of(session_.names.data_type(row.integer(1)), "dirty", at.ms)) return at;
    }
    return std::nullopt;
}

std::optional<Instant> DirtyTable::next(Instant after) {
    return first_of(next_.rows(after.ms));
}

std::optional<Instant> DirtyTable::next_awaited(Instant after) {
    return first_of(next_awaited_.rows(after.ms));
}

void DirtyTable::put(std::span<const sync::Dirty> dirty) {
    for (const sync::Dirty& d : dirty) {
        CHECK(d.entity && d.data_type, "a dirty pair has an entity and a data type");
        CHECK(d.not_before >= Instant{}, "a dirty pair waits for a time after 1970");
        put_.run(session_.names.number(d.data_type), d.entity.value, d.not_before.ms,
                 d.awaits.value, d.why, std::int64_t{d.backfill}, std::int64_t{d.in_vain.failed},
                 std::int64_t{d.in_vain.waited}, std::int64_t{d.is_offer});
    }
}

void DirtyTable::drop(EntityId entity, DataTypeIndex data_type) {
    drop_.run(session_.names.number(data_type), entity.value);
}

// Asked after every link that is made, while there is hardly ever anything that awaits one.
void DirtyTable::release_awaiting(std::span<const EntityId> entities) {
    if (!any_awaiting_.rows().next()) return;
    for (const EntityId entity : entities) release_awaiting_.run(entity.value);
}

void DirtyTable::release_waiting(DataTypeIndex data_type) {
    release_waiting_.run(session_.names.number(data_type));
}

}  // namespace entente::store
