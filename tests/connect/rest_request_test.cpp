// Calls become exactly these requests: byte by byte, for both systems of docs/SIMULATED.md.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "systems.hpp"

namespace entente::connect {
namespace {

using sync::CreateCall;
using sync::ListCall;
using sync::ReadCall;
using sync::SearchCall;
using sync::UpdateCall;

Value body(std::string_view text) {
    return json::read(text).value();
}

// The request as it would be typed, without the host.
std::string typed(const Result<http::Request>& request) {
    if (!request) return "error: " + request.error().text;
    std::string out = request->method + " " + request->url + "\n";
    for (const auto& [name, value] : request->headers) out += name + ": " + value + "\n";
    return out + "\n" + request->body;
}

const Instant since = parse_instant("2026-11-21T10:00:00Z").value();

TEST(rest_request, the_shop_is_listed_page_by_page) {
    const TestSystem shop = webshop();
    const RestConnector connector = shop.connector();
    EXPECT_EQ(typed(connector.request(ListCall{customers, {}, ""})),
              "GET http://127.0.0.1:4010/api/customers?page=1&page_size=3\n"
              "Accept: application/json\nX-Api-Key: key-of-the-shop\n\n");
    EXPECT_EQ(connector.request(ListCall{products, {}, "17"})->url,
              "http://127.0.0.1:4010/api/products?page=17&page_size=3");
}

TEST(rest_request, changes_are_asked_for_with_milliseconds) {
    const TestSystem shop = webshop();
    EXPECT_EQ(shop.connector().request(ListCall{orders, since, "2"})->url,
              "http://127.0.0.1:4010/api/orders?page=2&page_size=3"
              "&updated_since=2026-11-21T10%3A00%3A00.000Z");
    const TestSystem system = erp();
    EXPECT_EQ(system.connector().request(ListCall{orders, since + Duration{7}, ""})->url,
              "http://127.0.0.1:4020/v1/orders?limit=200"
              "&modified_since=2026-11-21T10%3A00%3A00.007Z");
}

TEST(rest_request, the_erp_is_listed_by_its_cursor) {
    const TestSystem system = erp();
    EXPECT_EQ(typed(system.connector().request(ListCall{order_lines, {}, "/a+b=="})),
              "GET http://127.0.0.1:4020/v1/order-lines?limit=200&cursor=%2Fa%2Bb%3D%3D\n"
              "Accept: application/json\nAuthorization: Bearer token-of-the-erp\n\n");
}

TEST(rest_request, one_record_is_read_by_its_escaped_id) {
    const TestSystem shop = webshop();
    const RestConnector connector = shop.connector();
    EXPECT_EQ(connector.request(ReadCall{customers, "c-101"})->url,
              "http://127.0.0.1:4010/api/customers/c-101");
    EXPECT_EQ(connector.request(ReadCall{customers, "a b/c?d"})->url,
              "http://127.0.0.1:4010/api/customers/a%20b%2Fc%3Fd");
}

TEST(rest_request, an_id_that_would_leave_the_collection_is_refused) {
    const TestSystem shop = webshop();
    const RestConnector connector = shop.connector();
    for (const char* id : {"", ".", "..", "../orders/o-1", "a/../b", "x\r\nHost: evil"}) {
        EXPECT_FALSE(connector.request(ReadCall{customers, id}).has_value()) << id;
        EXPECT_FALSE(connector.request(UpdateCall{customers, id, body("{}"), ""}).has_value())
            << id;
    }
}

TEST(rest_request, a_search_asks_for_equality_with_encoded_values) {
    const TestSystem shop = webshop();
    EXPECT_EQ(shop.connector()
                  .request(SearchCall{customers, {{"email", "a+b@x.no"}, {"name", "Å & Co"}}})
                  ->url,
              "http://127.0.0.1:4010/api/customers?page=1&page_size=3"
              "&email=a%2Bb%40x.no&name=%C3%85%20%26%20Co");
    const TestSystem system = erp();
    EXPECT_EQ(system.connector()
                  .request(SearchCall{order_lines, {{"order", 4711}, {"blocked", true}}})
                  ->url,
              "http://127.0.0.1:4020/v1/order-lines?limit=200&order=4711&blocked=true");
}

TEST(rest_request, a_search_that_would_find_everything_is_refused) {
    const TestSystem shop = webshop();
    const RestConnector connector = shop.connector();
    EXPECT_FALSE(connector.request(SearchCall{customers, {}}).has_value());
    EXPECT_FALSE(connector.request(SearchCall{customers, {{"email", ""}}}).has_value());
    EXPECT_FALSE(connector.request(SearchCall{customers, {{"email", Value()}}}).has_value());
    EXPECT_FALSE(connector.request(SearchCall{customers, {{"phone", "1"}}}).has_value());
}

TEST(rest_request, a_create_carries_its_key_where_the_resource_is_keyed) {
    TestSystem system = erp();
    const CreateCall call{customers, body(R"({"company_name":"Å","credit_limit":0.10})"), "k-1"};
    EXPECT_EQ(typed(system.connector().request(call)),
              "POST http://127.0.0.1:4020/v1/customers\n"
              "Accept: application/json\nAuthorization: Bearer token-of-the-erp\n"
              "Content-Type: application/json\nIdempotency-Key: k-1\n\n"
              R"({"company_name":"Å","credit_limit":0.10})");
    const TestSystem shop = webshop();
    EXPECT_EQ(typed(shop.connector().request(CreateCall{customers, body("{}"), "k-1"})),
              "POST http://127.0.0.1:4010/api/customers\n"
              "Accept: application/json\nX-Api-Key: key-of-the-shop\n"
              "Content-Type: application/json\n\n{}");
}

TEST(rest_request, an_update_carries_its_precondition) {
    const TestSystem system = erp();
    const UpdateCall call{customers, "4711", body(R"({"email":null})"), "\"17\""};
    EXPECT_EQ(typed(system.connector().request(call)),
              "PATCH http://127.0.0.1:4020/v1/customers/4711\n"
              "Accept: application/json\nAuthorization: Bearer token-of-the-erp\n"
              "Content-Type: application/json\nIf-Match: \"17\"\n\n"
              R"({"email":null})");
}

TEST(rest_request, a_bare_version_is_quoted_as_an_entity_tag) {
    const TestSystem system = erp();
    const RestConnector connector = system.connector();
    EXPECT_EQ(
        connector.request(UpdateCall{customers, "1", body("{}"), "17"})->headers.back().second,
        "\"17\"");
    EXPECT_EQ(
        connector.request(UpdateCall{customers, "1", body("{}"), "W/\"x\""})->headers.back().second,
        "W/\"x\"");
}

// Met in a real server: backslashes before the quotes of a weak version.
TEST(rest_request, a_version_that_calls_itself_weak_goes_back_as_it_came) {
    const TestSystem system = erp();
    const std::string version = "W/\\\"2026-11-21\\\"";
    EXPECT_EQ(system.connector()
                  .request(UpdateCall{customers, "1", body("{}"), version})
                  ->headers.back()
                  .second,
              version);
}

TEST(rest_request, a_precondition_is_never_dropped) {
    const TestSystem shop = webshop();
    EXPECT_FALSE(shop.connector().request(UpdateCall{customers, "c-1", body("{}"), "17"}));
    EXPECT_EQ(typed(shop.connector().request(UpdateCall{customers, "c-1", body("{}"), ""})),
              "PATCH http://127.0.0.1:4010/api/customers/c-1\n"
              "Accept: application/json\nX-Api-Key: key-of-the-shop\n"
              "Content-Type: application/json\n\n{}");
}

TEST(rest_request, a_line_break_never_reaches_a_header) {
    TestSystem system = erp();
    const RestConnector connector = system.connector();
    EXPECT_FALSE(connector.request(UpdateCall{customers, "1", body("{}"), "17\r\nX: y"}));
    EXPECT_FALSE(connector.request(CreateCall{customers, body("{}"), "k\nX: y"}));
    system.secrets["token"] = "abc\r\nX-Evil: 1";
    const auto refused = system.try_connector();
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().message().find("abc"), std::string::npos);
}

TEST(rest_request, a_nested_list_has_no_url_of_its_own) {
    const TestSystem shop = webshop();
    EXPECT_FALSE(shop.connector().request(ListCall{order_lines, {}, ""}).has_value());
}

TEST(rest_request, a_link_to_the_next_page_is_followed_at_home_only) {
    TestSystem system = erp();
    system.system().base_url = "https://erp.example/tenant/api/";
    system.rest().cursor_parameter.clear();
    const RestConnector connector = system.connector();
    const auto follow = [&](std::string link) {
        const auto request = connector.request(ListCall{customers, {}, std::move(link)});
        return request ? request->url : std::string(name_of(request.error().kind));
    };
    EXPECT_EQ(follow("https://erp.example/tenant/api/v1/customers?skip=200"),
              "https://erp.example/tenant/api/v1/customers?skip=200");
    EXPECT_EQ(follow("https://ERP.example:443/tenant/api/v1/customers?skip=2").find("corrupt"),
              std::string::npos);
    EXPECT_EQ(follow("v1/customers?skip=200"),
              "https://erp.example/tenant/api/v1/customers?skip=200");
    const std::string refused(name_of(ErrorKind::corrupt));
    for (const char* link : {
             "https://evil.example/tenant/api/v1/customers",
             "https://erp.example.evil.example/tenant/api/v1/customers",
             "http://erp.example/tenant/api/v1/customers",
             "https://erp.example:8443/tenant/api/v1/customers",
             "https://erp.example/tenant/apiary/customers",
             "https://erp.example/tenant/api/../other/customers",
             "https://erp.example/tenant/api/%2e%2e/other",
             "https://erp.example/tenant/api/..%2fother",
             "https://user:pw@erp.example/tenant/api/v1/customers",
             "https://erp.example@evil.example/tenant/api/v1/customers",
             "//evil.example/tenant/api/v1/customers",
             "file:///etc/passwd",
         }) {
        EXPECT_EQ(follow(link), refused) << link;
    }
}

TEST(rest_request, a_credential_needs_tls_except_on_loopback) {
    TestSystem shop = webshop();
    for (const char* base : {"http://shop.example", "http://127.evil.example", "http://10.0.0.1",
                             "ftp://127.0.0.1", "shop.example", "https://u:p@shop.example",
                             "https://shop.example/?x=1", "https://", ""}) {
        shop.system().base_url = base;
        EXPECT_FALSE(shop.try_connector().has_value()) << base;
    }
    for (const char* base : {"http://127.0.0.1:4010", "http://127.8.9.10", "http://localhost:1",
                             "http://[::1]:80", "https://shop.example/api"}) {
        shop.system().base_url = base;
        EXPECT_TRUE(shop.try_connector().has_value()) << base;
    }
}

TEST(rest_request, a_base_url_must_be_one_of_the_connectors_hosts) {
    TestSystem shop = webshop();
    shop.system().base_url = "https://Shop.Example";
    shop.system().hosts = {"shop.example"};
    EXPECT_TRUE(shop.try_connector().has_value());
    shop.system().hosts = {"other.example"};
    EXPECT_FALSE(shop.try_connector().has_value());
}

TEST(rest_request, a_resource_path_cannot_leave_the_base_url) {
    TestSystem shop = webshop();
    shop.system().base_url = "https://shop.example/api";
    for (const char* path : {"@evil.example/x", ".evil.example/x", ":8080/x", "/../x", "/x?y=1"}) {
        shop.workspace.resources[0].path = path;
        EXPECT_FALSE(shop.try_connector().has_value()) << path;
    }
}

TEST(rest_request, a_missing_secret_is_named_but_never_shown) {
    TestSystem shop = webshop();
    shop.secrets.clear();
    const auto refused = shop.try_connector();
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().message(), "CustomWebshop: the secret `api_key` is not set");
}

}  // namespace
}  // namespace entente::connect
