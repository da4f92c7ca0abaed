// People: what they do is in the system and in the ledger, under values that can be found again.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "sim/generator.hpp"
#include "world.hpp"

namespace entente::sim::test {
namespace {

// The value that the system shows now where the edit was made.
Value shown(World& world, const Edit& edit) {
    const bool is_shop = edit.system == "CustomWebshop";
    Client& client = is_shop ? world.shop() : world.erp();
    const std::string id = edit.id.is_text() ? edit.id.as_text() : json::write(edit.id);
    const Value record = client.get((is_shop ? "/api/" : "/v1/") + edit.resource + "/" + id).body;
    if (!edit.property.starts_with("lines")) {
        const Value* value = record.at_path(edit.property);
        return value == nullptr ? Value("absent") : *value;
    }
    const auto& lines = record.find("lines")->as_list();
    if (edit.property == "lines") return lines.back();
    for (const Value& line : lines) {
        if (edit.property == "lines[" + json::write(*line.find("id")) + "].quantity") {
            return *line.find("quantity");
        }
    }
    return Value("absent");
}

// Whether every member that was typed is shown.
bool holds(const Value& record, const Value& typed) {
    return std::ranges::all_of(typed.as_object(), [&](const auto& member) {
        const Value* value = record.find(member.first);
        if (value == nullptr) return false;
        if (member.second.is_object()) return holds(*value, member.second);
        if (member.first == "lines")
            return value->as_list().size() == member.second.as_list().size();
        return *value == member.second;
    });
}

TEST(People, change_the_very_record_that_they_are_led_to) {
    World world(200);
    People people = world.people(1);
    for (const auto& [system, url] :
         {std::pair("CustomWebshop", "/api/customers/c-101"), {"CustomERP", "/v1/orders/10001"}}) {
        const auto outcome = people.change_at(system, url, world.now);
        ASSERT_FALSE(outcome.error) << outcome.error->message();
        ASSERT_EQ(outcome.edits.size(), 1u);
        EXPECT_TRUE(std::string(url).ends_with(outcome.edits[0].id.is_text()
                                                   ? outcome.edits[0].id.as_text()
                                                   : json::write(outcome.edits[0].id)));
        EXPECT_EQ(shown(world, outcome.edits[0]), outcome.edits[0].after);
    }
    for (const auto& [system, url] : {std::pair("CustomWebshop", "/api/customers"),
                                      {"CustomWebshop", "/api/customers?page=1"},
                                      {"CustomERP", "/sim/stats"}})
        EXPECT_EQ(people.change_at(system, url, world.now).error->kind, ErrorKind::not_found);
}

TEST(People, each_kind_of_act_is_visible_in_the_system_and_told) {
    World world(200);
    People people = world.people(1);
    people.leave_alone_what_waits(truth_of(generate(1, 200), {}));
    for (int act = 0; act < acts; ++act) {
        for (int round = 0; round < 5; ++round) {
            const auto outcome = people.act(static_cast<Act>(act), world.now);
            ASSERT_FALSE(outcome.error)
                << name_of(static_cast<Act>(act)) << outcome.error->message();
            ASSERT_FALSE(outcome.edits.empty());
            for (const Edit& edit : outcome.edits) {
                EXPECT_EQ(edit.scenario, name_of(static_cast<Act>(act)));
                EXPECT_TRUE(edit.is_certain);
                if (edit.act == "create") {
                    const bool is_shop = edit.system == "CustomWebshop";
                    const std::string id =
                        edit.id.is_text() ? edit.id.as_text() : json::write(edit.id);
                    const Answer made =
                        (is_shop ? world.shop() : world.erp())
                            .get((is_shop ? "/api/" : "/v1/") + edit.resource + "/" + id);
                    EXPECT_EQ(made.status, 200);
                    EXPECT_TRUE(holds(made.body, edit.after)) << json::write(made.body);
                } else if (edit.act == "add_line") {
                    EXPECT_TRUE(holds(shown(world, edit), edit.after));
                } else if (edit.act == "remove_line") {
                    const Answer removed =
                        world.erp().get("/v1/" + edit.resource + "/" + json::write(edit.id));
                    EXPECT_TRUE(edit.system == "CustomWebshop" || removed.status == 404);
                } else {
                    EXPECT_EQ(shown(world, edit), edit.after) << json::write(to_json(edit));
                    EXPECT_FALSE(edit.before == edit.after);
                }
            }
        }
    }
}

TEST(People, acts_on_both_sides_meet_in_one_thing) {
    World world(200);
    const Population population = generate(1, 200);
    People people = world.people(2);
    people.leave_alone_what_waits(truth_of(population, {}));
    for (const Act act : {Act::same_on_both, Act::different_on_both}) {
        const auto outcome = people.act(act, world.now);
        ASSERT_EQ(outcome.edits.size(), 2u);
        EXPECT_NE(outcome.edits[0].system, outcome.edits[1].system);
        EXPECT_FALSE(outcome.edits[0].after == outcome.edits[1].after);
        const bool is_shop_first = outcome.edits[0].system == "CustomWebshop";
        const Value& shop_id = outcome.edits[is_shop_first ? 0 : 1].id;
        const Value& erp_id = outcome.edits[is_shop_first ? 1 : 0].id;
        const auto at = std::ranges::find_if(population.things, [&](const Thing& thing) {
            return thing.model == "organisation" && !thing.webshop_ids.empty() &&
                   thing.webshop_ids[0] == shop_id;
        });
        ASSERT_NE(at, population.things.end());
        EXPECT_EQ(at->erp_ids, std::vector<Value>{erp_id});
        const auto phone = [](const Edit& edit) {
            return edit.property == "phone" || edit.property == "telephone";
        };
        EXPECT_EQ(phone(outcome.edits[0]) == phone(outcome.edits[1]), act == Act::same_on_both);
    }
}

TEST(People, what_they_type_is_unique_and_what_waits_is_left_alone) {
    World world(200);
    const Population population = generate(1, 200);
    std::set<std::string> waiting;
    for (const Thing& thing : population.things) {
        if (thing.kind != "ambiguous" && thing.kind != "double" && !thing.is_disputed) continue;
        for (const Value& id : thing.webshop_ids)
            waiting.insert("CustomWebshop customers" + json::write(id));
        for (const Value& id : thing.erp_ids)
            waiting.insert("CustomERP customers" + json::write(id));
    }
    ASSERT_FALSE(waiting.empty());
    People people = world.people(3);
    people.leave_alone_what_waits(truth_of(population, {}));
    std::set<std::string> typed;
    std::set<std::string> scenarios;
    for (int i = 0; i < 500; ++i) {
        const auto outcome = people.act(world.now);
        ASSERT_FALSE(outcome.error) << outcome.error->message();
        for (const Edit& edit : outcome.edits) {
            scenarios.insert(edit.scenario);
            EXPECT_FALSE(
                waiting.contains(edit.system + " " + edit.resource + json::write(edit.id)));
            if (edit.act == "clear") continue;
            EXPECT_TRUE(typed.insert(json::write(edit.after)).second) << json::write(edit.after);
        }
    }
    EXPECT_EQ(scenarios.size(), static_cast<std::size_t>(acts) - 1) << "all but retype_lines";
}

TEST(People, a_newer_version_is_read_again_and_typed_again) {
    World world(20);
    int stale = 0;
    People people(
        4, {{"CustomERP", "custom-erp", "secret"}},
        [&](const std::string& system, const http::Request& request) -> Result<http::Response> {
            // Somebody else changes the record just before the first write arrives.
            if (request.method == "PATCH" && stale++ == 0) {
                world.erp().patch_now(request.url, R"({"city":"Elsewhere"})");
            }
            return world.carry(system, request);
        });
    const auto outcome = people.act(Act::change_phone, world.now);
    ASSERT_FALSE(outcome.error) << outcome.error->message();
    EXPECT_EQ(stale, 2);
    EXPECT_EQ(shown(world, outcome.edits[0]), outcome.edits[0].after);
}

TEST(People, a_write_without_answer_is_told_as_uncertain) {
    World world(20);
    bool is_down = false;
    People people(
        5, {{"CustomWebshop", "custom-webshop", "secret"}},
        [&](const std::string& system, const http::Request& request) -> Result<http::Response> {
            if (is_down && request.method != "GET") {
                return fail(ErrorKind::unknown_outcome, "no answer", request.url);
            }
            return world.carry(system, request);
        });
    is_down = true;
    for (const Act act : {Act::change_phone, Act::create_customer}) {
        const auto outcome = people.act(act, world.now);
        ASSERT_TRUE(outcome.error);
        EXPECT_EQ(outcome.error->kind, ErrorKind::unknown_outcome);
        ASSERT_EQ(outcome.edits.size(), 1u);
        EXPECT_FALSE(outcome.edits[0].is_certain);
    }
}

TEST(Ledger, what_is_appended_is_read_back_and_a_torn_line_is_left_out) {
    TemporaryDirectory directory;
    const std::string path = directory.path("ledger.jsonl");
    EXPECT_TRUE(read_ledger(path).value().empty());
    const Edit edit{{1'795'000'000'123},
                    "change",
                    "change_price",
                    "CustomERP",
                    "products",
                    Value(501),
                    "sales_price",
                    Value(),
                    Value(Decimal::parse("10.50").value()),
                    false};
    ASSERT_TRUE(append_to_ledger(path, {edit}).has_value());
    ASSERT_TRUE(append_to_ledger(path, {edit}).has_value());
    std::ofstream(path, std::ios::app) << R"({"time":"2026)";
    const auto edits = read_ledger(path).value();
    ASSERT_EQ(edits.size(), 2u);
    EXPECT_EQ(json::write(to_json(edits[1])), json::write(to_json(edit)));
    EXPECT_FALSE(append_to_ledger(directory.path("no/such/place"), {edit}).has_value());
}

}  // namespace
}  // namespace entente::sim::test
