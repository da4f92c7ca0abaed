#include "report/doubtful_links.hpp"

#include <algorithm>
#include <array>

namespace entente::report {
namespace {

bool are_two(const model::Workspace& workspace, const model::Property& property,
             const sync::HistoryEvent& found) {
    if (!found.before || !found.after) return false;
    const auto folded = [&](const Value& value) {
        return model::fold_for_match(property, value, workspace.country);
    };
    const std::string replaced = folded(*found.before), kept = folded(*found.after);
    return !replaced.empty() && !kept.empty() && replaced != kept;
}

// The link that the event tells of, if a rule has made it and it still holds.
const sync::Link* link_of(const std::vector<sync::Link>& links, const sync::HistoryEvent& found) {
    const auto at = std::ranges::find(links, found.link, &sync::Link::id);
    const bool holds = at != links.end() && at->state == sync::LinkState::live &&
                       at->entity == found.entity && at->origin != sync::LinkOrigin::by_hand;
    return holds ? &*at : nullptr;
}

}  // namespace

std::vector<DoubtfulLink> doubtful_links(const model::Workspace& workspace, sync::StoreReader& store,
                                         int limit) {
    std::vector<DoubtfulLink> out;
    for (std::size_t m = 0; m < workspace.models.size(); ++m) {
        const model::Model& model = workspace.models[m];
        for (std::size_t p = 0; p < model.properties.size(); ++p) {
            if (!model.properties[p].identifies) continue;
            const PropertyIndex property{static_cast<std::int32_t>(p)};
            const auto events =
                store.history_of(sync::HistoryEvent::Kind::first_join,
                                 {static_cast<std::int32_t>(m)}, property, limit);
            for (const sync::HistoryEvent& found : events) {
                if (std::ssize(out) == limit) return out;
                if (!are_two(workspace, model.properties[p], found)) continue;
                const auto links = store.links_of_entities(std::array{found.entity});
                const sync::Link* link = link_of(links, found);
                if (link == nullptr) continue;
                const auto records = store.records(std::array{link->record});
                if (records.empty()) continue;
                out.push_back({found.entity, link->record, link->data_type,
                               records.front().external_id, property, *found.before,
                               *found.after});
            }
        }
    }
    return out;
}

}  // namespace entente::report
