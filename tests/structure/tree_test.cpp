// The rules of rules.hpp over the project's own sources. A finding prints as file:line: what.
#include <gtest/gtest.h>

#include <algorithm>

#include "structure/rules.hpp"

namespace entente::structure {
namespace {

const std::filesystem::path root = ENTENTE_SOURCE_DIR;

class Tree : public ::testing::Test {
protected:
    static void SetUpTestSuite() { sources = read_sources(root, {"src", "tests", "bench"}); }
    static void expect_none(const Findings& findings) {
        for (const Finding& finding : findings) ADD_FAILURE() << finding.text();
    }
    static std::string ratchet(const std::string& name) {
        return read_text(root / "tests/structure" / name);
    }

    static inline std::vector<Source> sources;
};

TEST_F(Tree, is_read) {
    // Rules over nothing would pass.
    const auto has = [](std::string_view path) {
        return std::ranges::any_of(sources, [&](const Source& s) { return s.path == path; });
    };
    EXPECT_TRUE(has("src/sync/engine.cpp"));
    EXPECT_TRUE(has("tests/structure/tree_test.cpp"));
}

TEST_F(Tree, includes_follow_the_arrows) {
    expect_none(includes_against_the_arrows(sources));
}

TEST_F(Tree, link_targets_follow_the_arrows) {
    const std::string cmake = read_text(root / "src/CMakeLists.txt");
    ASSERT_NE(cmake.find("entente_library(base"), std::string::npos);
    expect_none(links_against_the_arrows("src/CMakeLists.txt", cmake));
}

TEST_F(Tree, third_party_headers_stay_in_their_folders) {
    expect_none(libraries_out_of_place(sources));
}

TEST_F(Tree, base_model_and_sync_know_no_clock_thread_or_random_device) {
    expect_none(impure_calls(sources));
}

TEST_F(Tree, sync_never_walks_an_unordered_container) {
    expect_none(unordered_loops(sources));
}

TEST_F(Tree, nothing_is_unfinished_and_no_test_sleeps) {
    expect_none(banned_words(sources));
}

TEST_F(Tree, no_folder_but_sim_names_a_system) {
    expect_none(systems_named(sources));
}

TEST_F(Tree, headers_begin_with_a_comment_and_pragma_once) {
    expect_none(headers_without_form(sources));
}

TEST_F(Tree, functions_fit_a_screen) {
    expect_none(long_functions(sources, ratchet("long_functions.txt")));
}

TEST_F(Tree, files_are_cut_by_noun) {
    expect_none(long_files(sources, ratchet("long_files.txt")));
}

}  // namespace
}  // namespace entente::structure
