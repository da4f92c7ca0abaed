// The contract of custom-erp in docs/SIMULATED.md, row by row.
#include <gtest/gtest.h>

#include <algorithm>

#include "fixture.hpp"

namespace entente::sim::test {
namespace {

class ErpTest : public testing::Test {
protected:
    std::string customer(const std::string& fields = R"("company_name":"Nordic Tea AS")") {
        return erp.post("/v1/customers", "{" + fields + "}").at("id");
    }
    std::string order() {
        return erp.post("/v1/orders", R"({"customer":)" + customer() + "}").at("id");
    }

    Client erp{erp_options()};
};

TEST_F(ErpTest, without_its_token_it_answers_401) {
    for (const char* value : {"", "secret", "Bearer wrong", "bearer secret"}) {
        const Answer answer = erp.raw({"GET", "/v1/customers", {{"Authorization", value}}, ""});
        EXPECT_EQ(answer.status, 401) << value;
        EXPECT_EQ(answer.at("code"), "unauthorized");
    }
}

TEST_F(ErpTest, a_new_customer_shows_every_field_and_its_version) {
    const Answer made = erp.post(
        "/v1/customers", R"({"company_name":"A","vat_number":" no 123 mva","credit_limit":5})");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(json::write(made.body),
              R"({"id":4001,"company_name":"A","vat_number":"NO123MVA","email":null,)"
              R"("telephone":null,"street":null,"postal_code":null,"city":null,)"
              R"("country_code":null,"credit_limit":5,"account_manager":null,)"
              R"("modified":"2026-11-18T11:06:40.000Z","etag":"1"})");
    EXPECT_EQ(made.header("ETag"), "\"1\"");
    EXPECT_EQ(erp.get("/v1/customers/4001").header("ETag"), "\"1\"");
    EXPECT_EQ(erp.get("/v1/customers/c-1").status, 404);
    EXPECT_EQ(erp.get("/v1/customers/04001").at("code"), "not_found");
}

TEST_F(ErpTest, a_change_needs_the_version_it_was_made_upon) {
    const std::string url = "/v1/customers/" + customer();
    const Answer without = erp.patch(url, R"({"city":"Oslo"})");
    EXPECT_EQ(without.status, 428);
    EXPECT_EQ(without.at("code"), "precondition_required");
    const Answer changed = erp.send("PATCH", url, R"({"city":"Oslo"})", {{"If-Match", "\"1\""}});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.header("ETag"), "\"2\"");
    EXPECT_EQ(changed.at("etag"), "2");
    const Answer stale = erp.send("PATCH", url, R"({"city":"Bergen"})", {{"If-Match", "\"1\""}});
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(stale.at("code"), "stale");
    EXPECT_EQ(erp.get(url).at("city"), "Oslo");
}

TEST_F(ErpTest, equal_content_keeps_version_and_time) {
    const std::string url = "/v1/customers/" + customer(R"("company_name":"A","vat_number":"NO1")");
    erp.now = erp.now + Duration{1000};
    const Answer same =
        erp.patch_now(url, R"({"company_name":" A ","vat_number":"no 1","city":""})");
    EXPECT_EQ(same.status, 200);
    EXPECT_EQ(same.at("etag"), "1");
    EXPECT_EQ(same.at("modified"), "2026-11-18T11:06:40.000Z");
    const Answer emptied = erp.patch_now(url, R"({"vat_number":null})");
    EXPECT_EQ(emptied.at("vat_number"), "null");
    EXPECT_EQ(emptied.at("modified"), "2026-11-18T11:06:41.000Z");
}

TEST_F(ErpTest, what_breaks_a_rule_is_refused_and_named) {
    customer();
    erp.post("/v1/products", R"({"item_code":"a-1","description":"Tea"})");
    const auto refused = [&](const std::string& url, const std::string& body) {
        const Answer answer = erp.post(url, body);
        const Value* details = answer.body.find("details");
        std::string field;
        if (details != nullptr && !details->as_list().empty()) {
            field = details->as_list()[0].find("field")->as_text();
        }
        return std::to_string(answer.status) + " " + answer.at("code") + " " + field;
    };
    EXPECT_EQ(refused("/v1/customers", "{}"), "422 validation company_name");
    EXPECT_EQ(refused("/v1/customers", R"({"company_name":")" + std::string(61, 'x') + R"("})"),
              "422 validation company_name");
    EXPECT_EQ(refused("/v1/products", R"({"item_code":"A-1","description":"T"})"),
              "409 duplicate item_code");
    EXPECT_EQ(refused("/v1/orders", R"({"customer":1})"), "422 validation customer");
    EXPECT_EQ(refused("/v1/orders", R"({"customer":"4001"})"), "422 validation customer");
    EXPECT_EQ(refused("/v1/order-lines", R"({"order":1,"product":501})"), "422 validation order");
    EXPECT_EQ(refused("/v1/customers", "nothing"), "400 bad_request ");
}

TEST_F(ErpTest, prices_are_rounded_to_two_decimals_half_away_from_zero) {
    const auto price = [&](const std::string& code, const std::string& sent) {
        return erp
            .post("/v1/products",
                  R"({"item_code":")" + code + R"(","description":"T","sales_price":)" + sent + "}")
            .at("sales_price");
    };
    EXPECT_EQ(price("a", "1.005"), "1.01");
    EXPECT_EQ(price("b", "-1.005"), "-1.01");
    EXPECT_EQ(price("c", "1.0049"), "1.00");
    EXPECT_EQ(price("d", "7"), "7");
    EXPECT_EQ(erp.get("/v1/products/501").at("item_code"), "A");
    EXPECT_EQ(erp.get("/v1/products/501").at("blocked"), "false");
}

TEST_F(ErpTest, a_repeated_create_with_the_same_key_answers_the_same_and_creates_nothing) {
    const auto create = [&](const std::string& url, const std::string& key,
                            const std::string& name) {
        return erp.send("POST", url, R"({"company_name":")" + name + R"("})",
                        {{"Idempotency-Key", key}});
    };
    const Answer first = create("/v1/customers", "k1", "A");
    erp.patch_now("/v1/customers/4001", R"({"city":"Oslo"})");
    const Answer again = create("/v1/customers", "k1", "B");
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(json::write(again.body), json::write(first.body));
    EXPECT_EQ(again.header("ETag"), first.header("ETag"));
    EXPECT_EQ(erp.get("/v1/customers").count("data"), 1u);
    EXPECT_EQ(create("/v1/customers", "k2", "A").at("id"), "4002");
    // What was refused may be tried again with the same key.
    EXPECT_EQ(create("/v1/customers", "k3", "").status, 422);
    EXPECT_EQ(create("/v1/customers", "k3", "C").at("id"), "4003");
    EXPECT_EQ(*erp.stats().find("creates"), Value(3));
}

TEST_F(ErpTest, order_lines_are_records_and_leave_their_order_alone) {
    erp.post("/v1/products", R"({"item_code":"a-1","description":"Tea"})");
    const std::string id = order();
    EXPECT_EQ(erp.get("/v1/orders/" + id).at("order_no"), "SO-" + id);
    const std::string etag = erp.get("/v1/orders/" + id).header("ETag");
    erp.now = erp.now + Duration{1000};
    const Answer line = erp.post(
        "/v1/order-lines", R"({"order":)" + id + R"(,"product":501,"qty":1.5,"price":2.125})");
    ASSERT_EQ(line.status, 201);
    EXPECT_EQ(line.at("price"), "2.125");
    EXPECT_EQ(erp.get("/v1/orders/" + id).header("ETag"), etag);
    const std::string other = order();
    const std::string url = "/v1/order-lines/" + line.at("id");
    EXPECT_EQ(erp.patch_now(url, R"({"order":)" + other + "}").status, 422);
    EXPECT_EQ(erp.patch_now(url, R"({"order":)" + id + R"(,"qty":2})").at("qty"), "2");
    EXPECT_EQ(erp.get("/v1/order-lines?order=" + id).count("data"), 1u);
    EXPECT_EQ(erp.get("/v1/order-lines?order=" + other).count("data"), 0u);
}

TEST_F(ErpTest, removing_an_order_removes_its_lines) {
    erp.post("/v1/products", R"({"item_code":"a-1","description":"Tea"})");
    const std::string id = order();
    for (int i = 0; i < 3; ++i) {
        erp.post("/v1/order-lines", R"({"order":)" + id + R"(,"product":501,"qty":1})");
    }
    EXPECT_EQ(erp.send("DELETE", "/v1/orders/" + id).status, 428);
    EXPECT_EQ(erp.send("DELETE", "/v1/orders/" + id, "", {{"If-Match", "\"9\""}}).status, 412);
    const std::string etag = erp.get("/v1/orders/" + id).header("ETag");
    EXPECT_EQ(erp.send("DELETE", "/v1/orders/" + id, "", {{"If-Match", etag}}).status, 204);
    EXPECT_EQ(erp.get("/v1/orders/" + id).status, 404);
    EXPECT_EQ(erp.get("/v1/order-lines").count("data"), 0u);
}

TEST_F(ErpTest, cursors_walk_the_whole_list_once_also_while_it_changes) {
    for (int i = 0; i < 25; ++i) {
        customer();
        erp.now = erp.now + Duration{1};
    }
    for (const std::string filter : {"", "&modified_since=2026-11-18T11:06:40.005Z"}) {
        std::vector<std::string> seen;
        std::string cursor;
        do {
            const Answer page = erp.get("/v1/customers?limit=7" + filter + cursor);
            ASSERT_EQ(page.status, 200);
            for (const Value& row : page.body.find("data")->as_list()) {
                seen.push_back(json::write(*row.find("id")));
            }
            const Value& next = *page.body.find("next");
            cursor = next.is_null() ? "" : "&cursor=" + next.as_text();
        } while (!cursor.empty());
        EXPECT_EQ(seen.size(), filter.empty() ? 25u : 20u);
        EXPECT_TRUE(std::ranges::is_sorted(seen));
    }
    // A record that is changed during the walk comes once more at its end: nothing is skipped.
    const Answer first = erp.get("/v1/customers?limit=20&modified_since=2026-01-01T00:00:00Z");
    erp.patch_now("/v1/customers/4001", R"({"city":"Oslo"})");
    const Answer rest = erp.get("/v1/customers?limit=20&cursor=" + first.at("next"));
    ASSERT_EQ(rest.count("data"), 6u);
    EXPECT_EQ(*rest.body.find("data")->as_list().back().find("id"), Value(4001));
    EXPECT_EQ(rest.at("next"), "null");
}

TEST_F(ErpTest, a_cursor_is_good_for_ten_minutes) {
    customer();
    customer();
    const std::string url =
        "/v1/customers?limit=1&cursor=" + erp.get("/v1/customers?limit=1").at("next");
    erp.now = erp.now + Duration{600'000};
    EXPECT_EQ(erp.get(url).status, 200);
    erp.now = erp.now + Duration{1};
    EXPECT_EQ(erp.get(url).status, 410);
    EXPECT_EQ(erp.get("/v1/customers?cursor=zz").status, 400);
    EXPECT_EQ(erp.get("/v1/customers?limit=501").status, 400);
}

TEST_F(ErpTest, searches_are_equality_of_the_stored_form) {
    customer(R"("company_name":"A","vat_number":"NO1","email":"a@b.example")");
    EXPECT_EQ(erp.get("/v1/customers?vat_number=no%201").count("data"), 1u);
    EXPECT_EQ(erp.get("/v1/customers?email=a%40b.example").count("data"), 1u);
    EXPECT_EQ(erp.get("/v1/customers?email=A%40b.example").count("data"), 0u);
    EXPECT_EQ(erp.get("/v1/customers?company_name=A&vat_number=NO2").count("data"), 0u);
    erp.post("/v1/products", R"({"item_code":"x-1","description":"Tea"})");
    EXPECT_EQ(erp.get("/v1/products?item_code=x-1").count("data"), 1u);
    erp.post("/v1/orders", R"({"customer":4001,"reference":"W-1"})");
    EXPECT_EQ(erp.get("/v1/orders?reference=W-1").count("data"), 1u);
    EXPECT_EQ(erp.get("/v1/orders?reference=W-1&modified_since=2027-01-01T00:00:00Z").count("data"),
              0u);
}

}  // namespace
}  // namespace entente::sim::test
