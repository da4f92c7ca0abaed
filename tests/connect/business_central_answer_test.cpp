// What the shipped connector business-central makes of answers. Method: bodies written by hand from the public facts about the
// API; no system was recorded.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "model/lens.hpp"
#include "systems.hpp"

namespace entente::connect {
namespace {

using sync::Call;
using sync::CreateCall;
using sync::ListCall;
using sync::Outcome;
using sync::ReadCall;
using sync::UpdateCall;

const std::string base = "http://127.0.0.1:4040/api/v2.0";
const std::string id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const std::string other_id = "3f2504e0-4f89-11d3-9a0c-0305e82c3302";

// A customer as the system shows one that has nothing but a name.
std::string customer(std::string_view of) {
    return R"({"@odata.etag":"W/\"JzE5OzE7MDA7Jw==\"","id":")" + std::string(of) +
           R"(","number":"10000","displayName":"Adatum","type":"Company","addressLine1":"",)"
           R"("city":"","country":"","postalCode":"","phoneNumber":"","email":"","website":"",)"
           R"("taxRegistrationNumber":"","currencyCode":"",)"
           R"("paymentTermsId":"00000000-0000-0000-0000-000000000000","blocked":"_x0020_",)"
           R"("lastModifiedDateTime":"2026-11-21T10:00:00.123Z"})";
}

std::string failure_body(std::string_view code, std::string_view message) {
    return R"({"error":{"code":")" + std::string(code) + R"(","message":")" + std::string(message) +
           R"(  CorrelationId:  6b29fc40-ca47-1067-b31d-00dd010662da."}})";
}

class BusinessCentralAnswer : public ::testing::Test {
protected:
    ResourceIndex named(std::string_view name) const { return resource_named(system_, name); }
    sync::Answer answer(const Call& call, int status, std::string body) const {
        return connector_.answer(call, json_response(status, std::move(body)));
    }
    Outcome outcome(const Call& call, int status, std::string_view code) const {
        return answer(call, status, failure_body(code, "no")).outcome;
    }

    const TestSystem system_ = business_central();
    const RestConnector connector_ = system_.connector();
    const Call list_ = ListCall{named("customers"), {}, ""};
    const Call read_ = ReadCall{named("customers"), id};
    const Call update_ = UpdateCall{named("customers"), id, Value::object(), "W/\"1\""};
    const Call create_ = CreateCall{named("customers"), Value::object(), ""};
};

TEST_F(BusinessCentralAnswer, a_page_has_versions_times_and_a_link_to_the_next) {
    const std::string next = base + "/companies(x)/customers?$skiptoken=abc";
    const sync::Answer page =
        answer(list_, 200,
               R"({"@odata.context":"c","value":[)" + customer(id) + "," + customer(other_id) +
                   R"(],"@odata.nextLink":")" + next + R"("})");
    ASSERT_EQ(page.outcome, Outcome::ok) << page.message;
    ASSERT_EQ(page.records.size(), 2u);
    EXPECT_EQ(page.records[0].external_id, id);
    EXPECT_EQ(page.records[0].etag, "W/\"JzE5OzE7MDA7Jw==\"");
    EXPECT_EQ(page.records[0].modified, parse_instant("2026-11-21T10:00:00.123Z").value());
    EXPECT_EQ(page.next, next);
    EXPECT_EQ(answer(list_, 200, R"({"value":[]})").next, "") << "the last page has no link";
}

TEST_F(BusinessCentralAnswer, lines_are_taken_out_of_their_orders_with_the_orders_time) {
    const Call lines = ListCall{named("salesOrderLines"), {}, ""};
    const sync::Answer page = answer(
        lines, 200,
        R"({"value":[{"@odata.etag":"W/\"o1\"","lastModifiedDateTime":"2026-11-21T10:00:00Z",)"
        R"("salesOrderLines":[{"@odata.etag":"W/\"l1\"","id":"l1","quantity":1},)"
        R"({"@odata.etag":"W/\"l2\"","id":"l2","quantity":2}]},)"
        R"({"@odata.etag":"W/\"o2\"","lastModifiedDateTime":"2026-11-21T11:00:00Z",)"
        R"("salesOrderLines":[]},)"
        R"({"lastModifiedDateTime":"2026-11-21T12:00:00Z","salesOrderLines":[{"id":"l3"}]}]})");
    ASSERT_EQ(page.outcome, Outcome::ok) << page.message;
    ASSERT_EQ(page.records.size(), 3u);
    EXPECT_EQ(page.records[1].external_id, "l2");
    EXPECT_EQ(page.records[1].etag, "W/\"l2\"");
    EXPECT_EQ(page.records[1].modified, parse_instant("2026-11-21T10:00:00Z").value());
    EXPECT_EQ(page.records[2].modified, parse_instant("2026-11-21T12:00:00Z").value());
}

