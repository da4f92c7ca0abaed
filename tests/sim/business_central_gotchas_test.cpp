// The gotchas of Business Central's API that are known in public, row by row (C8), and what the simulated one does.
#include <gtest/gtest.h>

#include "central_fixture.hpp"

namespace entente::sim::test {
namespace {

using Column = std::vector<std::string>;
using CentralGotchas = CentralTest;

// C8 row 1
TEST_F(CentralGotchas, there_are_blanks_instead_of_nulls) {
    const Answer made = post(at("customers"), R"({"displayName":"Vos"})");
    EXPECT_EQ(made.at("email"), "");
    EXPECT_EQ(made.at("paymentTermsId"), no_guid);
    EXPECT_EQ(made.at("creditLimit"), "0");
    EXPECT_EQ(get(one("employees", make("employees", R"({"surname":"Vos"})"))).at("birthDate"),
              "0001-01-01");
    EXPECT_FALSE(json::write(made.body).contains("null"));
}

// C8 row 1
TEST_F(CentralGotchas, a_reference_is_cleared_with_the_empty_guid_and_never_with_null) {
    const Column terms = column(get(at("paymentTerms")), "id");
    const std::string id = make(
        "customers", fmt::format(R"({{"displayName":"Vos","paymentTermsId":"{}"}})", terms[0]));
    EXPECT_EQ(get(one("customers", id)).at("paymentTermsId"), terms[0]);
    expect_refused(patch(one("customers", id), R"({"paymentTermsId":null})"), 400,
                   "BadRequest_RequiredParamNotProvided");
    const Answer cleared =
        patch(one("customers", id), fmt::format(R"({{"paymentTermsId":"{}"}})", no_guid));
    EXPECT_EQ(cleared.at("paymentTermsId"), no_guid);
}

// C8 row 2
TEST_F(CentralGotchas, a_comparison_with_null_is_ignored) {
    make("customers", R"({"displayName":"A","email":"a@example.com"})");
    customer("B");
    EXPECT_EQ(rows(get(filtered("customers", "email eq null"))).size(), 2u);
    EXPECT_EQ(
        column(get(filtered("customers", "email ne null and displayName eq 'B'")), "displayName"),
        Column{"B"});
}

// C8 row 3
TEST_F(CentralGotchas, reading_an_order_may_change_it) {
    const std::string url = one("salesOrders", order(customer(), item()));
    EXPECT_EQ(number(patch(url, R"({"discountAmount":1.5})"), "totalAmountExcludingTax"), "9");
    const std::string line = column(get(url + "/salesOrderLines"), "id")[0];
    ASSERT_EQ(patch(one("salesOrderLines", line), R"({"quantity":4})").status, 200);
    const std::string since = filtered(
        "salesOrders", "lastModifiedDateTime ge " + std::string(format_instant(client.now)));
    // A list that does not show it does not read it either.
    EXPECT_TRUE(rows(get(since)).empty());
    const Answer first = get(url);
    EXPECT_EQ(number(first, "totalAmountExcludingTax"), "12");
    EXPECT_EQ(rows(get(since)).size(), 1u);
    EXPECT_EQ(get(url).body, first.body);
}

// C8 row 4
TEST_F(CentralGotchas, a_line_makes_the_version_of_its_order_stale) {
    const std::string url = one("salesOrders", order(customer(), item()));
    const Answer before = get(url);
    const std::string lines = url + "/salesOrderLines";
    const std::string line = column(get(lines), "id")[0];
    std::string version = annotation(before, "etag");
    const auto expect_stale = [&] {
        expect_refused(patch(url, R"({"email":"a@example.com"})", version), 409,
                       "Request_EntityChanged");
        const Answer now = get(url);
        EXPECT_GT(now.at("lastModifiedDateTime"), before.at("lastModifiedDateTime"));
        version = annotation(now, "etag");
    };
    ASSERT_EQ(patch(one("salesOrderLines", line), R"({"quantity":5})").status, 200);
    expect_stale();
    ASSERT_EQ(post(lines, R"({"description":"Wrapping","lineType":"Comment"})").status, 201);
    expect_stale();
    ASSERT_EQ(send("DELETE", one("salesOrderLines", line)).status, 204);
    expect_stale();
    EXPECT_EQ(patch(url, R"({"email":"a@example.com"})", version).status, 200);
}

// C8 row 5
TEST_F(CentralGotchas, lines_are_listed_within_a_document_only) {
    const std::string id = order(customer(), item());
    expect_refused(get(at("salesOrderLines")), 400, "Application_DialogException");
    expect_refused(get(filtered("salesOrderLines", "quantity gt 1")), 400,
                   "Application_DialogException");
    EXPECT_EQ(rows(get(filtered("salesOrderLines", "documentId eq " + id))).size(), 2u);
    EXPECT_EQ(rows(get(one("salesOrders", id) + "/salesOrderLines")).size(), 2u);
    EXPECT_EQ(column(get(one("salesOrders", id) + "/salesOrderLines"), "lastModifiedDateTime")[0],
              "(absent)");
}

// C8 row 6
TEST_F(CentralGotchas, a_line_without_a_sequence_gets_the_next_one) {
    const std::string id = order(customer(), item());
    const std::string lines = one("salesOrders", id) + "/salesOrderLines";
    EXPECT_EQ(column(get(lines), "sequence"), (Column{"10000", "20000"}));
    const Answer third = post(lines, R"({"description":"Gift"})");
    EXPECT_EQ(third.at("sequence"), "30000");
    EXPECT_EQ(third.at("lineType"), "Item");
    expect_refused(post(lines, R"({"description":"Gift","sequence":10000})"), 400,
                   "Application_DialogException");
    expect_refused(patch(one("salesOrderLines", third.at("id")), R"({"sequence":5})"), 400,
                   "Application_DialogException");
}

// C8 row 7
TEST_F(CentralGotchas, the_order_of_members_in_a_deep_insert_does_not_matter) {
    const std::string who = customer(), what = item();
    const Answer made = post(
        at("salesOrders"),
        fmt::format(R"({{"salesOrderLines":[{{"itemId":"{}","quantity":1}}],"discountAmount":1,)"
                    R"("shortcutDimension1Code":"sales","customerId":"{}"}})",
                    what, who));
    ASSERT_EQ(made.status, 201) << json::write(made.body);
    EXPECT_EQ(made.at("shortcutDimension1Code"), "SALES");
    EXPECT_EQ(number(made, "totalAmountExcludingTax"), "1.5");
}

// C8 rows 8 and 18
TEST_F(CentralGotchas, a_deep_insert_whose_navigation_is_unknown_leaves_nothing_behind) {
    const std::string who = customer(), what = item();
    expect_refused(post(at("salesOrders"),
                        fmt::format(R"({{"customerId":"{}","documentLines":[{{"itemId":"{}"}}]}})",
                                    who, what)),
                   400, "BadRequest");
    expect_refused(post(at("salesOrders"),
                        fmt::format(R"({{"customerId":"{}","salesOrderLines":[{{"itemId":"{}"}},)"
                                    R"({{"itemId":"{}"}}]}})",
                                    who, what, one("items", "0"))),
                   400, "BadRequest");
    EXPECT_TRUE(rows(get(at("salesOrders"))).empty());
    EXPECT_EQ(get(one("salesOrders", order(who, what))).at("number"), "S-ORD000001");
}

// C8 row 9
TEST_F(CentralGotchas, names_of_choices_are_encoded_and_case_sensitive) {
    const std::string id = customer();
    EXPECT_EQ(get(one("customers", id)).at("blocked"), "_x0020_");
    EXPECT_EQ(patch(one("customers", id), R"({"blocked":"All","type":"Person"})").at("blocked"),
              "All");
    expect_refused(patch(one("customers", id), R"({"blocked":"all"})"), 400, "Unknown");
    expect_refused(patch(one("customers", id), R"({"blocked":" "})"), 400, "Unknown");
    EXPECT_EQ(patch(one("customers", id), R"({"blocked":"_x0020_"})").at("blocked"), "_x0020_");
    EXPECT_EQ(rows(get(filtered("customers", "type eq 'Person'"))).size(), 1u);
    EXPECT_EQ(rows(get(filtered("customers", "type eq 'person'"))).size(), 0u);
}

// C8 row 10
TEST_F(CentralGotchas, amounts_are_numbers_that_the_system_rounds) {
    const std::string url = one("salesOrders", order(customer(), item()));
    const Answer line = post(url + "/salesOrderLines",
                             fmt::format(R"({{"itemId":"{}","quantity":3,"unitPrice":0.333333}})",
                                         column(get(at("items")), "id")[0]));
    EXPECT_EQ(number(line, "unitPrice"), "0.33333");
    EXPECT_EQ(number(line, "amountExcludingTax"), "1");
    EXPECT_TRUE(line.body.find("amountIncludingTax")->is_decimal());
    EXPECT_EQ(number(line, "amountIncludingTax"), "1.21");
    expect_refused(patch(one("salesOrderLines", line.at("id")), R"({"quantity":"3"})"), 400,
                   "BadRequest");
}

// C8 row 11
TEST_F(CentralGotchas, dates_are_filtered_without_a_time_and_times_with_a_zone) {
    const std::string who = customer();
    make("salesOrders", fmt::format(R"({{"customerId":"{}","orderDate":"2026-05-01"}})", who));
    EXPECT_EQ(rows(get(filtered("salesOrders", "orderDate ge 2026-05-01"))).size(), 1u);
    EXPECT_EQ(rows(get(filtered("salesOrders", "orderDate gt 2026-05-01"))).size(), 0u);
    expect_refused(get(filtered("salesOrders", "orderDate ge 2026-05-01T00:00:00Z")), 400,
                   "Application_FilterErrorException");
    const std::string modified = get(at("salesOrders"))
                                     .body.find("value")
                                     ->as_list()[0]
                                     .find("lastModifiedDateTime")
                                     ->as_text();
    EXPECT_EQ(rows(get(filtered("salesOrders", "lastModifiedDateTime ge " + modified))).size(), 1u);
    EXPECT_EQ(rows(get(filtered("salesOrders", "lastModifiedDateTime gt " + modified))).size(), 0u);
    expect_refused(get(filtered("salesOrders", "lastModifiedDateTime gt 2026-05-01")), 400,
                   "Application_FilterErrorException");
    expect_refused(get(filtered("salesOrders", "lastModifiedDateTime gt '" + modified + "'")), 400,
                   "Application_FilterErrorException");
}

// C8 row 12
TEST_F(CentralGotchas, a_new_number_renames_the_record_wherever_it_is_named) {
    const std::string who = customer(), what = item("OLD");
    const std::string url = one("salesOrders", order(who, what));
    const std::string version = version_of(url);
    EXPECT_EQ(patch(one("customers", who), R"({"number":"k-7"})").at("id"), who);
    EXPECT_EQ(patch(one("items", what), R"({"number":"NEW"})").status, 200);
    EXPECT_EQ(get(url).at("customerNumber"), "K-7");
    EXPECT_EQ(column(get(url + "/salesOrderLines"), "lineObjectNumber"), (Column{"NEW", "NEW"}));
    EXPECT_EQ(version_of(url), version);
    EXPECT_EQ(rows(get(filtered("customers", "number eq 'K-7'"))).size(), 1u);
    customer("Other");
    expect_refused(patch(one("customers", who), R"({"number":"C00002"})"), 400,
                   "Internal_EntityWithSameKeyExists");
}

// C8 row 13
TEST_F(CentralGotchas, whoever_asks_for_the_top_is_not_told_of_more) {
    for (const char* name : {"A", "B", "C"}) customer(name);
    const http::Headers one_each{{"Prefer", "odata.maxpagesize=1"}};
    EXPECT_NE(annotation(get(at("customers"), one_each), "nextLink"), "(absent)");
    const Answer top = get(at("customers?$top=2"), one_each);
    EXPECT_EQ(annotation(top, "nextLink"), "(absent)");
    EXPECT_EQ(column(get(at("customers?$top=2&$skip=1")), "displayName"), (Column{"B", "C"}));
}

// C8 rows 14 and 15
TEST_F(CentralGotchas, there_are_no_subscriptions_that_could_be_late_or_lost) {
    expect_refused(post(std::string(api) + "subscriptions", "{}"), 404, "BadRequest_NotFound");
}

// C8 row 16
TEST_F(CentralGotchas, the_replica_lags_behind) {
    const http::Headers replica{{"Data-Access-Intent", "ReadOnly"}};
    const std::string url = one("customers", customer("Old"));
    EXPECT_EQ(get(url, replica).status, 404);
    EXPECT_TRUE(rows(get(at("customers"), replica)).empty());
    client.now = client.now + Duration{2'000};
    patch(url, R"({"displayName":"New"})");
    EXPECT_EQ(get(url).at("displayName"), "New");
    EXPECT_EQ(get(url, replica).at("displayName"), "Old");
    EXPECT_EQ(column(get(at("customers"), replica), "displayName"), Column{"Old"});
    client.now = client.now + Duration{2'000};
    EXPECT_EQ(get(url, replica).at("displayName"), "New");
    expect_refused(send("POST", at("customers"), R"({"displayName":"X"})", replica), 400,
                   "BadRequest");
}

// C8 row 17
TEST_F(CentralGotchas, an_id_that_is_sent_is_ignored) {
    const std::string chosen = "c0570000-0000-4000-8000-000000000777";
    const std::string id =
        make("customers", fmt::format(R"({{"id":"{}","displayName":"Vos"}})", chosen));
    EXPECT_NE(id, chosen);
    EXPECT_EQ(get(one("customers", chosen)).status, 404);
}

// C8 row 19
TEST_F(CentralGotchas, a_post_needs_no_version) {
    EXPECT_EQ(send("POST", at("customers"), R"({"displayName":"A"})").status, 201);
    EXPECT_EQ(send("POST", at("customers"), R"({"displayName":"B"})", {{"If-Match", "*"}}).status,
              201);
}

}  // namespace
}  // namespace entente::sim::test
