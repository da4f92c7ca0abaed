// The judge must see each kind of damage exactly, and nothing where there is none.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/generator.hpp"
#include "world.hpp"

namespace entente::sim::test {
namespace {

// Two systems in agreement: three organisations, two products and an order of two lines, in both.
class CheckerTest : public testing::Test {
protected:
    void SetUp() override {
        Value things = Value::list();
        for (int i = 1; i <= 3; ++i) {
            const std::string vat = fmt::format("NL00{}", i),
                              mail = fmt::format("info@o{}.example", i);
            const std::string name =
                fmt::format("Organisation {} B.V.", std::string(1, char('A' + i)));
            const Answer shop = world.shop().post(
                "/api/customers",
                fmt::format(
                    R"({{"name":"{}","email":"{}","vat_id":"{}","phone":"+31 20 555 010{}",)"
                    R"("address":{{"street":"S {}","zip":"1000 AA","city":"A","country":"NL"}}}})",
                    name, mail, vat, i, i));
            const Answer erp = world.erp().post(
                "/v1/customers",
                fmt::format(
                    R"({{"company_name":"{}","email":"{}","vat_number":"{}",)"
                    R"("telephone":"0031 20 555010{}","street":"S {}","postal_code":"1000 AA",)"
                    R"("city":"A","country_code":"nl"}})",
                    name, " " + mail, vat, i, i));
            things.as_list().push_back(thing(
                "organisation", shop, erp, {{"vat_number", vat}, {"email", mail}, {"name", name}}));
        }
        for (int i = 1; i <= 2; ++i) {
            const std::string sku = fmt::format("sku-{}", i), name = fmt::format("Tea {}", i);
            const Answer shop = world.shop().post(
                "/api/products",
                fmt::format(R"({{"sku":"{}","title":"{}","price":1.005,"currency":"EUR"}})", sku,
                            name));
            const Answer erp = world.erp().post(
                "/v1/products",
                fmt::format(R"({{"item_code":"{}","description":"{}","sales_price":1.005,)"
                            R"("currency_code":"EUR"}})",
                            sku, name));
            things.as_list().push_back(thing("product", shop, erp, {{"sku", sku}, {"name", name}}));
        }
        const Answer shop = world.shop().post(
            "/api/orders",
            R"({"number":"W-1","customer_id":"c-101","ordered_on":"2026-01-02","comment":"x","lines":[)"
            R"({"product_id":"p-101","title":"Tea 1","quantity":2,"unit_price":1.50},)"
            R"({"product_id":"p-102","title":"Tea 2","quantity":1,"unit_price":2}]})");
        const Answer erp = world.erp().post(
            "/v1/orders",
            R"({"reference":"W-1","customer":4001,"order_date":"2026-01-02","remarks":"x"})");
        // The other way round and with other zeros: a multiset of numbers.
        world.erp().post(
            "/v1/order-lines",
            R"({"order":10001,"product":502,"description":"Tea 2","qty":1.0,"price":2.00})");
        world.erp().post(
            "/v1/order-lines",
            R"({"order":10001,"product":501,"description":"Tea 1","qty":2,"price":1.5})");
        things.as_list().push_back(thing("order", shop, erp, {{"number", "W-1"}}));
        truth.set("things", things);
    }

    static Value thing(const std::string& model, const Answer& shop, const Answer& erp,
                       const std::vector<std::pair<std::string, std::string>>& identity) {
        EXPECT_EQ(shop.status, 201) << json::write(shop.body);
        EXPECT_EQ(erp.status, 201) << json::write(erp.body);
        Value values = Value::object();
        for (const auto& [name, value] : identity)
            values.set(name, Value(Value::List{Value(value)}));
        const Value records(
            Value::Object{{"CustomWebshop", Value(Value::List{*shop.body.find("id")})},
                          {"CustomERP", Value(Value::List{*erp.body.find("id")})}});
        return Value(Value::Object{
            {"model", model}, {"kind", "both"}, {"identity", values}, {"records", records}});
    }

    // "wrong duplicates differ missing linked"
    std::string verdict(const Value& ledger = {}) {
        const checker::Verdict v = world.judge(truth, ledger);
        return fmt::format("{} {} {} {} {}", v.wrong_links, v.duplicates, v.differ, v.missing,
                           v.linked);
    }

