// $batch, limits and metadata of the simulated Business Central.
#include <gtest/gtest.h>

#include "central_fixture.hpp"
#include "sim/business_central.hpp"
#include "sim/faulty_system.hpp"

namespace entente::sim::test {
namespace {

class CentralBatch : public CentralTest {
protected:
    static Value request(int id, const std::string& method, const std::string& url,
                         const Value& body = {}, Value headers = Value::object()) {
        Value one(Value::Object{
            {"id", std::to_string(id)}, {"method", method}, {"url", url}, {"headers", headers}});
        if (!body.is_null()) one.set("body", body);
        return one;
    }
    static Value named(const std::string& name) {
        return Value(Value::Object{{"displayName", name}});
    }
    static std::string customers() { return fmt::format("companies({})/customers", company); }
    Answer batch(Value::List requests, http::Headers headers = {}) {
        return send("POST", std::string(api) + "$batch",
                    json::write(Value(Value::Object{{"requests", Value(std::move(requests))}})),
                    std::move(headers));
    }
    static std::vector<std::string> statuses(const Answer& answer) {
        std::vector<std::string> out;
        for (const Value& part : answer.body.find("responses")->as_list()) {
            out.push_back(part.find("id")->as_text() + ":" + json::write(*part.find("status")));
        }
        return out;
    }
    using Statuses = std::vector<std::string>;
};

TEST_F(CentralBatch, each_request_is_answered_for_itself) {
    const std::string id = customer("Old");
    const Answer done =
        batch({request(1, "POST", customers(), named("A")),
               request(2, "GET", "/" + customers() + "?$top=1"),
               request(3, "PATCH", fmt::format("http://x{}{}({})", api, customers(), id),
                       named("New"), Value(Value::Object{{"If-Match", "*"}})),
               request(4, "DELETE", customers() + "(" + id + ")")});
    EXPECT_EQ(done.status, 200);
    EXPECT_EQ(statuses(done), (Statuses{"1:201", "2:200", "3:200", "4:204"}));
    const Value::List& parts = done.body.find("responses")->as_list();
    EXPECT_EQ(*parts[0].at_path("body.displayName"), Value("A"));
    EXPECT_EQ(*parts[2].at_path("body.displayName"), Value("New"));
    EXPECT_EQ(parts[3].find("body"), nullptr);
}

TEST_F(CentralBatch, it_stops_at_the_first_refusal_and_keeps_what_was_done) {
    const Value::List requests{request(1, "POST", customers(), named("A")),
                               request(2, "POST", customers(), named("")),
                               request(3, "POST", customers(), named("C"))};
    EXPECT_EQ(statuses(batch(requests)), (Statuses{"1:201", "2:400"}));
    EXPECT_EQ(rows(get(at("customers"))).size(), 1u);
}

TEST_F(CentralBatch, it_goes_on_where_that_is_preferred) {
    const Value::List requests{request(1, "POST", customers(), named("")),
                               request(2, "POST", customers(), named("B"))};
    EXPECT_EQ(statuses(batch(requests, {{"Prefer", "odata.continue-on-error"}})),
              (Statuses{"1:400", "2:201"}));
}

TEST_F(CentralBatch, it_holds_a_hundred_requests_and_no_batch) {
    Value::List requests;
    for (int i = 0; i < 101; ++i) requests.push_back(request(i, "GET", customers()));
    expect_refused(batch(requests), 400, "BadRequest");
    requests.pop_back();
    EXPECT_EQ(statuses(batch(requests)).size(), 100u);
    EXPECT_EQ(statuses(batch({request(1, "POST", "$batch", Value::object())})), Statuses{"1:400"});
}

class CentralLimit : public CentralTest {
protected:
    CentralLimit() : CentralTest({.kind = "business-central"}) { client.call_takes = Duration{0}; }
};

TEST_F(CentralLimit, more_than_6000_calls_in_five_minutes_are_429) {
    const std::string url = at("paymentTerms?$top=0");
    for (int i = 0; i < 5999; ++i) ASSERT_EQ(get(url).status, 200);
    client.now = client.now + Duration{60'000};
    EXPECT_EQ(get(url).status, 200);
    const Answer refused = get(url);
    expect_refused(refused, 429, "Application_TooManyRequests");
    EXPECT_EQ(refused.header("Retry-After"), "240");
    EXPECT_EQ(as_person("GET", url).status, 200);
    client.now = client.now + Duration{240'000};
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(*client.stats().find("rejected_429"), Value(1));
}

TEST_F(CentralLimit, every_request_of_a_batch_counts) {
    for (int i = 0; i < 5999; ++i) ASSERT_EQ(get(at("paymentTerms?$top=0")).status, 200);
    const Answer done = send(
        "POST", std::string(api) + "$batch",
        fmt::format(R"({{"requests":[{{"id":"a","method":"GET","url":"companies({0})/items"}},)"
                    R"({{"id":"b","method":"GET","url":"companies({0})/items"}}]}})",
                    company));
    EXPECT_EQ(*done.body.find("responses")->as_list()[1].find("status"), Value(429));
}

TEST_F(CentralTest, metadata_tells_types_lengths_and_choices) {
    const auto made = make_system(central_options());
    const http::Response answer = (*made)->handle(
        {"GET", std::string(api) + "$metadata", {{"Authorization", "Bearer people:secret"}}, ""},
        client.now);
    EXPECT_EQ(answer.status, 200);
    for (const char* part :
         {R"(<Property Name="id" Type="Edm.Guid" Nullable="false">)",
          R"(<Property Name="displayName" Type="Edm.String" MaxLength="100"/>)",
          R"(<Property Name="orderDate" Type="Edm.Date" Nullable="false"/>)",
          R"(<Property Name="blocked" Type="Microsoft.NAV.customerBlocked" Nullable="false"/>)",
          R"(<Member Name="Fixed_x0020_Asset" Value="4"/>)",
          R"(<EntitySet Name="salesOrders" EntityType="Microsoft.NAV.salesOrder"/>)",
          R"(<EntitySet Name="currencies" EntityType="Microsoft.NAV.currency"/>)",
          R"xml(Type="Collection(Microsoft.NAV.salesOrderLine)" ContainsTarget="true")xml"}) {
        EXPECT_TRUE(answer.body.contains(part)) << part;
    }
}

TEST_F(CentralTest, it_works_behind_a_bad_wire) {
    auto made = make_system(central_options());
    FaultySystem faulty(**made, 7, Duration{500});
    int refused = 0;
    for (int i = 0; i < 300; ++i) {
        const http::Request request{"GET", at("items"), {{"Authorization", "Bearer " + token}}, ""};
        const auto fate = faulty.fate(request);
        const http::Response answer = faulty.handle(request, fate, client.now);
        refused += answer.status >= 400;
        EXPECT_TRUE(answer.status != 401);
    }
    EXPECT_GT(refused, 0);
    const http::Request person{"GET", at("items"), {{"Authorization", "Bearer people:secret"}}, ""};
    EXPECT_EQ(faulty.fate(person).fault, Fault::none);
}

}  // namespace
}  // namespace entente::sim::test
