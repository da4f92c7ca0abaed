#include "sync/resettle.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "sync/observe.hpp"

namespace entente::sync {

Digest settled_by(const model::Workspace& workspace, DataTypeIndex data_type) {
    std::string flows;
    for (const model::Flow& flow : workspace.flows)
        if (flow.to == data_type)
            flows += workspace.data_type(flow.from).full_name +
                     (flow.create == model::CreateRule::always ? "+" : "-");
    return {digest_of(flows).low, workspace.data_type(data_type).fingerprint.low};
}

bool rekey_some(Step& step) {
    if (step.memory.rekeying.empty()) return false;
    auto& [resource, after] = *step.memory.rekeying.begin();
    const auto heads = step.transaction.live_records(resource, after, limits::work_per_step);
    std::vector<RecordId> ids;
    for (const RecordHead& head : heads) ids.push_back(head.id);
    step.work.load_records(ids);
    for (RecordId id : ids) rekey(step, step.work.record(id));
    if (static_cast<int>(heads.size()) == limits::work_per_step)
        after = heads.back().id;
    else
        step.memory.rekeying.erase(step.memory.rekeying.begin());
    return true;
}

bool resettle_some(Step& step) {
    const auto joined = std::ranges::find_if(
        step.memory.resettling, [&](const auto& entry) { return step.joined(entry.first); });
    if (joined == step.memory.resettling.end()) return false;
    auto& [d, place] = *joined;
    auto& [source, after] = place;
    const auto count = static_cast<std::int32_t>(step.workspace.data_types.size());
    while (source.value < count &&
           (source == d || step.data_type(source).model != step.data_type(d).model))
        ++source.value;
    if (source.value < count) {
        const auto links = step.transaction.links(source, after, limits::work_per_step);
        for (const Link& link : links)
            if (link.state == LinkState::live) step.unsettled.insert(link.entity);
        if (static_cast<int>(links.size()) == limits::work_per_step)
            after = links.back().id;
        else
            place = {{source.value + 1}, LinkId{}};
        return true;
    }
    DataTypeState& state = step.memory.data_types.at(d);
    state.fingerprint = settled_by(step.workspace, d);
    step.transaction.put_data_type_state(state);
    step.memory.resettling.erase(joined);
    return true;
}

}  // namespace entente::sync
