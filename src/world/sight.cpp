// What the world tells its oracle: changes and answers in terms of true things, and what the engine's store says at rest.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "world/world.hpp"

namespace entente::world {
namespace {

// What a list in doubt may hide waits with words where it cannot be searched for: the thing, and the system.
std::vector<std::pair<EntityId, int>> hidden_by_doubt(const model::Workspace& workspace,
                                                      sync::Transaction& store) {
    constexpr int all = 1'000'000;
    std::vector<std::pair<EntityId, int>> out;
    for (const sync::FeedState& feed : store.feeds())
        for (const DataTypeIndex d : workspace.data_types_of(feed.resource)) {
            if (feed.doubtful_walks < limits::doubtful_walks_max) continue;
            for (const sync::Dirty& pair : store.dirty_waiting(d, all))
                if (!pair.why.empty())
                    out.emplace_back(pair.entity,
                                     static_cast<int>(workspace.data_type(d).system.at()));
        }
    return out;
}

std::string text_of(const Value& body, std::string_view name) {
    const Value* found = body.find(name);
    return found && found->is_text() ? found->as_text() : std::string();
}

Value without_lines(Value body) {
    if (body.is_object()) body.erase("lines");
    return body;
}

// The lines inside a body, by their id.
std::map<std::string, Value> lines_in(const Value& body) {
    std::map<std::string, Value> lines;
    const Value* list = body.find("lines");
    if (!list || !list->is_list()) return lines;
    for (const Value& line : list->as_list())
        if (const Value* id = line.find("id"); id)
            lines[id->is_text() ? id->as_text() : json::write(*id)] = line;
    return lines;
}

oracle::RecordChange::Kind kind_of(sim::Change::Kind kind) {
    using From = sim::Change::Kind;
    using To = oracle::RecordChange::Kind;
    switch (kind) {
        case From::created:
            return To::created;
        case From::changed:
            return To::changed;
        case From::removed:
            return To::removed;
        case From::returned:
            return To::returned;
    }
    std::unreachable();
}

}  // namespace

int World::number_of(const sim::TraitSystem& system) const {
    for (std::size_t i = 0; i < systems_.size(); ++i)
        if (systems_[i].get() == &system) return static_cast<int>(i);
    CHECK(false, "a system that is none of the world's");
    return -1;
}

// Which true thing a record is: its code; a line: its thing's code and its text.
std::string World::thing_of(int system, const std::string& table, const Value& body) const {
    if (table != "lines") return text_of(body, "code");
    const auto parent = codes_.find({system, text_of(body, "of")});
    const std::string code = parent == codes_.end() ? "?" : parent->second;
    return code + "/" + text_of(body, "text");
}

// Where few people edit one property, which edit must win.
void World::expect_order() {
    const auto thing = std::ranges::find(workspace_.models, "thing", &model::Model::name);
    CHECK(thing != workspace_.models.end(), "the world's own model of a thing");
    const ModelIndex model{static_cast<std::int32_t>(thing - workspace_.models.begin())};
    const model::ConflictPolicy& policy = workspace_.policy(model, thing->find("name"));
    if (policy.prefer && policy.order.size() == 1)
        oracle_.expect_preferred(static_cast<int>(policy.order.front().at()));
    if (policy.prefer) return;
    Duration granule{0};
    for (const sim::Traits& traits : script_.systems)
        granule = std::max(granule, traits.granularity);
    oracle_.expect_latest(granule);
}

void World::changed(const sim::TraitSystem& system, const sim::Change& change) {
    const int number = number_of(system);
    note(fmt::format("{} {} {} {} {} -> {}", system.traits().name, change.table, change.id,
                     change.by_person ? "by a person" : "by us", json::write(change.before),
                     json::write(change.after)));
    check_drift(system, change);
    if (change.by_person && system.mood.skips_feed)
        skipped_.insert({static_cast<std::size_t>(number), change.id});
    const bool is_private = change.kind == sim::Change::Kind::changed && change.by_person &&
                            !(text_of(change.before, "remark") == text_of(change.after, "remark"));
    if (is_private) ++counters_["private edit"];
    oracle::RecordChange told;
    told.kind = kind_of(change.kind);
    told.by_person = change.by_person;
    told.is_restore = is_restoring_;
    told.key = {number, change.table, change.id};
    const Value& body = change.after.is_null() ? change.before : change.after;
    told.thing = thing_of(number, change.table, body);
    // Whatever key it is given, it stays the thing that it was.
    const auto known = things_.find(told.key);
    if (told.kind == oracle::RecordChange::Kind::changed && known != things_.end())
        told.thing = known->second;
    if (change.table == "things") codes_[{number, change.id}] = told.thing;
    told.before = without_lines(change.before);
    told.after = without_lines(change.after);
    told.sent = without_lines(change.sent);
    told.at = change.at;
    told.asked_at = asked_at_;
    told.compared_at = Instant::never();
    for (const Instant at : compared_[told.key])
        if (at <= asked_at_) told.compared_at = at - system.traits().lag;
    if (!change.by_person)
        std::erase_if(compared_[told.key], [&](Instant at) { return at <= asked_at_; });
    const bool lines_only = change.kind == sim::Change::Kind::changed &&
                            told.before == told.after && !(change.before == change.after);
    things_[told.key] = told.thing;
    if (!change.by_person) note_arrival(number, change);
    if (!lines_only) oracle_.changed(told);
    if (change.table == "things") tell_lines(number, change, told.thing, *told.compared_at);
}

// G15: what cannot be read as declared is not overwritten.
void World::check_drift(const sim::TraitSystem& system, const sim::Change& change) {
    const oracle::RecordKey key{number_of(system), change.table, change.id};
    if (!system.mood.drifted) drifted_.erase(key);
    const auto seen = drifted_.find(key);
    // While an open write's outcome is unknown it is repeated as it was.
    if (change.by_person || seen == drifted_.end() || asked_at_ <= seen->second ||
        oracle_.was_disturbed(key.system))
        return;
    const Value* before = change.before.find("note");
    const Value* after = change.after.find("note");
    oracle_.verdict().check(15, before && after && *before == *after, [&] {
        return fmt::format("note of {} {} was written to while it could not be read", change.table,
                           change.id);
    });
}

void World::tell_lines(int system, const sim::Change& change, const std::string& thing,
                       Instant compared_at) {
    const auto before = lines_in(change.before), after = lines_in(change.after);
    const auto tell = [&](oracle::RecordChange::Kind kind, const std::string& id, const Value& old,
                          const Value& now) {
        oracle::RecordChange told;
        told.kind = kind;
        told.by_person = change.by_person;
        told.is_restore = is_restoring_;
        told.key = {system, "lines", change.id + "/" + id};
        told.thing = thing + "/" + text_of(now.is_null() ? old : now, "text");
        told.before = old;
        told.after = now;
        things_[told.key] = told.thing;
        told.sent = now;
        told.at = change.at;
        told.asked_at = asked_at_;
        told.compared_at = compared_at;
        oracle_.changed(told);
    };
    using Kind = oracle::RecordChange::Kind;
    const bool returns = change.kind == sim::Change::Kind::returned;
    for (const auto& [id, line] : before)
        if (!after.contains(id)) tell(Kind::removed, id, line, Value());
    for (const auto& [id, line] : after) {
        const auto old = before.find(id);
        if (old == before.end())
            tell(returns ? Kind::returned : Kind::created, id, Value(), line);
        else if (!(old->second == line))
            tell(Kind::changed, id, old->second, line);
    }
}

void World::shown(const sim::TraitSystem& system, const std::string& table, const std::string& id,
                  const Value& body, Instant) {
    const int number = number_of(system);
    showing_.push_back({{number, table, id}, body});
    for (const auto& [line, fields] : lines_in(body))
        showing_.push_back({{number, "lines", id + "/" + line}, fields});
}

oracle::RecordKey World::key_of(const sync::RecordHead& record) const {
    const model::Resource& resource = workspace_.resource(record.resource);
    const std::string table = resource.nested_in ? "lines" : resource.name;
    return {static_cast<int>(resource.system.at()), table, record.external_id};
}

// What nobody can tell the outcome of, and what waits as nobody can be asked.
void World::look_at_open(sync::Transaction& store, oracle::EngineSight& sight) {
    constexpr int all = 1'000'000;
    for (const sync::Intent& intent : store.intents()) {
        const int system = static_cast<int>(workspace_.resource(intent.resource).system.at());
        sight.open.emplace_back(name_of_entity(store, intent.parts.front().entity), system);
    }
    for (std::size_t i = 0; i < workspace_.data_types.size(); ++i)
        for (const sync::Dirty& pair : store.dirty_waiting({static_cast<std::int32_t>(i)}, all))
            if (pair.is_offer && pair.in_vain.waited > 0)
                sight.open.emplace_back(name_of_entity(store, pair.entity),
                                        static_cast<int>(workspace_.data_types[i].system.at()));
    sight.held_up.insert(sight.held_up.end(), sight.open.begin(), sight.open.end());
    counters_["left open"] += std::ssize(sight.open);
}

// All records of the store by id, gone ones included; and what each entity is.
oracle::EngineSight World::look() {
    auto begun = process_.store().begin();
    CHECK(begun.has_value(), "the store is sound in calm");
    sync::Transaction& store = **begun;
    oracle::EngineSight sight;
    std::map<RecordId, oracle::RecordKey> keys;
    const auto key_of_record = [&](RecordId id) {
        if (const auto known = keys.find(id); known != keys.end()) return known->second;
        const auto records = store.records(std::array{id});
        return keys[id] = records.empty() ? oracle::RecordKey{} : key_of(records.front());
    };
    std::map<EntityId, std::string> entities;
    constexpr int all = 1'000'000;
    for (std::size_t i = 0; i < workspace_.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        for (const sync::Link& link : store.links(d, {}, all)) {
            oracle::LinkSight seen;
            seen.key = key_of_record(link.record);
            seen.entity = link.entity.value;
            seen.is_live = link.state == sync::LinkState::live;
            seen.made_at = process_.clock().true_time_of(link.made_at);
            for (const sync::Held& held : link.held) {
                seen.held.push_back(tell_hold(store, link, held));
                if (seen.is_live && held.reason.contains(sim::ailing))
                    sight.given_up.emplace_back(things_[seen.key], seen.key.system);
            }
            entities.emplace(link.entity, std::string());
            counters_["held"] += static_cast<std::int64_t>(link.held.size());
            sight.links.push_back(std::move(seen));
        }
    }
    for (auto& [id, name] : entities) name = name_of_entity(store, id);
    for (const sync::DataTypeState& state : store.data_type_states())
        if (!state.stopped.empty()) sight.stopped.push_back(table_of(state.data_type));
    for (const sync::Parked& parked : store.parked(all)) {
        sight.texts.push_back(parked.text);
        ++counters_["parked"];
        if (parked.record) {
            const oracle::RecordKey key = key_of_record(parked.record);
            sight.parked.push_back(key);
            // What it may be waits for it.
            for (const RecordId candidate : parked.candidates)
                if (const auto thing = things_.find(key_of_record(candidate));
                    thing != things_.end())
                    sight.held_up.emplace_back(thing->second, key.system);
            continue;
        }
        const model::DataType& d = workspace_.data_type(parked.data_type);
        sight.parked_creates.emplace_back(name_of_entity(store, parked.entity),
                                          static_cast<int>(d.system.at()));
        if (parked.reason == sync::ParkReason::create_failed)
            sight.refused_creates.push_back(sight.parked_creates.back());
        if (parked.text.contains(sim::ailing))
            sight.given_up.push_back(sight.parked_creates.back());
    }
    look_at_open(store, sight);
    for (const auto& [entity, system] : hidden_by_doubt(workspace_, store))
        if (const auto known = entities.find(entity); known != entities.end())
            sight.held_up.emplace_back(known->second, system);
    for (const auto& [entity, name] : entities)
        for (const sync::HistoryEvent& event : store.history(entity, all)) {
            if (event.kind == sync::HistoryEvent::Kind::tried && !event.record && event.data_type)
                sight.tried.emplace_back(
                    name, static_cast<int>(workspace_.data_type(event.data_type).system.at()));
            tell_history(store, event,
                         event.record ? key_of_record(event.record) : oracle::RecordKey{}, sight);
        }
    return sight;
}

oracle::HeldSight World::tell_hold(sync::Transaction& store, const sync::Link& link,
                                   const sync::Held& held) const {
    const model::Model& model = workspace_.model(workspace_.data_type(link.data_type).model);
    oracle::HeldSight out{
        .property = model[held.property].name, .reason = held.reason, .wanted = {}};
    const auto entities = store.entities(std::array{link.entity});
    if (entities.empty()) return out;
    const sync::EntityProperty& kept = entities.front().properties[held.property.at()];
    const bool is_reference = model[held.property].type == model::PropertyType::reference;
    out.wanted = is_reference && kept.value.is_decimal()
                     ? Value(name_of_entity(store, EntityId{*kept.value.as_decimal().to_int()}))
                     : kept.value;
    out.is_unreadable = held.rev == sync::Held::every_edit;
    out.is_current = held.rev >= kept.revision.rev;
    return out;
}

std::pair<int, std::string> World::table_of(DataTypeIndex d) const {
    const model::Resource& resource = workspace_.resource(workspace_.data_type(d).resource);
    return {static_cast<int>(resource.system.at()), resource.nested_in ? "lines" : resource.name};
}

// The code of a thing or owner; of a line: its thing's code and its text.
std::string World::name_of_entity(sync::Transaction& store, EntityId id) const {
    const auto found = store.entities(std::array{id});
    if (found.empty()) return {};
    const sync::Entity& entity = found.front();
    const Value& first = entity.properties.front().value;
    const std::string own = first.is_text() ? first.as_text() : std::string();
    return entity.parent ? name_of_entity(store, entity.parent) + "/" + own : own;
}

void World::tell_history(sync::Transaction& store, const sync::HistoryEvent& event,
                         const oracle::RecordKey& key, oracle::EngineSight& sight) {
    using Kind = sync::HistoryEvent::Kind;
    sight.texts.push_back(event.text);
    note(fmt::format("history: {} {} {} {}: {} -> {} ({})", sync::name_of(event.kind),
                     event.entity.value, key.table, key.id,
                     json::write(event.before.value_or(Value())),
                     json::write(event.after.value_or(Value())), event.text));
    const bool is_record = !key.id.empty();
    if (event.kind == Kind::tried && is_record && event.text.contains(sim::ailing))
        if (const auto thing = things_.find(key); thing != things_.end())
            sight.unread.emplace_back(thing->second, key.system);
    if (event.kind == Kind::create && is_record) sight.created.push_back(key);
    if (event.kind == Kind::gone && is_record) sight.gone.push_back(key);
    const bool tells_write = event.kind == Kind::write || event.kind == Kind::held ||
                             event.kind == Kind::tried || event.kind == Kind::conflict;
    if (tells_write && is_record) sight.written.push_back(key);
    const bool is_conflict = event.kind == Kind::conflict || event.kind == Kind::first_join;
    if (is_conflict) ++counters_[event.kind == Kind::conflict ? "conflict" : "first join"];
    if (!is_record || !event.property) return;
    if (!is_conflict && !(event.kind == Kind::held && event.before)) return;
    const model::Model& model = workspace_.model(workspace_.data_type(event.data_type).model);
    const model::Property& property = model[event.property];
    const auto in_words = [&](const std::optional<Value>& value) {
        const bool is_reference = property.type == model::PropertyType::reference;
        return value && value->is_decimal() && is_reference
                   ? Value(name_of_entity(store, EntityId{*value->as_decimal().to_int()}))
                   : value.value_or(Value());
    };
    sight.kept.push_back(
        {key, property.name, in_words(event.before), in_words(event.after), is_conflict});
}

void World::finish_counters() {
    counters_["close call"] += oracle_.close_calls();
    for (const auto& [system, id] : skipped_)
        if (oracle_.was_shown({static_cast<int>(system), "things", id}))
            ++counters_["sweep repaired"];
    counters_["window"] += oracle_.windows();
    counters_["edit of a removed record"] += oracle_.followed();
    counters_["edits"] += oracle_.edits();
    for (const auto& system : systems_) {
        counters_["writes"] += system->counts().writes;
        counters_["creates"] += system->counts().creates;
        counters_["requests"] += system->counts().requests;
    }
}

std::vector<Standing> World::standing() const {
    std::vector<Standing> out;
    const auto stand = [&](int system, const std::string& table, Value fields) {
        if (Value* owner = fields.find("owner"); owner && owner->is_text())
            if (const auto known = things_.find({system, "owners", owner->as_text()});
                known != things_.end())
                *owner = Value(known->second);
        const std::string thing = thing_of(system, table, fields);
        for (const auto& [id, line] : lines_in(fields))
            out.push_back({system, "lines", thing + "/" + text_of(line, "text"), line});
        out.push_back({system, table, thing, std::move(fields)});
    };
    for (const auto& system : systems_)
        for (const char* table : {"owners", "things", "lines"})
            for (const auto& [id, record] : system->table(table))
                stand(number_of(*system), table, record.body);
    return out;
}

std::vector<std::string> World::final_values() const {
    std::vector<std::string> values;
    for (const auto& system : systems_)
        for (const auto& [id, record] : system->table("things")) {
            const Value* name = record.body.find("name");
            values.push_back(fmt::format("{} {} {}", system->traits().name,
                                         text_of(record.body, "code"),
                                         name ? json::write(*name) : "null"));
        }
    return values;
}

}  // namespace entente::world
