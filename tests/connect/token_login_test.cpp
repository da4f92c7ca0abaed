// A login by client credentials: when a token is asked for, what is believed of the answer, and that no secret is told to people.
#include "connect/token_login.hpp"

#include <gtest/gtest.h>

#include "systems.hpp"

namespace entente::connect {
namespace {

const Instant start = parse_instant("2026-11-21T10:00:00Z").value();

model::System system_at(std::string token_url) {
    model::System system;
    system.rest.login = model::RestProtocol::Login::client_credentials;
    system.rest.token_url = std::move(token_url);
    system.rest.token_scope = "all";
    return system;
}

TokenLogin login() {
    return TokenLogin::open(system_at("https://login.example/token"),
                            {{"client_id", "me"}, {"client_secret", "a-long-secret"}})
        .value();
}

http::Response granted(std::string_view token, std::string_view lifetime) {
    return json_response(200, R"({"token_type":"Bearer","expires_in":)" + std::string(lifetime) +
                                  R"(,"access_token":")" + std::string(token) + "\"}");
}

TEST(token_login, the_request_is_a_form_with_nothing_in_its_url) {
    const http::Request request = login().request();
    EXPECT_EQ(request.method + " " + request.url, "POST https://login.example/token");
    EXPECT_EQ(http::find(request.headers, "Content-Type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(request.body,
              "grant_type=client_credentials&client_id=me&client_secret=a-long-secret&scope=all");
}

TEST(token_login, a_token_is_renewed_a_minute_before_its_end) {
    TokenLogin made = login();
    EXPECT_TRUE(made.is_due(start));
    ASSERT_TRUE(made.take(granted("t1", "3600"), start));
    EXPECT_EQ(made.token(), "t1");
    EXPECT_FALSE(made.is_due(start + Duration{3'539'000}));
    EXPECT_TRUE(made.is_due(start + Duration{3'540'000}));
}

TEST(token_login, a_short_life_is_used_for_half_of_it_at_least) {
    TokenLogin made = login();
    ASSERT_TRUE(made.take(granted("t1", "\"20\""), start)) << "digits in quotes are met, too";
    EXPECT_FALSE(made.is_due(start + Duration{9'000}));
    EXPECT_TRUE(made.is_due(start + Duration{10'000}));
    for (const char* odd : {"-5", "\"soon\"", "null", "1.5"}) {
        ASSERT_TRUE(made.take(granted("t2", odd), start)) << odd;
        EXPECT_FALSE(made.is_due(start + Duration{200'000})) << odd;
        EXPECT_TRUE(made.is_due(start + Duration{300'000})) << odd;
    }
}

TEST(token_login, only_the_token_in_use_can_be_refused) {
    TokenLogin made = login();
    ASSERT_TRUE(made.take(granted("t1", "3600"), start));
    ASSERT_TRUE(made.take(granted("t2", "3600"), start));
    made.refused("t1");
    EXPECT_FALSE(made.is_due(start)) << "a late answer to an earlier call";
    made.refused("t2");
    EXPECT_TRUE(made.is_due(start));
}

TEST(token_login, a_refused_client_is_told_without_the_secret) {
    TokenLogin made = login();
    const auto refused =
        made.take(json_response(401, R"({"error":"invalid_client",)"
                                     R"("error_description":"AADSTS7000215: bad a-long-secret"})"),
                  start);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, ErrorKind::auth);
    EXPECT_EQ(refused.error().text,
              "the token server refuses the client: invalid_client: AADSTS7000215: bad ***");
    EXPECT_TRUE(made.is_due(start));
}

TEST(token_login, a_cut_complaint_tells_no_part_of_the_secret) {
    for (std::size_t before = 0; before < 210; ++before) {
        TokenLogin made = login();
        const auto refused = made.take(
            json_response(401, R"({"error":")" + std::string(before, 'x') + "a-long-secret\"}"),
            start);
        ASSERT_FALSE(refused.has_value());
        EXPECT_FALSE(refused.error().text.contains("a-l")) << refused.error().text;
    }
}

TEST(token_login, the_tokens_of_a_login_are_masked_in_whatever_uses_a_copy_of_it) {
    const TokenLogin made = login();
    TokenLogin copy = made;
    ASSERT_TRUE(copy.take(granted("token-of-today", "3600"), start));
    EXPECT_EQ(made.mask()->masked("Bearer token-of-today, a-long-secret"), "Bearer ***, ***");
}

TEST(token_login, what_is_no_token_is_not_used) {
    TokenLogin made = login();
    for (const http::Response& answer :
         {json_response(200, "<html>"), json_response(200, "{}"), json_response(503, ""),
          json_response(302, ""), granted("", "60"), granted("a\\r\\nX: y", "60"),
          json_response(200, R"({"token_type":"mac","access_token":"t"})"),
          json_response(200, R"({"access_token":7})")}) {
        const auto taken = made.take(answer, start);
        ASSERT_FALSE(taken.has_value()) << answer.body;
        EXPECT_EQ(taken.error().kind, ErrorKind::retry_later);
        EXPECT_TRUE(made.is_due(start));
    }
}

TEST(token_login, the_secret_goes_over_tls_or_nowhere) {
    const std::map<std::string, std::string> secrets{{"client_id", "me"}, {"client_secret", "s"}};
    for (const char* url : {"http://login.example/token", "https://u:p@login.example/token", "",
                            "ftp://login.example/token", "https://login.example/token#x"}) {
        EXPECT_FALSE(TokenLogin::open(system_at(url), secrets).has_value()) << url;
    }
    EXPECT_TRUE(TokenLogin::open(system_at("http://127.0.0.1:4040/token"), secrets).has_value());
    EXPECT_FALSE(TokenLogin::open(system_at("https://login.example/token"), {{"client_id", "me"}}));
}

}  // namespace
}  // namespace entente::connect
