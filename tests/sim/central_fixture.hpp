// What the tests of the simulated Business Central share: a client that has logged in, and short ways to its sets.
#pragma once

#include <fmt/core.h>

#include <string>

#include "fixture.hpp"

namespace entente::sim::test {

inline SimOptions central_options() {
    return {.kind = "business-central", .clock = 1};
}

class CentralTest : public testing::Test {
protected:
    static constexpr std::string_view api = "/v2.0/production/api/v2.0/";
    static constexpr std::string_view company = "c0a00000-0000-4000-8000-000000000001";
    static constexpr std::string_view no_guid = "00000000-0000-0000-0000-000000000000";

    explicit CentralTest(SimOptions options = central_options()) : client(std::move(options)) {
        client.call_takes = Duration{1};
        token = log_in().at("access_token");
    }

    Answer log_in(const std::string& form =
                      "grant_type=client_credentials&client_id=app&client_secret=secret&"
                      "scope=https%3A%2F%2Fapi.example%2F.default") {
        return client.raw({"POST",
                           "/contoso/oauth2/v2.0/token",
                           {{"Content-Type", "application/x-www-form-urlencoded"}},
                           form});
    }
    // The address of a set, or of what stands in one.
    static std::string at(const std::string& path) {
        return fmt::format("{}companies({})/{}", api, company, path);
    }
    static std::string one(std::string_view set, const std::string& id) {
        return at(fmt::format("{}({})", set, id));
    }
    static std::string filtered(const std::string& set, const std::string& filter) {
        return at(set + "?$filter=" + http::percent_encode(filter));
    }
    Answer send(const std::string& method, const std::string& url, const std::string& body = "",
                http::Headers headers = {}) {
        headers.emplace_back("Authorization", "Bearer " + token);
        return client.raw({method, url, std::move(headers), body});
    }
    Answer get(const std::string& url, http::Headers headers = {}) {
        return send("GET", url, "", std::move(headers));
    }
    Answer post(const std::string& url, const std::string& body) { return send("POST", url, body); }
    Answer patch(const std::string& url, const std::string& body,
                 const std::string& version = "*") {
        return send("PATCH", url, body, {{"If-Match", version}});
    }
    Answer as_person(const std::string& method, const std::string& url,
                     const std::string& body = "") {
        return client.raw(
            {method, url, {{"Authorization", "Bearer people:secret"}, {"If-Match", "*"}}, body});
    }
    // Makes a record and gives its id.
    std::string make(const std::string& set, const std::string& body) {
        const Answer made = post(at(set), body);
        EXPECT_EQ(made.status, 201) << json::write(made.body);
        return made.at("id");
    }
    std::string customer(const std::string& name = "Tolk B.V.") {
        return make("customers", fmt::format(R"({{"displayName":"{}"}})", name));
    }
    std::string item(const std::string& number = "TEA-1") {
        return make("items", fmt::format(R"({{"number":"{}","displayName":"Tea","unitPrice":2.5}})",
                                         number));
    }
    // An order of two lines: 2 at 1.5 and 3 at 2.5.
    std::string order(const std::string& of, const std::string& holding) {
        return make(
            "salesOrders",
            fmt::format(R"({{"customerId":"{}","externalDocumentNumber":"W26-1",)"
                        R"("salesOrderLines":[{{"itemId":"{}","quantity":2,"unitPrice":1.5}},)"
                        R"({{"itemId":"{}","quantity":3}}]}})",
                        of, holding, holding));
    }
    static Value::List rows(const Answer& answer) {
        const Value* list = answer.body.find("value");
        if (list == nullptr || !list->is_list()) {
            ADD_FAILURE() << answer.status << json::write(answer.body);
            return {};
        }
        return list->as_list();
    }
    // One property of each row.
    static std::vector<std::string> column(const Answer& answer, std::string_view property) {
        std::vector<std::string> out;
        for (const Value& row : rows(answer)) {
            const Value* value = row.find(property);
            out.push_back(value == nullptr   ? "(absent)"
                          : value->is_text() ? value->as_text()
                                             : json::write(*value));
        }
        return out;
    }
    // "@odata.etag", whose name has a point itself.
    static std::string annotation(const Answer& answer, std::string_view name) {
        const Value* value = answer.body.find("@odata." + std::string(name));
        return value == nullptr ? "(absent)" : value->as_text();
    }
    std::string version_of(const std::string& url) { return annotation(get(url), "etag"); }
    static void expect_refused(const Answer& answer, int status, std::string_view code) {
        EXPECT_EQ(answer.status, status) << json::write(answer.body);
        EXPECT_EQ(answer.at("error.code"), code) << json::write(answer.body);
        EXPECT_TRUE(answer.at("error.message").contains("  CorrelationId:  "));
    }
    // An amount without the zeros behind it.
    static std::string number(const Answer& answer, std::string_view property) {
        const Value* value = answer.body.find(property);
        if (value == nullptr || !value->is_decimal()) return "(no number)";
        std::string text = value->as_decimal().text();
        if (text.contains('.')) text.erase(text.find_last_not_of('0') + 1);
        if (text.ends_with('.')) text.pop_back();
        return text;
    }
    // The path and query of a link.
    static std::string target(const std::string& url) {
        return url.substr(url.find('/', std::string_view("http://").size()));
    }

    Client client;
    std::string token;
};

}  // namespace entente::sim::test
