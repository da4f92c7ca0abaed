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

TEST_F(CentralTest, pages_go_on_in_the_order_that_was_asked_for) {
    for (const char* name : {"B", "A", "C", "A"}) customer(name);
    const http::Headers two{{"Prefer", "odata.maxpagesize=2"}};
    const Answer first = get(at("customers?$orderby=displayName%20desc,number&$count=true"), two);
    EXPECT_EQ(column(first, "number"), (Column{"C00003", "C00001"}));
    EXPECT_EQ(*first.body.find("@odata.count"), Value(4));
    const Answer second = get(target(annotation(first, "nextLink")), two);
    EXPECT_EQ(column(second, "number"), (Column{"C00002", "C00004"}));
    EXPECT_EQ(annotation(second, "nextLink"), "(absent)");
    const Answer latest = get(at("customers?$orderby=lastModifiedDateTime%20desc"), two);
    EXPECT_EQ(column(latest, "number"), (Column{"C00004", "C00003"}));
}

TEST_F(CentralTest, filters_join_with_and_and_with_or_on_one_field) {
    make("customers", R"({"displayName":"O'Neill","city":"Oslo"})");
    make("customers", R"({"displayName":"Vos","city":"Oslo"})");
    make("customers", R"({"displayName":"Bos","city":"Bergen"})");
    const auto found = [&](const std::string& filter) {
        return column(get(filtered("customers", filter)), "displayName");
    };
    EXPECT_EQ(found("displayName eq 'O''Neill'"), Column{"O'Neill"});
    EXPECT_EQ(found("city eq 'Oslo' and startswith(displayName,'V')"), Column{"Vos"});
    EXPECT_EQ(found("displayName eq 'Vos' or displayName eq 'Bos'"), (Column{"Vos", "Bos"}));
    EXPECT_EQ(found("(city eq 'Bergen') and contains(tolower(displayName),'OS')"), Column{});
    EXPECT_EQ(found("contains(toupper(displayName),'OS')"), (Column{"Vos", "Bos"}));
    EXPECT_EQ(found("number ge 'c00002' and number lt 'C00003'"), Column{"Vos"});
    EXPECT_EQ(found("creditLimit ne 1 and taxLiable eq false").size(), 3u);
    EXPECT_EQ(found("things/any(t: t/x eq 1) and city eq 'Bergen'"), Column{"Bos"});
    for (const char* refused :
         {"city eq 'Oslo' or displayName eq 'Bos'", "colour eq 'red'", "city eq 'Oslo",
          "city like 1", "city in ('Oslo','Bergen')", "not (city eq 'Oslo')", "city eq 'Oslo' and",
          "(city eq 'x'", "id eq 'c0570000-0000-4000-8000-000000000001'"}) {
        expect_refused(get(filtered("customers", refused)), 400,
                       "Application_FilterErrorException");
    }
}

TEST_F(CentralTest, a_change_needs_the_version_that_stands_now) {
    const std::string id = customer();
    const std::string url = one("customers", id), other = one("customers", customer("Other"));
    const std::string body = R"({"email":"a@example.com"})";
    const std::string first = version_of(url);
    expect_refused(send("PATCH", url, body), 400, "BadRequest_InvalidToken");
    expect_refused(patch(url, body, "W/\"x\""), 400, "BadRequest_InvalidToken");
    expect_refused(patch(url, body, version_of(other)), 412, "Request_PreconditionFailed");
    const Answer changed = patch(url, body, first);
    ASSERT_EQ(changed.status, 200);
    EXPECT_NE(annotation(changed, "etag"), first);
    expect_refused(patch(url, body, first), 409, "Request_EntityChanged");
    expect_refused(send("DELETE", url, "", {{"If-Match", first}}), 409, "Request_EntityChanged");
    // What changes nothing makes no new version.
    EXPECT_EQ(annotation(patch(url, body), "etag"), annotation(changed, "etag"));
    EXPECT_EQ(send("DELETE", url).status, 204);
    expect_refused(patch(url, body, first), 404, "Internal_RecordNotFound");
}

TEST_F(CentralTest, a_body_is_judged_by_types_and_lengths) {
    const std::pair<const char*, const char*> refused[] = {
        {R"({"displayName":""})", "Application_DialogException"},
        {R"({})", "Application_DialogException"},
        {R"({"displayName":"A","colour":"red"})", "BadRequest"},
        {R"({"displayName":1})", "BadRequest"},
        {R"({"displayName":"A","creditLimit":"1"})", "BadRequest"},
        {R"({"displayName":"A","taxLiable":null})", "BadRequest_RequiredParamNotProvided"},
        {R"({"displayName":"A","balanceDue":1})", "BadRequest_InvalidOperation"},
        {R"({"displayName":"A","number":"123456789012345678901"})",
         "Application_StringExceededLength"},
        {R"({"displayName":"A","paymentTermsId":"17"})", "BadRequest"},
        {R"([])", "BadRequest"},
        {R"({"displayName")", "BadRequest"}};
    for (const auto& [body, code] : refused) {
        SCOPED_TRACE(body);
        expect_refused(post(at("customers"), body), 400, code);
    }
    EXPECT_TRUE(rows(get(at("customers"))).empty());
    EXPECT_EQ(post(at("customers"), R"({"displayName":"A","@odata.etag":"W/\"x\""})").status, 201);
}

TEST_F(CentralTest, items_contacts_and_employees_are_kept_too) {
    expect_refused(post(at("items"), R"({"displayName":"Tea","inventory":5})"), 400,
                   "Application_DialogException");
    const std::string tea = item();
    EXPECT_EQ(get(one("items", tea)).at("type"), "Inventory");
    EXPECT_EQ(patch(one("items", tea), R"({"baseUnitOfMeasureCode":"pcs"})")
                  .at("baseUnitOfMeasureId")
                  .substr(0, 8),
              "c0000005");
    expect_refused(post(at("items"), R"({"number":"tea-1","displayName":"Tea"})"), 400,
                   "Internal_EntityWithSameKeyExists");
    expect_refused(post(at("contacts"), "{}"), 400, "Application_DialogException");
    EXPECT_EQ(post(at("contacts"), R"({"displayName":"Anna","type":"Person"})").at("number"),
              "CT00001");
    EXPECT_EQ(post(at("employees"), R"({"givenName":"Anna","surname":"Vos"})").at("displayName"),
              "Anna Vos");
    expect_refused(send("DELETE", at("currencies")), 405, "BadRequest_MethodNotAllowed");
    EXPECT_EQ(column(get(filtered("currencies", "code eq 'NOK'")), "displayName"),
              Column{"Norwegian krone"});
}

TEST_F(CentralTest, it_is_as_it_was_after_a_restart) {
    TemporaryDirectory directory;
    SimOptions options = central_options();
    options.directory = directory.path("central");
    client = Client(options);
    const std::string url = one("salesOrders", order(customer(), item()));
    const Answer before = get(url + "?$expand=salesOrderLines");
    client.restart();
    EXPECT_EQ(get(url + "?$expand=salesOrderLines").body, before.body);
    EXPECT_EQ(get(one("customers", customer("Next"))).at("number"), "C00002");
}

}  // namespace
}  // namespace entente::sim::test
