#include "report/plan.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <span>

#include "base/limits.hpp"

namespace entente::report {

namespace {

constexpr int all = std::numeric_limits<int>::max();

class Planner {
public:
    Planner(const model::Workspace& workspace, sync::StoreReader& store)
        : workspace_(workspace), store_(store) {}

    PlannedWrites plan(DataTypeIndex index) {
        PlannedWrites out{.data_type = index};
        auto pairs = store_.dirty_ready(index, Instant::never(), all);
        std::ranges::move(store_.dirty_waiting(index, all), std::back_inserter(pairs));
        for (std::size_t first = 0; first < pairs.size(); first += limits::work_per_step) {
            const auto count = std::min<std::size_t>(limits::work_per_step, pairs.size() - first);
            load(std::span(pairs).subspan(first, count));
            for (const auto& pair : std::span(pairs).subspan(first, count))
                judge(pair.entity, index, out);
        }
        return out;
    }

private:
    void load(std::span<const sync::Dirty> pairs) {
        std::vector<EntityId> ids;
        for (const auto& pair : pairs) ids.push_back(pair.entity);
        load_entities(ids);
    }

    void load_entities(const std::vector<EntityId>& ids) {
        entities_.clear();
        links_.clear();
        for (auto& entity : store_.entities(ids)) entities_[entity.id] = std::move(entity);
        for (auto& link : store_.links_of_entities(ids))
            links_[link.entity].push_back(std::move(link));
    }

    const sync::Link* link_in(EntityId entity, DataTypeIndex index) const {
        const auto found = links_.find(entity);
        if (found == links_.end()) return nullptr;
        const auto link = std::ranges::find(found->second, index, &sync::Link::data_type);
        return link == found->second.end() ? nullptr : &*link;
    }

    void judge(EntityId id, DataTypeIndex index, PlannedWrites& out) {
        const auto entity = entities_.find(id);
        if (entity == entities_.end()) return;
        const sync::Link* link = link_in(id, index);
        if (!link) {
            ++(is_in_a_persons_way(id, index) ? out.waits : out.creates);
        } else if (link->state == sync::LinkState::live &&
                   (needs_write(entity->second, *link) || lines_need_write(id, index))) {
            ++out.updates;
        }
    }

    // A parked record may be the same thing, or an earlier create was refused: nothing is created
    // meanwhile.
    bool is_in_a_persons_way(EntityId id, DataTypeIndex index) {
        if (store_.parked_create(id, index)) return true;
        std::vector<RecordId> members;
        for (const auto& link : links_[id]) members.push_back(link.record);
        const auto named = store_.parked_naming(members);
        return std::ranges::find(named, workspace_.data_type(index).resource) != named.end();
    }

    bool needs_write(const sync::Entity& entity, const sync::Link& link) {
        const auto& data_type = workspace_.data_type(link.data_type);
        return std::ranges::any_of(data_type.map, [&](const model::Mapping& mapping) {
            const auto& property = entity.properties[mapping.property.at()];
            const auto& shadow = link.shadows[mapping.property.at()];
            const bool is_local = workspace_.model(data_type.model)[mapping.property].local;
            const bool is_held = std::ranges::find(link.held, mapping.property,
                                                   &sync::Held::property) != link.held.end();
            if (is_local || is_held || mapping.lens.access != model::Access::write) return false;
            if (property.revision.rev == shadow.revision.rev) return false;
            const auto wanted = expressed(mapping, property.value);
            return wanted &&
                   !(shadow.value && model::equivalent(mapping.lens, *wanted, *shadow.value));
        });
    }

    // The entity's value as this system's records would hold it; nullopt while what it refers to
    // has no record there.
    std::optional<Value> expressed(const model::Mapping& mapping, const Value& value) {
        if (mapping.refers_to.empty() || !value.is_decimal()) return value;
        const EntityId target{value.as_decimal().to_int().value_or(0)};
        for (const auto& link : store_.links_of_entities(std::array{target})) {
            if (std::ranges::find(mapping.refers_to, link.data_type) == mapping.refers_to.end())
                continue;
            for (const auto& record : store_.records(std::array{link.record}))
                return Value(record.external_id);
        }
        return std::nullopt;
    }

    // A nested line is written by its parent.
    bool lines_need_write(EntityId parent, DataTypeIndex index) {
        for (const DataTypeIndex child : workspace_.data_type(index).children) {
            if (!workspace_.data_type(child).is_nested()) continue;
            const auto ids = store_.child_entities(parent);
            const auto links = store_.links_of_entities(ids);
            for (const auto& entity : store_.entities(ids)) {
                const auto link = std::ranges::find_if(links, [&](const sync::Link& l) {
                    return l.entity == entity.id && l.data_type == child;
                });
                if (link == links.end()) return true;
                if (link->state == sync::LinkState::live && needs_write(entity, *link)) return true;
            }
        }
        return false;
    }

    const model::Workspace& workspace_;
    sync::StoreReader& store_;
    std::map<EntityId, sync::Entity> entities_;
    std::map<EntityId, std::vector<sync::Link>> links_;
};

}  // namespace

std::vector<PlannedWrites> plan(const model::Workspace& workspace, sync::StoreReader& store,
                                const std::vector<DataTypeIndex>& data_types) {
    Planner planner(workspace, store);
    std::vector<PlannedWrites> out;
    for (const DataTypeIndex index : data_types) out.push_back(planner.plan(index));
    return out;
}

}  // namespace entente::report
