// The demo and verify, from outside: what issue 2 promises on a clean clone, at a smaller size.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "base/json.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

// Goal: the demo's last line says that nothing is wrong, and its numbers fit together.
TEST(Demo, once_ends_with_agreement) {
    const Folder folder;
    const auto demo = entente(
        {"demo", "--once", "--records", "200", "--seed", "7", "--dir", folder.path("d"), "--json"});
    ASSERT_EQ(demo.status, 0) << demo.err;
    const Value result = json_of(demo.last_line);
    ASSERT_TRUE(result.is_object()) << demo.last_line;
    for (const char* zero : {"wrong_links", "duplicates", "differ", "missing"})
        EXPECT_EQ(number(result, zero), 0) << zero;
    EXPECT_EQ(number(result, "truth.shared"), 200);
    EXPECT_GT(number(result, "truth.own"), 0) << "Exact Online has a few of its own";
    EXPECT_EQ(number(result, "truth.things"),
              number(result, "truth.shared") + number(result, "truth.own"));
    EXPECT_GT(number(result, "questions"), 2);
    EXPECT_EQ(number(result, "parked.unsure"), number(result, "questions"));
    EXPECT_GT(number(result, "linked"), 200);
    EXPECT_GT(number(result, "created"), 20);
    EXPECT_GT(number(result, "first_joins"), 5);
    EXPECT_EQ(number(result, "held"), 0);
    ASSERT_EQ(result.find("systems")->as_list().size(), 3u);
    for (const char* system : {"CustomWebshop", "CustomERP", "ExactOnline"}) {
        EXPECT_GT(number(result, fmt::format("api_calls.{}.requests", system)), 10);
        EXPECT_GT(number(result, fmt::format("api_calls.{}.quota", system)), 0);
        EXPECT_EQ(number(result, fmt::format("api_calls.{}.status_429", system)), 0);
    }
    EXPECT_EQ(demo.err, "") << "nothing to complain about";
}

// Goal: the judge sees what a person changes behind the engine's back: exactly as many values, and
// status 1.
TEST(Demo, tampering_is_found_out) {
    const Folder folder;
    const auto demo = entente({"demo", "--once", "--records", "100", "--seed", "3", "--dir",
                               folder.path("d"), "--json", "--tamper", "3"});
    EXPECT_EQ(demo.status, 1);
    EXPECT_EQ(number(json_of(demo.last_line), "differ"), 3) << demo.last_line;
    EXPECT_EQ(number(json_of(demo.last_line), "missing"), 0);
}

// Goal: who tampers again changes something again. Method: the first change is carried across by the second run.
TEST(Demo, tampering_again_is_found_out_again) {
    const Folder folder;
    const std::vector<std::string> words{"demo",      "--once",
                                         "--records", "60",
                                         "--seed",    "3",
                                         "--systems", "custom-webshop,custom-erp",
                                         "--dir",     folder.path("d"),
                                         "--json",    "--tamper",
                                         "2"};
    for (int time = 1; time <= 3; ++time) {
        const auto demo = entente(words);
        EXPECT_EQ(demo.status, 1) << demo.err;
        EXPECT_EQ(number(json_of(demo.last_line), "differ"), 2) << time << ": " << demo.last_line;
    }
}

// Goal: nothing is promised that is not done. Method: without a judge at the end, and of more than there is; both are said at once.
TEST(Demo, tampering_that_would_not_happen_is_refused) {
    const Folder folder;
    const auto live = entente({"demo", "--dir", folder.path("d"), "--tamper", "2"});
    EXPECT_EQ(live.status, 2);
    EXPECT_NE(live.err.find("--once"), std::string::npos) << live.err;
    const auto too_many = entente({"demo", "--once", "--records", "10", "--dir", folder.path("e"),
                                   "--tamper", "1000", "--json"});
    EXPECT_EQ(too_many.status, 2);
    EXPECT_NE(too_many.err.find("--tamper"), std::string::npos) << too_many.err;
    EXPECT_FALSE(std::filesystem::exists(folder.path("e") + "/state/entente.db"));
}

