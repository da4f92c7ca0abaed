// People work in Exact Online too: through its HTTP, under their own credential, and what they type is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "sim/generator.hpp"
#include "world.hpp"

namespace entente::sim::test {
namespace {

const SystemNames three{"CustomWebshop", "CustomERP", "ExactOnline"};

Value record_of(World& world, const Edit& edit) {
    const Answer answer =
        world.exact().raw({"GET",
                           "/api/v1/1234567/" + edit.resource + "(guid'" + edit.id.as_text() + "')",
                           {{"Authorization", "Bearer people:secret"}},
                           ""});
    EXPECT_EQ(answer.status, 200);
    return answer.status == 200 ? *answer.body.find("d") : Value();
}

// Lets people work for so many turns and gives what they did in Exact Online.
std::vector<Edit> work(World& world, std::uint64_t seed, int turns) {
    People people = world.people(seed);
    people.leave_alone_what_waits(truth_of(generate(1, 200), three));
    std::vector<Edit> done;
    for (int turn = 0; turn < turns; ++turn) {
        const auto outcome = people.act(world.now);
        EXPECT_FALSE(outcome.error) << outcome.error->message();
        for (const Edit& edit : outcome.edits) {
            if (edit.system == "ExactOnline") done.push_back(edit);
        }
    }
    return done;
}

TEST(PeopleInExact, what_they_type_last_is_what_the_system_shows) {
    World world(200, true);
    const auto edits = work(world, 1, 400);
    std::map<std::string, int> acts;
    for (auto edit = edits.begin(); edit != edits.end(); ++edit) {
        ++acts[edit->act + " " + edit->property];
        const bool is_overtaken = std::any_of(std::next(edit), edits.end(), [&](const Edit& later) {
            return later.id == edit->id &&
                   (later.property == edit->property || edit->act == "create");
        });
        if (is_overtaken) continue;
        const Value record = record_of(world, *edit);
        if (edit->act != "create") {
            EXPECT_EQ(*record.find(edit->property), edit->after) << json::write(to_json(*edit));
            continue;
        }
        for (const auto& [name, value] : edit->after.as_object()) {
            if (name == "SalesOrderLines" || name == "OrderDate") continue;
            EXPECT_EQ(*record.find(name), value) << name << json::write(record);
        }
    }
    for (const char* act : {"change Phone", "change AddressLine1", "change StandardSalesPrice",
                            "change Remarks", "change Quantity", "create "}) {
        EXPECT_GT(acts[act], 0) << act;
    }
    EXPECT_GT(acts["clear Phone"] + acts["clear AddressLine1"] + acts["clear Remarks"], 0);
}

TEST(PeopleInExact, orders_name_themselves_and_have_lines) {
    World world(200, true);
    int orders = 0, lines = 0;
    for (const Edit& edit : work(world, 2, 400)) {
        if (edit.act != "create") continue;
        if (edit.resource == "salesorder/SalesOrders") {
            ++orders;
            EXPECT_TRUE(edit.after.find("YourRef")->as_text().starts_with("P26-"));
            EXPECT_EQ(edit.after.find("SalesOrderLines")->as_list().size(), 1u);
        }
        lines += edit.resource == "salesorder/SalesOrderLines";
        EXPECT_NE(edit.resource, "crm/Quotations");
    }
    EXPECT_GT(orders, 0);
    EXPECT_GT(lines, 0);
}

TEST(PeopleInExact, they_use_up_no_quota_and_leave_alone_what_waits) {
    World world(200, true);
    std::set<std::string> waiting;
    for (const Thing& thing : generate(1, 200).things) {
        if (!thing.is_double_in_exact) continue;
        for (const Value& id : thing.exact_ids[0].second) waiting.insert(id.as_text());
    }
    ASSERT_FALSE(waiting.empty());
    for (const Edit& edit : work(world, 3, 400)) {
        EXPECT_FALSE(waiting.contains(edit.id.as_text()));
    }
    EXPECT_EQ(world.exact().get("/api/v1/1234567/crm/Accounts").header("X-RateLimit-Remaining"),
              "4999");
}

// An order for it would wait with it, and no edit would be seen to arrive.
TEST(PeopleInExact, they_leave_alone_what_was_made_from_a_record_that_waits) {
    World world(200, true);
    const Value truth = truth_of(generate(1, 200), three);
    std::set<std::string> made;
    for (const Value& thing : truth.find("things")->as_list()) {
        if (!(*thing.find("kind") == Value("ambiguous"))) continue;
        const Value& email = thing.at_path("identity.email")->as_list().front();
        const Value body(Value::Object{{"Name", "Made Elsewhere"}, {"Email", email}});
        const Answer answer = world.exact().post("/api/v1/1234567/crm/Accounts", json::write(body));
        ASSERT_EQ(answer.status, 201);
        made.insert(answer.body.at_path("d.ID")->as_text());
    }
    ASSERT_FALSE(made.empty());
    const auto is_of_it = [&](const Value* id) { return id && made.contains(id->as_text()); };
    for (const Edit& edit : work(world, 4, 600)) {
        EXPECT_FALSE(is_of_it(&edit.id)) << json::write(to_json(edit));
        EXPECT_FALSE(is_of_it(edit.after.find("OrderedBy"))) << json::write(to_json(edit));
    }
}

}  // namespace
}  // namespace entente::sim::test
