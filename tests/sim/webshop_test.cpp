// The contract of custom-webshop in docs/SIMULATED.md, row by row.
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace entente::sim::test {
namespace {

class WebshopTest : public testing::Test {
protected:
    std::string customer(const std::string& fields = R"("name":"Nordic Tea AS")") {
        return shop.post("/api/customers", "{" + fields + "}").at("id");
    }
    std::string product(const std::string& sku) {
        return shop.post("/api/products", R"({"sku":")" + sku + R"(","title":"Tea"})").at("id");
    }
    // An order of two lines: 2 x 10.50 and 1 x 3.
    Answer order(const std::string& number = "W-1") {
        const std::string c = customer();
        const std::string p = product("SKU-" + number);
        return shop.post("/api/orders", R"({"number":")" + number + R"(","customer_id":")" + c +
                                            R"(","lines":[{"product_id":")" + p +
                                            R"(","title":"A","quantity":2,"unit_price":10.50},)" +
                                            R"({"product_id":")" + p +
                                            R"(","title":"B","quantity":1,"unit_price":3}]})");
    }

    Client shop{shop_options()};
};

TEST_F(WebshopTest, without_its_key_it_answers_401_and_says_why) {
    for (const http::Headers& headers : {http::Headers{}, http::Headers{{"X-Api-Key", "wrong"}},
                                         http::Headers{{"X-Api-Key", ""}}}) {
        const Answer answer = shop.raw({"GET", "/api/customers", headers, ""});
        EXPECT_EQ(answer.status, 401);
        EXPECT_EQ(answer.at("error.code"), "unauthorized");
        EXPECT_NE(answer.at("error.message"), "(absent)");
    }
    EXPECT_EQ(shop.raw({"GET", "/api/customers", {{"x-api-key", "secret"}}, ""}).status, 200);
}

TEST_F(WebshopTest, a_new_customer_shows_every_field_in_order_and_counts_up) {
    const Answer made =
        shop.post("/api/customers", R"({"name":" Nordic Tea AS ","email":"a@b","foo":1})");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(json::write(made.body),
              R"({"id":"c-101","name":"Nordic Tea AS","email":"a@b","phone":null,"vat_id":null,)"
              R"("address":{"street":null,"zip":null,"city":null,"country":null},)"
              R"("newsletter":false,"tags":[],"created_at":"2026-11-18T11:06:40.000Z",)"
              R"("updated_at":"2026-11-18T11:06:40.000Z"})");
    EXPECT_EQ(customer(), "c-102");
    EXPECT_EQ(json::write(shop.get("/api/customers/c-101").body), json::write(made.body));
}

TEST_F(WebshopTest, unknown_paths_ids_and_methods_have_their_own_answers) {
    customer();
    for (const char* url : {"/api/customers/c-999", "/api/customers/101", "/api/customers/c-0101",
                            "/api/suppliers", "/elsewhere", "/api/customers/p-101"}) {
        EXPECT_EQ(shop.get(url).status, 404) << url;
        EXPECT_EQ(shop.get(url).at("error.code"), "not_found") << url;
    }
    EXPECT_EQ(shop.send("PUT", "/api/customers/c-101", "{}").status, 405);
    EXPECT_EQ(shop.send("DELETE", "/api/customers").status, 405);
}

TEST_F(WebshopTest, what_breaks_a_rule_is_refused_with_422_and_its_field) {
    customer();
    product("A-1");
    const std::string long_name(121, 'x');
    const std::pair<std::string, std::string> bad[] = {
        {R"({"email":"a@b"})", "name"},
        {R"({"name":""})", "name"},
        {R"({"name":")" + long_name + R"("})", "name"},
        {R"({"name":"x","email":"nobody"})", "email"},
        {R"({"name":"x","phone":5})", "phone"},
        {R"({"name":"x","address":{"country":"NOR"}})", "address.country"},
        {R"({"name":"x","address":"Street 1"})", "address"},
        {R"({"name":"x","newsletter":"yes"})", "newsletter"},
    };
    for (const auto& [body, field] : bad) {
        const Answer answer = shop.post("/api/customers", body);
        EXPECT_EQ(answer.status, 422) << body;
        EXPECT_EQ(answer.at("error.code"), "invalid");
        EXPECT_EQ(answer.at("error.field"), field);
    }
    EXPECT_EQ(shop.get("/api/customers").at("total"), "1");
    EXPECT_EQ(shop.post("/api/products", R"({"sku":"a-1","title":"T"})").at("error.field"), "sku");
    EXPECT_EQ(shop.post("/api/customers", "[]").at("error.code"), "bad_request");
    EXPECT_EQ(shop.post("/api/customers", "{").status, 400);
}

