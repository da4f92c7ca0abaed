// Documents of the simulated Business Central: their customers, lines, currencies, and what becomes of them.
#include <gtest/gtest.h>

#include "central_fixture.hpp"

namespace entente::sim::test {
namespace {

using Column = std::vector<std::string>;
using CentralDocuments = CentralTest;

TEST_F(CentralDocuments, a_deep_insert_makes_an_order_and_its_lines) {
    const std::string id = order(customer(), item());
    const Answer read = get(one("salesOrders", id) + "?$expand=salesOrderLines");
    EXPECT_EQ(read.at("number"), "S-ORD000001");
    EXPECT_EQ(read.at("customerNumber"), "C00001");
    EXPECT_EQ(read.at("customerName"), "Tolk B.V.");
    EXPECT_EQ(read.at("status"), "Draft");
    EXPECT_EQ(read.at("orderDate"), "2026-11-18");
    EXPECT_EQ(number(read, "totalAmountExcludingTax"), "10.5");
    EXPECT_EQ(number(read, "totalAmountIncludingTax"), "12.71");
    const Value::List& lines = read.body.find("salesOrderLines")->as_list();
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(*lines[0].find("unitPrice"), *json::read("1.5"));
    EXPECT_EQ(*lines[1].find("unitPrice"), *json::read("2.5"));
    EXPECT_EQ(*lines[1].find("description"), Value("Tea"));
    EXPECT_EQ(*lines[1].find("documentId"), Value(id));
}

TEST_F(CentralDocuments, lines_are_changed_one_by_one_and_never_with_their_order) {
    const std::string url = one("salesOrders", order(customer(), item()));
    expect_refused(patch(url, R"({"salesOrderLines":[]})"), 400, "BadRequest");
    EXPECT_EQ(rows(get(url + "/salesOrderLines")).size(), 2u);
    expect_refused(send("PATCH", at("salesOrders"), "[]", {{"If-Match", "*"}}), 405,
                   "BadRequest_MethodNotAllowed");
}

TEST_F(CentralDocuments, an_order_needs_a_customer_by_id_or_by_number) {
    const std::string a = customer("A");
    customer("B");
    expect_refused(post(at("salesOrders"), "{}"), 400, "Application_DialogException");
    expect_refused(post(at("salesOrders"),
                        fmt::format(R"({{"customerId":"{}","customerNumber":"C00002"}})", a)),
                   400, "Application_DialogException");
    EXPECT_EQ(post(at("salesOrders"), R"({"customerNumber":"c00002"})").at("customerName"), "B");
}

TEST_F(CentralDocuments, a_currency_left_blank_is_the_local_one) {
    const std::string id = customer();
    EXPECT_EQ(get(one("customers", id)).at("currencyCode"), "EUR");
    EXPECT_EQ(get(one("customers", id)).at("currencyId"), no_guid);
    const Answer foreign = patch(one("customers", id), R"({"currencyCode":"NOK"})");
    EXPECT_NE(foreign.at("currencyId"), no_guid);
    const Answer theirs = post(at("salesOrders"), fmt::format(R"({{"customerId":"{}"}})", id));
    EXPECT_EQ(theirs.at("currencyCode"), "NOK");
    const Answer local =
        post(at("salesOrders"), fmt::format(R"({{"customerId":"{}","currencyCode":""}})", id));
    EXPECT_EQ(local.at("currencyCode"), "EUR");
    EXPECT_EQ(local.at("currencyId"), no_guid);
    expect_refused(patch(one("customers", id), R"({"currencyCode":"QQQ"})"), 400,
                   "Internal_InvalidTableRelation");
    expect_refused(
        patch(one("customers", id), fmt::format(R"({{"currencyCode":"SEK","currencyId":"{}"}})",
                                                foreign.at("currencyId"))),
        400, "Application_DialogException");
}

TEST_F(CentralDocuments, a_line_is_of_an_item_or_of_an_account) {
    const std::string what = item();
    const std::string lines = one("salesOrders", order(customer(), what)) + "/salesOrderLines";
    expect_refused(post(lines, fmt::format(R"({{"itemId":"{}","accountId":"{}"}})", what, what)),
                   400, "Application_DialogException");
    const Answer by_number =
        post(lines, R"({"lineType":"Item","lineObjectNumber":"tea-1","quantity":1})");
    EXPECT_EQ(by_number.at("itemId"), what);
    expect_refused(post(at("salesOrderLines"), fmt::format(R"({{"itemId":"{}"}})", what)), 400,
                   "Application_DialogException");
}

TEST_F(CentralDocuments, a_released_order_refuses_changes_until_it_is_reopened) {
    const std::string url = one("salesOrders", order(customer(), item()));
    const std::string line = one("salesOrderLines", column(get(url + "/salesOrderLines"), "id")[0]);
    EXPECT_EQ(post(url + "/Microsoft.NAV.release", "").status, 404);
    ASSERT_EQ(as_person("POST", url + "/Microsoft.NAV.release").status, 204);
    EXPECT_EQ(get(url).at("status"), "Open");
    constexpr std::string_view refused = "Application_FieldValidationException";
    expect_refused(patch(url, R"({"email":"a@example.com"})"), 400, refused);
    expect_refused(patch(line, R"({"quantity":9})"), 400, refused);
    expect_refused(send("DELETE", line), 400, refused);
    expect_refused(post(url + "/salesOrderLines", R"({"description":"Gift"})"), 400, refused);
    ASSERT_EQ(as_person("POST", url + "/Microsoft.NAV.reopen").status, 204);
    EXPECT_EQ(patch(line, R"({"quantity":9})").status, 200);
}

TEST_F(CentralDocuments, a_shipped_order_is_gone_and_an_invoice_stands_for_it) {
    const std::string id = order(customer(), item());
    const std::string url = one("salesOrders", id);
    const std::string line = column(get(url + "/salesOrderLines"), "id")[0];
    ASSERT_EQ(post(url + "/Microsoft.NAV.shipAndInvoice", "").status, 204);
    expect_refused(get(url), 404, "Internal_RecordNotFound");
    expect_refused(patch(url, "{}"), 404, "Internal_RecordNotFound");
    expect_refused(get(one("salesOrderLines", line)), 404, "Internal_RecordNotFound");
    const Answer invoices = get(filtered("salesInvoices", "orderId eq " + id));
    ASSERT_EQ(rows(invoices).size(), 1u);
    EXPECT_EQ(column(invoices, "externalDocumentNumber"), Column{"W26-1"});
    EXPECT_EQ(column(invoices, "orderNumber"), Column{"S-ORD000001"});
    const std::string invoice = one("salesInvoices", column(invoices, "id")[0]);
    EXPECT_EQ(rows(get(invoice + "/salesInvoiceLines")).size(), 2u);
    EXPECT_EQ(patch(invoice, "{}").status, 405);
    EXPECT_EQ(post(invoice + "/salesInvoiceLines", "{}").status, 405);
}

TEST_F(CentralDocuments, an_order_is_made_of_a_quote) {
    const std::string who = customer(), what = item();
    const std::string id = make(
        "salesQuotes",
        fmt::format(R"({{"customerId":"{}","salesQuoteLines":[{{"itemId":"{}"}}]}})", who, what));
    EXPECT_EQ(get(one("salesQuotes", id)).at("number"), "S-QUO000001");
    ASSERT_EQ(post(one("salesQuotes", id) + "/Microsoft.NAV.makeOrder", "").status, 204);
    EXPECT_TRUE(rows(get(at("salesQuotes"))).empty());
    const Answer orders = get(at("salesOrders?$expand=salesOrderLines"));
    ASSERT_EQ(rows(orders).size(), 1u);
    EXPECT_EQ(rows(orders)[0].find("salesOrderLines")->as_list().size(), 1u);
    EXPECT_EQ(column(orders, "status"), Column{"Draft"});
}

TEST_F(CentralDocuments, lines_are_expanded_with_what_is_wanted_of_them) {
    order(customer(), item());
    const auto expanded = [&](const std::string& expand) {
        return get(at("salesOrders?$select=lastModifiedDateTime&$expand=" + expand));
    };
    const auto orders = rows(expanded("salesOrderLines($select=id,quantity)"));
    ASSERT_EQ(orders.size(), 1u);
    const Value& line = orders[0].find("salesOrderLines")->as_list().at(0);
    EXPECT_NE(line.find("quantity"), nullptr);
    EXPECT_NE(line.find("@odata.etag"), nullptr);
    EXPECT_EQ(line.find("unitPrice"), nullptr);
    EXPECT_EQ(expanded("salesOrderLines($top=1)").status, 400);
    EXPECT_EQ(expanded("customer").status, 400);
}

TEST_F(CentralDocuments, an_order_takes_its_lines_with_it) {
    const std::string id = order(customer(), item());
    EXPECT_EQ(send("DELETE", one("salesOrders", id)).status, 204);
    EXPECT_TRUE(rows(get(filtered("salesOrderLines", "documentId eq " + id))).empty());
}

}  // namespace
}  // namespace entente::sim::test
