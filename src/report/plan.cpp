#include "report/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace entente::report {

namespace {

constexpr int page = 1'000;
// The records named for one reason to wait; the count tells of all.
constexpr std::size_t wait_samples_max = 5;
// Waiting pairs looked at per data type: a person reads reasons, not lists.
constexpr int waits_max = 100'000;

using FlowKey = std::pair<DataTypeIndex, DataTypeIndex>;

class Planner {
public:
    Planner(const model::Workspace& workspace, sync::StoreReader& store, const Rehearsed& rehearsed)
        : workspace_(workspace), store_(store), began_(rehearsed.began) {
        for (const auto& flow : workspace.flows) row(flow.from, flow.to);
        for (auto& flow : rows_) flow.is_flow = true;
    }

    std::vector<FlowPlan> plan(const Rehearsed& rehearsed) {
        count_linked();
        for (const auto& created : rehearsed.created)
            count_created(created.entity, created.data_type);
        count_written(rehearsed.written);
        count_parked();
        count_waits();
        return std::move(rows_);
    }

private:
    FlowPlan& row(DataTypeIndex from, DataTypeIndex to) {
        const auto [found, fresh] = place_.emplace(FlowKey{from, to}, rows_.size());
        if (fresh) {
            rows_.push_back({.from = from, .to = to, .is_flow = false});
        }
        return rows_[found->second];
    }

    void count_linked() {
        std::set<DataTypeIndex> sources;
        for (const auto& flow : workspace_.flows) sources.insert(flow.from);
        for (const DataTypeIndex from : sources) {
            for (LinkId after{};;) {
                const auto links = store_.links(from, after, page);
                if (links.empty()) break;
                after = links.back().id;
                std::vector<EntityId> entities;
                for (const auto& link : links) {
                    if (link.state == sync::LinkState::live && is_old(link))
                        entities.push_back(link.entity);
                }
                for (const auto& link : store_.links_of_entities(entities)) {
                    const auto found = place_.find({from, link.data_type});
                    const bool counts = found != place_.end() &&
                                        link.state == sync::LinkState::live && is_old(link);
                    if (counts) ++rows_[found->second].linked;
                }
            }
        }
    }

    bool is_old(const sync::Link& link) const {
        return link.origin != sync::LinkOrigin::created || link.made_at < began_;
    }

    // The flow that asks for the record: the first one whose source is there; for a line that no flow names, where it was
    // typed.
    void count_created(EntityId entity, DataTypeIndex data_type) {
        if (!created_.insert({entity, data_type}).second) return;
        DataTypeIndex origin = DataTypeIndex::none();
        for (const auto& link : store_.links_of_entities(std::array{entity})) {
            if (link.state != sync::LinkState::live || link.data_type == data_type) continue;
            const bool asks =
                workspace_.rule(link.data_type, data_type) == model::CreateRule::always;
            const bool is_better = !origin || (asks && is_old(link));
            if (is_better) origin = link.data_type;
            if (asks && is_old(link)) break;
        }
        if (origin) ++row(origin, data_type).created;
    }

    // Values of records that are there are updates; a line with values that is not there was made with its parent.
    void count_written(const std::vector<Rehearsed::Written>& written) {
        std::set<std::tuple<DataTypeIndex, DataTypeIndex, std::string>> counted;
        for (const auto& value : written) {
            const auto links = store_.links_of_entities(std::array{value.entity});
            const auto own = std::ranges::find(links, value.data_type, &sync::Link::data_type);
            if (own == links.end()) continue;
            if (!is_old(*own)) {
                count_created(value.entity, value.data_type);
                continue;
            }
            const DataTypeIndex from = origin_of(value, links);
            if (from && counted.insert({from, value.data_type, value.external_id}).second)
                ++row(from, value.data_type).updated;
        }
    }

    // Where the value that would be written came from.
    DataTypeIndex origin_of(const Rehearsed::Written& value, const std::vector<sync::Link>& links) {
        for (const auto& entity : store_.entities(std::array{value.entity})) {
            const auto origin = std::ranges::find(
                links, entity.properties[value.property.at()].origin, &sync::Link::id);
            if (origin != links.end()) return origin->data_type;
        }
        return DataTypeIndex::none();
    }

    void count_parked() {
        for (const auto& parked : store_.parked(waits_max)) {
            for (auto& flow : rows_) {
                const DataTypeIndex end = parked.record ? flow.from : flow.to;
                if (end == parked.data_type && flow.is_flow) ++flow.parked;
            }
        }
    }

    void count_waits() {
        for (std::size_t i = 0; i < workspace_.data_types.size(); ++i) {
            const DataTypeIndex to{static_cast<std::int32_t>(i)};
            for (const auto& pair : store_.dirty_waiting(to, waits_max)) {
                const auto source = source_of(pair.entity, to);
                if (!source.data_type) continue;
                auto& waits = row(source.data_type, to).waits;
                auto wait = std::ranges::find(waits, pair.why, &PlannedWait::why);
                if (wait == waits.end()) wait = waits.insert(waits.end(), PlannedWait{pair.why});
                ++wait->records;
                if (wait->samples.size() < wait_samples_max) wait->samples.push_back(source.name);
            }
        }
    }

    struct Source {
        DataTypeIndex data_type;
        std::string name;
    };
    Source source_of(EntityId entity, DataTypeIndex to) {
        for (const auto& link : store_.links_of_entities(std::array{entity})) {
            if (link.state != sync::LinkState::live || link.data_type == to) continue;
            for (const auto& record : store_.records(std::array{link.record})) {
                return {link.data_type,
                        fmt::format("{} {}", workspace_.data_type(link.data_type).full_name,
                                    record.external_id)};
            }
        }
        return {};
    }

    const model::Workspace& workspace_;
    sync::StoreReader& store_;
    Instant began_;
    std::set<std::pair<EntityId, DataTypeIndex>> created_;
    std::map<FlowKey, std::size_t> place_;
    std::vector<FlowPlan> rows_;
};

}  // namespace

Plan plan(const model::Workspace& workspace, sync::StoreReader& store, Rehearsed rehearsed) {
    Plan out;
    out.flows = Planner(workspace, store, rehearsed).plan(rehearsed);
    out.parked = store.parked_counts();
    out.rehearsed = std::move(rehearsed);
    return out;
}

}  // namespace entente::report
