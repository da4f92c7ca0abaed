// Systems at one address (G6): with one login they are one system, which is an error; else people are told. And what the model
// requires and nobody maps is told before anything waits for it.
#include "model/addresses.hpp"
#include "loading.hpp"

namespace entente::model {
namespace {

std::string two_erps(const std::string& first, const std::string& second,
                     const std::string& login = "file:erp.token") {
    return "workspace: acme\nsystems:\n  Erp:\n    connector: custom-erp\n    base_url: " + first +
           "\n    auth: {token: \"file:erp.token\"}\n  Other:\n    connector: custom-erp\n"
           "    base_url: " +
           second + "\n    auth: {token: \"" + login + "\"}\n";
}

bool is_noted(const LoadResult& result) {
    return has(result.diagnostics, Diagnostic::Severity::note, "entente.yaml:9:15",
               {"Erp and Other have one address", "remove one of them"});
}

TEST(Addresses, two_systems_with_one_address_and_one_login_are_refused_however_they_are_spelled) {
    const std::vector<std::pair<std::string, std::string>> spellings{
        {"http://127.0.0.1:4021", "http://127.0.0.1:4021"},
        {"http://127.0.0.1:4021/", "http://localhost:4021"},
        {"http://[::1]:4021/x", "http://127.0.0.2:4021/x//"},
        {"http://[::1]", "http://LOCALHOST:80"},
        {"https://erp.example", "https://ERP.example:443/"},
    };
    for (const auto& [first, second] : spellings) {
        SCOPED_TRACE(first + " and " + second);
        expect_only_error(load_text(two_erps(first, second)), "entente.yaml:9:15",
                          {"Erp and Other have one address", "one system", "base_url"});
    }
}

TEST(Addresses, of_other_hosts_ports_paths_and_schemes_are_others) {
    for (const std::string second :
         {"http://127.0.0.1:4022", "https://127.0.0.1:4021", "http://127.0.0.1:4021/b"}) {
        SCOPED_TRACE(second);
        const LoadResult result = load_text(two_erps("http://127.0.0.1:4021", second));
        ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
        EXPECT_FALSE(is_noted(result));
        EXPECT_TRUE(address_warnings(*result.workspace).empty());
    }
}

TEST(Addresses, with_another_login_are_warned_of) {
    const LoadResult result =
        load_text(two_erps("http://127.0.0.1:4021", "http://localhost:4021", "file:other.token"));
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    EXPECT_TRUE(is_noted(result)) << all_text(result.diagnostics);
    EXPECT_EQ(address_warnings(*result.workspace).size(), 1u);
}

TEST(Addresses, of_systems_that_read_no_common_list_are_no_matter) {
    const LoadResult result = load_text(
        with(with(two_erps("http://127.0.0.1:4021", "http://127.0.0.1:4021"),
                  "Other:\n    connector: custom-erp", "Other:\n    connector: custom-webshop"),
             "4021\n    auth: {token: \"file:erp.token\"}\n  Other",
             "4021/erp\n    auth: {token: \"file:erp.token\"}\n  Other"));
    EXPECT_FALSE(all_text(result.diagnostics).contains("have one address"));
}

TEST(Unmapped, what_the_model_requires_and_the_target_does_not_map_is_noted_once) {
    const LoadResult result =
        load_text(good_workspace, {{"catalog/connectors/custom-erp/products.yaml",
                                    "properties: {item_code: {required: null}}\n"
                                    "data_types: {Product: {map: {sku: null}}}\n"}});
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    EXPECT_EQ(std::ranges::count_if(result.diagnostics,
                                    [](const Diagnostic& diagnostic) {
                                        return diagnostic.what.contains(
                                            "product requires sku, which CustomERP.Product does "
                                            "not map: none can be created there");
                                    }),
              1)
        << all_text(result.diagnostics);
}

TEST(Configuration, another_text_has_another_digest_but_of_connectors_that_nobody_uses) {
    const auto digest = [](const std::string& text, std::vector<SourceFile> overlay = {}) {
        return load_text(text, std::move(overlay)).workspace.value().configuration;
    };
    const Digest as_it_was = digest(good_workspace);
    EXPECT_EQ(digest(good_workspace), as_it_was);
    EXPECT_NE(digest(good_workspace + "# corrected\n"), as_it_was);
    const std::string nothing = "# nothing\n";
    EXPECT_NE(digest(good_workspace, {{"catalog/connectors/custom-erp/products.yaml",
                                       nothing + "path: /products\n"}}),
              as_it_was);
    LoadInput input = input_of(good_workspace);
    for (SourceFile& file : input.catalog)
        if (file.path.contains("exact-online")) file.text += nothing;
    EXPECT_EQ(load(input).workspace.value().configuration, as_it_was);
}

}  // namespace
}  // namespace entente::model
