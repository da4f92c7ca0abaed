// Whatever the traits: the loader takes what describes them, and the connector that comes of it can carry every call.
#include <gtest/gtest.h>

#include <set>

#include "base/json.hpp"
#include "sim/trait_world.hpp"

namespace entente::test {
namespace {

constexpr int samples = 500;

TEST(RandomTraits, are_described_without_an_error_or_a_remark) {
    Random random(1, "traits");
    for (int i = 0; i < samples; ++i) {
        std::vector<sim::Traits> systems;
        for (const char* name : {"A", "B", "C"}) systems.push_back(random_traits(random, name));
        const auto loaded = load(systems);
        for (const auto& diagnostic : loaded.diagnostics) ADD_FAILURE() << diagnostic.text();
        ASSERT_TRUE(loaded.workspace);
        EXPECT_EQ(loaded.workspace->system(SystemIndex{1}).base_url, "http://127.0.0.1:2");
    }
}

// The call that a system of these traits refuses, and says so.
bool refuses_name(const sim::Traits& traits) {
    return traits.forms[0] == sim::Form::refused;
}

void create_and_find(TraitWorld& world, const sim::Traits& traits) {
    std::set<std::string> made;
    for (int i = 0; i < 7; ++i) {
        const std::string code = "c" + std::to_string(i);
        const auto answer =
            world.create("things", R"({"code": ")" + code + R"("})", "key" + std::to_string(i));
        ASSERT_EQ(answer.outcome, sync::Outcome::ok) << answer.message;
        ASSERT_EQ(answer.records.size(), 1u);
        EXPECT_EQ(answer.complete, !traits.create_shows_key);
        made.insert(answer.records.front().external_id);
        world.now.ms += 10'000;
    }
    std::set<std::string> listed;
    const auto all =
        traits.feed == sim::Traits::Feed::row_version ? std::optional(0l) : std::nullopt;
    for (const auto& seen : world.list({}, all)) listed.insert(seen.external_id);
    EXPECT_EQ(listed, made);
    if (traits.grade != sim::Traits::Grade::searchable) return;
    const auto found = world.search("code", "c3");
    ASSERT_EQ(found.records.size(), 1u);
    EXPECT_EQ(world.stored(found.records.front().external_id, "code"), Value("c3"));
}

void read_and_update(TraitWorld& world, const sim::Traits& traits) {
    const std::string id = world.system.table("things").begin()->first;
    const auto seen = world.read(id);
    ASSERT_EQ(seen.records.size(), 1u);
    const bool is_versioned = traits.versions != sim::Traits::Versions::none;
    EXPECT_EQ(!seen.records.front().etag.empty(), is_versioned);
    EXPECT_EQ(seen.records.front().modified.has_value(), traits.feed != sim::Traits::Feed::none);
    Value body = traits.full_update ? seen.records.front().body : Value::object();
    body.set("name", Value("  a longer name "));
    const auto answer = world.update(id, json::write(body), seen.records.front().etag);
    if (refuses_name(traits)) {
        EXPECT_EQ(answer.outcome, sync::Outcome::rejected);
        EXPECT_EQ(answer.field, "name");
        return;
    }
    EXPECT_EQ(answer.outcome, sync::Outcome::ok) << answer.message;
    EXPECT_EQ(answer.records.empty(), traits.update_answer == sim::Traits::Answer::nothing);
    const Value wanted = traits.forms[0] == sim::Form::ignored
                             ? Value()
                             : world.system.stored_form("name", Value("  a longer name "));
    EXPECT_EQ(world.stored(id, "name"), wanted);
    EXPECT_EQ(world.stored(id, "code"), Value("c0"));
}

TEST(RandomTraits, let_every_call_be_carried) {
    Random random(2, "traits");
    for (int i = 0; i < samples; ++i) {
        const sim::Traits traits = random_traits(random, "A");
        TraitWorld world(traits);
        create_and_find(world, traits);
        world.now.ms += 100'000;
        read_and_update(world, traits);
        if (traits.rights) {
            const auto may = world.carry(sync::RightsCall{world.resource("things")});
            EXPECT_EQ(may.outcome, sync::Outcome::ok);
        }
        EXPECT_EQ(world.system.counts().throttled, 0);
        ASSERT_FALSE(::testing::Test::HasFailure()) << "sample " << i;
    }
}

// The same requests at the same times: the same answers, byte for byte.
TEST(RandomTraits, answer_the_same_twice) {
    for (int i = 0; i < 50; ++i) {
        std::string answers[2];
        for (std::string& all : answers) {
            Random random(static_cast<std::uint64_t>(i), "twice");
            TraitWorld world(random_traits(random, "A"));
            for (int step = 0; step < 20; ++step) {
                world.now.ms += static_cast<std::int64_t>(random.below(3'000));
                world.system.mood.stale = random.chance(50);
                world.add(R"({"code": "x"})");
                const auto response = world.send("GET", "/things?page=1&size=2");
                all += response.body;
                for (const auto& [name, value] : response.headers) all += name + value;
            }
        }
        EXPECT_EQ(answers[0], answers[1]);
    }
}

}  // namespace
}  // namespace entente::test
