// What a connector of OData's kind declares becomes exactly these requests. Method: the shipped connector exact-online, byte by
// byte, and hostile values in every place where a value is filled in.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "connect/rest_pattern.hpp"
#include "systems.hpp"

namespace entente::connect {
namespace {

using sync::CreateCall;
using sync::ListCall;
using sync::ReadCall;
using sync::RightsCall;
using sync::SearchCall;
using sync::UpdateCall;

const std::string guid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const std::string root = "http://127.0.0.1:4030/api/v1/1234567";

class ExactRequest : public ::testing::Test {
protected:
    std::string typed(const sync::Call& call) const {
        const Result<http::Request> request = connector_.request(call);
        if (!request) return "error: " + request.error().text;
        std::string out = request->method + " " + request->url + "\n";
        for (const auto& [name, value] : request->headers) out += name + ": " + value + "\n";
        return out + "\n" + request->body;
    }
    // The URL with its escapes undone, without the root: what a person would have written.
    std::string asked(const sync::Call& call) const {
        const Result<http::Request> request = connector_.request(call);
        if (!request) return "error: " + request.error().text;
        EXPECT_TRUE(request->url.starts_with(root)) << request->url;
        EXPECT_FALSE(request->url.contains('+')) << request->url;
        return http::percent_decode(request->url.substr(root.size()));
    }
    ResourceIndex at(std::string_view name) const { return resource_named(system_, name); }