TEST_F(WebshopTest, a_refused_change_leaves_the_record_as_it_was) {
    const std::string id = customer(R"("name":"A","email":"a@b")");
    const Answer before = shop.get("/api/customers/" + id);
    EXPECT_EQ(shop.patch("/api/customers/" + id, R"({"phone":"1","email":"nobody"})").status, 422);
    EXPECT_EQ(json::write(shop.get("/api/customers/" + id).body), json::write(before.body));
}

TEST_F(WebshopTest, a_merge_patch_changes_what_it_names_and_null_empties) {
    const std::string url =
        "/api/customers/" +
        customer(R"("name":"A","phone":"1","address":{"street":"S","city":"C"})");
    shop.now = shop.now + Duration{5};
    const Answer changed = shop.patch(url, R"({"address":{"city":"D"},"phone":null})");
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.at("address.street"), "S");
    EXPECT_EQ(changed.at("address.city"), "D");
    EXPECT_EQ(changed.at("phone"), "null");
    EXPECT_EQ(changed.at("updated_at"), "2026-11-18T11:06:40.005Z");
    EXPECT_EQ(changed.at("created_at"), "2026-11-18T11:06:40.000Z");
    EXPECT_EQ(shop.patch(url, R"({"address":null})").at("address.street"), "null");
    EXPECT_EQ(shop.patch(url, R"({"phone":"  "})").at("phone"), "null");
    EXPECT_EQ(shop.patch(url, R"({"name":null})").status, 422);
    EXPECT_EQ(shop.patch(url, R"({"id":"c-7","updated_at":"x"})").at("id"), "c-101");
}

TEST_F(WebshopTest, updated_at_moves_with_every_change_and_only_then) {
    const std::string url = "/api/customers/" + customer();
    const std::string first = shop.get(url).at("updated_at");
    EXPECT_EQ(shop.patch(url, R"({"name":" Nordic Tea AS "})").at("updated_at"), first);
    // Two changes in one millisecond still have two times.
    const std::string second = shop.patch(url, R"({"phone":"1"})").at("updated_at");
    const std::string third = shop.patch(url, R"({"phone":"2"})").at("updated_at");
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
}

TEST_F(WebshopTest, lists_are_pages_sorted_by_the_number_of_the_id) {
    for (int i = 0; i < 1000; ++i) customer();
    const Answer page = shop.get("/api/customers?page=10&page_size=100");
    EXPECT_EQ(page.count("items"), 100u);
    EXPECT_EQ(page.at("total"), "1000");
    EXPECT_EQ(page.at("page"), "10");
    EXPECT_EQ(*page.body.find("items")->as_list().front().find("id"), Value("c-1001"));
    EXPECT_EQ(shop.get("/api/customers?page=11").count("items"), 0u);
    EXPECT_EQ(shop.get("/api/customers").count("items"), 100u);
    EXPECT_EQ(shop.get("/api/customers?page_size=251").status, 400);
    EXPECT_EQ(shop.get("/api/customers?page=0").status, 400);
}

