// What the shipped connector business-central asks, byte by byte. Method: the connector over a loopback address, without a wire.
#include <gtest/gtest.h>

#include "base/http.hpp"
#include "base/json.hpp"
#include "systems.hpp"

namespace entente::connect {
namespace {

using sync::CreateCall;
using sync::ListCall;
using sync::ReadCall;
using sync::SearchCall;
using sync::UpdateCall;

const std::string base = "http://127.0.0.1:4040/api/v2.0";
const std::string company = base + "/companies(aaaaaaaa-0000-4000-8000-000000000001)";
const std::string id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const Instant since = parse_instant("2026-11-21T10:00:00Z").value();

class BusinessCentralRequest : public ::testing::Test {
protected:
    http::Request ask(const sync::Call& call) const {
        const Result<http::Request> request = connector_.request(call);
        CHECK(request.has_value(), request ? "" : request.error().text);
        return *request;
    }
    // The URL as a person would write it.
    std::string url(const sync::Call& call) const { return http::percent_decode(ask(call).url); }
    ResourceIndex named(std::string_view name) const { return resource_named(system_, name); }

    const TestSystem system_ = business_central();
    const RestConnector connector_ = system_.connector();
};

TEST_F(BusinessCentralRequest, lists_are_asked_for_in_pages_and_by_their_fields) {
    const http::Request request = ask(ListCall{named("items"), {}, ""});
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(http::percent_decode(request.url),
              company +
                  "/items?$select=id,number,displayName,type,blocked,gtin,unitPrice,unitCost,"
                  "inventory,itemCategoryId,baseUnitOfMeasureCode,lastModifiedDateTime");
    EXPECT_EQ(http::find(request.headers, "Prefer"), "odata.maxpagesize=1000");
}

TEST_F(BusinessCentralRequest, changes_are_a_filter_without_quotes) {
    const std::string asked = url(ListCall{named("customers"), since, ""});
    EXPECT_NE(asked.find("?$filter=lastModifiedDateTime ge 2026-11-21T10:00:00.000Z&$select="),
              std::string::npos)
        << asked;
}

TEST_F(BusinessCentralRequest, lines_are_listed_with_their_orders) {
    EXPECT_EQ(url(ListCall{named("salesOrderLines"), since, ""}),
              company +
                  "/salesOrders?$filter=lastModifiedDateTime ge 2026-11-21T10:00:00.000Z"
                  "&$select=lastModifiedDateTime&$expand=salesOrderLines($select=id,"
                  "documentId,sequence,lineType,itemId,description,quantity,unitPrice,"
                  "discountPercent,amountExcludingTax)");
}

TEST_F(BusinessCentralRequest, a_line_is_read_searched_and_created_by_itself) {
    const ResourceIndex lines = named("salesOrderLines");
    EXPECT_TRUE(url(ReadCall{lines, id}).starts_with(company + "/salesOrderLines(" + id + ")?"));
    EXPECT_TRUE(url(SearchCall{lines, {{"documentId", id}}, ""})
                    .starts_with(company + "/salesOrderLines?$filter=documentId eq " + id + "&"));
    Value body = Value::object();
    body.set("documentId", id);
    const http::Request create = ask(CreateCall{lines, body, ""});
    EXPECT_EQ(create.method + " " + http::percent_decode(create.url),
              "POST " + company + "/salesOrderLines");
    EXPECT_EQ(create.body, "{\"documentId\":\"" + id + "\"}");
}

TEST_F(BusinessCentralRequest, searches_quote_text_and_join_conditions) {
    const std::string asked = url(
        SearchCall{named("customers"), {{"email", "o'hara@x.nl"}, {"displayName", "Hara"}}, ""});
    EXPECT_NE(asked.find("$filter=email eq 'o''hara@x.nl' and displayName eq 'Hara'"),
              std::string::npos)
        << asked;
}

TEST_F(BusinessCentralRequest, an_update_names_the_version_as_it_was_shown) {
    Value body = Value::object();
    body.set("city", "Breda");
    const std::string version = "W/\"JzQ0O0VnQUFBQUo7\"";
    const http::Request update = ask(UpdateCall{named("customers"), id, body, version});
    EXPECT_EQ(update.method + " " + http::percent_decode(update.url),
              "PATCH " + company + "/customers(" + id + ")");
    EXPECT_EQ(http::find(update.headers, "If-Match"), version);
    EXPECT_EQ(update.body, R"({"city":"Breda"})");
}

TEST_F(BusinessCentralRequest, the_login_is_left_to_a_token_of_its_own_server) {
    const http::Request request = ask(ListCall{named("customers"), {}, ""});
    EXPECT_FALSE(http::find(request.headers, "Authorization").has_value());
    ASSERT_TRUE(connector_.token_login().has_value());
    const http::Request login = connector_.token_login()->request();
    EXPECT_EQ(login.method + " " + login.url,
              "POST http://127.0.0.1:4040/contoso/oauth2/v2.0/token")
        << "a simulated system gives its tokens itself";
    EXPECT_EQ(login.body,
              "grant_type=client_credentials&client_id=the-client&client_secret=secret-of-bc"
              "&scope=https%3A%2F%2Fapi.businesscentral.dynamics.com%2F.default");
}

}  // namespace
}  // namespace entente::connect
