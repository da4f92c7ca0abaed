// What a small world's engine remembers at its end, in the oracle's words.
#include <algorithm>

#include "world/small_play.hpp"

namespace entente::world {
namespace {

constexpr int all = 1'000;

void tell(const sync::HistoryEvent& event, const oracle::RecordKey& key,
          const model::Workspace& workspace, oracle::EngineSight& sight) {
    using Kind = sync::HistoryEvent::Kind;
    sight.texts.push_back(event.text);
    if (key.id.empty()) return;
    if (event.kind == Kind::create) sight.created.push_back(key);
    if (event.kind == Kind::write || event.kind == Kind::held || event.kind == Kind::tried ||
        event.kind == Kind::conflict)
        sight.written.push_back(key);
    const bool is_decided = event.kind == Kind::conflict || event.kind == Kind::first_join;
    const bool is_held_with_both = event.kind == Kind::held && event.before;
    if (!is_decided && !is_held_with_both) return;
    if (!event.data_type || !event.property) return;
    const model::Model& model = workspace.model(workspace.data_type(event.data_type).model);
    sight.kept.push_back({key, model[event.property].name, event.before.value_or(Value()),
                          event.after.value_or(Value()), is_decided});
}

}  // namespace

oracle::EngineSight SmallPlay::look(const SmallState& state) const {
    auto begun = state.process->store->begin();
    CHECK(begun.has_value(), "a store in memory is sound");
    sync::Transaction& store = **begun;
    oracle::EngineSight sight;
    const auto key_of = [&](RecordId id) {
        const auto records = store.records(std::array{id});
        if (records.empty()) return oracle::RecordKey{};
        const model::Resource& resource = workspace_.resource(records.front().resource);
        return oracle::RecordKey{static_cast<int>(resource.system.at()), resource.name,
                                 records.front().external_id};
    };
    std::vector<EntityId> entities;
    for (std::size_t i = 0; i < workspace_.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        const model::Model& model = workspace_.model(workspace_.data_type(d).model);
        for (const sync::Link& link : store.links(d, {}, all)) {
            oracle::LinkSight seen;
            seen.key = key_of(link.record);
            seen.entity = link.entity.value;
            seen.is_live = link.state == sync::LinkState::live;
            for (const sync::Held& held : link.held)
                seen.held.push_back(
                    {.property = model[held.property].name, .reason = held.reason, .wanted = {}});
            sight.links.push_back(std::move(seen));
            entities.push_back(link.entity);
        }
    }
    std::ranges::sort(entities);
    entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
    for (const sync::DataTypeState& data_type : store.data_type_states())
        if (!data_type.stopped.empty())
            sight.stopped.emplace_back(
                static_cast<int>(workspace_.data_type(data_type.data_type).system.at()),
                workspace_.resource(workspace_.data_type(data_type.data_type).resource).name);
    for (const sync::Parked& parked : store.parked(all)) {
        sight.texts.push_back(parked.text);
        if (parked.record)
            sight.parked.push_back(key_of(parked.record));
        else
            sight.parked_creates.emplace_back(
                "T1", static_cast<int>(workspace_.data_type(parked.data_type).system.at()));
    }
    for (const EntityId entity : entities)
        for (const sync::HistoryEvent& event : store.history(entity, all))
            tell(event, event.record ? key_of(event.record) : oracle::RecordKey{}, workspace_,
                 sight);
    return sight;
}

}  // namespace entente::world