TEST_F(BusinessCentralAnswer, an_order_that_hides_its_lines_is_not_one_without_lines) {
    const sync::Answer page =
        answer(ListCall{named("salesOrderLines"), {}, ""}, 200,
               R"({"value":[{"lastModifiedDateTime":"2026-11-21T10:00:00Z"}]})");
    EXPECT_TRUE(page.records.empty());
    ASSERT_EQ(page.bad_rows.size(), 1u);
    EXPECT_EQ(page.bad_rows[0].why, "expected a list at `salesOrderLines`");
    EXPECT_TRUE(page.bad_rows[0].hides_many);
}

TEST_F(BusinessCentralAnswer, each_way_to_say_that_the_version_is_old_is_known) {
    EXPECT_EQ(outcome(update_, 409, "Request_EntityChanged"), Outcome::precondition_failed);
    EXPECT_EQ(outcome(update_, 412, "PreconditionFailed"), Outcome::precondition_failed);
    EXPECT_EQ(outcome(update_, 400, "Request_EntityChanged"), Outcome::precondition_failed);
    EXPECT_EQ(outcome(update_, 400, "BadRequest_InvalidToken"), Outcome::rejected)
        << "a missing or malformed one is a fault of ours and comes again";
    EXPECT_EQ(outcome(update_, 404, "Internal_RecordNotFound"), Outcome::not_found);
}

TEST_F(BusinessCentralAnswer, a_key_that_is_taken_is_no_old_version) {
    EXPECT_EQ(outcome(create_, 409, "Internal_EntityWithSameKeyExists"), Outcome::already_exists);
    EXPECT_EQ(outcome(create_, 400, "Internal_EntityWithSameKeyExists"), Outcome::already_exists);
    EXPECT_EQ(outcome(update_, 409, "Internal_EntityWithSameKeyExists"), Outcome::already_exists);
    EXPECT_EQ(outcome(create_, 409, "Request_EntityChanged"), Outcome::rejected);
}

TEST_F(BusinessCentralAnswer, a_write_that_was_cut_off_may_have_been_executed) {
    for (const int status : {408, 500, 502, 503, 504}) {
        EXPECT_EQ(outcome(update_, status, "Internal_ServerError"), Outcome::unknown) << status;
        EXPECT_EQ(outcome(list_, status, "Internal_ServerError"), Outcome::retry_later) << status;
    }
    EXPECT_EQ(outcome(update_, 429, "Application_TooManyRequests"), Outcome::retry_later);
}

TEST_F(BusinessCentralAnswer, a_gateway_says_when_to_come_back) {
    for (const int status : {429, 502, 503}) {
        http::Response busy = json_response(status, failure_body("Unknown", "busy"));
        busy.headers.emplace_back("Retry-After", "17");
        EXPECT_EQ(connector_.answer(list_, busy).retry_after.ms, 17'000) << status;
    }
}

TEST_F(BusinessCentralAnswer, what_refuses_an_edit_is_told_in_its_own_words) {
    const sync::Answer refused =
        answer(update_, 400,
               failure_body("Application_DialogException",
                            "Status must be equal to 'Open' in Sales Header: No.=101005."));
    EXPECT_EQ(refused.outcome, Outcome::rejected);
    EXPECT_TRUE(refused.message.starts_with("Status must be equal to 'Open' in Sales Header"))
        << refused.message;
}

TEST_F(BusinessCentralAnswer, an_error_page_is_no_empty_list) {
    const sync::Answer page = answer(list_, 200, "<html><body>Maintenance</body></html>");
    EXPECT_EQ(page.outcome, Outcome::retry_later);
    EXPECT_TRUE(page.message.starts_with("expected a list at `value`, found \"<html>"))
        << page.message;
    const sync::Answer inside = answer(list_, 200, failure_body("Unknown", "Not now."));
    EXPECT_NE(inside.outcome, Outcome::ok);
    EXPECT_TRUE(inside.message.starts_with("Not now.")) << inside.message;
    EXPECT_EQ(answer(update_, 200, "<html>").outcome, Outcome::unknown)
        << "the write may have been executed";
}

TEST_F(BusinessCentralAnswer, a_resource_that_vanished_is_not_one_without_records) {
    EXPECT_EQ(outcome(list_, 404, "BadRequest_ResourceNotFound"), Outcome::retry_later);
    EXPECT_NE(outcome(list_, 400, "BadRequest_NotFound"), Outcome::ok);
    EXPECT_EQ(outcome(read_, 404, "Internal_RecordNotFound"), Outcome::not_found);
}

TEST_F(BusinessCentralAnswer, a_field_whose_type_has_changed_is_neither_read_nor_guessed) {
    const model::Workspace& workspace = system_.workspace;
    const auto index = workspace.find_data_type("BC.Customers.company");
    const model::DataType& company = workspace.data_type(index);
    const auto mapping = company.mapping(workspace.model(company.model).find("phone"));
    Value body = json::read(customer(id)).value();
    body.set("phoneNumber", 31'201'234);
    const auto got = model::get(mapping->lens, body);
    ASSERT_FALSE(got.has_value());
    EXPECT_EQ(got.error().kind, ErrorKind::drift);
    EXPECT_EQ(got.error().text, "`phoneNumber` holds number, not text");
    const sync::Answer page = answer(list_, 200, R"({"value":[{"id":7,"displayName":"x"}]})");
    EXPECT_TRUE(page.records.empty());
    ASSERT_EQ(page.bad_rows.size(), 1u);
    EXPECT_EQ(page.bad_rows[0].why, "expected text at `id`, found 7");
}

TEST_F(BusinessCentralAnswer, nothing_leads_to_another_host) {
    const std::string rows = R"({"value":[],"@odata.nextLink":")";
    for (const char* link : {"https://evil.example/api/v2.0/customers?$skiptoken=1",
                             "http://127.0.0.1:4041/api/v2.0/x", "//evil.example/api/v2.0/x"}) {
        const sync::Answer page = answer(list_, 200, rows + link + "\"}");
        EXPECT_EQ(page.outcome, Outcome::retry_later) << link;
        EXPECT_TRUE(page.message.starts_with("the link to the next page leads away"))
            << page.message;
        EXPECT_TRUE(page.records.empty());
    }
    http::Response moved = json_response(302, "");
    moved.headers.emplace_back("Location", "https://evil.example/");
    EXPECT_EQ(connector_.answer(list_, moved).message,
              "answers with a redirect (302), which is never followed");
    EXPECT_EQ(connector_.answer(update_, moved).outcome, Outcome::rejected);
}

