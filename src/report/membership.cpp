#include "report/membership.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <vector>

#include "base/limits.hpp"

namespace entente::report {

namespace {

// Rows per question to the store.
constexpr int batch = limits::work_per_step;
constexpr int all = std::numeric_limits<int>::max();

}  // namespace

Membership::Membership(const model::Workspace& workspace, sync::StoreReader& store,
                       const Snapshot& snapshot) {
    load_parked(store);
    for (const auto& [data_type, fresh] : snapshot.data_types) {
        load_links(store, data_type);
        load_unlinked(workspace, store, data_type, fresh);
        for (const auto& dirty : store.dirty_waiting(data_type, all))
            waiting_.insert({dirty.entity, data_type});
    }
}

void Membership::load_parked(sync::StoreReader& store) {
    for (const auto& parked : store.parked(all)) {
        if (!parked.record) {
            parked_creates_.insert({parked.entity, parked.data_type});
            continue;
        }
        parked_.insert(parked.record);
        for (const auto& record : store.records(std::array{parked.record})) {
            for (const RecordId candidate : parked.candidates)
                named_.insert({candidate, record.resource});
        }
    }
}

void Membership::load_links(sync::StoreReader& store, DataTypeIndex data_type) {
    auto& members = members_[data_type];
    LinkId after;
    while (true) {
        const auto links = store.links(data_type, after, batch);
        if (links.empty()) return;
        after = links.back().id;
        std::vector<RecordId> ids;
        for (const auto& link : links) ids.push_back(link.record);
        std::map<RecordId, std::string> names;
        for (const auto& record : store.records(ids)) names[record.id] = record.external_id;
        for (const auto& link : links) {
            // A record that is gone is missed where the others look for it; an ended link by a
            // person is no link.
            const auto name = names.find(link.record);
            if (name == names.end() || link.state == sync::LinkState::unlinked) continue;
            Member member{.record = link.record, .entity = link.entity};
            for (const auto& held : link.held) member.held.insert(held.property);
            members[name->second] = std::move(member);
            counterparts_[{link.entity, data_type}] = name->second;
        }
    }
}

void Membership::load_unlinked(const model::Workspace& workspace, sync::StoreReader& store,
                               DataTypeIndex data_type, const FreshRecords& fresh) {
    auto& members = members_[data_type];
    std::vector<std::string> unlinked;
    for (const auto& [id, record] : fresh) {
        if (!members.contains(id)) unlinked.push_back(id);
    }
    const ResourceIndex resource = workspace.data_type(data_type).resource;
    for (std::size_t first = 0; first < unlinked.size(); first += batch) {
        const auto some = std::span(unlinked).subspan(
            first, std::min<std::size_t>(batch, unlinked.size() - first));
        const auto heads = store.find_records(resource, some);
        for (std::size_t at = 0; at < heads.size(); ++at) {
            if (heads[at])
                members[some[at]] =
                    Member{.record = heads[at]->id, .parked = parked_.contains(heads[at]->id)};
        }
    }
}

const Membership::Member* Membership::find(DataTypeIndex data_type,
                                           const std::string& external_id) const {
    const auto members = members_.find(data_type);
    if (members == members_.end()) return nullptr;
    const auto found = members->second.find(external_id);
    return found == members->second.end() ? nullptr : &found->second;
}

const std::string* Membership::counterpart(EntityId entity, DataTypeIndex data_type) const {
    const auto found = counterparts_.find({entity, data_type});
    return found == counterparts_.end() ? nullptr : &found->second;
}

}  // namespace entente::report