// Goal: variants of one name, numbers that differ in a sign, one-sided VAT numbers and shared e-mail addresses are told apart, and
// what only a person can know is asked, with both records shown.
TEST(Demo, a_shop_with_variants_joins_an_erp) {
    const Folder folder;
    const std::vector<std::string> words{"demo",      "--once",        "--population", "variants",
                                         "--records", "600",           "--seed",       "7",
                                         "--dir",     folder.path("d")};
    auto for_programs = words;
    for_programs.push_back("--json");
    const auto demo = entente(for_programs);
    ASSERT_EQ(demo.status, 0) << demo.err;
    const Value result = json_of(demo.last_line);
    ASSERT_EQ(result.find("systems")->as_list().size(), 2u);
    for (const char* zero : {"wrong_links", "duplicates", "differ", "missing", "held", "truth.own"})
        EXPECT_EQ(number(result, zero), 0) << zero;
    EXPECT_EQ(number(result, "truth.shared"), 600);
    EXPECT_EQ(number(result, "questions"), 2);
    EXPECT_EQ(number(result, "parked.unsure"), 2);
    const auto& samples = result.find("question_samples")->as_list();
    ASSERT_EQ(samples.size(), 2u);
    for (const Value& sample : samples) EXPECT_EQ(sample.find("records")->as_list().size(), 2u);

    auto for_people = words;
    for_people.push_back("--show-questions");
    const auto shown = entente(for_people);
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_NE(shown.out.find("2 questions"), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("entente status " + folder.path("d")), std::string::npos);
    EXPECT_NE(shown.out.find(" <-> CustomERP"), std::string::npos) << shown.out;

    const auto with_exact = entente({"demo", "--once", "--population", "variants", "--systems",
                                     "custom-webshop,exact-online", "--dir", folder.path("e")});
    EXPECT_EQ(with_exact.status, 2);
    const auto another = entente({"demo", "--once", "--records", "600", "--dir", folder.path("d")});
    EXPECT_EQ(another.status, 2) << "the folder holds another population";
}

// Goal: a demo is resumed where it was, and repairs what was tampered with; a second run has
// nothing to create.
TEST(Demo, an_existing_demo_is_resumed) {
    const Folder folder;
    const std::vector<std::string> words{"demo", "--once", "--records",      "60",    "--seed",
                                         "5",    "--dir",  folder.path("d"), "--json"};
    const auto first = entente(words);
    ASSERT_EQ(first.status, 0) << first.err;
    const auto second = entente(words);
    ASSERT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(number(json_of(first.last_line), "created"),
              number(json_of(second.last_line), "created"));
}

// Goal: the running demo shows edits arriving, says how many entities agree, and ends cleanly on
// Ctrl-C.
TEST(Demo, people_edit_and_ctrl_c_ends_it) {
    const Folder folder;
    Process demo({"demo", "--records", "60", "--seed", "11", "--dir", folder.path("d")});
    EXPECT_TRUE(demo.says("entities agree")) << demo.out() << demo.err();
    EXPECT_TRUE(demo.says(" ms")) << demo.out();
    demo.signal(SIGINT);
    EXPECT_EQ(demo.wait(), 0) << demo.err();
    EXPECT_NE(demo.out().find("edits by people"), std::string::npos) << demo.out();
    EXPECT_NE(entente({"verify", folder.path("d")}).status, 2);
}

class VerifyTest : public testing::Test {
protected:
    void SetUp() override {
        const auto demo = entente({"demo", "--once", "--records", "60", "--seed", "7", "--dir",
                                   dir_, "--json", "--systems", "CustomWebshop,CustomERP"});
        ASSERT_EQ(demo.status, 0) << demo.err;
    }

    Folder folder_;
    std::string dir_ = folder_.path("d");
};

// Goal: a value, a line and a deletion, made with curl, are exactly what verify finds. Method: the
// engine does not run.
TEST_F(VerifyTest, finds_exactly_the_value_the_line_and_the_deletion) {
    Systems systems(dir_);
    Client client;
    const auto clean = entente({"verify", dir_, "--json"});
    ASSERT_EQ(clean.status, 0) << clean.out << clean.err;

    const auto& shop = systems["CustomWebshop"];
    const auto& erp = systems["CustomERP"];
    const Value orders = client.get(erp, "/v1/orders?limit=500");
    const Value lines = client.get(erp, "/v1/order-lines?limit=500");
    // Linked orders: the first keeps its record and loses its line's quantity, the last is removed
    // in the shop.
    const Value shop_orders = client.get(shop, "/api/orders?page_size=250");
    const Value& first = shop_orders.find("items")->as_list().front();
    const Value& last = shop_orders.find("items")->as_list().back();
    const std::string customer = first.find("customer_id")->as_text();

    EXPECT_EQ(client
                  .send(shop, "PATCH", "/api/customers/" + customer,
                        json_of(R"({"phone":"+31 20 7654321"})"))
                  .status,
              200);
    Value line = Value::object();
    line.set("lines", first.find("lines")->as_list());
    line.find("lines")->as_list().front().set("quantity", 987);
    EXPECT_EQ(client.send(shop, "PATCH", "/api/orders/" + first.find("id")->as_text(), line).status,
              200);
    EXPECT_EQ(
        client.send(shop, "DELETE", "/api/orders/" + last.find("id")->as_text(), Value()).status,
        204);

    const auto verify = entente({"verify", dir_, "--json"});
    EXPECT_EQ(verify.status, 1) << verify.err;
    const Value verdict = json_of(verify.last_line);
    EXPECT_EQ(number(verdict, "differ"), 2) << verify.last_line;
    EXPECT_EQ(number(verdict, "missing"), 1) << verify.last_line;
    EXPECT_NE(verify.err.find("/v1/order-lines"), std::string::npos)
        << "the GETs per resource are told";
    ASSERT_EQ(verdict.find("pairs")->as_list().size(), 2u);
    for (const auto& pair : verdict.find("pairs")->as_list()) {
        for (const auto& flow : pair.find("flows")->as_list()) {
            for (const char* key :
                 {"linked", "agree", "differ", "missing", "waiting", "held", "parked"}) {
                EXPECT_GE(number(flow, key), 0) << key;
            }
        }
    }
}

