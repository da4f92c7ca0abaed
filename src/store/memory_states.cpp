#include "store/memory_states.hpp"

#include "store/limit.hpp"

namespace entente::store {

std::vector<sync::FeedState> MemoryStates::feeds() const {
    std::vector<sync::FeedState> out;
    for (const auto& [resource, feed] : feeds_.rows()) out.push_back(*feed);
    return out;
}

std::vector<sync::DataTypeState> MemoryStates::data_types() const {
    std::vector<sync::DataTypeState> out;
    for (const auto& [data_type, state] : data_types_.rows()) out.push_back(*state);
    return out;
}

std::vector<sync::HistoryEvent> MemoryStates::history(EntityId entity, int limit) const {
    const std::vector<std::int64_t> numbers = seconds_of(by_entity_, entity, std::int64_t{0});
    const auto shown = std::min(std::ssize(numbers), limit_of(limit));
    std::vector<sync::HistoryEvent> out;
    for (auto at = numbers.end() - shown; at != numbers.end(); ++at)
        out.push_back(**history_.find(*at));
    return out;
}

std::vector<sync::HistoryEvent> MemoryStates::history_of(sync::HistoryEvent::Kind kind,
                                                         ModelIndex model, PropertyIndex property,
                                                         int limit) const {
    std::vector<sync::HistoryEvent> out;
    for (const auto& [number, event] : history_.rows()) {
        if (std::ssize(out) == limit_of(limit)) break;
        if (event->kind != kind || event->property != property) continue;
        const ModelIndex of = event->data_type ? session_.model_of(event->data_type)
                                               : counted_.entities.model_of(event->entity);
        if (of == model) out.push_back(*event);
    }
    return out;
}

std::map<sync::HistoryEvent::Kind, std::int64_t> MemoryStates::history_counts() const {
    std::map<sync::HistoryEvent::Kind, std::int64_t> out;
    for (const auto& [number, event] : history_.rows()) ++out[event->kind];
    return out;
}

sync::DataTypeCounts MemoryStates::counts(DataTypeIndex data_type) const {
    sync::DataTypeCounts out;
    const ResourceIndex resource = session_.resource_of(data_type);
    out.records = counted_.records.live_count(resource);
    out.pending = counted_.records.pending_count(resource);
    const MemoryLinks::Counts links = counted_.links.counts(data_type);
    out.linked = links.live;
    out.gone = links.gone;
    out.held = links.held;
    for (const auto& [key, parked] : counted_.parked.rows()) {
        if (parked->data_type == data_type) ++out.parked;
    }
    for (const auto& [pair, dirty] : counted_.dirty.rows()) {
        if (dirty->data_type != data_type) continue;
        ++(dirty->not_before == Instant{} ? out.ready : out.waiting);
        if (dirty->not_before == Instant{} && dirty->backfill) ++out.backfill;
        if (!counted_.links.has(dirty->entity, data_type)) ++out.to_create;
    }
    return out;
}

void MemoryStates::put(const sync::FeedState& feed) {
    CHECK(feed.resource, "a feed belongs to a resource");
    feeds_.put(feed.resource, shared(feed));
}

void MemoryStates::put(const sync::DataTypeState& state) {
    CHECK(state.data_type, "the state of a data type names it");
    data_types_.put(state.data_type, shared(state));
}

// A property is a position in a model: that of the data type, else that of the entity.
bool MemoryStates::has_property(const sync::HistoryEvent& event) const {
    return event.data_type || counted_.entities.model_of(event.entity);
}

void MemoryStates::append(std::span<const sync::HistoryEvent> events) {
    for (const sync::HistoryEvent& event : events) {
        const auto& rows = history_.rows();
        const std::int64_t number = rows.empty() ? 1 : rows.rbegin()->first + 1;
        sync::HistoryEvent row = event;
        if (!has_property(row)) row.property = PropertyIndex::none();
        if (row.entity) by_entity_.put({row.entity, number}, {});
        history_.put(number, shared(std::move(row)));
    }
}

std::vector<sync::Trouble> MemoryTroubles::all() const {
    std::vector<sync::Trouble> out;
    for (const auto& [key, trouble] : troubles_.rows()) out.push_back(*trouble);
    return out;
}

void MemoryTroubles::put(const sync::Trouble& trouble) {
    troubles_.put({trouble.system, trouble.resource, trouble.kind}, shared(trouble));
}

void MemoryTroubles::drop(sync::Trouble::Kind kind, SystemIndex system, ResourceIndex resource) {
    troubles_.erase({system, resource, kind});
}

std::vector<sync::Loss> MemoryLosses::all() const {
    std::vector<sync::Loss> out;
    for (const auto& [loss, at] : losses_.rows()) out.push_back({loss.first, loss.second, at});
    return out;
}

void MemoryLosses::put(std::span<const sync::Loss> losses) {
    for (const sync::Loss& loss : losses) losses_.put({loss.resource, loss.record}, loss.at);
}

void MemoryLosses::drop(ResourceIndex resource, Instant until) {
    for (const sync::Loss& loss : all())
        if (loss.resource == resource && loss.at <= until) losses_.erase({resource, loss.record});
}

}  // namespace entente::store
