// The judge of three systems: each kind of damage in Exact Online is seen exactly, what cannot agree is not asked for,
// and the population's truth is borne out before anything is synchronised.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "sim/exact_ids.hpp"
#include "sim/generator.hpp"
#include "world.hpp"

namespace entente::sim::test {
namespace {

// Three systems in agreement: an organisation, a product with a long name, an order that is both a sales order and a
// quotation; and a quotation that names no order.
class ThreeSystemsTest : public testing::Test {
protected:
    void SetUp() override {
        const std::string long_name = "Tea " + std::string(70, 'x');
        shop("customers", R"({"name":"Tolk B.V.","email":"a@o.example","vat_id":"NL1",)"
                          R"("phone":"+31 20 5550101","address":{"city":"A"}})");
        erp("customers", R"({"company_name":"Tolk B.V.","email":"a@o.example","vat_number":"NL1",)"
                         R"("telephone":"0031 20 5550101","city":"A"})");
        const std::string account =
            exact(exact::accounts, R"({"Name":"Tolk B.V.","Email":"a@o.example","VATNumber":"NL1",)"
                                   R"("Phone":"+31205550101","City":"A"})");
        shop("products", fmt::format(R"({{"sku":"T-1","title":"{}","price":5}})", long_name));
        erp("products",
            fmt::format(R"({{"item_code":"T-1","description":"{}","sales_price":5}})", long_name));
        const std::string item =
            exact(exact::items, fmt::format(R"({{"Code":"t-1","Description":"{}"}})", long_name));
        shop("orders", R"({"number":"W-1","customer_id":"c-101","ordered_on":"2026-01-02",)"
                       R"("lines":[{"product_id":"p-101","quantity":2,"unit_price":1.5}]})");
        erp("orders", R"({"reference":"W-1","customer":4001,"order_date":"2026-01-02"})");
        erp("order-lines", R"({"order":10001,"product":501,"qty":2,"price":1.50})");
        const auto paper = [&](std::string_view set, const char* customer, const char* date,
                               const char* lines, const char* number) {
            return exact(set,
                         fmt::format(R"({{"{}":"{}","{}":"2026-01-02","YourRef":"{}",)"
                                     R"("{}":[{{"Item":"{}","Quantity":2,"UnitPrice":1.5}}]}})",
                                     customer, account, date, number, lines, item));
        };
        const std::string sold =
            paper(exact::sales_orders, "OrderedBy", "OrderDate", "SalesOrderLines", "W-1");
        const std::string quoted =
            paper(exact::quotations, "OrderAccount", "QuotationDate", "QuotationLines", "W-1");
        const std::string lone =
            paper(exact::quotations, "OrderAccount", "QuotationDate", "QuotationLines", "");
        truth = json::read(fmt::format(
                               R"({{"things":[
            {{"model":"organisation","kind":"both","identity":{{"vat_number":["NL1"],"email":["a@o.example"],"name":["Tolk B.V."]}},
              "records":{{"CustomWebshop":["c-101"],"CustomERP":[4001],"ExactOnline":{{"crm/Accounts":["{}"]}}}}}},
            {{"model":"product","kind":"both","identity":{{"sku":["T-1"],"name":["{}"]}},
              "records":{{"CustomWebshop":["p-101"],"CustomERP":[501],"ExactOnline":{{"logistics/Items":["{}"]}}}}}},
            {{"model":"order","kind":"both","identity":{{"number":["W-1"]}},
              "records":{{"CustomWebshop":["o-101"],"CustomERP":[10001],
                "ExactOnline":{{"salesorder/SalesOrders":["{}"],"crm/Quotations":["{}"]}}}}}},
            {{"model":"order","kind":"quotation","identity":{{}},
              "records":{{"ExactOnline":{{"crm/Quotations":["{}"]}}}}}}]}})",
                               account, long_name, item, sold, quoted, lone))
                    .value();
    }

    void shop(const std::string& resource, const std::string& body) {
        ASSERT_EQ(world.shop().post("/api/" + resource, body).status, 201) << body;
    }
    void erp(const std::string& resource, const std::string& body) {
        ASSERT_EQ(world.erp().post("/v1/" + resource, body).status, 201) << body;
    }
    Answer by_people(const std::string& method, const std::string& path, const std::string& body) {
        return world.exact().raw(
            {method, "/api/v1/1234567/" + path, {{"Authorization", "Bearer people:secret"}}, body});
    }
    std::string exact(std::string_view set, const std::string& body) {
        const Answer made = by_people("POST", std::string(set), body);
        EXPECT_EQ(made.status, 201) << json::write(made.body);
        for (const char* key : {"d.ID", "d.OrderID", "d.QuotationID"}) {
            if (made.body.at_path(key) != nullptr) return made.at(key);
        }
        return "";
    }
    void put(std::string_view set, std::int64_t number, const std::string& body) {
        const std::string key = exact_guid(set, number);
        ASSERT_EQ(by_people("PUT", fmt::format("{}(guid'{}')", set, key), body).status, 204)
            << body;
    }
    void remove(std::string_view set, std::int64_t number) {
        const std::string key = exact_guid(set, number);
        ASSERT_EQ(by_people("DELETE", fmt::format("{}(guid'{}')", set, key), "").status, 204);
    }

    // "wrong duplicates differ missing"
    std::string verdict(const Value& ledger = {}) {
        const checker::Verdict v = world.judge(truth, ledger);
        for (const std::string& text : v.explanations) explained += text + "\n";
        return fmt::format("{} {} {} {}", v.wrong_links, v.duplicates, v.differ, v.missing);
    }

    World world{0, true};
    Value truth;
    std::string explained;
};

