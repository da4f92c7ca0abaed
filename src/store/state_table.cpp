#include "store/state_table.hpp"

#include <algorithm>
#include <utility>

#include "store/codec.hpp"
#include "store/digest_bytes.hpp"
#include "store/sql.hpp"

namespace entente::store {

StateTable::StateTable(Session& session, EntityTable& entities)
    : session_(session),
      entities_(entities),
      select_feeds_(*session.connection, sql::select_feeds),
      put_feed_(*session.connection, sql::put_feed),
      select_data_types_(*session.connection, sql::select_data_type_states),
      put_data_type_(*session.connection, sql::put_data_type_state),
      history_(*session.connection, sql::history_of_entity),
      history_of_kind_(*session.connection, sql::history_of_kind),
      count_history_(*session.connection, sql::count_history),
      append_(*session.connection, sql::insert_history),
      count_live_(*session.connection, sql::count_live),
      count_pending_(*session.connection, sql::count_pending),
      count_links_(*session.connection, sql::count_links),
      count_parked_(*session.connection, sql::count_parked_of),
      count_dirty_(*session.connection, sql::count_dirty) {}

std::vector<sync::FeedState> StateTable::feeds() {
    std::vector<sync::FeedState> out;
    for (Rows row = select_feeds_.rows(); row.next();) {
        sync::FeedState feed;
        feed.resource =
            session_.index_of(session_.names.resource(row.integer(0)), "feeds", row.integer(0));
        feed.cursor.ms = row.integer(1);
        feed.swept_at.ms = row.integer(2);
        feed.polled_at.ms = row.integer(3);
        feed.records = row.integer(4);
        feed.row_version = row.integer(5);
        feed.doubtful_walks = static_cast<int>(row.integer(6));
        feed.doubt = row.text(7);
        if (feed.resource) out.push_back(feed);
    }
    std::ranges::sort(out, {}, &sync::FeedState::resource);
    return out;
}

std::vector<sync::DataTypeState> StateTable::data_types() {
    std::vector<sync::DataTypeState> out;
    for (Rows row = select_data_types_.rows(); row.next();) {
        const std::int64_t number = row.integer(0);
        sync::DataTypeState state;
        state.data_type =
            session_.index_of(session_.names.data_type(number), "data_type_states", number);
        state.joined_at.ms = row.integer(1);
        state.joined = state.joined_at.ms != 0;
        state.approved = row.integer(2) != 0;
        state.stopped = row.text(3);
        if (!digest_from(row.blob(4), state.fingerprint)) {
            session_.connection->poison_corrupt("data_type_states", number,
                                                "the fingerprint cannot be read");
        }
        if (!digest_from(row.blob(5), state.configuration)) {
            session_.connection->poison_corrupt("data_type_states", number,
                                                "the configuration cannot be read");
        }
        state.is_one_with_another = row.integer(6) != 0;
        if (state.data_type) out.push_back(std::move(state));
    }
    std::ranges::sort(out, {}, &sync::DataTypeState::data_type);
    return out;
}

void StateTable::read_event(const Rows& row, sync::HistoryEvent& event) {
    const std::int64_t id = row.integer(0);
    event.kind = row.one_of(1, sync::HistoryEvent::Kind::said);
    event.at.ms = row.integer(2);
    event.link.value = row.integer(3);
    event.record.value = row.integer(4);
    event.data_type = session_.index_of(session_.names.data_type(row.integer(5)), "history", id);
    if (const std::int64_t number = row.integer(6); number != NameTable::none) {
        const NameTable::Place* place = session_.names.property(number);
        if (place == nullptr)
            session_.connection->poison_corrupt("history", id, "it names no known property");
        const bool is_configured = place != nullptr && place->model &&
                                   place->slot < session_.names.property_count(place->model);
        if (is_configured) event.property.value = static_cast<std::int32_t>(place->slot);
    }
    for (const auto& [column, value] : {std::pair(7, &event.before), std::pair(8, &event.after)}) {
        if (row.is_null(column)) continue;
        if (!decode_value(row.blob(column), value->emplace())) {
            session_.connection->poison_corrupt("history", id, "a value cannot be read");
        }
    }
    event.text = row.text(9);
}

std::vector<sync::HistoryEvent> StateTable::history(EntityId entity, int limit) {
    std::vector<sync::HistoryEvent> out;
    for (Rows row = history_.rows(entity.value, limit_of(limit)); row.next();) {
        sync::HistoryEvent& event = out.emplace_back();
        event.entity = entity;
        read_event(row, event);
    }
    std::ranges::reverse(out);
    return out;
}

std::vector<sync::HistoryEvent> StateTable::history_of(sync::HistoryEvent::Kind kind,
                                                       ModelIndex model, PropertyIndex property,
                                                       int limit) {
    std::vector<sync::HistoryEvent> out;
    const std::int64_t number = session_.names.number(model, property.at());
    for (Rows row = history_of_kind_.rows(std::to_underlying(kind), number, limit_of(limit));
         row.next();) {
        sync::HistoryEvent& event = out.emplace_back();
        event.entity.value = row.integer(10);
        read_event(row, event);
    }
    return out;
}

std::map<sync::HistoryEvent::Kind, std::int64_t> StateTable::history_counts() {
    std::map<sync::HistoryEvent::Kind, std::int64_t> out;
    for (Rows row = count_history_.rows(); row.next();) {
        out[row.one_of(0, sync::HistoryEvent::Kind::said)] = row.integer(1);
    }
    return out;
}

void StateTable::count_links() {
    const std::int64_t changes = session_.connection->changes();
    if (counted_at_ == changes && !session_.connection->poisoned()) return;
    link_counts_.clear();
    for (Rows row = count_links_.rows(); row.next();) {
        LinkCounts& counts = link_counts_[row.integer(0)];
        const auto state = row.one_of(1, sync::LinkState::unlinked);
        if (state == sync::LinkState::gone) ++counts.gone;
        if (state != sync::LinkState::live) continue;
        ++counts.live;
        counts.held += row.integer(2);
    }
    counted_at_ = changes;
}

sync::DataTypeCounts StateTable::counts(DataTypeIndex data_type) {
    sync::DataTypeCounts out;
    const std::int64_t number = session_.names.number(data_type);
    const std::int64_t resource = session_.names.number(session_.names.resource_of(data_type));
    if (Rows row = count_live_.rows(resource); row.next()) out.records = row.integer(0);
    if (Rows row = count_pending_.rows(resource); row.next()) out.pending = row.integer(0);
    count_links();
    const LinkCounts& links = link_counts_[number];
    out.linked = links.live;
    out.gone = links.gone;
    out.held = links.held;
    if (Rows row = count_parked_.rows(number); row.next()) out.parked = row.integer(0);
    if (Rows row = count_dirty_.rows(number); row.next()) {
        out.ready = row.integer(0);
        out.waiting = row.integer(1);
        out.to_create = row.integer(2);
        out.backfill = row.integer(3);
    }
    return out;
}

void StateTable::put(const sync::FeedState& feed) {
    CHECK(feed.resource, "a feed belongs to a resource");
    put_feed_.run(session_.names.number(feed.resource), feed.cursor.ms, feed.swept_at.ms,
                  feed.polled_at.ms, feed.records, feed.row_version,
                  std::int64_t{feed.doubtful_walks}, feed.doubt);
}

void StateTable::put(const sync::DataTypeState& state) {
    CHECK(state.data_type, "the state of a data type names it");
    const DigestBytes fingerprint(state.fingerprint), configuration(state.configuration);
    const std::int64_t joined = state.joined ? std::max<std::int64_t>(state.joined_at.ms, 1) : 0;
    put_data_type_.run(session_.names.number(state.data_type), joined, std::int64_t{state.approved},
                       state.stopped, Blob{fingerprint.bytes()}, Blob{configuration.bytes()},
                       std::int64_t{state.is_one_with_another});
}

// A property is a position in a model: that of the data type, else that of the entity.
std::int64_t StateTable::property_number(const sync::HistoryEvent& event) {
    if (!event.property) return NameTable::none;
    const ModelIndex model = event.data_type ? session_.names.model_of(event.data_type)
                                             : entities_.model_of(event.entity);
    if (!model) return NameTable::none;
    return session_.names.number(model, event.property.at());
}

void StateTable::append(std::span<const sync::HistoryEvent> events) {
    for (const sync::HistoryEvent& event : events) {
        std::optional<std::string> before, after;
        if (event.before) before = encode_value(*event.before);
        if (event.after) after = encode_value(*event.after);
        const auto blob = [](const std::optional<std::string>& bytes) {
            return bytes ? std::optional(Blob{*bytes}) : std::nullopt;
        };
        append_.run(std::int64_t{std::to_underlying(event.kind)}, event.at.ms, event.entity.value,
                    event.link.value, event.record.value, session_.names.number(event.data_type),
                    property_number(event), blob(before), blob(after), event.text);
    }
}

}  // namespace entente::store