    TestSystem system_ = exact();
    RestConnector connector_ = system_.connector();
};

TEST_F(ExactRequest, a_sweep_asks_for_the_declared_fields) {
    EXPECT_EQ(typed(ListCall{at("Items"), {}, ""}),
              "GET " + root +
                  "/logistics/Items?%24select=ID%2CCode%2CDescription%2CIsSalesItem"
                  "%2CStandardSalesPrice%2CUnit%2CCreated%2CModified\n"
                  "Accept: application/json\nAuthorization: Bearer t\n\n");
}

TEST_F(ExactRequest, what_is_never_shown_is_not_asked_for) {
    const std::string orders = asked(ListCall{at("SalesOrders"), {}, ""});
    EXPECT_EQ(orders,
              "/salesorder/SalesOrders?$select=OrderID,OrderNumber,OrderedBy,OrderDate,Currency,"
              "YourRef,Remarks,Description,Status,Created,Modified");
}

TEST_F(ExactRequest, changes_are_asked_for_in_the_time_of_the_wall) {
    const auto since = [&](const char* time) {
        const std::string url = asked(ListCall{at("Accounts"), parse_instant(time).value(), ""});
        return url.substr(0, url.find('&'));
    };
    EXPECT_EQ(since("2026-11-21T10:00:00Z"),
              "/crm/Accounts?$filter=Modified ge datetime'2026-11-21T11:00:00.000'");
    EXPECT_EQ(since("2026-07-01T10:00:00.120Z"),
              "/crm/Accounts?$filter=Modified ge datetime'2026-07-01T12:00:00.120'");
    // Within three hours of the clocks being put back an hour more is asked for: the walls will
    // show it again.
    EXPECT_EQ(since("2026-10-25T00:30:00Z"),
              "/crm/Accounts?$filter=Modified ge datetime'2026-10-25T01:30:00.000'");
}

TEST_F(ExactRequest, lines_are_asked_for_by_their_row_version) {
    const auto url = [&](std::optional<std::int64_t> version) {
        return asked(ListCall{at("SalesOrderLines"), {}, "", version});
    };
    const std::string fields =
        "&$select=ID,OrderID,Item,Description,Quantity,UnitPrice,LineNumber,"
        "Timestamp";
    EXPECT_EQ(url(4711), "/sync/SalesOrder/SalesOrderLines?$filter=Timestamp gt 4711L" + fields);
    EXPECT_EQ(url({}), "/sync/SalesOrder/SalesOrderLines?$filter=Timestamp gt 0L" + fields);
}

TEST_F(ExactRequest, one_record_is_read_as_a_list_of_one) {
    EXPECT_EQ(typed(ReadCall{at("SalesOrderLines"), guid}),
              "GET " + root + "/salesorder/SalesOrderLines?%24filter=ID%20eq%20guid%27" + guid +
                  "%27&%24select=ID%2COrderID%2CItem%2CDescription%2CQuantity%2CUnitPrice"
                  "%2CLineNumber\nAccept: application/json\nAuthorization: Bearer t\n\n");
    EXPECT_TRUE(asked(ReadCall{at("Quotations"), guid})
                    .starts_with("/crm/Quotations?$filter=QuotationID eq guid'" + guid + "'&"));
}

TEST_F(ExactRequest, an_id_that_is_no_guid_is_refused) {
    for (const std::string id :
         {"", "4711", "..", "x'y", "3f2504e0-4f89-11d3-9a0c-0305e82c330",
          "3f2504e0-4f89-11d3-9a0c-0305e82c330g", "3f2504e0-4f89-11d3-9a0c-0305e82c33012",
          "3f2504e004f89011d309a0c00305e82c3301", "' or 1 eq 1 or ID eq guid'0000000000"}) {
        EXPECT_TRUE(asked(ReadCall{at("Accounts"), id}).starts_with("error")) << id;
        const UpdateCall update{at("Accounts"), id, Value::object(), ""};
        EXPECT_TRUE(asked(update).starts_with("error")) << id;
    }
}

TEST_F(ExactRequest, a_search_joins_its_conditions_and_doubles_quotes) {
    const std::string url =
        asked(SearchCall{at("Accounts"), {{"Name", "O'Brien & 'Sons'"}, {"Postcode", "1011 AB"}}});
    EXPECT_TRUE(
        url.starts_with("/crm/Accounts?$filter=Name eq 'O''Brien & ''Sons''' and "
                        "Postcode eq '1011 AB'&$select=ID,"))
        << url;
    EXPECT_TRUE(asked(SearchCall{at("SalesOrderLines"), {{"OrderID", guid}}})
                    .starts_with("/salesorder/SalesOrderLines?$filter=OrderID eq guid'" + guid +
                                 "'&$select=ID,OrderID,"));
    EXPECT_TRUE(asked(SearchCall{at("SalesOrderLines"), {{"Item", guid}}}).starts_with("error"));
}

TEST_F(ExactRequest, writes_ask_for_what_was_stored) {
    EXPECT_EQ(typed(CreateCall{at("Accounts"), json::read(R"({"Name":"Å"})").value(), "k"}),
              "POST " + root +
                  "/crm/Accounts\nAccept: application/json\nAuthorization: Bearer t\n"
                  "Content-Type: application/json\nPrefer: return=representation\n\n"
                  R"({"Name":"Å"})");
    EXPECT_EQ(typed(UpdateCall{at("Accounts"), guid, json::read(R"({"Name":"B"})").value(), ""}),
              "PUT " + root + "/crm/Accounts(guid'" + guid +
                  "')\nAccept: application/json\nAuthorization: Bearer t\n"
                  "Content-Type: application/json\nPrefer: return=representation\n\n"
                  R"({"Name":"B"})");
}

TEST_F(ExactRequest, rights_are_asked_for_by_the_path_of_the_set) {
    EXPECT_EQ(typed(RightsCall{at("Accounts")}),
              "GET " + root +
                  "/users/UserHasRights?endpoint=%27crm%2FAccounts%27&action=%27GET%27\n"
                  "Accept: application/json\nAuthorization: Bearer t\n\n");
    const TestSystem other = webshop();
    EXPECT_FALSE(other.connector().request(RightsCall{customers}).has_value());
}

TEST_F(ExactRequest, a_next_link_is_followed_at_home_only) {
    const auto follow = [&](const std::string& link) {
        const auto request = connector_.request(ListCall{at("Accounts"), {}, link});
        return request ? request->url : std::string(name_of(request.error().kind));
    };
    const std::string next = root + "/crm/Accounts?$select=ID&$skiptoken=guid'" + guid + "'";
    EXPECT_EQ(follow(next), next);
    EXPECT_EQ(follow(root + "/crm/Accounts?$filter=Modified ge datetime'x'"),
              root + "/crm/Accounts?$filter=Modified%20ge%20datetime'x'");
    const std::string refused(name_of(ErrorKind::corrupt));
    EXPECT_EQ(follow("http://127.0.0.1:4031/api/v1/1234567/crm/Accounts"), refused);
    EXPECT_EQ(follow("http://127.0.0.1:4030/api/v1/7654321/crm/Accounts"), refused);
    EXPECT_EQ(follow("https://evil.example/api/v1/1234567/crm/Accounts"), refused);
}

TEST(rest_request, a_write_header_must_be_one) {
    TestSystem system = exact();
    system.rest().write_headers = {{"Bad Name", "x"}};
    EXPECT_FALSE(system.try_connector().has_value());
    system.rest().write_headers = {{"Prefer", "a\r\nX: y"}};
    EXPECT_FALSE(system.try_connector().has_value());
    system.rest().write_headers = {};
    system.rest().list_headers = {{"Prefer", "a\nb"}};
    EXPECT_FALSE(system.try_connector().has_value());
}

TEST(rest_request, an_unknown_time_zone_is_refused_when_the_system_is_opened) {
    TestSystem system = exact();
    system.rest().time_zone = "Europe/Nowhere";
    EXPECT_FALSE(system.try_connector().has_value());
}

TEST(rest_request, a_feed_cannot_leave_the_base_url) {
    TestSystem system = exact();
    system.workspace.resources[0].feed_path = "/../../other";
    EXPECT_FALSE(system.try_connector().has_value());
}

std::string filled(std::string_view pattern, std::string value, bool is_ours = false) {
    const auto out = fill_pattern(pattern, {{"value", std::move(value), is_ours, false}});
    return out ? *out : "refused";
}

TEST(rest_pattern, a_value_cannot_end_its_quotes) {
    EXPECT_EQ(filled("A eq '{value}'", "x' or 1 eq 1 or 'x' eq 'x"),
              "A eq 'x'' or 1 eq 1 or ''x'' eq ''x'");
    EXPECT_EQ(filled("trim(A) eq '{value}' and B", "{value}"), "trim(A) eq '{value}' and B");
}

TEST(rest_pattern, without_quotes_a_value_is_one_plain_word) {
    EXPECT_EQ(filled("A eq {value}", "-12.50"), "A eq -12.50");
    EXPECT_EQ(filled("A eq {value}", "1 or 1 eq 1"), "refused");
    EXPECT_EQ(filled("A eq {value}", "x'"), "refused");
    EXPECT_EQ(filled("A eq {value}", ""), "refused");
    EXPECT_EQ(filled("'it' {value}", "a b"), "refused");
    EXPECT_EQ(filled("A eq {value}", "a b", true), "A eq a b");
}

TEST(rest_pattern, a_broken_pattern_is_refused) {
    EXPECT_EQ(filled("A eq {value", "x"), "refused");
    EXPECT_EQ(filled("A eq {other}", "x"), "refused");
    EXPECT_EQ(filled("A eq guid'{value}'", guid), "A eq guid'" + guid + "'");
    EXPECT_EQ(filled("A eq guid'{value}'", "12"), "refused");
}

}  // namespace
}  // namespace entente::connect