TEST_F(ThreeSystemsTest, agree_although_exact_cuts_a_name_and_keeps_no_price_that_is_sent) {
    EXPECT_EQ(verdict(), "0 0 0 0") << explained;
    const checker::Verdict v = world.judge(truth);
    EXPECT_EQ(v.systems, 3);
    EXPECT_EQ(v.truth_records, 11);
    EXPECT_EQ(v.linked, 10) << "all but the lone quotation";
}

TEST_F(ThreeSystemsTest, a_value_that_differs_in_exact_differs_from_both_others) {
    put(exact::accounts, 1, R"({"Phone":"+31 20 5559999"})");
    EXPECT_EQ(verdict(), "0 0 1 0") << explained;
    put(exact::items, 1, R"({"Description":"Coffee"})");
    EXPECT_EQ(verdict(), "0 0 2 0") << explained;
    put(exact::items, 1, R"({"IsSalesItem":false})");
    EXPECT_EQ(verdict(), "0 0 3 0") << explained;
}

TEST_F(ThreeSystemsTest, the_order_and_the_quotation_of_one_thing_are_told_apart) {
    put(exact::quotations, 1, R"({"Remarks":"soon"})");
    EXPECT_EQ(verdict(), "0 0 1 0") << "from shop, ERP and the sales order\n" << explained;
    put(exact::quotations, 1, R"({"Remarks":null,"QuotationDate":"2026-01-03"})");
    EXPECT_EQ(verdict(), "0 0 1 0") << explained;
    put(exact::quotations, 1, R"({"QuotationDate":"2026-01-02"})");
    remove(exact::quotations, 1);
    EXPECT_EQ(verdict(), "0 0 0 1") << explained;
    EXPECT_NE(explained.find("in crm/Quotations"), std::string::npos) << explained;
    remove(exact::sales_orders, 1);
    EXPECT_EQ(verdict(), "0 0 0 2") << explained;
}

TEST_F(ThreeSystemsTest, lines_in_exact_are_compared_with_all_others) {
    put(exact::sales_order_lines, 1, R"({"Quantity":3})");
    EXPECT_EQ(verdict(), "0 0 1 0") << explained;
    remove(exact::sales_order_lines, 1);
    EXPECT_EQ(verdict(), "0 0 1 0") << explained;
}

