// `check --live`: what is wrong with a connector is told with the place and the remedy, whatever the system answers; what is right
// is told as right; and nothing is ever written.
#include "run/live_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/loader.hpp"
#include "world.hpp"

namespace entente::run::test {
namespace {

using report::LiveFinding;
using Verdict = LiveFinding::Verdict;

constexpr const char* connector_yaml = R"(connector: depot
protocol: odata-v4
auth: {header: X-Key, value: "{key}", needs: [key]}
modified: {property: ChangedAt}
version: {precondition: If-Match}
)";

constexpr const char* customers_yaml = R"(resource: Customers
path: /Customers
key: {property: ID, type: guid}
create: {grade: searchable, search: [Email], visible_after: 1s, late_execution: 1s}
properties:
  Name: {type: text, max: 80, required: true}
  Email: {type: text, max: 50}
  Credit: {type: decimal}
  Kind: {type: code, values: [Company, Person]}
data_types:
  Customers:
    model: partner
    map:
      name: Name
      email: Email
      credit: Credit
      kind: Kind
)";

constexpr const char* partner_yaml = R"(model: partner
properties:
  name: {type: name, required: true}
  email: {type: email}
  credit: {type: decimal}
  kind: {type: code, values: [Company, Person]}
match: [[email]]
)";

constexpr const char* metadata_xml =
    R"(<edmx:Edmx Version="4.0" xmlns:edmx="e"><edmx:DataServices><Schema Namespace="D">)"
    R"(<EntityType Name="Customer"><Key><PropertyRef Name="ID"/></Key>)"
    R"(<Property Name="ID" Type="Edm.Guid"/><Property Name="Name" Type="Edm.String" MaxLength="80"/>)"
    R"(<Property Name="Email" Type="Edm.String" MaxLength="50"/>)"
    R"(<Property Name="Credit" Type="Edm.Decimal"/><Property Name="Kind" Type="D.Kind"/>)"
    R"(</EntityType><EnumType Name="Kind"><Member Name="Company"/><Member Name="Person"/></EnumType>)"
    R"(<EntityContainer><EntitySet Name="Customers" EntityType="D.Customer"/></EntityContainer>)"
    R"(</Schema></edmx:DataServices></edmx:Edmx>)";

std::string record(const std::string& id, const std::string& more = "") {
    return R"({"@odata.etag":"W/\"1\"","ChangedAt":"2026-11-21T10:00:00Z","ID":")" + id +
           R"(","Name":"N)" + id + R"(","Email":")" + id +
           R"(@x.example","Credit":5,"Kind":"Company")" + more + "}";
}

std::string list(const std::string& rows, const std::string& next = "") {
    std::string out = R"({"value":[)" + rows + "]";
    if (!next.empty()) out += R"(,"@odata.nextLink":")" + next + "\"";
    return out + "}";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    CHECK(at != std::string::npos, "the test replaces something that is there");
    return text.replace(at, from.size(), to);
}

class LiveCheckTest : public testing::Test {
protected:
    // A system that is what its connector says; the tests make one thing wrong.
    Reply right(const http::Request& request) {
        const auto has = [&](std::string_view part) {
            return request.url.find(part) != std::string::npos;
        };
        if (has("$metadata")) return http::Response{200, {}, metadata_};
        if (has("Customers(a)")) return http::Response{200, {}, record("a")};
        if (has("skiptoken")) return http::Response{200, {}, list(record("c"))};
        if (has("filter")) return http::Response{200, {}, list(record("a") + "," + record("b"))};
        return http::Response{200, {}, page_};
    }

    report::LiveFindings check() {
        model::LoadInput input;
        input.workspace = {"entente.yaml",
                           "workspace: w\nsystems: {Depot: {connector: depot, base_url: "
                           "'http://127.0.0.1:7/odata', auth: {key: '${KEY}'}}}\n"};
        input.catalog = {{"catalog/models/partner.yaml", partner_yaml},
                         {"catalog/connectors/depot/connector.yaml", connector_},
                         {"catalog/connectors/depot/customers.yaml", customers_}};
        auto loaded = model::load(input);
        std::string wrong;
        for (const auto& diagnostic : loaded.diagnostics) wrong += diagnostic.text() + "\n";
        CHECK(loaded.workspace.has_value(), wrong);
        std::vector<connect::RestConnector> connectors;
        connectors.push_back(
            connect::RestConnector::open(*loaded.workspace, SystemIndex{0}, {{"key", "hush-hush"}})
                .value());
        FakeTransport transport(clock_);
        transport.answer = [this](const http::Request& request) {
            const auto made = answer_ ? answer_(request) : std::nullopt;
            return made ? *made : right(request);
        };
        LiveCheck check(*loaded.workspace, connectors, transport, clock_);
        auto found = check.check();
        for (const auto& request : transport.requests) EXPECT_EQ(request.method, "GET");
        for (const auto& finding : found) {
            EXPECT_EQ(report::to_text(finding).find("hush-hush"), std::string::npos);
        }
        return found;
    }

