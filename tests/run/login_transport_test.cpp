// Calls wait for a token, share it, and survive its end; nobody else's request bears it. Method: a transport whose answers come
// from the test, and a clock that stands still until somebody waits.
#include "run/login_transport.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

namespace entente::run::test {
namespace {

using connect::FailureKind;
using connect::Ticket;

model::Workspace a_shop_with_tokens() {
    model::Workspace workspace = two_systems();
    model::RestProtocol& rest = workspace.systems[0].rest;
    rest.login = model::RestProtocol::Login::client_credentials;
    rest.token_url = "https://login.example/token";
    return workspace;
}

class Logins : public ::testing::Test {
protected:
    void SetUp() override {
        auto wire = std::make_unique<FakeTransport>(clock_);
        wire_ = wire.get();
        wire_->answer = [this](const http::Request& request) { return answer(request); };
        transport_ = std::make_unique<LoginTransport>(std::move(wire), connectors_, clock_);
    }
    virtual Reply answer(const http::Request& request) {
        if (request.url == "https://login.example/token") {
            if (!token_server_) return std::unexpected(*token_failure_);
            return http::Response{
                *token_server_,
                {},
                R"({"expires_in":3600,"access_token":"token-)" + std::to_string(++tokens_) + "\"}"};
        }
        const auto login = http::find(request.headers, "Authorization");
        if (login && refused_.contains(std::string(*login))) {
            return http::Response{401, {}, "no good: " + std::string(*login)};
        }
        return http::Response{200, {}, login ? std::string(*login) : "open"};
    }
    void submit(std::int64_t ticket, int system) {
        transport_->submit(Ticket{ticket},
                           {"PATCH", workspace_.systems[system].base_url + "/x", {}, "body"},
                           {.system = SystemIndex{system}});
    }
    const model::Workspace workspace_ = a_shop_with_tokens();
    FakeClock clock_;
    const std::vector<connect::RestConnector> connectors_ =
        connectors_of(workspace_, {{"client_id", "me"}, {"client_secret", "secret-of-mine"}});
    FakeTransport* wire_ = nullptr;
    std::unique_ptr<LoginTransport> transport_;
    std::optional<int> token_server_ = 200;
    std::optional<connect::TransportFailure> token_failure_;
    std::set<std::string> refused_;
    int tokens_ = 0;
};

TEST_F(Logins, one_token_serves_all_calls_of_its_system_and_of_no_other) {
    submit(7, 0);
    submit(8, 0);
    submit(9, 1);
    auto done = finish(*transport_);
    EXPECT_EQ(done.at(7)->body, "Bearer token-1");
    EXPECT_EQ(done.at(8)->body, "Bearer token-1");
    EXPECT_EQ(done.at(9)->body, "open");
    submit(10, 0);
    EXPECT_EQ(finish(*transport_).at(10)->body, "Bearer token-1");
    EXPECT_EQ(transport_->logins(), 1);
}

TEST_F(Logins, a_token_is_renewed_before_it_ends) {
    submit(1, 0);
    finish(*transport_);
    clock_.move_to(clock_.now() + Duration{3'545'000});
    submit(2, 0);
    EXPECT_EQ(finish(*transport_).at(2)->body, "Bearer token-2");
    EXPECT_EQ(transport_->logins(), 2);
}

TEST_F(Logins, a_call_that_is_refused_is_made_once_more_with_a_new_token) {
    submit(1, 0);
    finish(*transport_);
    refused_ = {"Bearer token-1"};
    submit(2, 0);
    submit(3, 0);
    auto done = finish(*transport_);
    EXPECT_EQ(done.at(2)->body, "Bearer token-2");
    EXPECT_EQ(done.at(3)->body, "Bearer token-2");
    EXPECT_EQ(transport_->logins(), 2) << "both were refused for one token";
}

TEST_F(Logins, who_is_refused_with_a_new_token_is_refused) {
    refused_ = {"Bearer token-1", "Bearer token-2"};
    submit(1, 0);
    auto done = finish(*transport_);
    EXPECT_EQ(done.at(1)->status, 401);
    EXPECT_EQ(done.at(1)->body, "no good: Bearer ***") << "a token is for nobody's eyes";
    EXPECT_EQ(transport_->logins(), 2);
}

TEST_F(Logins, nothing_is_sent_when_the_client_is_refused) {
    token_server_ = 401;
    submit(1, 0);
    submit(2, 1);
    auto done = finish(*transport_);
    ASSERT_FALSE(done.at(1).has_value());
    EXPECT_EQ(done.at(1).error().kind, FailureKind::login);
    EXPECT_EQ(done.at(2)->status, 200) << "the other system needs no token";
    for (const http::Request& request : wire_->requests) {
        EXPECT_FALSE(request.url.starts_with("http://127.0.0.1:1/"));
    }
    const sync::Call call = sync::ListCall{ResourceIndex{0}, {}, ""};
    EXPECT_EQ(connectors_[0].failure(call, done.at(1).error()).outcome, sync::Outcome::auth);
}

TEST_F(Logins, a_token_server_that_is_down_means_not_sent) {
    token_server_.reset();
    token_failure_ = connect::TransportFailure{FailureKind::no_answer, "timed out"};
    submit(1, 0);
    auto done = finish(*transport_);
    ASSERT_FALSE(done.at(1).has_value());
    EXPECT_EQ(done.at(1).error().kind, FailureKind::not_sent) << "the write itself never left";
    EXPECT_EQ(done.at(1).error().text, "the token server: timed out");
    token_server_ = 200;
    submit(2, 0);
    EXPECT_EQ(finish(*transport_).at(2)->body, "Bearer token-1");
}

TEST_F(Logins, a_token_server_that_asks_for_patience_is_not_asked_again_by_those_who_wait) {
    wire_->answer = [](const http::Request&) -> Reply {
        return http::Response{503, {{"Retry-After", "4"}}, "at night"};
    };
    submit(1, 0);
    const auto done = finish(*transport_);
    ASSERT_TRUE(done.at(1).has_value());
    EXPECT_EQ(done.at(1)->status, 429) << "the call itself was certainly not executed";
    EXPECT_EQ(http::find(done.at(1)->headers, "Retry-After"), "4");
    EXPECT_EQ(done.at(1)->body, "");
}

TEST_F(Logins, what_waits_for_a_token_while_the_system_asks_for_patience_is_refused) {
    submit(1, 0);
    finish(*transport_);
    wire_->answer = [](const http::Request& request) -> Reply {
        return http::Response{request.url.ends_with("/token") ? 500 : 429, {}, ""};
    };
    submit(2, 0);
    clock_.move_to(clock_.now() + Duration{3'545'000});
    submit(3, 0);
    const auto done = finish(*transport_);
    EXPECT_EQ(done.at(2)->status, 429);
    ASSERT_TRUE(done.at(3).has_value());
    EXPECT_EQ(done.at(3)->status, 429);
}

TEST_F(Logins, what_is_cancelled_is_forgotten_and_a_new_call_logs_in_again) {
    submit(1, 0);
    transport_->cancel_all();
    EXPECT_EQ(transport_->in_flight(), 0u);
    submit(2, 0);
    auto done = finish(*transport_);
    EXPECT_EQ(done.size(), 1u);
    EXPECT_EQ(done.at(2)->status, 200);
}

}  // namespace
}  // namespace entente::run::test