    World world{0};
    Value truth = Value::object();
};

TEST_F(CheckerTest, a_world_in_agreement_has_nothing_to_report) {
    const checker::Verdict v = world.judge(truth);
    EXPECT_TRUE(v.is_clean());
    EXPECT_EQ(json::write(v.to_json()),
              R"({"systems":2,"truth":{"things":6,"shared":6,"own":0,"records":12},"linked":12,)"
              R"("wrong_links":0,"duplicates":0,"differ":0,"missing":0,"questions":0,"waiting":0,)"
              R"("parked":{"ambiguous":0,"duplicate":0},)"
              R"("explanations":[]})");
}

TEST_F(CheckerTest, each_tampered_value_is_one_difference) {
    const std::pair<const char*, const char*> tampers[] = {
        {"/v1/customers/4001", R"({"telephone":"+31 20 555 0999"})"},
        {"/v1/customers/4001", R"({"street":null})"},
        {"/v1/customers/4002", R"({"company_name":"ORGANISATION C B.V."})"},
        {"/v1/products/501", R"({"sales_price":1.02})"},
        {"/v1/products/501", R"({"blocked":true})"},
        {"/v1/orders/10001", R"({"remarks":"y"})"},
        {"/v1/orders/10001", R"({"customer":4002})"},
        {"/v1/order-lines/20001", R"({"qty":3})"},
        {"/v1/order-lines/20002", R"({"description":"tea 1"})"},
    };
    int expected = 0;
    for (const auto& [url, body] : tampers) {
        ASSERT_EQ(world.erp().patch_now(url, body).status, 200) << body;
        ++expected;
        const checker::Verdict v = world.judge(truth);
        EXPECT_EQ(v.differ, expected) << body;
        EXPECT_EQ(v.explanations.size(), static_cast<std::size_t>(expected));
        EXPECT_EQ(v.wrong_links + v.duplicates + v.missing, 0);
    }
}

TEST_F(CheckerTest, a_missing_or_surplus_line_is_one_difference) {
    world.erp().post("/v1/order-lines",
                     R"({"order":10001,"product":501,"description":"Tea 1","qty":2,"price":1.5})");
    EXPECT_EQ(verdict(), "0 0 1 0 12");
    world.shop().patch("/api/orders/o-101", R"({"lines":[{"id":2}]})");
    EXPECT_EQ(verdict(), "0 0 2 0 12");
}

TEST_F(CheckerTest, swapped_identities_are_wrong_links) {
    // What a wrong link does: the values of one organisation written over another.
    world.erp().patch_now("/v1/customers/4001",
                          R"({"company_name":"Organisation C B.V.",)"
                          R"("email":"info@o2.example","vat_number":"NL002"})");
    const checker::Verdict v = world.judge(truth);
    EXPECT_EQ(v.wrong_links, 1);
    EXPECT_EQ(v.duplicates, 0);
    EXPECT_EQ(v.differ, 3);
    EXPECT_EQ(v.linked, 10);
}

TEST_F(CheckerTest, a_copy_is_a_duplicate) {
    world.erp().post(
        "/v1/customers",
        R"({"company_name":"Organisation B B.V.","email":"info@o1.example","vat_number":"NL001"})");
    EXPECT_EQ(verdict(), "0 1 0 0 12");
    // The reference exists once per order number in the shop only: the ERP takes a second one.
    world.erp().post("/v1/orders", R"({"reference":"W-1","customer":4001})");
    EXPECT_EQ(verdict(), "0 2 0 0 12");
}

TEST_F(CheckerTest, what_a_system_lacks_is_missing) {
    const std::string etag = world.erp().get("/v1/customers/4003").header("ETag");
    world.erp().send("DELETE", "/v1/customers/4003", "", {{"If-Match", etag}});
    EXPECT_EQ(verdict(), "0 0 0 1 10");
}

TEST_F(CheckerTest, a_record_nobody_made_is_wrong_unless_the_ledger_names_it) {
    world.shop().post("/api/customers", R"({"name":"New","email":"new@n.example"})");
    EXPECT_EQ(verdict(), "1 0 0 0 12");
    const Value ledger(Value::List{
        Value(Value::Object{{"act", "create"}, {"system", "CustomWebshop"}, {"id", "c-104"}})});
    EXPECT_EQ(verdict(ledger), "0 0 0 1 12");  // and it did not arrive yet
    world.erp().post("/v1/customers", R"({"company_name":"New","email":"new@n.example"})");
    EXPECT_EQ(verdict(ledger), "0 0 0 0 14");
    EXPECT_EQ(verdict(), "0 0 0 0 14");
    world.erp().post("/v1/customers", R"({"company_name":"New","email":"new@n.example"})");
    EXPECT_EQ(verdict(ledger), "0 1 0 0 14");
}

TEST_F(CheckerTest, an_ambiguous_thing_is_neither_compared_nor_missed) {
    truth.find("things")->as_list()[0].set("kind", "ambiguous");
    truth.find("things")->as_list()[1].set("disputed", true);
    world.shop().patch("/api/customers/c-101", R"({"email":"info@o2.example","phone":"1"})");
    const std::string etag = world.erp().get("/v1/customers/4002").header("ETag");
    const checker::Verdict v = world.judge(truth);
    EXPECT_TRUE(v.is_clean()) << json::write_pretty(v.to_json());
    EXPECT_EQ(v.ambiguous, 1);
    EXPECT_EQ(v.linked, 10);
    world.erp().send("DELETE", "/v1/customers/4002", "", {{"If-Match", etag}});
    EXPECT_EQ(world.judge(truth).missing, 0);
}

TEST_F(CheckerTest, of_a_doubled_thing_the_record_that_agrees_best_counts) {
    const Answer second = world.erp().post(
        "/v1/customers",
        R"({"company_name":"Org B","email":"info@o1.example","vat_number":"NL001"})");
    Value& doubled = truth.find("things")->as_list()[0];
    doubled.set("kind", "double");
    doubled.find("records")->find("CustomERP")->as_list().push_back(*second.body.find("id"));
    const checker::Verdict v = world.judge(truth);
    EXPECT_TRUE(v.is_clean()) << json::write_pretty(v.to_json());
    EXPECT_EQ(v.doubled, 1);
    EXPECT_EQ(v.linked, 12);
}

// The second article of the truth becomes two records of one name under two numbers, of which the order has one in each system.
class QuestionTest : public CheckerTest {
protected:
    void SetUp() override {
        CheckerTest::SetUp();
        ASSERT_EQ(world.erp().patch_now("/v1/products/502", R"({"item_code":"SKU-9"})").status,
                  200);
        Value& tea = truth.find("things")->as_list()[4];
        tea.set("kind", "question");
        tea.set("question",
                json::read(R"({"why":"one name, two item numbers","answer":"two","sides":[
            {"identity":{"sku":["sku-2"],"name":["Tea 2"]},"records":{"CustomWebshop":["p-102"]}},
            {"identity":{"sku":["SKU-9"],"name":["Tea 2"]},"records":{"CustomERP":[502]}}]})")
                    .value());
        tea.find("identity")->find("sku")->as_list().emplace_back("SKU-9");
    }
};

