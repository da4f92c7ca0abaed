// Mistakes in models, connectors and mappings, and the overlay that a workspace lays over the
// shipped catalogue. Each test lays a few lines over the shipped files, which is how users extend
// them.
#include "loading.hpp"

namespace entente::model {
namespace {

const std::string erp = "catalog/connectors/custom-erp/";
const std::string shop = "catalog/connectors/custom-webshop/";

LoadResult load_over(const std::string& path, const std::string& text) {
    return load_text(good_workspace, {{path, text}});
}

// `text` laid over the ERP's products has this error and no other.
void expect_product_error(const std::string& text, const std::string& place,
                          const std::vector<std::string>& parts) {
    SCOPED_TRACE(text);
    expect_only_error(load_over(erp + "products.yaml", text), erp + "products.yaml:" + place,
                      parts);
}

std::string product_map(const std::string& line) {
    return "data_types:\n  Product:\n    map:\n      " + line + "\n";
}

TEST(Overlay, adds_a_field_and_its_mapping_in_a_few_lines) {
    const LoadResult result = load_text(
        good_workspace, {{"catalog/models/product.yaml", "properties: {ean: {type: text}}\n"},
                         {erp + "products.yaml",
                          "properties: {ean_code: {type: text, max: 13}}\n"
                          "data_types: {Product: {map: {ean: ean_code}}}\n"}});
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    const Workspace& workspace = *result.workspace;
    const DataType& product = workspace.data_type(workspace.find_data_type("CustomERP.Product"));
    const Mapping* ean = product.mapping(workspace.model(product.model).find("ean"));
    ASSERT_NE(ean, nullptr);
    EXPECT_EQ(ean->lens.path, "ean_code");
    EXPECT_EQ(ean->lens.max, 13);
    EXPECT_EQ(ean->at.file, erp + "products.yaml");
    EXPECT_EQ(ean->at.line, 2);
    const Mapping* sku = product.mapping(workspace.model(product.model).find("sku"));
    ASSERT_NE(sku, nullptr) << "what the overlay does not name stays";
    EXPECT_EQ(sku->at.file, erp + "products.yaml (shipped)");
}

TEST(Overlay, null_removes_a_key) {
    const LoadResult result = load_over(erp + "products.yaml", product_map("currency: null"));
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    const Workspace& workspace = *result.workspace;
    const DataType& product = workspace.data_type(workspace.find_data_type("CustomERP.Product"));
    EXPECT_EQ(product.mapping(workspace.model(product.model).find("currency")), nullptr);
    EXPECT_NE(product.mapping(workspace.model(product.model).find("price")), nullptr);
}

TEST(Overlay, null_for_a_key_that_is_not_there_names_the_nearest) {
    expect_product_error(product_map("curency: null"), "4:7",
                         {"no 'curency' to remove", "'currency'"});
}

TEST(Overlay, lists_and_texts_are_replaced_as_a_whole) {
    const LoadResult result =
        load_over("catalog/models/product.yaml", "match: [[sku, currency]]\n");
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    const Workspace& workspace = *result.workspace;
    const auto product = std::ranges::find(workspace.models, "product", &Model::name);
    ASSERT_EQ(product->match.size(), 1u);
    EXPECT_EQ(product->match[0].size(), 2u);
}

TEST(Overlay, an_error_in_the_shipped_part_points_to_the_shipped_file) {
    // The overlay takes the declaration away that a shipped line relies on.
    expect_only_error(load_over(erp + "products.yaml", "properties: {blocked: null}\n"),
                      erp + "products.yaml (shipped):20:22", {"unknown property 'blocked'"});
}

TEST(Overlay, a_connector_of_the_workspace_s_own_is_a_folder) {
    const std::string own = "catalog/connectors/own/";
    const LoadResult result =
        load_text(with(good_workspace, "flows: derived\n",
                       "  Own: {connector: own, base_url: \"https://own.example\", settings: "
                       "{division: 7/8}}\n"
                       "flows: derived\n"),
                  {{own + "connector.yaml",
                    "connector: own\nprotocol: rest\n"
                    "settings: {division: {type: text, required: true}}\n"},
                   {own + "things.yaml",
                    "resource: things\npath: /d/{division}/things\nkey: id\n"
                    "properties: {label: {type: text}}\n"
                    "data_types: {Thing: {model: product, map: {sku: label}}}\n"}});
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    const Workspace& workspace = *result.workspace;
    const DataType& thing = workspace.data_type(workspace.find_data_type("Own.Thing"));
    EXPECT_EQ(workspace.resource(thing.resource).path, "/d/7%2F8/things");
}

TEST(Catalog, a_file_that_belongs_nowhere_is_reported) {
    expect_only_error(load_over("catalog/orders.yaml", "resource: x\n"), "catalog/orders.yaml:1:1",
                      {"no file of a catalogue", "connectors/CONNECTOR/RESOURCE.yaml"});
}

TEST(Catalog, a_folder_without_connector_file_is_reported) {
    expect_error(load_over("catalog/connectors/custom-epr/x.yaml", "resource: x\n"),
                 "catalog/connectors/custom-epr/x.yaml:1:1",
                 {"no connector.yaml", "folder's name"});
}

TEST(Catalog, names_must_agree_with_files) {
    expect_error(load_over("catalog/models/person.yaml",
                           "model: people\nproperties: {name: {type: name}}\n"),
                 "catalog/models/person.yaml:1:8", {"'people'", "model: person"});
}

TEST(Catalog, an_empty_file_is_reported) {
    expect_only_error(load_over("catalog/models/person.yaml", ""), "catalog/models/person.yaml:1:1",
                      {"the file is empty"});
}

TEST(Catalog, a_match_rule_names_properties_of_its_model) {
    expect_only_error(load_over("catalog/models/product.yaml", "match:\n  - [sku]\n  - [naem]\n"),
                      "catalog/models/product.yaml:3:6",
                      {"match rule names an unknown property 'naem'", "'name'"});
}

TEST(Catalog, a_reference_leads_to_a_model_that_exists) {
    expect_only_error(load_over("catalog/models/order.yaml",
                                "properties:\n  payer: {type: reference, to: organization}\n"),
                      "catalog/models/order.yaml:2:3",
                      {"unknown model 'organization'", "'organisation'"});
}

TEST(Catalog, an_unknown_model_of_a_data_type_names_the_nearest) {
    expect_product_error("data_types:\n  Product:\n    model: prodct\n", "3:12",
                         {"unknown model 'prodct'", "'product'"});
}

TEST(Catalog, an_unknown_property_of_the_model_names_the_nearest) {
    expect_product_error(product_map("prise: sales_price"), "4:7",
                         {"model product has no property 'prise'", "'price'"});
}

TEST(Catalog, an_unknown_property_of_the_resource_names_the_nearest) {
    expect_product_error(product_map("price: sale_price"), "4:14",
                         {"unknown property 'sale_price'", "'sales_price'"});
}

TEST(Catalog, an_unknown_lens_key_names_the_nearest) {
    expect_product_error(product_map("price: {pth: sales_price, path: sales_price}"), "4:15",
                         {"unknown key 'pth' in mapping of price", "'path'"});
}

TEST(Catalog, an_unknown_text_form_names_the_nearest) {
    expect_product_error(product_map("sku: {path: item_code, text: [uper]}"), "4:37",
                         {"unknown text form 'uper'", "'upper'"});
}

TEST(Catalog, a_lens_that_cannot_convert_is_refused) {
    expect_product_error(
        "properties: {flag: {type: date}}\n" + product_map("active: {path: flag, values: null}"),
        "5:22", {"is date and cannot hold active, which is boolean", "values:"});
}

TEST(Catalog, lens_keys_that_make_no_sense_are_refused) {
    expect_product_error(product_map("price: {path: sales_price, text: [upper]}"), "4:40",
                         {"`text` is for text only"});
    expect_product_error(product_map("currency: {path: currency_code, longer: truncate}"), "4:47",
                         {"how long `currency_code` may be", "declare max"});
    expect_product_error(product_map("sku: {path: item_code, decimals: 2}"), "4:40",
                         {"`decimals` is for decimals only"});
    expect_product_error(product_map("sku: {path: item_code, reference: Product}"), "4:41",
                         {"sku is no reference but text"});
}

TEST(Catalog, a_default_must_be_among_the_values) {
    expect_product_error(
        product_map("currency: {path: currency_code, values: {EUR: euro}, otherwise: USD}"), "4:71",
        {"`otherwise` gives 'USD'", "add it to `values`"});
}

TEST(Catalog, values_are_typed) {
    expect_product_error(product_map("active: {path: blocked, values: {yes: no, perhaps: yes}}"),
                         "4:49", {"cannot be 'perhaps'", "true or false"});
}

TEST(Catalog, two_mappings_of_one_field_are_refused_at_the_lower_one) {
    expect_only_error(load_over(erp + "customers.yaml",
                                "data_types:\n  Customer:\n    map:\n"
                                "      email: telephone\n      phone: telephone\n"),
                      erp + "customers.yaml:5:7",
                      {"two mappings write `telephone`", "customers.yaml:4"});
}

TEST(Catalog, two_data_types_of_one_resource_must_be_told_apart) {
    const std::string second =
        "properties: {kind: {type: text}}\n"
        "data_types:\n"
        "  Service:\n"
        "    model: product\n";
    const std::string map = "    map: {sku: item_code, name: description}\n";
    const LoadResult result = load_over(erp + "products.yaml", second + map);
    expect_error(result, erp + "products.yaml:5:11",
                 {"`item_code` is written by Product and by Service", "`where`"});
    expect_error(load_over(erp + "products.yaml", second + "    where: {kind: S}\n" + map),
                 erp + "products.yaml:6:11", {"not told apart"});

    const LoadResult apart =
        load_over(erp + "products.yaml",
                  second + "    where: {kind: S}\n" + map + "  Product: {where: {kind: P}}\n");
    EXPECT_TRUE(apart.workspace.has_value()) << all_text(apart.diagnostics);
}

TEST(Catalog, a_required_property_that_nothing_supplies_is_named) {
    expect_only_error(
        load_over(erp + "products.yaml", "properties: {vat_code: {type: text, required: true}}\n"),
        erp + "products.yaml (shipped):13:3", {"nothing can supply `vat_code`", "on_create"});
    expect_product_error("data_types:\n  Product: {map: {name: null}}\n", "2:3",
                         {"nothing can supply `description`, which products requires"});
}

// Of a flow, what its source cannot tell and its target must have: a note, because other systems may tell it.
TEST(Catalog, what_a_flow_cannot_supply_is_noted) {
    const LoadResult result =
        load_text(good_workspace,
                  {{erp + "customers.yaml", "data_types: {Customer: {map: {vat_number: null}}}\n"},
                   {"catalog/models/organisation.yaml",
                    "properties: {vat_number: {type: vat_number, required: true}}\n"}});
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    EXPECT_TRUE(
        has(result.diagnostics, Diagnostic::Severity::note, "entente.yaml:17:8",
            {"CustomWebshop.Customer requires vat_number", "which CustomERP.Customer does not have",
             "none of its records can be created there"}))
        << all_text(result.diagnostics);
}

TEST(Catalog, a_default_on_create_supplies_a_required_property) {
    const LoadResult result = load_text(
        good_workspace,
        {{"catalog/models/product.yaml", "properties: {stage: {type: text, scope: local}}\n"},
         {erp + "products.yaml",
          "properties: {vat_code: {type: text, required: true}}\n"
          "data_types: {Product: {map: {stage: {path: vat_code, on_create: high}}}}\n"}});
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
}

TEST(Catalog, a_reference_to_a_data_type_of_another_model_is_refused) {
    const std::string text = "data_types: {Order: {map: {customer: {reference: Product}}}}\n";
    expect_only_error(load_over(erp + "orders.yaml", text), erp + "orders.yaml:1:28",
                      {"customer refers to organisation", "Product is a data type of product"});
    expect_only_error(load_over(erp + "orders.yaml", with(text, "Product", "Custommer")),
                      erp + "orders.yaml:1:28", {"unknown data type 'Custommer'", "'Customer'"});
}

TEST(Catalog, a_reference_says_what_it_may_point_to) {
    expect_only_error(
        load_over(erp + "orders.yaml", "data_types: {Order: {map: {customer: customer}}}\n"),
        erp + "orders.yaml:1:38", {"no `reference`", "reference: DATA_TYPE"});
}

TEST(Catalog, a_reference_has_no_listed_values) {
    expect_only_error(load_over(erp + "orders.yaml",
                                "data_types: {Order: {map: {customer: {values: {a: 1}}}}}\n"),
                      erp + "orders.yaml:1:47", {"a reference has no listed values"});
}

TEST(Catalog, lines_without_parent_are_refused) {
    expect_error(load_over(erp + "order-lines.yaml", "data_types: {Order.lines: {parent: null}}\n"),
                 erp + "order-lines.yaml:1:14", {"holds lines of order", "parent:"});
}

TEST(Catalog, parent_and_list_must_agree) {
    expect_error(load_over(shop + "orders.yaml",
                           "data_types: {Order: {map: {lines: {path: lines, of: Order}}}}\n"),
                 shop + "orders.yaml:1:28",
                 {"is a list of order_line", "Order is a data type of order"});
    expect_error(load_over(shop + "orders.yaml", "data_types: {Order: {map: {lines: null}}}\n"),
                 shop + "orders.yaml:1:14", {"Order does not map its lines", "of: Order.lines"});
}

TEST(Catalog, a_searchable_resource_says_what_and_when) {
    const LoadResult result =
        load_over(erp + "products.yaml",
                  "create: {grade: searchable, visible_after: 1s, search: [item_cod]}\n");
    expect_error(result, erp + "products.yaml:1:57",
                 {"unknown property 'item_cod'", "'item_code'"});
    expect_error(result, erp + "products.yaml (shipped):4:9",
                 {"no `late_execution`", "late_execution: 1min"});
}

TEST(Catalog, a_keyed_resource_needs_the_header) {
    const LoadResult result = load_over(erp + "connector.yaml", "create: {idempotency: null}\n");
    expect_error(result, erp + "products.yaml:1:11",
                 {"resource products is keyed", "idempotency:"});
}

TEST(Catalog, a_connector_s_keys_are_checked) {
    const auto expect = [](const std::string& text, const std::string& place,
                           const std::vector<std::string>& parts) {
        SCOPED_TRACE(text);
        expect_only_error(load_over(erp + "connector.yaml", text), erp + "connector.yaml:" + place,
                          parts);
    };
    expect("paging: {kind: pages}\n", "1:16", {"`kind` cannot be 'pages'", "'page'"});
    expect("budget: {requests: 0}\n", "1:20", {"`requests`", "from 1 to"});
    expect("hosts: [\"https://erp.example\"]\n", "1:9", {"no host name", "without scheme"});
    expect("auth: {value: \"Bearer {tokn}\"}\n", "1:15", {"'{tokn}'", "'token'"});
    expect("version: {stale: [12]}\n", "1:19", {"a whole number from 400"});
    expect("protocol: soap\n", "1:11", {"`protocol` cannot be 'soap'", "rest"});
    expect("bugdet: {}\n", "1:1", {"unknown key 'bugdet'", "'budget'"});
}

TEST(Catalog, settings_are_checked) {
    const std::string path = erp + "connector.yaml";
    const std::string settings = "settings: {division: {type: integer, required: true}}\n";
    LoadResult result = load_over(path, settings);
    expect_to_fill_in(result, "entente.yaml:11:3", {"CustomERP needs the setting division"});
    const auto with_settings = [&](const std::string& value) {
        return load_text(
            with(good_workspace, "    poll_every: 2s\n", "    settings: " + value + "\n"),
            {{path, settings}});
    };
    EXPECT_TRUE(with_settings("{division: 12}").workspace.has_value());
    expect_only_error(with_settings("{division: twelve}"), "entente.yaml:15:26",
                      {"no whole number"});
    expect_error(with_settings("{divison: 12}"), "entente.yaml:15:16",
                 {"no setting 'divison'", "'division'"});
    expect_only_error(load_over(erp + "products.yaml", "path: /v1/{divsion}/products\n"),
                      erp + "products.yaml:1:7", {"'{divsion}' is no setting"});
}

}  // namespace
}  // namespace entente::model
