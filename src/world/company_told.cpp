// What the engine's store tells people, gathered by record.
#include <fmt/format.h>

#include <set>

#include "base/json.hpp"
#include "world/company_judge.hpp"

namespace entente::world {
namespace {

constexpr int all = 1'000'000;

class Gathering {
public:
    Gathering(sync::Transaction& store, const model::Workspace& workspace, Counters& counters)
        : store_(store), workspace_(workspace), counters_(counters) {}

    Told gather() {
        for (std::size_t i = 0; i < workspace_.data_types.size(); ++i)
            gather_links(DataTypeIndex{static_cast<std::int32_t>(i)});
        for (const auto& [entity, records] : records_) gather_history(entity, records);
        for (const sync::Parked& parked : store_.parked(all)) {
            told_.texts.push_back(parked.text);
            told_.lines.push_back("parked: " + parked.text);
            ++counters_["parked"];
            ++told_.parked[parked.reason];
            if (parked.reason == sync::ParkReason::unsure)
                told_.asked.insert(key_of(parked.record));
        }
        for (const sync::DataTypeState& state : store_.data_type_states())
            told_.is_stopped |= !state.stopped.empty();
        return std::move(told_);
    }

private:
    void gather_links(DataTypeIndex data_type) {
        for (const sync::Link& link : store_.links(data_type, {}, all)) {
            counters_["held"] += static_cast<std::int64_t>(link.held.size());
            const Told::Record& key = key_of(link.record);
            records_[link.entity].push_back(key);
            const bool was_theirs =
                link.origin == sync::LinkOrigin::first || link.origin == sync::LinkOrigin::matched;
            if (was_theirs) told_.known_from.emplace(key, link.made_at);
            for (const sync::Held& held : link.held) {
                told_.held.push_back({key, held.reason});
                told_.lines.push_back(fmt::format("held: {}: {}", name_of(key), held.reason));
            }
        }
    }

    static std::string name_of(const Told::Record& key) {
        return fmt::format("{} {} {}", std::get<0>(key), std::get<1>(key), std::get<2>(key));
    }

    const Told::Record& key_of(RecordId id) {
        const auto known = keys_.find(id);
        if (known != keys_.end()) return known->second;
        const auto found = store_.records(std::array{id});
        return keys_[id] = found.empty() ? Told::Record{} : key_of(found.front());
    }

    Told::Record key_of(const sync::RecordHead& record) const {
        const model::Resource& resource = workspace_.resource(record.resource);
        const std::string& system = workspace_.system(resource.system).name;
        if (!resource.nested_in) return {system, resource.path, record.external_id};
        return {system, workspace_.resource(resource.nested_in).path + "/lines",
                record.external_id};
    }

    void gather_history(EntityId entity, const std::vector<Told::Record>& records) {
        using Kind = sync::HistoryEvent::Kind;
        std::set<std::string> values;
        bool is_in_doubt = false;
        std::set<RecordId> doubted;  // with a write of unknown outcome that was not yet made again
        for (const sync::HistoryEvent& event : store_.history(entity, all)) {
            if (event.before) values.insert(json::write(*event.before));
            if (event.after) values.insert(json::write(*event.after));
            told_.texts.push_back(event.text);
            told_.lines.push_back(line_of(event));
            if (event.kind == Kind::conflict) ++counters_["conflict"];
            if (event.kind == Kind::first_join) ++counters_["first join"];
            is_in_doubt |= event.kind == Kind::tried && !event.record;
            if (event.kind == Kind::create && is_in_doubt)
                told_.known_from.emplace(key_of(event.record), event.at);
            if (event.kind == Kind::tried && event.record)
                doubted.insert(event.record);
            else if (event.kind == Kind::write && doubted.erase(event.record) > 0)
                told_.known_from[key_of(event.record)] = event.at;
        }
        for (const Told::Record& record : records)
            told_.values[record].insert(values.begin(), values.end());
    }

    std::string line_of(const sync::HistoryEvent& event) {
        return fmt::format("history: {} {} {}: {} -> {} ({})", sync::name_of(event.kind),
                           event.entity.value, event.record ? name_of(key_of(event.record)) : "",
                           json::write(event.before.value_or(Value())),
                           json::write(event.after.value_or(Value())), event.text);
    }

    sync::Transaction& store_;
    const model::Workspace& workspace_;
    Counters& counters_;
    std::map<RecordId, Told::Record> keys_;
    std::map<EntityId, std::vector<Told::Record>> records_;
    Told told_;
};

}  // namespace

Told told_by(sync::Store& store, const model::Workspace& workspace, Counters& counters) {
    auto begun = store.begin();
    CHECK(begun.has_value(), "the store is sound in calm");
    return Gathering(**begun, workspace, counters).gather();
}

}  // namespace entente::world
