// The generic protocols as connectors declare them: defaults, logins, blanks, batches, lists inside others, and the mistakes that
// can be made with them. Method: the shipped connector business-central, and parts laid over the shipped ones.
#include "loading.hpp"

#include "model/describe.hpp"

namespace entente::model {
namespace {

const std::string central = "catalog/connectors/business-central/";

const std::string central_workspace = R"(workspace: acme
systems:
  BC:
    connector: business-central
    settings: {tenant: contoso, company: aaaaaaaa-0000-4000-8000-000000000001, currency: EUR}
    auth: {client_id: "${ID}", client_secret: "${SECRET}"}
)";

LoadResult load_over(const std::string& file, const std::string& text) {
    return load_text(central_workspace, {{central + file, text}});
}

class LoadedCentral : public ::testing::Test {
protected:
    void SetUp() override {
        result_ = load_text(central_workspace);
        ASSERT_TRUE(result_.workspace.has_value()) << all_text(result_.diagnostics);
    }
    const Workspace& workspace() const { return *result_.workspace; }
    const System& system() const { return workspace().systems[0]; }
    const DataType& data_type(const std::string& name) const {
        return workspace().data_type(workspace().find_data_type("BC." + name));
    }
    const Resource& resource(const std::string& name) const {
        return workspace().resource(data_type(name).resource);
    }