    static std::string all_text(const report::LiveFindings& found) {
        std::string out;
        for (const auto& finding : found) out += report::to_text(finding) + "\n";
        return out;
    }
    static bool is_wrong(const report::LiveFindings& found) {
        return std::ranges::any_of(
            found, [](const LiveFinding& finding) { return finding.verdict == Verdict::wrong; });
    }
    // That a line begins so, and holds the rest.
    static void expect_line(const report::LiveFindings& found, const std::string& begin,
                            const std::string& part) {
        const bool is_there = std::ranges::any_of(found, [&](const LiveFinding& finding) {
            const std::string text = report::to_text(finding);
            return text.starts_with(begin) && text.find(part) != std::string::npos;
        });
        EXPECT_TRUE(is_there) << begin << " ... " << part << "\n" << all_text(found);
    }

    std::string connector_ = connector_yaml, customers_ = customers_yaml, metadata_ = metadata_xml;
    std::string page_ = list(record("a") + "," + record("b"), "Customers?$skiptoken=2");
    std::function<std::optional<Reply>(const http::Request&)> answer_;
    FakeClock clock_;
};

// Answers to requests whose URL holds `part`.
std::function<std::optional<Reply>(const http::Request&)> only(std::string part,
                                                               http::Response response) {
    return [part, response](const http::Request& request) -> std::optional<Reply> {
        if (request.url.find(part) == std::string::npos) return std::nullopt;
        return Reply(response);
    };
}

TEST_F(LiveCheckTest, says_that_a_right_connector_is_right) {
    const auto found = check();
    EXPECT_FALSE(is_wrong(found)) << all_text(found);
    EXPECT_EQ(report::to_text(found.front()),
              "ok     Depot: login: http://127.0.0.1:7/odata lets us in");
    expect_line(found, "ok     Depot.Customers: list", "2 records in the first page");
    expect_line(found, "ok     Depot.Customers: second page",
                "1 record, none of them of the first");
    expect_line(found, "ok     Depot.Customers: record", "read by its key, and shows its version");
    expect_line(found, "ok     Depot.Customers: changes", "since 2026-11-21T10:00:00Z");
    expect_line(found, "ok     Depot.Customers: search by Email", "found");
    expect_line(found, "ok     Depot.Customers: properties", "4 of 4 are read as declared");
    expect_line(found, "ok     Depot.Customers: $metadata", "4 of 4 mapped properties are there");
    expect_line(found, "ok     Depot.Customers: key", "it is `ID`");
}

TEST_F(LiveCheckTest, tells_a_refused_login_and_asks_nothing_more) {
    int asked = 0;
    answer_ = [&](const http::Request&) -> std::optional<Reply> {
        ++asked;
        return Reply(http::Response{401, {}, R"({"error":{"message":"bad key hush-hush"}})"});
    };
    expect_line(check(), "WRONG  Depot: login", "it is refused");
    EXPECT_EQ(asked, 1);
}

TEST_F(LiveCheckTest, tells_a_resource_that_vanished) {
    answer_ = only("/Customers", {404, {}, R"({"error":{"message":"no such set"}})"});
    expect_line(check(), "WRONG  Depot.Customers: list", "no such set; is /Customers the path");
}

TEST_F(LiveCheckTest, asks_a_system_that_fails_once_only) {
    int asked = 0;
    answer_ = [&](const http::Request&) -> std::optional<Reply> {
        ++asked;
        return Reply(http::Response{404, {}, "{}"});
    };
    check();
    EXPECT_EQ(asked, 1) << "some systems count what they refuse, and shut out who is refused often";
}

TEST_F(LiveCheckTest, tells_a_property_whose_type_changed) {
    page_ = list(replaced(record("a"), "\"Credit\":5", "\"Credit\":{\"amount\":5}"));
    expect_line(check(), "WRONG  Depot.Customers: property Credit", "in a: ");
}

TEST_F(LiveCheckTest, tells_a_listed_value_that_nobody_mapped) {
    page_ = list(replaced(record("a"), "\"Company\"", "\"Robot\""));
    expect_line(check(), "WRONG  Depot.Customers: property Kind", "Robot");
}

TEST_F(LiveCheckTest, tells_a_misspelt_property_by_the_page_and_by_metadata) {
    customers_ = replaced(customers_, "Email: {type", "Emial: {type");
    customers_ = replaced(customers_, "email: Email", "email: Emial");
    customers_ = replaced(customers_, "search: [Email]", "search: [Name]");
    const auto found = check();
    expect_line(found, "WRONG  Depot.Customers: property Emial", "did you mean 'Email'?");
    expect_line(found, "WRONG  Depot.Customers: property Emial", "$metadata has no such property");
}

TEST_F(LiveCheckTest, takes_no_error_page_with_status_200_for_a_list) {
    answer_ = only("/Customers", {200, {}, "<html><body>Sorry</body></html>"});
    expect_line(check(), "WRONG  Depot.Customers: list", "<html>");
}