TEST_F(QuestionTest, is_asked_about_one_of_both_records_and_neither_is_compared) {
    const checker::Verdict v = world.judge(truth);
    EXPECT_TRUE(v.is_clean()) << json::write_pretty(v.to_json());
    ASSERT_EQ(v.questions.size(), 1u);
    using Records = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(v.questions[0].records, (Records{{"CustomWebshop", "p-102"}, {"CustomERP", "502"}}));
    EXPECT_EQ(v.linked, 10);
}

TEST_F(QuestionTest, answered_by_nobody_it_must_not_be_overwritten) {
    world.erp().patch_now("/v1/products/502", R"({"item_code":"sku-2"})");
    EXPECT_EQ(verdict(), "1 0 0 0 10");
}

TEST_F(QuestionTest, is_no_reason_to_make_either_of_them_twice) {
    world.shop().post("/api/products", R"({"sku":"SKU-9","title":"Tea 2"})");
    EXPECT_EQ(world.judge(truth).duplicates, 1) << "in the shop there was one";
}

TEST_F(QuestionTest, lets_lines_wait_that_refer_to_it_but_none_be_doubled) {
    world.shop().patch("/api/orders/o-101",
                       R"({"lines":[{"id":1},{"id":2,"quantity":7,"title":"other"}]})");
    EXPECT_EQ(verdict(), "0 0 0 0 10");
    world.shop().patch("/api/orders/o-101", R"({"lines":[{"id":1}]})");
    EXPECT_EQ(verdict(), "0 0 0 0 10") << "the ERP's line waits";
    world.shop().patch(
        "/api/orders/o-101",
        R"({"lines":[{"id":1},{"product_id":"p-102","title":"Tea 2","quantity":1,"unit_price":2},)"
        R"({"product_id":"p-102","title":"Tea 2","quantity":1,"unit_price":2}]})");
    EXPECT_EQ(verdict(), "0 0 1 0 10");
}

