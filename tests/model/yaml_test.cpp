// Files that are no configuration at all: every refusal names line and column, counted from 1 in
// characters.
#include "model/yaml.hpp"

#include "base/limits.hpp"
#include "loading.hpp"

namespace entente::model {
namespace {

LoadResult load_workspace_text(const std::string& text) {
    return load_text(text);
}

TEST(Yaml, an_empty_file_is_an_error) {
    expect_only_error(load_workspace_text(""), "entente.yaml:1:1", {"the file is empty"});
    expect_only_error(load_workspace_text("# only a comment\n"), "entente.yaml:1:1", {"empty"});
}

// yaml-cpp would take a NUL at the beginning for UTF-16, and read on in another encoding.
TEST(Yaml, a_control_character_is_refused_at_its_place) {
    expect_only_error(load_workspace_text(std::string("workspace: ü\0\n", 14)), "entente.yaml:1:13",
                      {"control character (byte 00)", "remove it"});
    expect_only_error(load_workspace_text("workspace: a\nstore: \x1b[2J\n"), "entente.yaml:2:8",
                      {"byte 1b"});
}

TEST(Yaml, a_diagnostic_is_one_line_whatever_it_quotes) {
    const LoadResult result = load_workspace_text("workspace: a\n\"b\\nc\\e\": 1\n");
    EXPECT_TRUE(
        has(result.diagnostics, Diagnostic::Severity::error, "entente.yaml:2:1", {R"('b\nc\x1b')"}))
        << all_text(result.diagnostics);
}

TEST(Yaml, a_syntax_error_ends_its_own_file_only) {
    const LoadResult result =
        load_text("systems: [a\nflows: derived\n",
                  {{"catalog/models/order.yaml", "properties: {date: {tpye: date}}\n"}});
    expect_error(result, "entente.yaml:2:6", {"this is no YAML", "brackets"});
    expect_error(result, "catalog/models/order.yaml:1:21", {"unknown key 'tpye'", "'type'"});
}

TEST(Yaml, an_unquoted_variable_in_braces_gets_its_remedy_and_place) {
    expect_only_error(load_workspace_text(with(good_workspace, "\"${SHOP_KEY}\"", "${SHOP_KEY}")),
                      "entente.yaml:9:21", {"quote it: \"${SHOP_KEY}\""});
}

TEST(Yaml, an_unquoted_variable_in_a_block_is_refused_too) {
    const std::string text = with(good_workspace, "    auth: {token: \"file:erp.token\"}\n",
                                  "    auth:\n      token: ${ERP_TOKEN}\n");
    expect_only_error(load_workspace_text(text), "entente.yaml:15:14",
                      {"quote it: \"${ERP_TOKEN}\""});
}

TEST(Yaml, a_variable_in_a_comment_or_in_quotes_is_none) {
    const LoadResult result =
        load_text(with(good_workspace, "country: NL\n", "country: 'NL'  # not ${COUNTRY}\n"));
    EXPECT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
}

TEST(Yaml, duplicate_keys_are_refused_with_the_line_of_the_first) {
    expect_only_error(load_workspace_text(with(good_workspace, "conflicts: latest\n",
                                               "conflicts: latest\ncountry: NO\n")),
                      "entente.yaml:21:1", {"duplicate key 'country'", "line 4"});
}

TEST(Yaml, anchors_aliases_and_tags_are_refused) {
    const LoadResult anchor =
        load_workspace_text(with(with(good_workspace, "workspace: acme", "workspace: &name acme"),
                                 "conflicts: latest", "conflicts: *name"));
    expect_error(anchor, "entente.yaml:1:12", {"anchors", "write the value out"});
    expect_error(anchor, "entente.yaml:20:12", {"aliases", "write the value out"});
    expect_only_error(
        load_workspace_text(with(good_workspace, "workspace: acme", "workspace: !!str acme")),
        "entente.yaml:1:12", {"tags", "remove the tag"});
    expect_error(load_workspace_text(with(good_workspace, "flows: derived", "flows: *derived")),
                 "entente.yaml:17:8", {"aliases are not supported"});
}

TEST(Yaml, a_second_document_is_refused) {
    expect_only_error(load_workspace_text(good_workspace + "---\nworkspace: other\n"),
                      "entente.yaml:21:1", {"a second document", "one document"});
}

TEST(Yaml, deep_nesting_is_refused_and_does_not_overflow) {
    // The map itself is the first level, so the 64th bracket is one too many.
    const std::string deep = "workspace: " + std::string(100, '[') + std::string(100, ']') + "\n";
    expect_only_error(load_workspace_text(deep), "entente.yaml:1:75",
                      {"nested deeper than 64 levels"});
    const LoadResult bomb = load_workspace_text("workspace: " + std::string(100'000, '['));
    EXPECT_FALSE(bomb.workspace.has_value());
    EXPECT_TRUE(all_text(bomb.diagnostics).contains("nested deeper than 64 levels"));
}

TEST(Yaml, a_file_beyond_the_limit_is_not_parsed) {
    expect_only_error(load_workspace_text(std::string(limits::config_bytes_max + 1, '#')),
                      "entente.yaml:1:1", {"too large"});
}

TEST(Yaml, bytes_that_are_no_utf8_are_refused) {
    expect_only_error(load_workspace_text("workspace: \xff\n"), "entente.yaml:1:1",
                      {"not UTF-8", "save it as UTF-8"});
}

TEST(Yaml, columns_count_characters) {
    const LoadResult result = load_workspace_text(
        with(good_workspace, "conflicts: latest", "conflicts: {prefer: [ø, CustomERQ]}"));
    expect_error(result, "entente.yaml:20:25", {"CustomERQ", "CustomERP"});
}

TEST(Yaml, quoted_null_is_text_and_plain_null_is_nothing) {
    Diagnostics diagnostics;
    const auto tree = yaml::parse({"x.yaml", "a: null\nb: \"null\"\nc:\nd: ~\n"}, diagnostics);
    ASSERT_TRUE(tree.has_value());
    EXPECT_TRUE(tree->find("a")->is_null());
    EXPECT_TRUE(tree->find("b")->is_scalar());
    EXPECT_TRUE(tree->find("c")->is_null());
    EXPECT_EQ(tree->find("c")->at.line, 3) << "not the line below";
    EXPECT_TRUE(tree->find("d")->is_null());
}

}  // namespace
}  // namespace entente::model