TEST_F(BusinessCentralAnswer, blanks_are_no_values_in_both_directions) {
    const model::Workspace& workspace = system_.workspace;
    const auto index = workspace.find_data_type("BC.Customers.company");
    const model::DataType& company = workspace.data_type(index);
    const model::Model& model = workspace.model(company.model);
    const Value body = json::read(customer(id)).value();
    for (const model::Mapping& mapping : company.map) {
        if (model[mapping.property].name == "name") continue;
        EXPECT_EQ(model::get(mapping.lens, body).value(), Value()) << model[mapping.property].name;
        Value written = Value::object();
        ASSERT_TRUE(model::put(mapping.lens, Value(), written));
        EXPECT_EQ(*written.at_path(mapping.lens.path), Value("")) << mapping.lens.path;
    }
}

TEST_F(BusinessCentralAnswer, every_type_has_its_own_blank) {
    const model::Workspace& workspace = system_.workspace;
    const auto blank = [&](std::string_view data_type, std::string_view property) {
        const model::DataType& of = workspace.data_type(workspace.find_data_type(data_type));
        const model::Model& model = workspace.model(of.model);
        const model::Mapping* mapping = of.mapping(model.find(property));
        CHECK(mapping != nullptr, property);
        Value written = Value::object();
        CHECK(model::put(mapping->lens, Value(), written).has_value(), property);
        const Value out = *written.at_path(mapping->lens.path);
        EXPECT_EQ(model::get(mapping->lens, written).value(), Value()) << property;
        return out;
    };
    EXPECT_EQ(blank("BC.SalesOrders", "date"), Value("0001-01-01"));
    EXPECT_EQ(blank("BC.SalesOrders.lines", "unit_price"), Value(0));
    EXPECT_EQ(blank("BC.SalesOrders.lines", "product"),
              Value("00000000-0000-0000-0000-000000000000"));
}

TEST_F(BusinessCentralAnswer, a_currency_left_blank_is_the_companys_own) {
    const model::Workspace& workspace = system_.workspace;
    const model::DataType& order = workspace.data_type(workspace.find_data_type("BC.SalesOrders"));
    const model::Lens& lens = order.mapping(workspace.model(order.model).find("currency"))->lens;
    const auto shown = [&](std::string_view code) {
        Value body = Value::object();
        body.set("currencyCode", code);
        return model::get(lens, body).value();
    };
    EXPECT_EQ(shown(""), Value("EUR"));
    EXPECT_EQ(shown("EUR"), Value("EUR"));
    EXPECT_EQ(shown("USD"), Value("USD"));
    Value written = Value::object();
    ASSERT_TRUE(model::put(lens, Value("EUR"), written));
    EXPECT_EQ(*written.find("currencyCode"), Value(""));
    ASSERT_TRUE(model::put(lens, Value("USD"), written));
    EXPECT_EQ(*written.find("currencyCode"), Value("USD"));
    EXPECT_TRUE(model::equivalent(lens, Value("EUR"), Value()));
}

}  // namespace
}  // namespace entente::connect
