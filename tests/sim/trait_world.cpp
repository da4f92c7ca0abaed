#include "sim/trait_world.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace entente::test {
namespace {

template <class T>
T one_of(Random& random, std::initializer_list<T> choices) {
    return *(choices.begin() + random.below(choices.size()));
}

}  // namespace

void Recorder::changed(const sim::TraitSystem&, const sim::Change& change) {
    changes.push_back(change);
}

void Recorder::shown(const sim::TraitSystem&, const std::string& table, const std::string& id,
                     const Value& body, Instant) {
    shown_bodies.push_back({table, id, body});
}

sim::Traits random_traits(Random& random, const std::string& name) {
    using T = sim::Traits;
    using sim::Form;
    T out;
    out.name = name;
    out.versions = one_of(random, {T::Versions::none, T::Versions::counter, T::Versions::touched});
    out.grade = one_of(random, {T::Grade::keyed, T::Grade::searchable, T::Grade::none});
    out.update_answer = one_of(random, {T::Answer::record, T::Answer::nothing, T::Answer::part});
    out.create_shows_key = random.chance(50);
    out.full_update = random.chance(50);
    out.feed = one_of(random, {T::Feed::modified, T::Feed::row_version, T::Feed::none});
    out.granularity = {one_of(random, {1, 1'000, 60'000})};
    out.paging =
        one_of(random, {T::Paging::none, T::Paging::page, T::Paging::cursor, T::Paging::link});
    out.page_size = static_cast<int>(random.between(1, 5));
    out.lines =
        one_of(random, {T::Lines::none, T::Lines::inside, T::Lines::beside, T::Lines::with_parent});
    out.owners = random.chance(50);
    out.rights = random.chance(50);
    out.unique_code = random.chance(50);
    for (std::size_t i = 0; i < out.forms.size(); ++i) {
        out.forms[i] = one_of(random, {Form::as_is, Form::upper, Form::trimmed, Form::cut,
                                       Form::rounded, Form::ignored, Form::refused});
        out.declared[i] = random.chance(50);
    }
    out.lag = {one_of(random, {0, 800, 5'000})};
    out.visible_after = {one_of(random, {0, 500, 10'000})};
    out.late_execution = {one_of(random, {0, 2'000, 60'000})};
    out.skew = {random.between(-600'000, 600'000)};
    out.quota = one_of(random, {0, 20, 60});
    out.tells_wait = random.chance(50);
    return out;
}

model::LoadResult load(const std::vector<sim::Traits>& systems) {
    model::LoadInput input;
    input.workspace = {"entente.yaml", sim::workspace_of(systems, "conflicts: latest\n")};
    input.catalog = sim::catalog_of(systems);
    input.is_set = [](const model::SecretRef&) { return true; };
    return model::load(input);
}

TraitWorld::TraitWorld(sim::Traits traits) : system(traits, recorder) {
    auto loaded = load({traits});
    for (const auto& diagnostic : loaded.diagnostics) ADD_FAILURE() << diagnostic.text();
    if (!loaded.workspace) return;
    workspace_ = *std::move(loaded.workspace);
    auto connector =
        connect::RestConnector::open(workspace_, SystemIndex{0}, {{"api_key", system.secret()}});
    if (!connector) ADD_FAILURE() << connector.error().message();
    if (connector) connector_ = *std::move(connector);
}

sync::Answer TraitWorld::carry(const sync::Call& call) {
    auto request = connector_->request(call);
    if (!request) {
        ADD_FAILURE() << request.error().message();
        return {};
    }
    const std::string base = "http://127.0.0.1:1";
    EXPECT_TRUE(request->url.starts_with(base)) << request->url;
    request->url = request->url.substr(base.size());
    return connector_->answer(call, system.handle(*request, now));
}

ResourceIndex TraitWorld::resource(const std::string& name) const {
    for (std::size_t i = 0; i < workspace_.resources.size(); ++i)
        if (workspace_.resources[i].name == name) return {static_cast<std::int32_t>(i)};
    ADD_FAILURE() << "there is no resource " << name;
    return {};
}

sync::Answer TraitWorld::create(const std::string& table, const std::string& body,
                                std::string key) {
    return carry(sync::CreateCall{resource(table), *json::read(body), std::move(key)});
}

sync::Answer TraitWorld::update(const std::string& id, const std::string& body,
                                std::string version) {
    return carry(sync::UpdateCall{resource("things"), id, *json::read(body), std::move(version)});
}

sync::Answer TraitWorld::read(const std::string& id, const std::string& table) {
    return carry(sync::ReadCall{resource(table), id});
}

sync::Answer TraitWorld::search(const std::string& field, const std::string& value,
                                const std::string& table) {
    return carry(sync::SearchCall{resource(table), {{field, Value(value)}}});
}

std::vector<sync::SeenRecord> TraitWorld::list(std::optional<Instant> since,
                                               std::optional<std::int64_t> since_version,
                                               const std::string& table) {
    std::vector<sync::SeenRecord> out;
    sync::ListCall call{resource(table), since, "", since_version};
    for (int page = 0; page < 100; ++page) {
        const sync::Answer answer = carry(call);
        EXPECT_EQ(answer.outcome, sync::Outcome::ok) << answer.message;
        for (const auto& record : answer.records) out.push_back(record);
        if (answer.next.empty()) return out;
        call.cursor = answer.next;
    }
    ADD_FAILURE() << "the list does not end";
    return out;
}

std::string TraitWorld::add(const std::string& body, const std::string& table) {
    return system.add(table, *json::read(body), now);
}

void TraitWorld::edit(const std::string& id, const std::string& field, Value value) {
    system.edit("things", id, field, std::move(value), now);
}

Value TraitWorld::stored(const std::string& id, const std::string& field,
                         const std::string& table) const {
    const auto& records = system.table(table);
    const auto found = records.find(id);
    if (found == records.end()) return {};
    const Value* value = found->second.body.find(field);
    return value == nullptr ? Value() : *value;
}

http::Response TraitWorld::send(const std::string& method, const std::string& url,
                                const std::string& body, http::Headers headers) {
    headers.emplace_back("X-Api-Key", system.secret());
    return system.handle({method, url, std::move(headers), body}, now);
}

}  // namespace entente::test
