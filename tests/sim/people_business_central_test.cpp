// People work in Business Central too, and the checker reads it: through its HTTP, under their own credential.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "central_fixture.hpp"
#include "sim/generator.hpp"
#include "world.hpp"

namespace entente::sim::test {
namespace {

constexpr const char* central_name = "Businesscentral";
constexpr std::int64_t records = 200;

SystemNames with_central() {
    return {"CustomWebshop", "CustomERP", "", central_name};
}

std::string address(const std::string& path) {
    return "/v2.0/production/api/v2.0/companies(c0a00000-0000-4000-8000-000000000001)/" + path;
}

Answer ask(World& world, const std::string& method, const std::string& path,
           const std::string& body = "") {
    return world.at(central_name)
        .raw({method,
              address(path),
              {{"Authorization", "Bearer people:secret"}, {"If-Match", "*"}},
              body});
}

class PeopleInCentral : public testing::Test {
protected:
    PeopleInCentral() : world(records) { world.add(central_name, central_options(), records); }

    // Lets people work for so many turns and gives what they did in Business Central.
    std::vector<Edit> work(std::uint64_t seed, int turns) {
        People people = world.people(seed);
        people.leave_alone_what_waits(truth_of(generate(1, records), with_central()));
        std::vector<Edit> done;
        for (int turn = 0; turn < turns; ++turn) {
            const auto outcome = people.act(world.now);
            EXPECT_FALSE(outcome.error) << outcome.error->message();
            for (const Edit& edit : outcome.edits) {
                if (edit.system == central_name) done.push_back(edit);
            }
        }
        return done;
    }

    World world;
};

TEST_F(PeopleInCentral, what_they_type_last_is_what_the_system_shows) {
    const auto edits = work(1, 400);
    std::map<std::string, int> acts;
    for (auto edit = edits.begin(); edit != edits.end(); ++edit) {
        ++acts[edit->act + " " + edit->property];
        const bool is_overtaken = std::any_of(std::next(edit), edits.end(), [&](const Edit& later) {
            return later.id == edit->id &&
                   (later.property == edit->property || edit->act == "create");
        });
        if (is_overtaken) continue;
        const Answer record = ask(world, "GET", edit->resource + "(" + edit->id.as_text() + ")");
        ASSERT_EQ(record.status, 200);
        if (edit->act == "clear") {
            EXPECT_EQ(record.at(edit->property), "");
        } else if (edit->act == "change") {
            EXPECT_EQ(*record.body.find(edit->property), edit->after);
        } else {
            for (const auto& [name, value] : edit->after.as_object()) {
                if (name == "salesOrderLines") continue;
                EXPECT_EQ(*record.body.find(name), value) << name;
            }
        }
    }
    for (const char* act : {"change phoneNumber", "change addressLine1", "change unitPrice",
                            "change quantity", "create "}) {
        EXPECT_GT(acts[act], 0) << act;
    }
    EXPECT_GT(acts["clear phoneNumber"] + acts["clear addressLine1"], 0);
}

TEST_F(PeopleInCentral, the_checker_knows_every_record_by_the_truth) {
    const auto verdict = world.judge(truth_of(generate(1, records), with_central()));
    EXPECT_EQ(verdict.systems, 3);
    EXPECT_EQ(verdict.wrong_links, 0);
    EXPECT_GT(verdict.linked, 100);
}

TEST_F(PeopleInCentral, the_checker_sees_what_is_twice_and_what_differs) {
    const Value truth = truth_of(generate(1, records), with_central());
    const auto before = world.judge(truth);
    const Value customer = ask(world, "GET", "customers").body.find("value")->as_list()[0];
    Value copy = Value::object();
    for (const char* name : {"displayName", "email", "taxRegistrationNumber"}) {
        copy.set(name, *customer.find(name));
    }
    ASSERT_EQ(ask(world, "POST", "customers", json::write(copy)).status, 201);
    EXPECT_EQ(world.judge(truth).duplicates, before.duplicates + 1);
}

}  // namespace
}  // namespace entente::sim::test