TEST_F(ThreeSystemsTest, a_second_record_in_one_set_is_a_duplicate_and_in_another_is_none) {
    const Answer again = by_people("POST", "crm/Accounts",
                                   R"({"Name":"Tolk","VATNumber":"NL1","Email":"a@o.example"})");
    ASSERT_EQ(again.status, 201);
    EXPECT_EQ(verdict(), "0 1 0 0") << explained;
}

TEST_F(ThreeSystemsTest, what_is_made_of_a_lone_quotation_was_made_by_nobody) {
    erp("orders", R"({"customer":4001,"order_date":"2026-01-02"})");
    EXPECT_EQ(verdict(), "1 0 0 0") << explained;
}

TEST_F(ThreeSystemsTest, a_lone_quotation_that_is_gone_is_missed) {
    remove(exact::quotations, 2);
    EXPECT_EQ(verdict(), "0 0 0 1") << explained;
}

TEST_F(ThreeSystemsTest, a_price_is_compared_only_where_it_came_from_exact) {
    put(exact::items, 1, R"({"StandardSalesPrice":9})");
    EXPECT_EQ(verdict(), "0 0 0 0") << explained;
    truth.find("things")->as_list()[1].set("kind", "exact");
    EXPECT_EQ(verdict(), "0 0 1 0") << explained;
    // Somebody typed another one in the shop since: that cannot reach Exact.
    const Value edit(Value::Object{{"act", "change"},
                                   {"system", "CustomWebshop"},
                                   {"resource", "products"},
                                   {"id", "p-101"},
                                   {"property", "price"}});
    EXPECT_EQ(verdict(Value(Value::List{edit})), "0 0 0 0") << explained;
}

TEST_F(ThreeSystemsTest, swapped_identities_are_wrong_links) {
    exact(exact::accounts, R"({"Name":"Vos","VATNumber":"NL2","Email":"b@o.example"})");
    truth.find("things")->as_list().push_back(
        json::read(R"({"model":"organisation","kind":"exact","identity":{"vat_number":["NL2"],)"
                   R"("email":["b@o.example"],"name":["Vos"]},"records":{"ExactOnline":)"
                   R"({"crm/Accounts":["acc00000-0000-4000-8000-000000000002"]}}})")
            .value());
    EXPECT_EQ(verdict(), "0 0 0 2") << explained;
    put(exact::accounts, 2, R"({"Name":"Tolk B.V.","VATNumber":"NL1","Email":"a@o.example"})");
    EXPECT_EQ(verdict(), "1 0 0 2") << explained;
}

TEST_F(ThreeSystemsTest, the_judge_uses_up_nothing_of_the_quota) {
    world.judge(truth);
    const Answer answer = world.exact().get("/api/v1/1234567/crm/Accounts");
    EXPECT_EQ(answer.header("X-RateLimit-Minutely-Remaining"), "59");
}

const SystemNames three{"CustomWebshop", "CustomERP", "ExactOnline"};

TEST(ThreeSystems, before_anything_is_synchronised_nothing_is_doubled_or_wrong) {
    World world(500, true);
    const Population population = generate(1, 500);
    const checker::Verdict v = world.judge(truth_of(population, three));
    for (const auto& text : v.explanations) {
        EXPECT_EQ(text.find("another"), std::string::npos) << text;
    }
    EXPECT_EQ(v.wrong_links, 0);
    EXPECT_EQ(v.duplicates, 0);
    EXPECT_GT(v.missing, 300);
    EXPECT_GT(v.differ, 100);
    EXPECT_EQ(v.ambiguous, 4);
    EXPECT_GT(v.doubled, 3);
}

TEST(ThreeSystems, one_that_joins_late_shows_no_thing_that_the_truth_does_not_know) {
    World world(300, true);
    SimOptions late = erp_options();
    late.again = true;
    world.add("SecondERP", late, 300);
    SimOptions shop = shop_options();
    shop.again = true;
    world.add("SecondShop", shop, 300);
    const checker::Verdict v = world.judge(truth_of(generate(1, 300), three));
    EXPECT_EQ(v.systems, 5);
    EXPECT_EQ(v.wrong_links, 0);
    EXPECT_EQ(v.duplicates, 0);
}

}  // namespace
}  // namespace entente::sim::test