// Goal: verify works beside a running engine and agrees with it.
TEST_F(VerifyTest, works_while_the_engine_runs) {
    Process engine({"run", dir_});
    ASSERT_TRUE(engine.says("CustomWebshop.Order: read")) << engine.err();
    const auto verify = entente({"verify", dir_, "--json"});
    EXPECT_EQ(verify.status, 0) << verify.out << verify.err;
    engine.signal(SIGTERM);
    EXPECT_EQ(engine.wait(), 0) << engine.err();
}

// Goal: without approval nothing is written, the counts are told, and the status is 1. Method: a
// store that is forgotten.
TEST_F(VerifyTest, run_without_approval_writes_nothing) {
    std::filesystem::remove_all(dir_ + "/state");
    Systems systems(dir_);
    Client client;
    const auto writes = [&] {
        return number(client.get(systems["CustomWebshop"], "/sim/stats"), "writes") +
               number(client.get(systems["CustomERP"], "/sim/stats"), "writes");
    };
    const auto before = writes();
    EXPECT_EQ(client
                  .send(systems["CustomWebshop"], "POST", "/api/products",
                        json_of(R"({"sku":"NEW-1","title":"A new one"})"))
                  .status,
              201);
    const auto run = entente({"run", dir_, "--json"});
    EXPECT_EQ(run.status, 1) << run.err;
    EXPECT_EQ(writes(), before + 1) << "the product that we made";
    const Value result = json_of(run.last_line);
    EXPECT_EQ(*result.find("approved"), Value(false));
    std::int64_t creates = 0, updates = 0;
    for (const auto& flow : result.find("flows")->as_list()) {
        creates += number(flow, "created");
        updates += number(flow, "updated");
    }
    EXPECT_EQ(creates, 1) << "the product: " << run.last_line;
    EXPECT_EQ(updates, 0) << "everything else agrees already: " << run.last_line;
    EXPECT_TRUE(came_to_rest(entente({"run", dir_, "--until-idle", "--approve"})));
    EXPECT_EQ(entente({"verify", dir_}).status, 0);
}

// Goal: status and history answer from the store alone, for people and for programs.
TEST_F(VerifyTest, status_and_history_read_the_store) {
    const auto status = entente({"status", dir_, "--json"});
    ASSERT_EQ(status.status, 0) << status.err;
    const Value shown = json_of(status.last_line);
    ASSERT_EQ(shown.find("systems")->as_list().size(), 2u);
    const Value& customers =
        shown.find("systems")->as_list().front().find("data_types")->as_list().front();
    EXPECT_EQ(*customers.find("joined"), Value(true));
    EXPECT_GT(number(customers, "linked"), 10);
    EXPECT_TRUE(customers.find("swept_at")->is_text());

    const auto history = entente({"history", dir_, "CustomWebshop.Product", "p-101", "--json"});
    ASSERT_EQ(history.status, 0) << history.err;
    EXPECT_EQ(json_of(history.last_line).find("members")->as_list().size(), 2u);
    EXPECT_EQ(entente({"history", dir_, "CustomWebshop.Product", "p-999999"}).status, 1);
    const auto misspelt = entente({"history", dir_, "CustomWebshop.Produkt", "p-101"});
    EXPECT_EQ(misspelt.status, 2);
    EXPECT_NE(misspelt.err.find("CustomWebshop.Product"), std::string::npos)
        << "what would be right";
}

}  // namespace
}  // namespace entente::e2e
