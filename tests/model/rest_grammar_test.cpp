// What a connector can declare of a REST application: every key leads to its place in the protocol, and every mistake to a
// diagnostic with its place. Method: the shipped connector exact-online, and parts laid over the shipped ones.
#include "loading.hpp"

#include "model/describe.hpp"
#include "model/load_catalog.hpp"

namespace entente::model {
namespace {

const std::string erp = "catalog/connectors/custom-erp/";
const std::string exact = "catalog/connectors/exact-online/";

class LoadedExact : public ::testing::Test {
protected:
    void SetUp() override {
        result_ = load_text(exact_workspace);
        ASSERT_TRUE(result_.workspace.has_value()) << all_text(result_.diagnostics);
    }
    const Workspace& workspace() const { return *result_.workspace; }
    const RestProtocol& rest() const { return workspace().systems[1].rest; }
    const DataType& data_type(std::string_view name) const {
        const auto index = workspace().find_data_type("ExactOnline." + std::string(name));
        CHECK(static_cast<bool>(index), name);
        return workspace().data_type(index);
    }
    const Resource& resource(std::string_view data_type_name) const {
        return workspace().resource(data_type(data_type_name).resource);
    }

    LoadResult result_;
};

TEST_F(LoadedExact, nothing_is_wrong_with_it) {
    EXPECT_EQ(all_text(result_.diagnostics), "");
}

TEST_F(LoadedExact, addresses_and_envelopes_are_patterns) {
    EXPECT_EQ(rest().record_path, "") << "by the type of the key";
    EXPECT_EQ(resource("Items").record_path, "{path}(guid'{id}')");
    EXPECT_EQ(rest().read_filter.parameter, "$filter");
    EXPECT_EQ(rest().read_filter.pattern, "{key} eq guid'{id}'");
    EXPECT_EQ(rest().select.parameter, "$select");
    EXPECT_EQ(rest().rows, (std::vector<std::string>{"d.results", "d"}));
    EXPECT_EQ(rest().record_at, "d");
    EXPECT_EQ(rest().paging, RestProtocol::Paging::link);
    EXPECT_EQ(rest().next_at, "d.__next");
    EXPECT_EQ(rest().time_zone, "Europe/Amsterdam");
    EXPECT_EQ(rest().modified_filter.pattern, "Modified ge datetime'{time}'");
    EXPECT_EQ(rest().update_verb, "PUT");
    EXPECT_EQ(rest().write_headers.at(0).second, "return=representation");
    EXPECT_EQ(rest().already_exists_texts.size(), 2u);
    EXPECT_EQ(rest().rights_path, "/users/UserHasRights");
    EXPECT_EQ(rest().rights_query.at(0).pattern, "'{resource}'");
    EXPECT_EQ(rest().rights_at, "d.UserHasRights");
}

TEST_F(LoadedExact, both_quotas_and_the_errors_are_known) {
    ASSERT_EQ(rest().quotas.size(), 2u);
    EXPECT_EQ(rest().quotas[0].requests, 60);
    EXPECT_EQ(rest().quotas[0].per.ms, 60'000);
    EXPECT_EQ(rest().quotas[1].requests, 5000);
    EXPECT_EQ(rest().quotas[1].per.ms, 86'400'000);
    EXPECT_EQ(rest().quotas[1].reset, Quota::Reset::epoch_milliseconds);
    EXPECT_EQ(rest().concurrent, 4);
    EXPECT_EQ(rest().errors_allowed, 8);
    EXPECT_EQ(rest().errors_per.ms, 3'600'000);
}

TEST_F(LoadedExact, a_resource_knows_what_a_read_must_ask_for) {
    EXPECT_EQ(resource("Items").fields,
              (std::vector<std::string>{"ID", "Code", "Description", "IsSalesItem",
                                        "StandardSalesPrice", "Unit", "Created", "Modified"}));
    const auto& orders = resource("SalesOrders").fields;
    EXPECT_EQ(std::ranges::count(orders, "OrderID"), 1);
    EXPECT_EQ(std::ranges::count(orders, "SalesOrderLines"), 0) << "never shown";
    const auto& lines = resource("SalesOrders.lines").fields;
    EXPECT_EQ(std::ranges::count(lines, "OrderID"), 1);
    EXPECT_EQ(std::ranges::count(lines, "Modified"), 0) << "its feed tells the changes";
}

TEST_F(LoadedExact, lines_have_a_feed_of_their_own_and_are_created_inside_their_order) {
    const Resource& lines = resource("SalesOrders.lines");
    EXPECT_EQ(lines.feed_path, "/sync/SalesOrder/SalesOrderLines");
    EXPECT_EQ(lines.row_version_at, "Timestamp");
    EXPECT_EQ(lines.row_version_filter.pattern, "Timestamp gt {version}L");
    EXPECT_EQ(lines.grade, CreateGrade::searchable);
    EXPECT_EQ(lines.search.at(0).path, "OrderID");
    EXPECT_EQ(data_type("SalesOrders.lines").create_inside, "SalesOrderLines");
    EXPECT_EQ(data_type("SalesOrders.lines").parent_at, "OrderID");
    EXPECT_TRUE(data_type("SalesOrders").lines_required);
    EXPECT_TRUE(data_type("Quotations").lines_required);
    EXPECT_TRUE(resource("SalesOrders").create_shows_key);
    EXPECT_FALSE(resource("Accounts").create_shows_key);
    EXPECT_TRUE(resource("SalesOrders").feed_path.empty());
}

TEST_F(LoadedExact, searches_are_patterns) {
    ASSERT_EQ(resource("Accounts").search.size(), 4u);
    EXPECT_EQ(resource("Accounts").search[0].path, "VATNumber");
    EXPECT_EQ(resource("Accounts").search[0].query.parameter, "$filter");
    EXPECT_EQ(resource("Accounts").search[0].query.pattern, "VATNumber eq '{value}'");
    const auto& shop = workspace().resource(
        workspace().data_type(workspace().find_data_type("CustomWebshop.Customer")).resource);
    EXPECT_EQ(shop.search[0].query.parameter, "email");
    EXPECT_EQ(shop.search[0].query.pattern, "");
}

TEST_F(LoadedExact, a_quotation_and_an_order_are_told_apart_by_their_stage) {
    for (const auto& [name, stage] : {std::pair{"Quotations", "quote"}, {"SalesOrders", "order"}}) {
        const DataType& type = data_type(name);
        const Mapping* mapping = type.mapping(workspace().model(type.model).find("stage"));
        ASSERT_NE(mapping, nullptr);
        EXPECT_EQ(mapping->lens.constant, Value(stage));
        EXPECT_EQ(mapping->lens.access, Access::read);
    }
    const auto order = workspace().find_data_type("CustomWebshop.Order");
    EXPECT_EQ(workspace().rule(order, workspace().find_data_type("ExactOnline.SalesOrders")),
              CreateRule::always);
    EXPECT_EQ(workspace().rule(workspace().find_data_type("ExactOnline.Quotations"), order),
              CreateRule::never);
}

TEST_F(LoadedExact, what_is_written_on_create_is_no_filter) {
    const DataType& accounts = data_type("Accounts");
    ASSERT_EQ(accounts.on_create.size(), 1u);
    EXPECT_EQ(accounts.on_create[0].first, "Status");
    EXPECT_EQ(accounts.on_create[0].second, Value("C"));
    EXPECT_TRUE(accounts.where.empty());
}

TEST_F(LoadedExact, the_description_tells_it) {
    std::string all;
    for (const std::string& line : describe(workspace())) all += line + "\n";
    for (const std::string part :
         {"stage (code) = always quote", "created with Status = C",
          "by Timestamp from /sync/SalesOrder/SalesOrderLines",
          "the first ones are written inside their ExactOnline.SalesOrders, as SalesOrderLines"}) {
        EXPECT_TRUE(all.contains(part)) << part;
    }
}

TEST(Grammar, documents_may_call_a_connector_by_several_names) {
    Diagnostics diagnostics;
    const Catalog catalog = load_catalog(shipped_catalog(), {}, diagnostics);
    const ConnectorDefinition* connector = catalog.find_connector("exact-online");
    ASSERT_NE(connector, nullptr);
    EXPECT_EQ(connector->called, (std::vector<std::string>{"ExactOnline", "Exact Online"}));
    EXPECT_EQ(connector->base_url, "https://start.exactonline.{country}/api/v1/{division}");
}

TEST(Grammar, the_default_base_url_is_made_of_the_settings) {
    const std::string text =
        "workspace: w\nsystems:\n  E:\n    connector: exact-online\n"
        "    settings: {division: 77, country: co.uk}\n    auth: {token: \"${T}\"}\n";
    const LoadResult result = load_text(text);
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    EXPECT_EQ(result.workspace->systems[0].base_url, "https://start.exactonline.co.uk/api/v1/77");
    EXPECT_TRUE(has(load_text(with(text, "co.uk", "evil.example")).diagnostics,
                    Diagnostic::Severity::error, "entente.yaml:3:3", {"no host of connector"}));
}

// The same mistake laid over the shipped connector of the ERP.
void expect_connector_error(const std::string& text, const std::string& place,
                            const std::vector<std::string>& parts) {
    SCOPED_TRACE(text);
    expect_only_error(load_text(good_workspace, {{erp + "connector.yaml", text}}),
                      erp + "connector.yaml:" + place, parts);
}

TEST(Grammar, patterns_name_what_is_filled_in) {
    const auto& expect = expect_connector_error;
    expect("record: \"{path}/{key}/{id}\"\n", "1:9", {"`record` cannot use '{key}'", "path, id"});
    expect_error(load_text(good_workspace, {{erp + "connector.yaml", "record: \"\"\n"}}),
                 erp + "connector.yaml:1:9", {"does not say where the id goes"});
    expect("record: \"{path}/x\"\n", "1:9", {"does not say where the id goes", "{id}"});
    expect("record: \"/x/{path}/{id}\"\n", "1:9", {"must begin with the resource's path"});
    expect("read: {filter: f}\n", "1:7", {"`read` has no `value`"});
    expect("read: {filter: f, value: \"{key} eq 1\"}\n", "1:26", {"where the id goes"});
    expect("read: {filter: f, value: \"{kay} eq {id}\"}\n", "1:26", {"'{kay}'", "key"});
    expect("modified: {filter: {parameter: f, value: \"M ge 1\"}}\n", "1:42",
           {"where the time goes"});
    expect("modified: {filter: {value: \"{time}\"}}\n", "1:20", {"`filter` has no `parameter`"});
    expect("modified: {filter: {parameter: f}}\n", "1:20", {"`filter` has no `value`", "{time}"});
    expect("modified: {zone: Europe/Amsterdm}\n", "1:18",
           {"'Europe/Amsterdm' is no time zone", "Europe/Amsterdam"});
    expect_error(
        load_text(good_workspace, {{erp + "connector.yaml", "paging: {kind: link, next: null}\n"}}),
        erp + "connector.yaml (shipped):7:9", {"`paging` has no `next`"});
}

TEST(Grammar, rights_are_a_question_about_a_resource) {
    const auto& expect = expect_connector_error;
    expect("rights: {query: {e: \"{resource}\"}, at: ok}\n", "1:9", {"no `path`"});
    expect("rights: {path: /r, query: {e: \"{resource}\"}}\n", "1:9", {"no `at`"});
    expect("rights: {path: /r, at: ok}\n", "1:9", {"no `query`"});
    expect("rights: {path: r, query: {e: \"{resource}\"}, at: ok}\n", "1:16",
           {"not absolute", "write /r"});
    expect("rights: {path: /r, query: {e: all}, at: ok}\n", "1:27", {"where the resource goes"});
    expect("rights: {path: /r, query: {e: \"{resource} {set}\"}, at: ok}\n", "1:31",
           {"`e` cannot use '{set}'"});
}

TEST(Grammar, budgets_are_one_quota_or_several) {
    const auto& expect = expect_connector_error;
    expect("budget: {quotas: [{requests: 5}]}\n", "1:18", {"one quota stands beside a list"});
    expect("budget: {reset_in: epoch_minutes}\n", "1:20",
           {"`reset_in` cannot be 'epoch_minutes'", "epoch_seconds"});
    expect_error(load_text(good_workspace, {{erp + "connector.yaml",
                                             "budget: {reset_in: epoch_seconds, reset: null}\n"}}),
                 erp + "connector.yaml (shipped):13:9", {"no `reset`"});
    expect("budget: {for_edits: 90}\n", "1:21", {"for_edits", "75"});
    expect("budget: {errors: {allowed: 8}}\n", "1:18", {"no `per`", "1h"});
    expect("budget: {errors: {per: 1h}}\n", "1:18", {"no `allowed`"});
    expect("budget: {errors: {allowed: 0, per: 1h}}\n", "1:28", {"a whole number from 1"});
    expect("budget: {errors: {allowed: 8, per: 0s}}\n", "1:36", {"longer than nothing"});
    const std::string alone = "budget: {requests: null, per: null, remaining: null, reset: null, ";
    expect(alone + "quotas: [{per: 1min}]}\n", "1:76", {"quota has no `requests`"});
    expect(alone + "quotas: 5}\n", "1:75", {"`quotas` is a list"});
    expect(alone + "quotas: [{requests: 5, reset_in: epoch_seconds, remaining: R}]}\n", "1:76",
           {"quota has no `reset`"});
    const LoadResult none =
        load_text(good_workspace, {{erp + "connector.yaml", alone + "concurrent: 2}\n"}});
    ASSERT_TRUE(none.workspace.has_value()) << all_text(none.diagnostics);
    EXPECT_TRUE(none.workspace->systems[1].rest.quotas.empty());
}

TEST(Grammar, an_empty_text_would_make_every_refusal_a_taken_key) {
    expect_connector_error("errors: {already_exists_text: [\"\"]}\n", "1:32",
                           {"part of every message"});
}

TEST(Grammar, feeds_searches_and_answers_of_a_resource_are_checked) {
    const auto expect = [](const std::string& text, const std::string& place,
                           const std::vector<std::string>& parts) {
        SCOPED_TRACE(text);
        expect_only_error(load_text(good_workspace, {{erp + "products.yaml", text}}),
                          erp + "products.yaml:" + place, parts);
    };
    const std::string filter = "filter: {parameter: f, value: \"{version}\"}";
    expect("feed: {row_version: T, " + filter + "}\n", "1:7", {"`feed` has no `path`"});
    expect("feed: {path: /p, " + filter + "}\n", "1:7", {"`feed` has no `row_version`"});
    expect("feed: {path: /p, row_version: T}\n", "1:7", {"`feed` has no `filter`"});
    expect("feed: {path: p, row_version: T, " + filter + "}\n", "1:14", {"not absolute"});
    expect("feed: {path: /p, row_version: T, filter: {parameter: f, value: \"T gt 1\"}}\n", "1:64",
           {"where the version goes"});
    expect("feed: {path: \"/{dvision}/p\", row_version: T, " + filter + "}\n", "1:14",
           {"'{dvision}' is no setting"});
    expect("create: {answer: id}\n", "1:18", {"`answer` cannot be 'id'", "key"});
    expect("create: {search: {item_code: {parameter: f, value: \"x\"}}}\n", "1:52",
           {"where the value goes"});
    expect("properties: {lines: {type: list, access: read, properties: {a: {type: text}}}}\n",
           "1:42", {"`access` cannot be 'read'", "write_only"});
    expect("data_types: {Product: {on_create: {bloked: true}}}\n", "1:36",
           {"`on_create` names an unknown property 'bloked'", "'blocked'"});
}

TEST(Grammar, lines_are_created_in_a_list_of_their_parent) {
    const auto load_lines = [](const std::string& text) {
        return load_text(exact_workspace, {{exact + "sales-order-lines.yaml", text}});
    };
    expect_error(load_lines("data_types: {SalesOrders.lines: {parent: {inside: OrderLines}}}\n"),
                 exact + "sales-order-lines.yaml:1:51",
                 {"'OrderLines' is no list of resource SalesOrders", "access: write_only"});
    expect_only_error(load_lines("create: {grade: none, search: null, visible_after: null, "
                                 "late_execution: null}\n"),
                      exact + "sales-order-lines.yaml (shipped):26:61",
                      {"found by `OrderID`", "cannot be searched by it", "search: [OrderID]"});
    // Without its lines inside, nothing can supply what the order requires.
    expect_error(load_lines("data_types: {SalesOrders.lines: {parent: {inside: null}}}\n"),
                 exact + "sales-orders.yaml:24:3", {"nothing can supply `SalesOrderLines`"});
}

TEST(Grammar, a_list_that_is_not_required_does_not_make_lines_required) {
    const LoadResult result = load_text(
        exact_workspace,
        {{exact + "sales-orders.yaml", "properties: {SalesOrderLines: {required: false}}\n"}});
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    const auto orders = result.workspace->find_data_type("ExactOnline.SalesOrders");
    EXPECT_FALSE(result.workspace->data_type(orders).lines_required);
}

TEST(Grammar, a_constant_is_a_value_of_its_property_and_nothing_else) {
    const auto expect = [](const std::string& mapping, const std::string& place,
                           const std::vector<std::string>& parts) {
        SCOPED_TRACE(mapping);
        const std::string path = exact + "quotations.yaml";
        expect_only_error(load_text(exact_workspace, {{path, "data_types: {Quotations: {map: {" +
                                                                 mapping + "}}}\n"}}),
                          path + ":" + place, parts);
    };
    expect("stage: {constant: quotation}", "1:51", {"stage has no value 'quotation'", "quote"});
    expect("stage: {constant: quote, path: Status}", "1:58", {"unknown key 'path'"});
    expect("date: {constant: soon}", "1:50", {"cannot be 'soon'", "a date"});
    expect_error(load_text(exact_workspace,
                           {{exact + "quotations.yaml",
                             "data_types: {Quotations: {map: {customer: {constant: x, path: null, "
                             "reference: null}}}}\n"}}),
                 exact + "quotations.yaml:1:54", {"a reference has no constant"});
}

TEST(Grammar, a_field_required_by_the_system_may_be_supplied_on_create) {
    const std::string path = erp + "products.yaml";
    const std::string field = "properties: {unit: {type: text, required: true}}\n";
    expect_error(load_text(good_workspace, {{path, field}}), path + " (shipped):13:3",
                 {"nothing can supply `unit`", "on_create: VALUE"});
    const LoadResult supplied = load_text(
        good_workspace, {{path, field + "data_types: {Product: {on_create: {unit: pcs}}}\n"}});
    EXPECT_TRUE(supplied.workspace.has_value()) << all_text(supplied.diagnostics);
}

TEST(Grammar, another_constant_or_field_type_is_another_fingerprint) {
    const auto fingerprint = [](const std::string& text) {
        const LoadResult result = load_text(exact_workspace, {{exact + "quotations.yaml", text}});
        CHECK(result.workspace.has_value(), all_text(result.diagnostics));
        const auto index = result.workspace->find_data_type("ExactOnline.Quotations");
        return result.workspace->data_type(index).fingerprint;
    };
    const std::string map = "data_types: {Quotations: {map: {";
    const Digest plain = fingerprint("properties: {Description: {max: 9}}\n");
    EXPECT_EQ(fingerprint("data_types: {Quotations: {on_create: {Description: x}}}\n"), plain)
        << "what is written once does not change what a body means";
    EXPECT_NE(fingerprint(map + "stage: {constant: lead}}}}\n"), plain);
    EXPECT_NE(fingerprint("properties: {QuotationDate: {type: date}}\n"), plain);
}

}  // namespace
}  // namespace entente::model
