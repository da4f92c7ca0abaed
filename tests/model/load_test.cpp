// The happy path: the shipped catalogue and a workspace of both systems become the structure that
// the engine expects.
#include "loading.hpp"

#include "model/describe.hpp"

namespace entente::model {
namespace {

class LoadedWorkspace : public ::testing::Test {
protected:
    void SetUp() override {
        result_ = load_text(good_workspace);
        ASSERT_TRUE(result_.workspace.has_value()) << all_text(result_.diagnostics);
    }
    const Workspace& workspace() const { return *result_.workspace; }
    const DataType& data_type(std::string_view name) const {
        const DataTypeIndex index = workspace().find_data_type(name);
        CHECK(static_cast<bool>(index), name);
        return workspace().data_type(index);
    }
    const Lens& lens(std::string_view name, std::string_view property) const {
        const DataType& type = data_type(name);
        const Mapping* mapping = type.mapping(workspace().model(type.model).find(property));
        CHECK(mapping != nullptr, property);
        return mapping->lens;
    }

    LoadResult result_;
};

TEST_F(LoadedWorkspace, nothing_is_wrong_with_the_shipped_catalogue) {
    EXPECT_EQ(all_text(result_.diagnostics), "");
    EXPECT_EQ(workspace().name, "acme");
    EXPECT_EQ(workspace().store_path, "state/entente.db");
    EXPECT_EQ(workspace().country, "NL");
}

TEST_F(LoadedWorkspace, the_systems_stand_in_the_order_of_the_file) {
    ASSERT_EQ(workspace().systems.size(), 2u);
    const System& shop = workspace().systems[0];
    const System& erp = workspace().systems[1];
    EXPECT_EQ(shop.name, "CustomWebshop");
    EXPECT_EQ(erp.name, "CustomERP");
    EXPECT_TRUE(shop.simulated);
    EXPECT_FALSE(erp.simulated);
    EXPECT_EQ(shop.hosts, std::vector<std::string>{"127.0.0.1"});
    EXPECT_EQ(erp.hosts, std::vector<std::string>{"erp.example"});
    EXPECT_EQ(erp.base_url, "https://erp.example") << "the paths begin with a slash";
    EXPECT_EQ(shop.secrets.at("api_key").name, "SHOP_KEY");
    EXPECT_EQ(erp.secrets.at("token").kind, SecretRef::Kind::file);
    EXPECT_EQ(erp.secrets.at("token").name, "erp.token");
    EXPECT_EQ(erp.poll_every.ms, 2'000);
    EXPECT_EQ(erp.sweep_every.ms, 600'000);
}

TEST_F(LoadedWorkspace, the_protocols_are_those_of_the_simulated_systems) {
    const RestProtocol& shop = workspace().systems[0].rest;
    const RestProtocol& erp = workspace().systems[1].rest;
    EXPECT_EQ(shop.auth_header, "X-Api-Key");
    EXPECT_EQ(erp.auth_value, "Bearer {token}");
    EXPECT_EQ(shop.paging, RestProtocol::Paging::page);
    EXPECT_EQ(erp.paging, RestProtocol::Paging::cursor);
    EXPECT_EQ(erp.next_at, "next");
    EXPECT_EQ(shop.modified_filter.parameter, "updated_since");
    EXPECT_EQ(shop.modified_overlap.ms, 5'000);
    EXPECT_EQ(shop.precondition_header, "");
    EXPECT_EQ(erp.precondition_header, "If-Match");
    EXPECT_EQ(erp.etag_at, "etag");
    EXPECT_EQ(erp.idempotency_header, "Idempotency-Key");
    EXPECT_EQ(erp.error_field_at, "details.0.field");
    EXPECT_EQ(erp.already_exists_codes, std::vector<std::string>{"duplicate"});
    EXPECT_EQ(shop.quotas.front().requests, 1200);
    EXPECT_EQ(erp.quotas.front().requests, 1800);
    EXPECT_EQ(erp.concurrent, 6);
}

TEST_F(LoadedWorkspace, there_are_eight_data_types_on_eight_resources) {
    EXPECT_EQ(workspace().data_types.size(), 8u);
    EXPECT_EQ(workspace().resources.size(), 8u);
    for (const DataType& type : workspace().data_types) {
        EXPECT_EQ(type.mapping_of.size(), workspace().model(type.model).properties.size());
        EXPECT_TRUE(std::ranges::is_sorted(type.map, {}, &Mapping::property)) << type.full_name;
        EXPECT_NE(type.fingerprint, Digest{}) << type.full_name;
        EXPECT_EQ(workspace().resource(type.resource).system, type.system) << type.full_name;
    }
}

TEST_F(LoadedWorkspace, lines_know_their_parents_and_parents_their_lines) {
    const DataType& shop = data_type("CustomWebshop.Order.lines");
    EXPECT_TRUE(shop.is_nested());
    EXPECT_EQ(shop.nested_path, "lines");
    EXPECT_EQ(shop.parent, workspace().find_data_type("CustomWebshop.Order"));
    const Resource& nested = workspace().resource(shop.resource);
    EXPECT_EQ(nested.key_at, "id");
    EXPECT_TRUE(nested.key_is_integer);
    EXPECT_EQ(nested.nested_in, data_type("CustomWebshop.Order").resource);
    EXPECT_EQ(nested.path, "");

    const DataType& erp = data_type("CustomERP.Order.lines");
    EXPECT_FALSE(erp.is_nested());
    EXPECT_EQ(erp.parent_at, "order");
    EXPECT_EQ(erp.parent, workspace().find_data_type("CustomERP.Order"));
    EXPECT_FALSE(workspace().resource(erp.resource).nested_in);

    for (const std::string system : {"CustomWebshop", "CustomERP"}) {
        EXPECT_EQ(data_type(system + ".Order").children,
                  std::vector{workspace().find_data_type(system + ".Order.lines")});
        EXPECT_TRUE(data_type(system + ".Customer").children.empty());
    }
    EXPECT_TRUE(data_type("CustomWebshop.Order").lines_required);
    EXPECT_FALSE(data_type("CustomERP.Order").lines_required);
}

TEST_F(LoadedWorkspace, references_lead_to_data_types_of_the_same_system) {
    for (const std::string system : {"CustomWebshop", "CustomERP"}) {
        const DataType& order = data_type(system + ".Order");
        const Mapping* customer = order.mapping(workspace().model(order.model).find("customer"));
        ASSERT_NE(customer, nullptr);
        EXPECT_EQ(customer->refers_to,
                  std::vector{workspace().find_data_type(system + ".Customer")});
    }
    EXPECT_EQ(lens("CustomERP.Order", "customer").field, FieldType::integer);
    EXPECT_EQ(lens("CustomWebshop.Order", "customer").field, FieldType::text);
}

TEST_F(LoadedWorkspace, lists_are_children_and_never_mapped_values) {
    for (const std::string name : {"CustomWebshop.Order", "CustomERP.Order"}) {
        const DataType& order = data_type(name);
        EXPECT_EQ(order.mapping(workspace().model(order.model).find("lines")), nullptr) << name;
    }
}

TEST_F(LoadedWorkspace, lenses_take_type_limits_and_access_from_the_declared_property) {
    EXPECT_EQ(lens("CustomERP.Customer", "name").max, 60);
    EXPECT_FALSE(lens("CustomERP.Customer", "name").truncates);
    EXPECT_TRUE(lens("CustomERP.Customer", "name").required);
    EXPECT_EQ(lens("CustomERP.Customer", "vat_number").forms,
              (std::vector{TextForm::upper, TextForm::no_space}));
    EXPECT_EQ(lens("CustomERP.Product", "price").decimals, 2);
    EXPECT_EQ(lens("CustomERP.Product", "active").values.size(), 2u);
    EXPECT_EQ(lens("CustomERP.Order", "number").access, Access::read);
    EXPECT_EQ(lens("CustomERP.Customer", "phone").country, "NL");
}

TEST_F(LoadedWorkspace, create_grades_are_those_of_the_resources) {
    const Resource& shop = workspace().resource(data_type("CustomWebshop.Customer").resource);
    EXPECT_EQ(shop.grade, CreateGrade::searchable);
    EXPECT_EQ(shop.late_execution.ms, 2'000);
    EXPECT_EQ(shop.visible_after.ms, 0);
    EXPECT_EQ(shop.search.size(), 3u);
    const Resource& erp = workspace().resource(data_type("CustomERP.Customer").resource);
    EXPECT_EQ(erp.grade, CreateGrade::keyed);
    EXPECT_TRUE(erp.key_is_integer);
}

TEST_F(LoadedWorkspace, derived_flows_join_every_ordered_pair_and_lines_follow) {
    ASSERT_EQ(workspace().flows.size(), 8u);
    int implied = 0;
    for (const Flow& flow : workspace().flows) {
        const DataType& from = workspace().data_type(flow.from);
        const DataType& to = workspace().data_type(flow.to);
        EXPECT_NE(from.system, to.system);
        EXPECT_EQ(from.model, to.model);
        EXPECT_EQ(flow.create, CreateRule::always);
        EXPECT_EQ(flow.implied, from.name == "Order.lines");
        implied += flow.implied ? 1 : 0;
    }
    EXPECT_EQ(implied, 2);
    const auto customer = workspace().find_data_type("CustomWebshop.Customer");
    EXPECT_EQ(workspace().rule(customer, workspace().find_data_type("CustomERP.Customer")),
              CreateRule::always);
    EXPECT_EQ(workspace().rule(customer, workspace().find_data_type("CustomERP.Product")),
              CreateRule::never);
}

TEST_F(LoadedWorkspace, policies_are_there_for_every_property) {
    ASSERT_EQ(workspace().policies.size(), workspace().models.size());
    int prefers = 0;
    for (std::size_t m = 0; m < workspace().models.size(); ++m) {
        ASSERT_EQ(workspace().policies[m].size(), workspace().models[m].properties.size());
        for (const ConflictPolicy& policy : workspace().policies[m])
            prefers += policy.prefer ? 1 : 0;
    }
    EXPECT_EQ(prefers, 1);
    const DataType& product = data_type("CustomERP.Product");
    const PropertyIndex price = workspace().model(product.model).find("price");
    const ConflictPolicy& policy = workspace().policy(product.model, price);
    EXPECT_TRUE(policy.prefer);
    EXPECT_EQ(policy.order, std::vector{SystemIndex{1}});
}

TEST_F(LoadedWorkspace, data_types_of_a_resource_are_found) {
    const DataType& customer = data_type("CustomERP.Customer");
    EXPECT_EQ(workspace().data_types_of(customer.resource),
              std::vector{workspace().find_data_type("CustomERP.Customer")});
    EXPECT_FALSE(workspace().find_data_type("CustomERP.Nothing"));
}

TEST_F(LoadedWorkspace, the_description_tells_flows_guarantees_and_what_is_silent) {
    const std::vector<std::string> lines = describe(workspace());
    const auto has_line = [&](std::string_view part) {
        return std::ranges::any_of(lines, [&](const auto& line) { return line.contains(part); });
    };
    EXPECT_EQ(lines.front(),
              "Every CustomWebshop.Customer is synchronised with a CustomERP.Customer (created "
              "there when missing)");
    EXPECT_TRUE(
        has_line("matched by vat_number (identifies), or email, or name + address.postal_code"));
    EXPECT_TRUE(has_line("window between compare and write is silent"));
    EXPECT_TRUE(has_line("writes are conditional (If-Match)"));
    EXPECT_TRUE(has_line("seen within 10 min"));
    EXPECT_TRUE(
        has_line("a walk is proved whole: its pages tell how many there are (total at total)"));
    EXPECT_TRUE(has_line("a walk cannot be proved whole: only a row that comes twice tells"));
    EXPECT_TRUE(has_line("[catalog/connectors/custom-erp/customers.yaml]"));
}

TEST(Load, the_shipped_catalogue_is_sorted_and_complete) {
    const auto files = shipped_catalog();
    EXPECT_EQ(files.size(), 32u);
    EXPECT_TRUE(std::ranges::is_sorted(files, {}, &SourceFile::path));
    for (const SourceFile& file : files)
        EXPECT_TRUE(file.path.starts_with("catalog/")) << file.path;
}

TEST(Load, the_same_files_give_the_same_fingerprints_and_another_mapping_another) {
    const auto fingerprint = [](std::vector<SourceFile> overlay) {
        const LoadResult result = load_text(good_workspace, std::move(overlay));
        CHECK(result.workspace.has_value(), all_text(result.diagnostics));
        const DataTypeIndex customer = result.workspace->find_data_type("CustomERP.Customer");
        return result.workspace->data_type(customer).fingerprint;
    };
    const Digest plain = fingerprint({});
    EXPECT_EQ(fingerprint({}), plain);
    const std::string path = "catalog/connectors/custom-erp/customers.yaml";
    EXPECT_EQ(fingerprint({{path, "properties: {fax: {type: text}}\n"}}), plain)
        << "what is not mapped does not count";
    EXPECT_NE(fingerprint({{path, "data_types: {Customer: {map: {phone: null}}}\n"}}), plain);
}

TEST(Load, data_types_that_may_not_create_or_be_written_have_flows_that_do_not_create) {
    const LoadResult result = load_text(with(good_workspace, "    poll_every: 2s\n",
                                             "    data_types:\n"
                                             "      Customer: {share: false}\n"
                                             "      Order: {creates: no}\n"));
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    const Workspace& workspace = *result.workspace;
    const auto rule = [&](std::string_view from, std::string_view to) {
        return workspace.rule(workspace.find_data_type(from), workspace.find_data_type(to));
    };
    EXPECT_EQ(rule("CustomWebshop.Customer", "CustomERP.Customer"), CreateRule::never);
    EXPECT_EQ(rule("CustomERP.Customer", "CustomWebshop.Customer"), CreateRule::always);
    EXPECT_EQ(rule("CustomERP.Order", "CustomWebshop.Order"), CreateRule::never);
    EXPECT_EQ(rule("CustomERP.Order.lines", "CustomWebshop.Order.lines"), CreateRule::never);
    EXPECT_EQ(rule("CustomWebshop.Order", "CustomERP.Order"), CreateRule::always);
}

TEST(Load, a_list_of_flows_is_exactly_that_and_lines_follow_it) {
    const LoadResult result = load_text(
        with(good_workspace, "flows: derived\n",
             "flows:\n"
             "  - {from: CustomWebshop.Order, to: CustomERP.Order}\n"
             "  - {from: CustomWebshop.Customer, to: CustomERP.Customer, create: never}\n"));
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    const Workspace& workspace = *result.workspace;
    ASSERT_EQ(workspace.flows.size(), 3u);
    EXPECT_EQ(workspace.flows[0].create, CreateRule::always);
    EXPECT_EQ(workspace.flows[1].create, CreateRule::never);
    EXPECT_EQ(workspace.flows[1].at.line, 19);
    EXPECT_TRUE(workspace.flows[2].implied);
    EXPECT_EQ(workspace.data_type(workspace.flows[2].from).full_name, "CustomWebshop.Order.lines");
}

TEST(Load, a_second_system_of_one_connector_has_data_types_of_its_own) {
    const LoadResult result = load_text(with(good_workspace, "flows: derived\n",
                                             "  Second:\n"
                                             "    connector: custom-webshop\n"
                                             "    base_url: https://second.example\n"
                                             "    auth: {api_key: \"${SECOND_KEY}\"}\n"
                                             "flows: derived\n"));
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    const Workspace& workspace = *result.workspace;
    EXPECT_EQ(workspace.data_types.size(), 12u);
    const DataType& order = workspace.data_type(workspace.find_data_type("Second.Order"));
    ASSERT_EQ(order.children.size(), 1u);
    EXPECT_EQ(workspace.data_type(order.children[0]).full_name, "Second.Order.lines");
    const Mapping* customer = order.mapping(workspace.model(order.model).find("customer"));
    ASSERT_NE(customer, nullptr);
    EXPECT_EQ(workspace.data_type(customer->refers_to.at(0)).full_name, "Second.Customer");
    EXPECT_EQ(workspace.flows.size(), 24u);
}

TEST(Load, what_is_not_set_is_listed_and_stops_nothing) {
    LoadInput input = input_of(with(good_workspace, "    base_url: https://erp.example/\n", ""));
    input.is_set = [](const SecretRef& secret) { return secret.kind == SecretRef::Kind::file; };
    const LoadResult result = load(input);
    expect_to_fill_in(result, "entente.yaml:9:21", {"SHOP_KEY is not set", "export SHOP_KEY="});
    expect_to_fill_in(result, "entente.yaml:11:3", {"CustomERP has no base_url", "https://HOST"});
    EXPECT_EQ(result.diagnostics.size(), 2u) << all_text(result.diagnostics);
}

TEST(Load, a_missing_secret_is_to_fill_in_with_the_line_to_write) {
    const LoadResult result =
        load_text(with(good_workspace, "    auth: {token: \"file:erp.token\"}\n", ""));
    expect_to_fill_in(result, "entente.yaml:11:3",
                      {"CustomERP has no token", "auth: {token: \"${CUSTOMERP_TOKEN}\"}"});
}

}  // namespace
}  // namespace entente::model