TEST_F(WebshopTest, updated_since_is_at_or_after_and_sorts_by_time) {
    for (int i = 0; i < 5; ++i) {
        customer();
        shop.now = shop.now + Duration{1000};
    }
    shop.patch("/api/customers/c-101", R"({"phone":"1"})");  // at 11:06:45
    const Answer page = shop.get("/api/customers?updated_since=2026-11-18T11:06:43Z");
    ASSERT_EQ(page.count("items"), 3u);
    EXPECT_EQ(page.at("total"), "3");
    EXPECT_EQ(*page.body.find("items")->as_list()[0].find("id"), Value("c-104"));
    EXPECT_EQ(*page.body.find("items")->as_list()[2].find("id"), Value("c-101"));
    EXPECT_EQ(shop.get("/api/customers?updated_since=2026-11-18T12:06:43%2B01:00").count("items"),
              3u);
    EXPECT_EQ(shop.get("/api/customers?updated_since=yesterday").status, 400);
    const Answer second =
        shop.get("/api/customers?updated_since=2026-11-18T11:06:43Z&page_size=2&page=2");
    EXPECT_EQ(second.count("items"), 1u);
}

TEST_F(WebshopTest, searches_are_equality_whatever_the_case) {
    customer(R"("name":"Møller AS","email":"Post@Moller.example","vat_id":"NO 1")");
    customer(R"("name":"Other","email":"post@moller.example")");
    EXPECT_EQ(shop.get("/api/customers?email=post%40MOLLER.example").count("items"), 2u);
    EXPECT_EQ(shop.get("/api/customers?name=m%C3%98ller%20as").count("items"), 1u);
    EXPECT_EQ(shop.get("/api/customers?email=post%40moller.example&vat_id=no+1").at("total"), "1");
    EXPECT_EQ(shop.get("/api/customers?email=post").count("items"), 0u);
    EXPECT_EQ(shop.get("/api/customers?email=").count("items"), 0u);
    product("A-1");
    EXPECT_EQ(shop.get("/api/products?sku=a-1").count("items"), 1u);
    order("W-77");
    EXPECT_EQ(shop.get("/api/orders?number=w-77").count("items"), 1u);
    // A search follows a change.
    shop.patch("/api/customers/c-101", R"({"email":"new@moller.example"})");
    EXPECT_EQ(shop.get("/api/customers?email=post%40moller.example").count("items"), 1u);
    EXPECT_EQ(shop.get("/api/customers?email=new%40moller.example").count("items"), 1u);
}

TEST_F(WebshopTest, an_order_needs_a_customer_lines_and_its_own_number) {
    order();
    const auto field = [&](const std::string& body) {
        return shop.post("/api/orders", body).at("error.field");
    };
    const std::string lines = R"("lines":[{"product_id":"p-101","quantity":1}]})";
    EXPECT_EQ(field(R"({"number":"W-2","customer_id":"c-9",)" + lines), "customer_id");
    EXPECT_EQ(field(R"({"number":"W-2","customer_id":101,)" + lines), "customer_id");
    EXPECT_EQ(field(R"({"number":"w-1","customer_id":"c-101",)" + lines), "number");
    EXPECT_EQ(field(R"({"number":"W-2","customer_id":"c-101"})"), "lines");
    EXPECT_EQ(field(R"({"number":"W-2","customer_id":"c-101","lines":[]})"), "lines");
    const auto line = [&](const std::string& body) {
        return field(R"({"number":"W-2","customer_id":"c-101","lines":[)" + body + "]}");
    };
    EXPECT_EQ(line(R"({"product_id":"p-9","quantity":1})"), "lines[0].product_id");
    EXPECT_EQ(line(R"({"quantity":1})"), "lines[0].product_id");
    EXPECT_EQ(line(R"({"product_id":"p-101","quantity":0})"), "lines[0].quantity");
    EXPECT_EQ(line(R"({"product_id":"p-101","quantity":1.0005})"), "lines[0].quantity");
    EXPECT_EQ(line(R"({"product_id":"p-101","quantity":1,"unit_price":"3"})"),
              "lines[0].unit_price");
    EXPECT_EQ(shop.get("/api/orders").at("total"), "1");
}