TEST_F(LiveCheckTest, follows_no_link_to_another_host) {
    page_ = list(record("a"), "https://evil.example/odata/Customers?$skiptoken=2");
    answer_ = [](const http::Request& request) -> std::optional<Reply> {
        EXPECT_EQ(request.url.find("evil"), std::string::npos);
        return std::nullopt;
    };
    expect_line(check(), "WRONG  Depot.Customers: list", "leads away");
}

TEST_F(LiveCheckTest, follows_no_redirect) {
    answer_ = only("odata/", {302, {{"Location", "https://evil.example/"}}, ""});
    expect_line(check(), "WRONG  Depot.Customers: list", "redirect (302), which is never followed");
    answer_ = only("$metadata", {307, {{"Location", "https://evil.example/"}}, ""});
    expect_line(check(), "WRONG  Depot: $metadata", "redirect (307), which is never followed");
}

TEST_F(LiveCheckTest, tells_pages_that_repeat_themselves) {
    answer_ = only("skiptoken", {200, {}, list(record("b"))});
    expect_line(check(), "WRONG  Depot.Customers: second page",
                "b stands in the first page already");
}

TEST_F(LiveCheckTest, tells_records_without_a_version) {
    const std::string bare = replaced(record("a"), R"("@odata.etag":"W/\"1\"",)", "");
    page_ = list(bare);
    answer_ = only("Customers(a)", {200, {}, bare});
    expect_line(check(), "WRONG  Depot.Customers: version", "a shows none at `@odata.etag`");
}

TEST_F(LiveCheckTest, takes_the_version_in_the_header_of_one_record) {
    connector_ = replaced(connector_, "version: {", "version: {etag: '', ");
    answer_ = only("Customers(a)", {200, {{"ETag", "\"7\""}}, record("a")});
    EXPECT_FALSE(is_wrong(check()));
}

TEST_F(LiveCheckTest, tells_a_filter_that_is_ignored) {
    const std::string old = replaced(record("z"), "2026-11-21T10", "2020-01-01T10");
    answer_ = only("filter=ChangedAt", {200, {}, list(record("a") + "," + old)});
    expect_line(check(), "WRONG  Depot.Customers: changes", "shows z, which changed 2020");
    answer_ = only("filter=ChangedAt", {200, {}, list("")});
    expect_line(check(), "WRONG  Depot.Customers: changes", "leaves out a");
}

TEST_F(LiveCheckTest, tells_a_search_that_does_not_find_what_is_there) {
    answer_ = only("filter=Email", {200, {}, list("")});
    expect_line(check(), "WRONG  Depot.Customers: search by Email", "finds 0 records");
}

TEST_F(LiveCheckTest, says_what_could_not_be_seen) {
    page_ = list("");
    const auto found = check();
    EXPECT_FALSE(is_wrong(found)) << all_text(found);
    expect_line(found, "open   Depot.Customers: records", "the list is empty");
}

TEST_F(LiveCheckTest, compares_types_lengths_and_members_with_metadata) {
    metadata_ = replaced(metadata_, "Type=\"Edm.Decimal\"", "Type=\"Edm.Boolean\"");
    metadata_ = replaced(metadata_, "MaxLength=\"50\"", "MaxLength=\"40\"");
    metadata_ = replaced(metadata_, "<Member Name=\"Person\"/>", "<Member Name=\"Group\"/>");
    const auto found = check();
    expect_line(found, "WRONG  Depot.Customers: property Credit",
                "Edm.Boolean, the connector decimal");
    expect_line(found, "WRONG  Depot.Customers: property Email", "40 characters, the connector 50");
    expect_line(found, "WRONG  Depot.Customers: property Kind", "names 'Person'");
    expect_line(found, "open   Depot.Customers: property Kind", "nobody mapped Group");
}

TEST_F(LiveCheckTest, tells_a_list_that_metadata_does_not_know) {
    metadata_ = replaced(metadata_, "EntitySet Name=\"Customers\"", "EntitySet Name=\"Customer\"");
    expect_line(check(), "WRONG  Depot.Customers: $metadata", "did you mean 'Customer'?");
}

TEST_F(LiveCheckTest, reads_no_metadata_that_would_expand_for_ever) {
    metadata_ = R"(<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>)";
    expect_line(check(), "WRONG  Depot: $metadata", "declares a document type");
}

TEST_F(LiveCheckTest, says_that_there_is_no_metadata) {
    answer_ = only("$metadata", {404, {}, ""});
    const auto found = check();
    EXPECT_FALSE(is_wrong(found)) << all_text(found);
    expect_line(found, "open   Depot: $metadata", "there is none");
    connector_ += "metadata: none\n";
    EXPECT_EQ(all_text(check()).find("$metadata"), std::string::npos);
}

}  // namespace
}  // namespace entente::run::test
