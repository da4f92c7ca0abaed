#include "store/record_table.hpp"

#include <tuple>
#include <utility>

#include "store/digest_bytes.hpp"
#include "store/sql.hpp"

namespace entente::store {
namespace {

constexpr std::string_view table = "records";

std::optional<std::int64_t> ms_of(const std::optional<Instant>& instant) {
    if (!instant) return std::nullopt;
    return instant->ms;
}

}  // namespace

RecordTable::RecordTable(Session& session)
    : session_(session),
      find_(*session.connection, sql::find_record),
      select_(*session.connection, sql::select_record),
      children_(*session.connection, sql::record_children),
      live_(*session.connection, sql::live_records),
      pending_(*session.connection, sql::pending_records),
      insert_(*session.connection, sql::insert_record),
      insert_body_(*session.connection, sql::insert_body),
      update_content_(*session.connection, sql::update_head_content),
      update_matching_(*session.connection, sql::update_head_matching),
      update_all_(*session.connection, sql::update_head),
      rename_(*session.connection, sql::rename_record),
      update_body_(*session.connection, sql::update_body) {}

void RecordTable::read_head(const Rows& row, ResourceIndex resource, sync::RecordHead& head) {
    head.id.value = row.integer(0);
    head.resource = resource;
    head.external_id = row.text(2);
    head.parent.value = row.integer(3);
    head.state = row.one_of(4, sync::RecordState::gone);
    head.matching = row.one_of(5, sync::Matching::outside);
    if (!digest_from(row.blob(6), head.digest)) {
        session_.connection->poison_corrupt(table, head.id.value, "the digest cannot be read");
    }
    head.etag = row.text(7);
    if (!row.is_null(8)) head.modified = Instant{row.integer(8)};
    head.changed_at.ms = row.integer(9);
    head.written_at.ms = row.integer(10);
}

std::vector<std::optional<sync::RecordHead>> RecordTable::find(ResourceIndex resource,
                                                               std::span<const std::string> ids) {
    std::vector<std::optional<sync::RecordHead>> out(ids.size());
    const std::int64_t number = session_.names.number(resource);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        Rows row = find_.rows(number, ids[i]);
        if (row.next()) read_head(row, resource, out[i].emplace());
    }
    return out;
}

std::vector<sync::Record> RecordTable::select(std::span<const RecordId> ids) {
    std::vector<sync::Record> out;
    out.reserve(ids.size());
    for (const RecordId id : ids) {
        Rows row = select_.rows(id.value);
        if (!row.next()) continue;
        const ResourceIndex resource =
            session_.index_of(session_.names.resource(row.integer(1)), table, id.value);
        if (!resource) continue;
        sync::Record& record = out.emplace_back();
        read_head(row, resource, record);
        if (row.is_null(11))
            session_.connection->poison_corrupt("bodies", id.value, "the row is missing");
        record.body = row.text(11);
    }
    return out;
}

std::vector<RecordId> RecordTable::children(RecordId parent) {
    std::vector<RecordId> out;
    for (Rows row = children_.rows(parent.value); row.next();) {
        const std::int64_t id = row.integer(0);
        if (session_.index_of(session_.names.resource(row.integer(1)), table, id))
            out.push_back({id});
    }
    return out;
}

std::vector<sync::RecordHead> RecordTable::live(ResourceIndex resource, RecordId after, int limit) {
    std::vector<sync::RecordHead> out;
    const std::int64_t number = session_.names.number(resource);
    for (Rows row = live_.rows(number, after.value, limit_of(limit)); row.next();) {
        read_head(row, resource, out.emplace_back());
    }
    return out;
}

std::vector<RecordId> RecordTable::pending(ResourceIndex resource, RecordId after, int limit) {
    std::vector<RecordId> out;
    const std::int64_t number = session_.names.number(resource);
    for (Rows row = pending_.rows(number, after.value, limit_of(limit)); row.next();) {
        out.push_back({row.integer(0)});
    }
    return out;
}

void RecordTable::insert(std::span<const sync::Record> records) {
    for (const sync::Record& record : records) {
        CHECK(record.id && record.resource, "a record has an id and belongs to a resource");
        const DigestBytes digest(record.digest);
        insert_.run(record.id.value, session_.names.number(record.resource), record.external_id,
                    record.parent.value, std::int64_t{std::to_underlying(record.state)},
                    std::int64_t{std::to_underlying(record.matching)}, Blob{digest.bytes()},
                    record.etag, ms_of(record.modified), record.changed_at.ms,
                    record.written_at.ms);
        insert_body_.run(record.id.value, record.body);
    }
}

void RecordTable::update(std::span<const sync::Record> records) {
    Statement* usual = &update_content_;
    for (const sync::Record& record : records) {
        update_head(record, usual);
        const std::int64_t changed = update_body_.run(record.body, record.id.value);
        if (changed != 1)
            session_.connection->poison_corrupt("bodies", record.id.value, "there is no such row");
    }
}

void RecordTable::update(std::span<const sync::RecordHead> heads) {
    Statement* usual = &update_content_;
    for (const sync::RecordHead& head : heads) update_head(head, usual);
}

void RecordTable::rename(RecordId record, const std::string& external_id) {
    if (rename_.run(record.value, external_id) != 1)
        session_.connection->poison_corrupt(table, record.value, "there is no such row");
}

void RecordTable::update_head(const sync::RecordHead& head, Statement*& usual) {
    CHECK(head.resource, "a record belongs to a resource");
    const DigestBytes digest(head.digest);
    const auto values = std::tuple(
        head.id.value, session_.names.number(head.resource), std::string_view(head.external_id),
        head.parent.value, std::int64_t{std::to_underlying(head.state)},
        std::int64_t{std::to_underlying(head.matching)}, Blob{digest.bytes()},
        std::string_view(head.etag), ms_of(head.modified), head.changed_at.ms, head.written_at.ms);
    for (Statement* statement : {usual, &update_matching_, &update_all_}) {
        const auto run = [&](const auto&... value) { return statement->run(value...); };
        if (std::apply(run, values) != 1) continue;
        if (statement == &update_matching_) usual = statement;
        return;
    }
    session_.connection->poison_corrupt(table, head.id.value, "there is no such row");
}

}  // namespace entente::store
