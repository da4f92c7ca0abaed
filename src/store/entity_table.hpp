// Entities, with their properties as one blob each.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "store/session.hpp"
#include "store/statement.hpp"
#include "sync/state.hpp"

namespace entente::store {

class EntityTable {
public:
    explicit EntityTable(Session& session);

    std::vector<sync::Entity> select(std::span<const EntityId> ids);
    std::vector<EntityId> children(EntityId parent);
    // none() when there is no such entity, or its model is retired.
    ModelIndex model_of(EntityId entity);

    void insert(std::span<const sync::Entity> entities);
    void update(std::span<const sync::Entity> entities);
    void erase(std::span<const EntityId> entities);

private:
    std::string properties_to_write(const sync::Entity& entity);

    Session& session_;
    Statement select_, select_model_, children_, insert_, update_content_, update_all_, delete_;
};

}  // namespace entente::store