TEST_F(QuestionTest, lets_an_order_wait_that_refers_to_it) {
    world.shop().post("/api/orders", R"({"number":"W-2","customer_id":"c-101","lines":[)"
                                     R"({"product_id":"p-102","quantity":1,"unit_price":2}]})");
    const Value ledger(Value::List{
        Value(Value::Object{{"act", "create"}, {"system", "CustomWebshop"}, {"id", "o-102"}})});
    const checker::Verdict v = world.judge(truth, ledger);
    EXPECT_TRUE(v.is_clean()) << json::write_pretty(v.to_json());
    EXPECT_EQ(v.waiting, 1);
}

TEST_F(QuestionTest, the_side_that_a_third_system_knows_too_stands_for_the_thing) {
    world.add("Branch", erp_options(), 0);
    world.at("Branch").post("/v1/products", R"({"item_code":"SKU-9","description":"Tea 2"})");
    truth.find("things")->as_list()[4].find("records")->set("Branch",
                                                            Value(Value::List{Value(501)}));
    truth.find("things")
        ->as_list()[4]
        .find("question")
        ->find("sides")
        ->as_list()[1]
        .find("records")
        ->set("Branch", Value(Value::List{Value(501)}));
    const checker::Verdict v = world.judge(truth);
    ASSERT_EQ(v.questions.size(), 1u);
    using Records = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(v.questions[0].records, (Records{{"CustomWebshop", "p-102"}}));
}

TEST_F(CheckerTest, unusable_input_is_an_error_and_no_verdict) {
    checker::Input input;
    input.truth = truth;
    input.systems = {{"Shop", "shopify", "http://shop", "secret"}};
    input.fetch = [](const http::Request&) -> Result<http::Response> {
        return http::Response{500, {}, ""};
    };
    EXPECT_EQ(checker::check(input).error().kind, ErrorKind::bad_input);
    input.systems[0].kind = "custom-webshop";
    EXPECT_EQ(checker::check(input).error().kind, ErrorKind::drift);
    input.truth = Value();
    EXPECT_EQ(checker::check(input).error().kind, ErrorKind::bad_input);
}

TEST(CheckerOnPopulation, before_any_synchronisation_it_sees_the_differences_and_nothing_wrong) {
    World world(1000);
    const Population population = generate(1, 1000);
    const checker::Verdict v = world.judge(truth_of(population, {}));
    EXPECT_EQ(v.truth_things, 1000);
    EXPECT_EQ(v.wrong_links, 0) << json::write_pretty(v.to_json());
    EXPECT_EQ(v.duplicates, 0);
    EXPECT_EQ(v.ambiguous, 8);
    EXPECT_EQ(v.doubled, 6);
    const auto absent = std::ranges::count_if(population.things, [](const Thing& thing) {
        return (thing.kind == "webshop" || thing.kind == "erp") && !thing.is_disputed;
    });
    EXPECT_EQ(v.missing + v.waiting, absent);
    EXPECT_GT(v.waiting, 0) << "orders of one system that refer to what is in question";
    const auto asked = std::ranges::count_if(
        population.things, [](const Thing& thing) { return !thing.question.empty(); });
    EXPECT_EQ(std::ssize(v.questions), asked);
    EXPECT_EQ(v.truth_shared, 1000);
    EXPECT_EQ(v.truth_own, 0);
    EXPECT_GT(v.differ, 200);
    EXPECT_EQ(v.explanations.size(), 20u);
}

}  // namespace
}  // namespace entente::sim::test
