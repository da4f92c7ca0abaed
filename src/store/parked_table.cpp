#include "store/parked_table.hpp"

#include <set>
#include <utility>

#include "store/codec.hpp"
#include "store/digest_bytes.hpp"
#include "store/sql.hpp"

namespace entente::store {
namespace {

constexpr std::string_view table = "parked";

}  // namespace

ParkedTable::ParkedTable(Session& session)
    : session_(session),
      select_(*session.connection, sql::select_parked),
      of_record_(*session.connection, sql::parked_record),
      of_create_(*session.connection, sql::parked_create),
      creates_(*session.connection, sql::parked_creates),
      naming_(*session.connection, sql::parked_naming),
      any_candidate_(*session.connection, sql::any_parked_candidate),
      count_(*session.connection, sql::count_parked),
      insert_(*session.connection, sql::insert_parked),
      insert_candidate_(*session.connection, sql::insert_parked_candidate),
      drop_record_(*session.connection, sql::drop_parked_record),
      drop_candidate_(*session.connection, sql::drop_parked_candidate),
      drop_create_(*session.connection, sql::drop_parked_create) {}

bool ParkedTable::read(const Rows& row, sync::Parked& parked) {
    parked.record.value = row.integer(0);
    parked.entity.value = row.integer(1);
    const std::int64_t id = parked.record ? parked.record.value : parked.entity.value;
    const std::int64_t data_type = row.integer(2);
    parked.data_type = session_.index_of(session_.names.data_type(data_type), table, id);
    if (data_type != NameTable::none && !parked.data_type) return false;
    parked.reason = row.one_of(3, sync::ParkReason::retyped);
    parked.since.ms = row.integer(4);
    parked.text = row.text(5);
    if (!decode_ids(row.blob(6), parked.candidates)) {
        session_.connection->poison_corrupt(table, id, "the candidates cannot be read");
    }
    if (!digest_from(row.blob(7), parked.refused)) {
        session_.connection->poison_corrupt(table, id, "what was refused cannot be read");
    }
    parked.offers = {Instant{row.integer(8)}, Duration{row.integer(9)},
                     static_cast<int>(row.integer(10)), Duration{row.integer(11)}};
    return true;
}

std::vector<sync::Parked> ParkedTable::all(int limit) {
    std::vector<sync::Parked> out;
    for (Rows row = select_.rows(); std::ssize(out) < limit_of(limit) && row.next();) {
        sync::Parked parked;
        if (read(row, parked)) out.push_back(std::move(parked));
    }
    return out;
}

std::optional<sync::Parked> ParkedTable::of_record(RecordId record) {
    Rows row = of_record_.rows(record.value);
    sync::Parked parked;
    if (!row.next() || !read(row, parked)) return std::nullopt;
    return parked;
}

std::optional<sync::Parked> ParkedTable::of_create(EntityId entity, DataTypeIndex data_type) {
    Rows row = of_create_.rows(entity.value, session_.names.number(data_type));
    sync::Parked parked;
    if (!row.next() || !read(row, parked)) return std::nullopt;
    return parked;
}

std::vector<sync::Parked> ParkedTable::creates(DataTypeIndex data_type, EntityId after, int limit) {
    std::vector<sync::Parked> out;
    for (Rows row = creates_.rows(after.value, session_.names.number(data_type), limit_of(limit));
         row.next();) {
        sync::Parked parked;
        if (read(row, parked)) out.push_back(std::move(parked));
    }
    return out;
}

// Asked before every create, while hardly anything is ever parked.
std::vector<ResourceIndex> ParkedTable::naming(std::span<const RecordId> candidates) {
    if (!any_candidate_.rows().next()) return {};
    std::set<ResourceIndex> out;
    for (const RecordId candidate : candidates) {
        for (Rows row = naming_.rows(candidate.value); row.next();) {
            const auto found = session_.names.resource(row.integer(0));
            const ResourceIndex resource =
                session_.index_of(found, "parked_candidates", candidate.value);
            if (resource) out.insert(resource);
        }
    }
    return {out.begin(), out.end()};
}

std::map<sync::ParkReason, std::int64_t> ParkedTable::counts() {
    std::map<sync::ParkReason, std::int64_t> out;
    for (Rows row = count_.rows(); row.next();) {
        const std::int64_t data_type = row.integer(1);
        const auto index = session_.index_of(session_.names.data_type(data_type), table, 0);
        if (data_type != NameTable::none && !index) continue;
        out[row.one_of(0, sync::ParkReason::retyped)] += row.integer(2);
    }
    return out;
}

void ParkedTable::put(const sync::Parked& parked) {
    CHECK(parked.record || (parked.entity && parked.data_type),
          "a record is parked, or a create of an entity");
    if (parked.record) drop_record(parked.record);
    const std::string candidates = encode_ids(parked.candidates);
    const DigestBytes refused(parked.refused);
    insert_.run(parked.record.value, parked.entity.value, session_.names.number(parked.data_type),
                std::int64_t{std::to_underlying(parked.reason)}, parked.since.ms, parked.text,
                Blob{candidates}, Blob{refused.bytes()}, parked.offers.next.ms,
                parked.offers.pause.ms, std::int64_t{parked.offers.made}, parked.offers.lasted.ms);
    if (!parked.record) return;
    for (const RecordId candidate : parked.candidates)
        insert_candidate_.run(candidate.value, parked.record.value);
}

void ParkedTable::drop_record(RecordId record) {
    std::vector<RecordId> candidates;
    if (Rows row = of_record_.rows(record.value); row.next()) {
        if (!decode_ids(row.blob(6), candidates)) {
            session_.connection->poison_corrupt(table, record.value,
                                                "the candidates cannot be read");
        }
    } else {
        return;
    }
    for (const RecordId candidate : candidates) drop_candidate_.run(candidate.value, record.value);
    drop_record_.run(record.value);
}

void ParkedTable::drop_create(EntityId entity, DataTypeIndex data_type) {
    drop_create_.run(entity.value, session_.names.number(data_type));
}

}  // namespace entente::store
