// The simulated Business Central keeps the contract of docs/SIMULATED.md: login, records, versions, lists.
#include <gtest/gtest.h>

#include "central_fixture.hpp"

namespace entente::sim::test {
namespace {

using Column = std::vector<std::string>;

TEST_F(CentralTest, a_token_is_given_for_the_secret_alone) {
    const Answer given = log_in();
    EXPECT_EQ(given.status, 200);
    EXPECT_EQ(given.at("token_type"), "Bearer");
    EXPECT_EQ(given.at("expires_in"), "3599");
    const std::string scope = "&scope=x%2F.default";
    EXPECT_EQ(
        log_in("grant_type=client_credentials&client_id=app&client_secret=wrong" + scope).status,
        401);
    EXPECT_EQ(log_in("grant_type=password&client_id=app&client_secret=secret" + scope).status, 400);
    EXPECT_EQ(
        log_in("grant_type=client_credentials&client_id=app&client_secret=secret").at("error"),
        "invalid_scope");
}

TEST_F(CentralTest, a_call_without_a_token_or_with_an_old_one_is_401) {
    expect_refused(client.raw({"GET", at("customers"), {}, ""}), 401,
                   "Authentication_InvalidCredentials");
    client.now = client.now + Duration{3'598'000};
    EXPECT_EQ(get(at("customers")).status, 200);
    client.now = client.now + Duration{1'000};
    expect_refused(get(at("customers")), 401, "Authentication_InvalidCredentials");
    token = log_in().at("access_token");
    EXPECT_EQ(get(at("customers")).status, 200);
}

TEST_F(CentralTest, there_is_one_company) {
    EXPECT_EQ(column(get(std::string(api) + "companies"), "id"), Column{std::string(company)});
    expect_refused(get(std::string(api) + "companies(c0a00000-0000-4000-8000-000000000002)/items"),
                   404, "Internal_CompanyNotFound");
    expect_refused(get(at("unicorns")), 404, "BadRequest_NotFound");
}

TEST_F(CentralTest, a_create_answers_the_whole_record_with_blanks) {
    const Answer made = post(at("customers"), R"({"displayName":" Tolk B.V. ","country":"nl"})");
    ASSERT_EQ(made.status, 201) << json::write(made.body);
    EXPECT_EQ(made.at("id"), "c0570000-0000-4000-8000-000000000001");
    EXPECT_EQ(made.at("displayName"), "Tolk B.V.");
    EXPECT_EQ(made.at("number"), "C00001");
    EXPECT_EQ(made.at("country"), "NL");
    EXPECT_TRUE(annotation(made, "context").ends_with("/customers/$entity"));
    EXPECT_TRUE(annotation(made, "etag").starts_with("W/\""));
    EXPECT_EQ(get(one("customers", made.at("id"))).body, made.body);
}

TEST_F(CentralTest, lists_come_in_pages_of_the_preferred_size) {
    for (const char* name : {"A", "B", "C", "D", "E"}) customer(name);
    const http::Headers two{{"Prefer", "odata.maxpagesize=2"}};
    const Answer first = get(at("customers?$select=displayName"), two);
    EXPECT_EQ(column(first, "displayName"), (Column{"A", "B"}));
    EXPECT_EQ(column(first, "number"), (Column{"(absent)", "(absent)"}));
    const Answer second = get(target(annotation(first, "nextLink")), two);
    EXPECT_EQ(column(second, "displayName"), (Column{"C", "D"}));
    const Answer last = get(target(annotation(second, "nextLink")), two);
    EXPECT_EQ(column(last, "displayName"), Column{"E"});
    EXPECT_EQ(annotation(last, "nextLink"), "(absent)");
}

}  // namespace
}  // namespace entente::sim::test
