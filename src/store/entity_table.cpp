#include "store/entity_table.hpp"

#include "store/codec.hpp"
#include "store/sql.hpp"

namespace entente::store {
namespace {

constexpr std::string_view table = "entities";

}  // namespace

EntityTable::EntityTable(Session& session)
    : session_(session),
      select_(*session.connection, sql::select_entity),
      select_model_(*session.connection, sql::select_entity_model),
      children_(*session.connection, sql::entity_children),
      insert_(*session.connection, sql::insert_entity),
      update_content_(*session.connection, sql::update_entity_content),
      update_all_(*session.connection, sql::update_entity),
      delete_(*session.connection, sql::delete_entity) {}

std::vector<sync::Entity> EntityTable::select(std::span<const EntityId> ids) {
    std::vector<sync::Entity> out;
    out.reserve(ids.size());
    for (const EntityId id : ids) {
        Rows row = select_.rows(id.value);
        if (!row.next()) continue;
        const ModelIndex model =
            session_.index_of(session_.names.model(row.integer(0)), table, id.value);
        if (!model) continue;
        sync::Entity& entity = out.emplace_back();
        entity.id = id;
        entity.model = model;
        entity.parent.value = row.integer(1);
        entity.rev = static_cast<std::uint32_t>(row.integer(2));
        if (!decode_properties(session_.names, model, Retired::dropped, row.blob(3),
                               entity.properties)) {
            session_.connection->poison_corrupt(table, id.value, "the properties cannot be read");
        }
    }
    return out;
}

std::vector<EntityId> EntityTable::children(EntityId parent) {
    std::vector<EntityId> out;
    for (Rows row = children_.rows(parent.value); row.next();) {
        const std::int64_t id = row.integer(0);
        if (session_.index_of(session_.names.model(row.integer(1)), table, id)) out.push_back({id});
    }
    return out;
}

ModelIndex EntityTable::model_of(EntityId entity) {
    Rows row = select_model_.rows(entity.value);
    if (!row.next()) return ModelIndex::none();
    return session_.index_of(session_.names.model(row.integer(0)), table, entity.value);
}

void EntityTable::insert(std::span<const sync::Entity> entities) {
    for (const sync::Entity& entity : entities) {
        CHECK(entity.id && entity.model, "an entity has an id and a model");
        const std::string properties =
            encode_properties(session_.names, entity.model, entity.properties);
        insert_.run(entity.id.value, session_.names.number(entity.model), entity.parent.value,
                    std::int64_t{entity.rev}, Blob{properties});
    }
}

// What belongs to properties that are no longer configured must survive, or their links' shadows would be newer than the
// entity when they come back, and an empty value would be written outside.
std::string EntityTable::properties_to_write(const sync::Entity& entity) {
    const NameTable& names = session_.names;
    if (!names.has_retired_properties(entity.model))
        return encode_properties(names, entity.model, entity.properties);
    std::vector<sync::EntityProperty> all;
    if (Rows row = select_.rows(entity.id.value); row.next()) {
        if (!decode_properties(names, entity.model, Retired::kept, row.blob(3), all)) {
            session_.connection->poison_corrupt(table, entity.id.value,
                                                "the properties cannot be read");
        }
    }
    all.resize(names.slot_count(entity.model));
    CHECK(entity.properties.size() <= names.property_count(entity.model),
          "a property belongs to its model");
    for (std::size_t p = 0; p < names.property_count(entity.model); ++p) {
        all[p] = p < entity.properties.size() ? entity.properties[p] : sync::EntityProperty{};
    }
    return encode_properties(names, entity.model, all);
}

void EntityTable::update(std::span<const sync::Entity> entities) {
    for (const sync::Entity& entity : entities) {
        CHECK(entity.model, "an entity has a model");
        const std::string properties = properties_to_write(entity);
        const auto run = [&](Statement& statement) {
            return statement.run(entity.id.value, session_.names.number(entity.model),
                                 entity.parent.value, std::int64_t{entity.rev}, Blob{properties});
        };
        if (run(update_content_) == 1 || run(update_all_) == 1) continue;
        session_.connection->poison_corrupt(table, entity.id.value, "there is no such row");
    }
}

void EntityTable::erase(std::span<const EntityId> entities) {
    for (const EntityId id : entities) delete_.run(id.value);
}

}  // namespace entente::store
