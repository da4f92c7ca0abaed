// Writes that go together: what the batch says, and that each has the answer that is its own.
#include "connect/batch.hpp"

#include <gtest/gtest.h>

#include "systems.hpp"

namespace entente::connect {
namespace {

const BatchAddress address{"https://bc.example/api", "/$batch", {{"X-Key", "secret"}}};

std::vector<PartAnswer> parts(std::string_view responses, std::size_t count) {
    return parts_of(json_response(200, "{\"responses\":" + std::string(responses) + "}"), count);
}

TEST(batch, parts_are_numbered_and_bear_no_login) {
    const std::vector<http::Request> writes{{"PATCH",
                                             "https://bc.example/api/customers(1)",
                                             {{"X-Key", "secret"}, {"If-Match", "W/\"1\""}},
                                             R"({"price":1.10})"},
                                            {"DELETE", "https://bc.example/api/items(2)", {}, ""}};
    const http::Request batch = batch_of(address, writes);
    EXPECT_EQ(batch.method + " " + batch.url, "POST https://bc.example/api/$batch");
    EXPECT_EQ(http::find(batch.headers, "X-Key"), "secret");
    EXPECT_EQ(http::find(batch.headers, "Prefer"), "odata.continue-on-error");
    EXPECT_EQ(batch.body, R"--({"requests":[{"id":"1","method":"PATCH","url":"customers(1)",)--"
                          R"--("headers":{"If-Match":"W/\"1\""},"body":{"price":1.10}},)--"
                          R"--({"id":"2","method":"DELETE","url":"items(2)","headers":{}}]})--");
}

TEST(batch, each_part_has_its_own_answer_whatever_their_order) {
    const auto told = parts(R"([{"id":"2","status":409,"body":{"error":{"code":"E"}}},)"
                            R"({"id":"1","status":200,"headers":{"ETag":"v"},"body":{"id":"a"}}])",
                            2);
    ASSERT_TRUE(told[0].has_value());
    EXPECT_EQ(told[0]->status, 200);
    EXPECT_EQ(told[0]->body, R"({"id":"a"})");
    EXPECT_EQ(http::find(told[0]->headers, "ETag"), "v");
    EXPECT_EQ(told[1]->status, 409);
    EXPECT_EQ(told[1]->body, R"({"error":{"code":"E"}})");
}

TEST(batch, a_part_that_nothing_is_told_of_may_have_been_executed) {
    for (const char* responses :
         {R"([{"id":"1","status":200}])", R"([{"id":"1","status":200},{"id":"2"}])",
          R"([{"id":"1","status":200},{"id":"2","status":"ok"}])",
          R"([{"id":"1","status":200},{"id":"2","status":7}])",
          R"([{"id":"1","status":200},{"id":"3","status":200},{"status":200}])",
          R"([{"id":"1","status":200},{"id":"2","status":200},{"id":"2","status":409}])"}) {
        const auto told = parts(responses, 2);
        EXPECT_TRUE(told[0].has_value()) << responses;
        ASSERT_FALSE(told[1].has_value()) << responses;
        EXPECT_EQ(told[1].error().kind, FailureKind::no_answer);
    }
    for (const char* body : {"", "<html>", "{}", R"({"responses":{}})"}) {
        for (const auto& part : parts_of(json_response(200, body), 2)) {
            ASSERT_FALSE(part.has_value()) << body;
            EXPECT_EQ(part.error().kind, FailureKind::no_answer);
        }
    }
}

TEST(batch, what_answers_no_batch_answers_every_part) {
    for (const auto& part : parts_of(json_response(429, "slow down"), 3)) {
        EXPECT_EQ(part->status, 429);
    }
    const PartAnswer lost = std::unexpected(TransportFailure{FailureKind::not_sent, "down"});
    for (const auto& part : parts_of(lost, 3)) EXPECT_EQ(part.error().kind, FailureKind::not_sent);
}

}  // namespace
}  // namespace entente::connect
