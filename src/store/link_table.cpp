#include "store/link_table.hpp"

#include <iterator>
#include <utility>

#include "store/codec.hpp"
#include "store/sql.hpp"

namespace entente::store {
namespace {

constexpr std::string_view table = "links";

}  // namespace

LinkTable::LinkTable(Session& session)
    : session_(session),
      of_record_(*session.connection, sql::links_of_record),
      of_entity_(*session.connection, sql::links_of_entity),
      of_data_type_(*session.connection, sql::links_of_data_type),
      select_blobs_(*session.connection, sql::select_link_blobs),
      insert_(*session.connection, sql::insert_link),
      update_content_(*session.connection, sql::update_link_content),
      update_all_(*session.connection, sql::update_link),
      delete_(*session.connection, sql::delete_link) {}

void LinkTable::read(const Rows& row, std::vector<sync::Link>& out) {
    const NameTable& names = session_.names;
    const std::int64_t id = row.integer(0);
    const DataTypeIndex data_type = session_.index_of(names.data_type(row.integer(2)), table, id);
    if (!data_type) return;
    sync::Link& link = out.emplace_back();
    link.id.value = id;
    link.record.value = row.integer(1);
    link.data_type = data_type;
    link.entity.value = row.integer(3);
    link.state = row.one_of(4, sync::LinkState::unlinked);
    link.origin = row.one_of(5, sync::LinkOrigin::by_hand);
    link.made_at.ms = row.integer(6);
    const ModelIndex model = names.model_of(data_type);
    if (!decode_shadows(names, model, Retired::dropped, row.blob(7), link.shadows)) {
        session_.connection->poison_corrupt(table, id, "the shadows cannot be read");
    }
    if (!row.is_null(8) && !decode_held(names, model, Retired::dropped, row.blob(8), link.held)) {
        session_.connection->poison_corrupt(table, id, "the held properties cannot be read");
    }
}

std::vector<sync::Link> LinkTable::of_records(std::span<const RecordId> records) {
    std::vector<sync::Link> out;
    out.reserve(records.size());
    for (const RecordId record : records) {
        for (Rows row = of_record_.rows(record.value); row.next();) read(row, out);
    }
    return out;
}

std::vector<sync::Link> LinkTable::of_entities(std::span<const EntityId> entities) {
    std::vector<sync::Link> out;
    out.reserve(entities.size());
    for (const EntityId entity : entities) {
        for (Rows row = of_entity_.rows(entity.value); row.next();) read(row, out);
    }
    return out;
}

std::vector<sync::Link> LinkTable::of_data_type(DataTypeIndex data_type, LinkId after, int limit) {
    std::vector<sync::Link> out;
    const std::int64_t number = session_.names.number(data_type);
    for (Rows row = of_data_type_.rows(after.value, number, limit_of(limit)); row.next();)
        read(row, out);
    return out;
}

std::int64_t LinkTable::write(Statement& statement, const sync::Link& link) {
    CHECK(link.id && link.data_type, "a link has an id and a data type");
    const ModelIndex model = session_.names.model_of(link.data_type);
    const std::string shadows = encode_shadows(session_.names, model, link.shadows);
    std::string held;
    if (!link.held.empty()) held = encode_held(session_.names, model, link.held);
    return statement.run(
        link.id.value, link.record.value, session_.names.number(link.data_type), link.entity.value,
        std::int64_t{std::to_underlying(link.state)}, static_cast<std::int64_t>(link.held.size()),
        std::int64_t{std::to_underlying(link.origin)}, link.made_at.ms, Blob{shadows},
        link.held.empty() ? std::nullopt : std::optional(Blob{held}));
}

void LinkTable::carry_retired(sync::Link& link) {
    const NameTable& names = session_.names;
    const ModelIndex model = names.model_of(link.data_type);
    const std::size_t configured = names.property_count(model);
    CHECK(link.shadows.size() <= configured, "a shadow belongs to a property of its model");
    std::vector<sync::Shadow> shadows;
    std::vector<sync::Held> held;
    Rows row = select_blobs_.rows(link.id.value);
    if (!row.next()) return;
    if (!decode_shadows(names, model, Retired::kept, row.blob(0), shadows) ||
        (!row.is_null(1) && !decode_held(names, model, Retired::kept, row.blob(1), held))) {
        session_.connection->poison_corrupt(table, link.id.value, "the shadows cannot be read");
        return;
    }
    link.shadows.resize(configured);
    const auto first_retired = shadows.begin() + static_cast<std::ptrdiff_t>(configured);
    std::move(first_retired, shadows.end(), std::back_inserter(link.shadows));
    for (sync::Held& h : held) {
        if (h.property.at() >= configured) link.held.push_back(std::move(h));
    }
}

void LinkTable::insert(std::span<const sync::Link> links) {
    for (const sync::Link& link : links) write(insert_, link);
}

void LinkTable::update(std::span<const sync::Link> links) {
    for (const sync::Link& link : links) {
        CHECK(link.data_type, "a link has a data type");
        std::optional<sync::Link> carrying;
        if (session_.names.has_retired_properties(session_.names.model_of(link.data_type))) {
            carrying = link;
            carry_retired(*carrying);
        }
        const sync::Link& written = carrying ? *carrying : link;
        if (write(update_content_, written) == 1 || write(update_all_, written) == 1) continue;
        session_.connection->poison_corrupt(table, link.id.value, "there is no such row");
    }
}

void LinkTable::erase(std::span<const LinkId> links) {
    for (const LinkId id : links) delete_.run(id.value);
}

}  // namespace entente::store