TEST_F(WebshopTest, a_date_is_a_date_and_the_total_is_computed) {
    const std::string url = "/api/orders/" + order().at("id");
    EXPECT_EQ(shop.get(url).at("total"), "24.00");
    EXPECT_EQ(shop.patch(url, R"({"total":1})").at("total"), "24.00");
    EXPECT_EQ(shop.patch(url, R"({"ordered_on":"2026-02-30"})").status, 422);
    EXPECT_EQ(shop.patch(url, R"({"ordered_on":"2026-02-28"})").at("ordered_on"), "2026-02-28");
}

TEST_F(WebshopTest, lines_are_replaced_as_a_whole_and_known_ids_are_changed_in_place) {
    const Answer made = order();
    const std::string url = "/api/orders/" + made.at("id");
    const auto& lines = made.body.find("lines")->as_list();
    EXPECT_EQ(*lines[0].find("id"), Value(1));
    EXPECT_EQ(*lines[1].find("id"), Value(2));
    // The second stays and changes, a third comes, the first is left out.
    const Answer changed =
        shop.patch(url, R"({"lines":[{"id":2,"quantity":5},{"product_id":"p-101","quantity":1}]})");
    ASSERT_EQ(changed.count("lines"), 2u);
    const auto& after = changed.body.find("lines")->as_list();
    EXPECT_EQ(json::write(after[0]),
              R"({"id":2,"product_id":"p-101","title":"B","quantity":5,"unit_price":3})");
    EXPECT_EQ(*after[1].find("id"), Value(3));
    EXPECT_EQ(changed.at("total"), "15");
    EXPECT_EQ(shop.patch(url, R"({"lines":[{"id":1}]})").status,
              422);  // no longer one of its lines
    EXPECT_EQ(shop.patch(url, R"({"lines":[{"id":2},{"id":2}]})").status, 422);
    EXPECT_EQ(shop.patch(url, R"({"lines":null})").status, 422);
    // The same lines again are no change.
    const std::string at = changed.at("updated_at");
    EXPECT_EQ(shop.patch(url, R"({"lines":[{"id":2},{"id":3}]})").at("updated_at"), at);
    // A refused line takes no id.
    shop.patch(url, R"({"lines":[{"product_id":"p-101","quantity":1},{"product_id":"x"}]})");
    const Answer next = order("W-2");
    EXPECT_EQ(*next.body.find("lines")->as_list()[0].find("id"), Value(4));
}

TEST_F(WebshopTest, what_is_removed_is_in_no_list_and_its_id_never_comes_back) {
    const std::string id = customer();
    EXPECT_EQ(shop.send("DELETE", "/api/customers/" + id).status, 204);
    EXPECT_EQ(shop.get("/api/customers/" + id).status, 404);
    EXPECT_EQ(shop.get("/api/customers?updated_since=2020-01-01T00:00:00Z").count("items"), 0u);
    EXPECT_EQ(shop.send("DELETE", "/api/customers/" + id).status, 404);
    EXPECT_EQ(customer(), "c-102");
}

TEST_F(WebshopTest, numbers_stay_as_they_were_sent) {
    const std::string url = "/api/products/" + product("A-1");
    EXPECT_EQ(shop.patch(url, R"({"price":19.90})").at("price"), "19.90");
    const std::string at = shop.get(url).at("updated_at");
    EXPECT_EQ(shop.patch(url, R"({"price":19.9})").at("updated_at"), at);  // the same number
    EXPECT_EQ(shop.patch(url, R"({"price":1e15})").status, 422);
}

TEST_F(WebshopTest, statistics_count_calls_and_need_no_login) {
    customer();
    shop.patch("/api/customers/c-101", R"({"phone":"1"})");
    shop.patch("/api/customers/c-101", R"({"phone":"1"})");
    shop.get("/api/customers");
    shop.post("/api/customers", "{}");
    EXPECT_EQ(json::write(shop.stats()),
              R"({"kind":"custom-webshop","requests":5,"writes":3,"creates":1,"rejected_429":0,)"
              R"("quota":1200000000,"records":{"customers":1,"products":0,"orders":0}})");
}

}  // namespace
}  // namespace entente::sim::test