    LoadResult result_;
};

TEST_F(LoadedCentral, nothing_is_wrong_with_it) {
    EXPECT_EQ(all_text(result_.diagnostics), "");
}

TEST_F(LoadedCentral, its_addresses_are_made_of_the_settings) {
    EXPECT_EQ(system().base_url,
              "https://api.businesscentral.dynamics.com/v2.0/contoso/production/api/v2.0");
    EXPECT_EQ(system().rest.token_url,
              "https://login.microsoftonline.com/contoso/oauth2/v2.0/token");
    EXPECT_EQ(resource("Items").path, "/companies(aaaaaaaa-0000-4000-8000-000000000001)/items");
    EXPECT_EQ(resource("SalesOrders.lines").listed_inside.path,
              "/companies(aaaaaaaa-0000-4000-8000-000000000001)/salesOrders");
    EXPECT_EQ(resource("SalesOrders.lines").listed_inside.expand.pattern,
              "salesOrderLines($select={fields})");
}

TEST_F(LoadedCentral, a_simulated_one_needs_no_settings_and_gives_its_tokens_itself) {
    const LoadResult result = load_text(
        "workspace: w\nsystems:\n  BC:\n    connector: business-central\n    simulated: true\n"
        "    base_url: http://127.0.0.1:4040/v2.0/x/api/v2.0\n"
        "    auth: {client_id: \"${ID}\", client_secret: \"${SECRET}\"}\n");
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    EXPECT_EQ(all_text(result.diagnostics), "");
    EXPECT_EQ(result.workspace->systems[0].rest.token_url,
              "http://127.0.0.1:4040/simulated/oauth2/v2.0/token");
    EXPECT_TRUE(result.workspace->resources[0].path.starts_with("/companies"));
}

TEST_F(LoadedCentral, a_real_one_is_told_which_settings_are_missing) {
    const LoadResult result = load_text(
        "workspace: w\nsystems:\n  BC:\n    connector: business-central\n"
        "    auth: {client_id: \"${ID}\", client_secret: \"${SECRET}\"}\n");
    expect_to_fill_in(result, "entente.yaml:3:3", {"BC needs the setting company"});
    expect_to_fill_in(result, "entente.yaml:3:3", {"BC needs the setting tenant"});
}

TEST_F(LoadedCentral, its_customers_are_two_views_of_one_list) {
    EXPECT_EQ(data_type("Customers.company").resource, data_type("Customers.person").resource);
    EXPECT_EQ(data_type("Customers.company").where.at(0).second, Value("Company"));
    EXPECT_EQ(workspace().model(data_type("Customers.person").model).name, "person");
    EXPECT_EQ(data_type("Contacts.person").model, data_type("Customers.person").model);
}

TEST_F(LoadedCentral, blanks_are_those_of_each_type_and_a_fields_own_count_more) {
    const auto blanks = [&](const std::string& of, std::string_view path) {
        for (const Mapping& mapping : data_type(of).map) {
            if (mapping.lens.path == path) return mapping.lens.empty_is;
        }
        return std::vector<Value>{};
    };
    const std::string zeros = "00000000-0000-0000-0000-000000000000";
    EXPECT_EQ(blanks("Customers.company", "city"), std::vector<Value>{""});
    EXPECT_EQ(blanks("SalesOrders", "customerId"), std::vector<Value>{zeros});
    EXPECT_EQ(blanks("SalesOrders", "orderDate"), std::vector<Value>{"0001-01-01"});
    EXPECT_EQ(blanks("SalesOrders.lines", "quantity"), std::vector<Value>{0});
    EXPECT_TRUE(blanks("Items", "blocked").empty()) << "false is a value";
    const LoadResult own =
        load_over("items.yaml", "properties: {unitPrice: {type: decimal, empty_is: []}}\n");
    ASSERT_TRUE(own.workspace.has_value()) << all_text(own.diagnostics);
    const auto items = own.workspace->find_data_type("BC.Items");
    for (const Mapping& mapping : own.workspace->data_type(items).map) {
        if (mapping.lens.path != "unitPrice") continue;
        EXPECT_TRUE(mapping.lens.empty_is.empty());
    }
}

TEST_F(LoadedCentral, a_currency_that_nobody_names_means_nothing) {
    const auto meant = [](const Workspace& workspace) {
        const DataType& order = workspace.data_type(workspace.find_data_type("BC.SalesOrders"));
        return order.mapping(workspace.model(order.model).find("currency"))->lens.empty_means;
    };
    EXPECT_EQ(meant(workspace()), Value("EUR"));
    const LoadResult without =
        load_text(with(central_workspace, ", currency: EUR", ", currency: \"\""));
    ASSERT_TRUE(without.workspace.has_value()) << all_text(without.diagnostics);
    EXPECT_FALSE(meant(*without.workspace).has_value());
}

TEST_F(LoadedCentral, the_description_tells_it) {
    std::string all;
    for (const std::string& line : describe(workspace())) all += line + "\n";
    for (const std::string part :
         {"only where type is Company",
          "currency (currency) = currencyCode, at most 10 characters (longer is held), EUR when "
          "left blank",
          "listed with /companies(aaaaaaaa-0000-4000-8000-000000000001)/salesOrders, as "
          "salesOrderLines",
          "writes are conditional (If-Match)"}) {
        EXPECT_TRUE(all.contains(part)) << part << "\n" << all;
    }
}

void expect_mistake(const std::string& file, const std::string& text, const std::string& place,
                    const std::vector<std::string>& parts) {
    SCOPED_TRACE(text);
    expect_only_error(load_over(file, text), central + file + ":" + place, parts);
}

TEST(ProtocolGrammar, mistakes_in_a_connector_have_their_place) {
    const auto expect = [](const std::string& text, const std::string& place,
                           const std::vector<std::string>& parts) {
        expect_mistake("connector.yaml", text, place, parts);
    };
    expect("protocol: odata\n", "1:11", {"`protocol` cannot be 'odata'", "odata-v"});
    expect("auth: {value: x}\n", "1:8", {"unknown key 'value' in `auth`"});
    expect("blanks: {number: none}\n", "1:18", {"number"});
    expect("blanks: {integer: 0}\n", "1:10", {"unknown key 'integer' in `blanks`"});
    expect("batch: {path: $batch}\n", "1:15", {"not absolute", "/$batch"});
    expect("batch: {max: 1}\n", "1:14", {"from 2 to"});
    expect("list: {headers: Prefer}\n", "1:17", {"`headers`"});
    expect_error(load_over("connector.yaml", "auth: {kind: password}\n"),
                 central + "connector.yaml:1:14", {"`kind` cannot be 'password'"});
    expect_error(load_over("connector.yaml", "auth: {token_url: \"https://x.example/{city}\"}\n"),
                 central + "connector.yaml (shipped):3:12", {"'{city}' is no setting"});
}

TEST(ProtocolGrammar, mistakes_in_a_resource_have_their_place) {
    expect_mistake("sales-orders.yaml", "edits_depend_on: state\n", "1:18",
                   {"unknown property 'state'", "'status'"});
    expect_mistake("sales-order-lines.yaml", "listed_inside: {path: salesOrders}\n", "1:23",
                   {"not absolute"});
    expect_mistake("sales-order-lines.yaml",
                   "listed_inside: {expand: {parameter: e, value: \"{x}\"}}\n", "1:47",
                   {"cannot use '{x}'"});
    expect_mistake("sales-order-lines.yaml", "listed_inside: {path: \"/{org}/salesOrders\"}\n",
                   "1:23", {"'{org}' is no setting"});
    expect_mistake(
        "items.yaml",
        "removals: {path: /gone, key: of, row_version: v, filter: {parameter: f, value: x}}\n",
        "1:80", {"where the version goes"});
    expect_mistake(
        "items.yaml",
        "feed: {path: /f, row_version: v, filter: {parameter: f, value: \"{version}\"}}\n"
        "removals: {path: /gone, key: of, row_version: v,"
        " filter: {parameter: f, value: \"{version}\"}}\n",
        "2:11", {"cannot stand together"});
    expect_mistake("items.yaml", "lines_move_version: maybe\n", "1:21", {"`lines_move_version`"});
    expect_mistake("items.yaml", "create: {search: [nummer]}\n", "1:19",
                   {"unknown property 'nummer'", "'number'"});
}

TEST(ProtocolGrammar, two_views_that_are_not_told_apart_cannot_write_one_field) {
    const LoadResult result =
        load_over("customers.yaml", "data_types: {Customers.person: {where: null}}\n");
    expect_error(result, central + "customers.yaml (shipped):45:7",
                 {"is written by Customers.company and by Customers.person"});
}

TEST(ProtocolGrammar, a_token_is_asked_for_over_tls_only) {
    for (const char* url : {"http://login.example/token", "https://u:p@login.example/token",
                            "login.example/token", "https://login.example/token?x=1"}) {
        const LoadResult result =
            load_over("connector.yaml", "auth: {token_url: \"" + std::string(url) + "\"}\n");
        expect_error(result, "entente.yaml:3:3", {"is no https URL"});
        EXPECT_EQ(all_text(result.diagnostics).find("u:p"), std::string::npos);
    }
}

TEST(ProtocolGrammar, an_enumeration_that_nobody_mapped_is_drift_and_not_a_value) {
    const LoadResult result = load_text(central_workspace);
    const Workspace& workspace = *result.workspace;
    const DataType& employee = workspace.data_type(workspace.find_data_type("BC.Employees"));
    const Lens& lens = employee.mapping(workspace.model(employee.model).find("status"))->lens;
    Value body = Value::object();
    body.set("status", "On_x0020_Leave");
    const auto got = get(lens, body);
    ASSERT_FALSE(got.has_value());
    EXPECT_EQ(got.error().kind, ErrorKind::drift);
    EXPECT_EQ(got.error().text,
              "`status` holds text 'On_x0020_Leave', not one of its declared values");
    body.set("status", "Active");
    EXPECT_EQ(get(lens, body).value(), Value("active"));
}

}  // namespace
}  // namespace entente::model
