// Every mistake in entente.yaml is found at its exact place, with the remedy. One test per mistake.
#include <fmt/format.h>

#include "loading.hpp"

namespace entente::model {
namespace {

TEST(Refusal, an_unknown_key_names_the_nearest) {
    expect_only_error(load_text(with(good_workspace, "country: NL", "contry: NL")),
                      "entente.yaml:4:1", {"unknown key 'contry'", "did you mean 'country'?"});
    expect_only_error(load_text(with(good_workspace, "poll_every", "pol_every")),
                      "entente.yaml:15:5", {"system CustomERP", "'poll_every'"});
}

TEST(Refusal, a_wrong_type_names_the_right_one) {
    expect_only_error(load_text(with(good_workspace, "simulated: true", "simulated: maybe")),
                      "entente.yaml:10:16", {"`simulated` cannot be 'maybe'", "true or false"});
    expect_only_error(load_text(with(good_workspace, "poll_every: 2s", "poll_every: 2 seconds")),
                      "entente.yaml:15:17", {"a duration like"});
    expect_only_error(load_text(with(good_workspace, "flows: derived", "flows: {a: b}")),
                      "entente.yaml:17:8", {"derived, or a list"});
    expect_error(load_text("workspace: acme\nsystems: [a, b]\n"), "entente.yaml:2:10",
                 {"`systems` cannot be a list", "a map"});
}

TEST(Refusal, an_unknown_connector_names_the_nearest) {
    expect_only_error(load_text(with(good_workspace, "custom-webshop", "custom-wbshop")),
                      "entente.yaml:7:16", {"unknown connector", "did you mean 'custom-webshop'?"});
}

TEST(Refusal, an_unknown_model_or_property_of_a_policy_names_the_nearest) {
    expect_only_error(load_text(with(good_workspace, "product.price", "produkt.price")),
                      "entente.yaml:19:3", {"unknown model", "'product'"});
    expect_only_error(load_text(with(good_workspace, "product.price", "product.prize")),
                      "entente.yaml:19:3", {"no property 'prize'", "'price'"});
}

TEST(Refusal, an_unknown_system_in_prefer_names_the_nearest) {
    expect_only_error(load_text(with(good_workspace, "[CustomERP]", "[CustomEPR]")),
                      "entente.yaml:19:40", {"unknown system 'CustomEPR'", "'CustomERP'"});
}

TEST(Refusal, an_unknown_data_type_names_the_nearest) {
    expect_only_error(load_text(with(good_workspace, "    poll_every: 2s\n",
                                     "    data_types: {Custmer: {share: false}}\n")),
                      "entente.yaml:15:18", {"no data type 'Custmer'", "'Customer'"});
}

TEST(Refusal, a_literal_secret_is_refused_and_never_repeated) {
    const LoadResult result = load_text(with(good_workspace, "\"${SHOP_KEY}\"", "hunter2-hunter2"));
    expect_only_error(result, "entente.yaml:9:21",
                      {"literal secret", "\"${CUSTOMWEBSHOP_API_KEY}\"", "file:PATH"});
    EXPECT_FALSE(all_text(result.diagnostics).contains("hunter2"));
}

TEST(Refusal, a_secret_that_the_connector_does_not_know_is_refused) {
    const LoadResult result = load_text(with(good_workspace, "{api_key:", "{api_kee:"));
    expect_error(result, "entente.yaml:9:12", {"unknown key 'api_kee'", "'api_key'"});
}

TEST(Refusal, a_base_url_must_be_http_and_nothing_odd) {
    for (const std::string url :
         {"ftp://erp.example", "erp.example", "https://", "https:///x", "https://erp.example/?a=1",
          "https://erp.example/#a", "https://erp example", "https://127.1/",
          "https://erp.example:0", "https://erp\\.example", "https://[::2]/",
          "https://erp.example:65536"}) {
        SCOPED_TRACE(url);
        const std::string quoted = "'" + url + "'";
        expect_only_error(load_text(with(good_workspace, "https://erp.example/", quoted)),
                          "entente.yaml:13:15", {"no http(s) URL", "https://shop.example/api"});
    }
}

TEST(Refusal, a_base_url_with_a_login_is_refused_and_not_repeated) {
    const LoadResult result =
        load_text(with(good_workspace, "https://erp.example/", "https://me:hunter2@erp.example/"));
    expect_only_error(result, "entente.yaml:13:15", {"holds a login", "under auth"});
    EXPECT_FALSE(all_text(result.diagnostics).contains("hunter2"));
}

TEST(Refusal, plain_http_leaves_this_machine_never) {
    for (const std::string url :
         {"http://erp.example/", "http://127.0.0.1.erp.example/", "http://10.0.0.1:80"}) {
        expect_only_error(load_text(with(good_workspace, "https://erp.example/", url)),
                          "entente.yaml:13:15", {"in clear", "write https://"});
    }
    for (const std::string url : {"http://localhost:1/v1", "http://127.0.0.2", "http://[::1]:80"}) {
        const LoadResult result = load_text(with(good_workspace, "https://erp.example/", url));
        EXPECT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    }
}

TEST(Refusal, a_simulated_system_stays_on_this_machine) {
    expect_only_error(
        load_text(with(good_workspace, "http://127.0.0.1:4010", "https://shop.example")),
        "entente.yaml:8:15", {"simulated", "http://127.0.0.1:PORT"});
}

TEST(Refusal, a_host_that_the_connector_does_not_declare_gets_no_credential) {
    const SourceFile hosts{"catalog/connectors/custom-erp/connector.yaml",
                           "hosts: [api.erp.example]\n"};
    expect_only_error(load_text(good_workspace, {hosts}), "entente.yaml:13:15",
                      {"erp.example is no host", "api.erp.example"});
    const LoadResult right = load_text(
        with(good_workspace, "https://erp.example/", "https://API.erp.example/v2"), {hosts});
    ASSERT_TRUE(right.workspace.has_value()) << all_text(right.diagnostics);
    EXPECT_EQ(right.workspace->systems[1].hosts, std::vector<std::string>{"api.erp.example"});
}

TEST(Refusal, basics_are_checked) {
    expect_only_error(load_text(with(good_workspace, "country: NL", "country: nl")),
                      "entente.yaml:4:10", {"no country code", "two capital letters"});
    expect_only_error(load_text(with(good_workspace, "Europe/Amsterdam", "CET?")),
                      "entente.yaml:3:11", {"no time zone", "Europe/Amsterdam"});
    expect_only_error(
        load_text(with(good_workspace, "state/entente.db", "postgresql://localhost/x")),
        "entente.yaml:2:8", {"no path of a file", "state/entente.db"});
    expect_only_error(load_text(with(good_workspace, "workspace: acme\n", "")), "entente.yaml:1:1",
                      {"no `workspace`", "workspace: NAME"});
    expect_only_error(load_text(with(good_workspace, "conflicts: latest", "conflicts: newest")),
                      "entente.yaml:20:12", {"latest or {prefer: [SYSTEM]}"});
}

TEST(Refusal, a_system_name_with_a_dot_is_refused) {
    expect_error(load_text(with(good_workspace, "  CustomWebshop:\n", "  Custom.Webshop:\n")),
                 "entente.yaml:6:3", {"no name for a system", "unambiguous"});
}

std::string with_flow(const std::string& flow) {
    return with(good_workspace, "flows: derived\n",
                "flows:\n"
                "  - {from: CustomWebshop.Customer, to: CustomERP.Customer}\n"
                "  - " +
                    flow + "\n");
}

TEST(Refusal, a_duplicate_flow_names_the_first) {
    expect_only_error(
        load_text(with_flow("{from: CustomWebshop.Customer, to: CustomERP.Customer}")),
        "entente.yaml:19:5", {"is there already", "line 18"});
}

TEST(Refusal, a_flow_between_models_is_refused) {
    expect_only_error(load_text(with_flow("{from: CustomWebshop.Customer, to: CustomERP.Product}")),
                      "entente.yaml:19:40", {"of model product", "a data type of organisation"});
}

TEST(Refusal, a_flow_within_a_system_is_refused) {
    expect_only_error(load_text(with_flow("{from: CustomERP.Customer, to: CustomERP.Customer}")),
                      "entente.yaml:19:36", {"same system", "from one system to another"});
}

TEST(Refusal, a_flow_of_lines_is_refused) {
    expect_only_error(
        load_text(with_flow("{from: CustomWebshop.Order.lines, to: CustomERP.Order.lines}")),
        "entente.yaml:19:5", {"follow their parents", "remove this flow"});
}

TEST(Refusal, unknown_ends_of_a_flow_name_the_nearest) {
    expect_only_error(load_text(with_flow("{from: CustomWebshpo.Product, to: CustomERP.Product}")),
                      "entente.yaml:19:12", {"unknown system", "'CustomWebshop'"});
    expect_only_error(load_text(with_flow("{from: CustomWebshop.Produkt, to: CustomERP.Product}")),
                      "entente.yaml:19:12", {"unknown data type", "'CustomWebshop.Product'"});
    expect_error(load_text(with_flow("{from: CustomWebshop.Product, too: CustomERP.Product}")),
                 "entente.yaml:19:35", {"unknown key 'too'"});
}

TEST(Refusal, all_mistakes_are_found_at_once) {
    std::string text = with(good_workspace, "country: NL", "country: nl");
    text = with(text, "custom-webshop", "custom-wbshop");
    text = with(text, "product.price", "product.prize");
    const LoadResult result =
        load_text(text, {{"catalog/models/order.yaml", "match: [[extrenal_number]]\n"},
                         {"catalog/connectors/custom-erp/orders.yaml", "create: {grade: key}\n"}});
    EXPECT_EQ(result.diagnostics.size(), 5u) << all_text(result.diagnostics);
    EXPECT_EQ(result.diagnostics.front().at.file, "entente.yaml");
}

TEST(Refusal, what_cannot_identify_is_told) {
    const auto with_model = [](const char* text) {
        return load_text(good_workspace, {{"catalog/models/product.yaml", text}});
    };
    expect_error(with_model("properties: {active: {type: boolean, identifies: yes}}\n"),
                 "catalog/models/product.yaml:1:50", {"active", "cannot identify"});
    expect_error(with_model("properties: {own: {type: text, scope: local, identifies: yes}}\n"),
                 "catalog/models/product.yaml:1:58", {"local", "identifies"});
    expect_error(with_model("match: [{properties: [sku, name], compare: loose}]\n"),
                 "catalog/models/product.yaml:1:9", {"compares exactly", "compare: loose"});
    expect_error(with_model("match: [{properties: [name], compare: lose}]\n"),
                 "catalog/models/product.yaml:1:39", {"'lose'", "loose"});
    std::string many = "properties: {";
    for (int i = 0; i < 66; ++i) many += fmt::format("p{}: {{type: text}}, ", i);
    many += "}\nmatch:\n";
    for (int i = 0; i < 33; ++i) many += fmt::format("  - [p{}, p{}]\n", 2 * i, 2 * i + 1);
    expect_error(with_model(many.c_str()), "catalog/models/product.yaml:3:3", {"at most 64", "66"});
    expect_error(with_model("match: [{compare: loose}]\n"), "catalog/models/product.yaml:1:9",
                 {"properties"});
}

}  // namespace
}  // namespace entente::model
