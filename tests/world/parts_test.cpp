// A batch is judged by its parts. Method: the batch that production makes is taken apart again, and the judge of a company is told
// of requests that it must not let pass.
#include "world/parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "connect/batch.hpp"
#include "world/company_judge.hpp"

namespace entente::world {
namespace {

constexpr const char* base = "http://127.0.0.1:1/api";

connect::RestConnector connector_with_batches() {
    model::Workspace workspace;
    model::System system;
    system.name = "A";
    system.base_url = base;
    system.rest.batch_path = "/$batch";
    system.rest.batch_max = 10;
    workspace.systems.push_back(system);
    return connect::RestConnector::open(workspace, SystemIndex{0}, {}).value();
}

Flight flight_of(http::Request request) {
    Flight flight;
    request.url.erase(0, request.url.find("/api"));
    flight.asked = asked_by(request);
    flight.request = std::move(request);
    return flight;
}

const std::vector<http::Request> two_writes{
    {"PATCH", std::string(base) + "/people(1)", {{"If-Match", "v1"}}, R"({"name":"Ada"})"},
    {"POST", std::string(base) + "/people", {}, R"({"name":"Bob"})"}};

TEST(Parts, a_batch_is_taken_apart_into_what_it_was_made_of) {
    const Flight batch = flight_of(connect::batch_of({base, "/$batch", {}}, two_writes));
    const auto parts = parts_of(batch, connector_with_batches());
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].request.url, "/api/people(1)");
    EXPECT_EQ(parts[0].request.body, two_writes[0].body);
    EXPECT_EQ(http::find(parts[0].request.headers, "If-Match"), "v1");
    EXPECT_EQ(parts[0].asked, Spoil::Asked::update);
    EXPECT_EQ(parts[1].asked, Spoil::Asked::create);
}

TEST(Parts, any_other_request_is_its_only_part) {
    const auto parts = parts_of(flight_of(two_writes[1]), connector_with_batches());
    ASSERT_EQ(parts.size(), 1u);
    EXPECT_EQ(parts[0].request.url, "/api/people");
}

TEST(Parts, each_has_its_own_answer_and_what_is_not_told_has_none) {
    const http::Response answer{
        200, {}, R"({"responses":[{"id":"2","status":201,"headers":{},"body":{"id":7}}]})"};
    const auto answers = answers_to_parts(answer, 2);
    ASSERT_EQ(answers.size(), 2u);
    EXPECT_EQ(answers[0].status, 0);
    EXPECT_EQ(answers[1].status, 201);
    EXPECT_EQ(answers_to_parts(answer, 1)[0].body, answer.body);
}

class Judged : public testing::Test {
protected:
    std::int64_t violations_of(int guarantee) const {
        return std::ranges::count(judge_.verdict().violations(), guarantee,
                                  &oracle::Violation::guarantee);
    }
    Company company_{{.kinds = {"business-central", "custom-erp"}, .records = 8}, 1};
    CompanyJudge judge_{company_};
};

TEST_F(Judged, a_removal_within_a_batch_is_seen) {
    std::vector<Flight> parts{flight_of(two_writes[0]), flight_of(two_writes[1])};
    judge_.leaving(parts[0], parts);
    EXPECT_EQ(violations_of(12), 0);
    EXPECT_EQ(judge_.writes(), 2);
    parts[1].request.method = "DELETE";
    judge_.leaving(parts[0], parts);
    EXPECT_EQ(violations_of(12), 1);
}

TEST_F(Judged, a_login_for_tokens_may_stand_on_requests_for_one_only) {
    judge_.logs_in_by_token(0);
    Flight asking = flight_of({"POST", "/token", {}, "client_secret=" + company_.credential(0)});
    asking.asked = Spoil::Asked::read;
    asking.is_login = true;
    judge_.leaving(asking, std::array{asking});
    EXPECT_EQ(violations_of(19), 0);
    asking.is_login = false;
    judge_.leaving(asking, std::array{asking});
    EXPECT_EQ(violations_of(19), 1);
}

TEST_F(Judged, a_token_may_stand_on_calls_of_its_own_system_only) {
    judge_.logs_in_by_token(0);
    Flight login;
    login.is_login = true;
    login.asked = Spoil::Asked::read;
    judge_.executed(login, {200, {}, R"({"access_token":"5.abc"})"}, Instant{1});
    Flight call = flight_of({"GET", "/people", {{"Authorization", "Bearer 5.abc"}}, ""});
    judge_.leaving(call, std::array{call});
    EXPECT_EQ(violations_of(19), 0);
    call.system = 1;
    judge_.leaving(call, std::array{call});
    EXPECT_EQ(violations_of(19), 1);
}

}  // namespace
}  // namespace entente::world
