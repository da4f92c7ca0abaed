// The rules themselves, fed with made-up sources that break them one by one: a rule that finds nothing anywhere would
// otherwise look like a tidy project.
#include "structure/rules.hpp"

#include <gtest/gtest.h>

namespace entente::structure {
namespace {

std::vector<Source> one(std::string path, std::string text) {
    return {make_source(std::move(path), std::move(text))};
}

std::string repeated(const std::string& line, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += line;
    return out;
}

std::string function_of(int lines) {
    return "int f(int x) {\n" + repeated("    x += 1;\n", lines - 2) + "}\n";
}

TEST(Arrows, an_include_along_the_arrows_is_fine) {
    const std::vector<Source> sources{
        make_source("src/sync/engine.cpp",
                    "#include \"base/error.hpp\"\n#include \"model/lens.hpp\"\n"),
        make_source("src/app/main.cpp",
                    "#include \"sim/system.hpp\"\n#include \"serve/listener.hpp\"\n"),
        make_source("src/sim/checker.cpp",
                    "#include \"sim/checker.hpp\"\n#include \"base/json.hpp\"\n"),
    };
    EXPECT_EQ(includes_against_the_arrows(sources), Findings{});
}

TEST(Arrows, an_include_against_the_arrows_is_found_with_its_line) {
    const auto found = includes_against_the_arrows(
        one("src/base/x.cpp", "// x\n\n#include \"sync/engine.hpp\"\n"));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].text(), "src/base/x.cpp:3: base must not know sync ('sync/engine.hpp')");
}

TEST(Arrows, every_forbidden_neighbour_is_found) {
    const std::vector<std::pair<std::string, std::string>> forbidden{
        {"src/model/x.cpp", "sync/state.hpp"},    {"src/sync/x.cpp", "store/schema.hpp"},
        {"src/store/x.cpp", "connect/url.hpp"},   {"src/connect/x.cpp", "store/schema.hpp"},
        {"src/report/x.cpp", "store/schema.hpp"}, {"src/run/x.cpp", "serve/listener.hpp"},
        {"src/serve/x.cpp", "model/model.hpp"},   {"src/sim/x.cpp", "sync/engine.hpp"},
        {"src/run/x.cpp", "app/command.hpp"},     {"src/serve/x.cpp", "run/runner.hpp"},
    };
    for (const auto& [path, include] : forbidden)
        EXPECT_EQ(includes_against_the_arrows(one(path, "#include \"" + include + "\"\n")).size(),
                  1u)
            << path;
}

TEST(Arrows, the_checker_knows_nothing_of_models_or_simulators) {
    EXPECT_EQ(
        includes_against_the_arrows(one("src/sim/checker.cpp", "#include \"model/model.hpp\"\n"))
            .size(),
        1u);
    EXPECT_EQ(
        includes_against_the_arrows(one("src/sim/checker.hpp", "#include \"sim/system.hpp\"\n"))
            .size(),
        1u);
}

TEST(Arrows, a_folder_without_a_place_and_a_nameless_include_are_found) {
    EXPECT_EQ(includes_against_the_arrows(one("src/util/x.cpp", "")).size(), 1u);
    EXPECT_EQ(includes_against_the_arrows(one("src/sync/x.cpp", "#include \"work.hpp\"\n")).size(),
              1u);
}

TEST(Arrows, an_include_in_a_comment_is_none) {
    EXPECT_EQ(includes_against_the_arrows(
                  one("src/base/x.cpp", "/*\n#include \"sync/engine.hpp\"\n*/\n")),
              Findings{});
}

TEST(Links, the_link_targets_follow_the_same_arrows) {
    const std::string fine =
        "function(entente_library folder)\n  target_link_libraries(entente_${folder} PUBLIC "
        "${ARGN})\nendfunction()\n"
        "entente_library(base fmt::fmt)\nentente_library(model entente_base)\n"
        "target_link_libraries(entente_checker PUBLIC entente_base)\n";
    EXPECT_EQ(links_against_the_arrows("c", fine), Findings{});
}

TEST(Links, a_link_against_the_arrows_is_found) {
    const auto found = links_against_the_arrows(
        "c",
        "entente_library(base)\nentente_library(sync entente_model entente_store)\n"
        "target_link_libraries(entente_serve PRIVATE\n  entente_sync)  # "
        "entente_run\nentente_library(extra)\n");
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(found[0].text(), "c:2: sync must not link store");
    EXPECT_EQ(found[1].text(), "c:3: serve must not link sync");
    EXPECT_EQ(found[2].line, 5);
}

TEST(Libraries, a_third_party_header_stays_in_its_folder) {
    const std::vector<std::pair<std::string, std::string>> misplaced{
        {"src/sync/x.cpp", "sqlite3.h"},       {"src/run/x.cpp", "curl/curl.h"},
        {"src/run/x.hpp", "boost/asio.hpp"},   {"src/app/x.cpp", "boost/asio.hpp"},
        {"src/base/x.cpp", "yaml-cpp/yaml.h"}, {"src/connect/x.cpp", "simdjson.h"},
    };
    for (const auto& [path, header] : misplaced)
        EXPECT_EQ(libraries_out_of_place(one(path, "#include <" + header + ">\n")).size(), 1u)
            << path << header;
}

TEST(Libraries, a_third_party_header_in_its_place_is_fine) {
    const std::vector<Source> sources{
        make_source("src/store/x.cpp", "#include <sqlite3.h>\n"),
        make_source("src/connect/x.cpp", "#include <curl/curl.h>\n#include <boost/asio.hpp>\n"),
        make_source("src/serve/x.hpp", "#include <boost/asio.hpp>\n"),
        make_source("tests/store/x.cpp", "#include <sqlite3.h>\n"),
    };
    EXPECT_EQ(libraries_out_of_place(sources), Findings{});
}

TEST(Purity, clocks_threads_and_random_devices_are_found) {
    for (const std::string code :
         {"auto t = std::chrono::system_clock::now();", "std::thread t;", "std::random_device r;",
          "int x = rand();", "auto t = time(nullptr);", "return std::time(nullptr);"})
        EXPECT_EQ(impure_calls(one("src/sync/x.cpp", "\n" + code + "\n")).size(), 1u) << code;
}

TEST(Purity, other_folders_and_like_sounding_names_are_fine) {
    EXPECT_EQ(impure_calls(one("src/run/x.cpp", "auto t = std::chrono::system_clock::now();")),
              Findings{});
    EXPECT_EQ(impure_calls(one("src/sync/x.cpp",
                               "edit_time(x); record.time(); Instant time(int x); // time(0)\n"
                               "auto s = \"std::thread\";\n")),
              Findings{});
}

TEST(Purity, a_loop_over_an_unordered_container_is_found) {
    const std::vector<Source> sources{
        make_source("src/sync/x.hpp",
                    "struct X {\n    std::unordered_map<int, std::vector<int>> by_id_;\n};\n"),
        make_source("src/sync/x.cpp",
                    "void f(X& x) {\n    for (auto& [a, b] : x.by_id_) g(a);\n}\n"),
        make_source("src/sync/y.cpp", "void f(X& x) { auto it = x.by_id_.begin(); }\n"),
    };
    const Findings found = unordered_loops(sources);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].line, 2);
    EXPECT_EQ(found[1].path, "src/sync/y.cpp");
}

TEST(Purity, a_lookup_in_an_unordered_container_is_fine) {
    const std::vector<Source> sources{make_source(
        "src/sync/x.cpp",
        "std::unordered_map<int, int> m; std::map<int, int> o;\n"
        "for (auto& [a, b] : o) if (auto it = m.find(a); it != m.end()) g(it->second);\n")};
    EXPECT_EQ(unordered_loops(sources), Findings{});
}

TEST(Words, unfinished_work_is_found_in_comments_too) {
    const std::string word = std::string("TO") + "DO";
    EXPECT_EQ(banned_words(one("src/base/x.cpp", "int x;\n// " + word + " later\n")).size(), 1u);
    EXPECT_EQ(banned_words(one("src/base/x.cpp", "int M" + word + "S;\n")), Findings{});
}

TEST(Words, a_sleeping_test_is_found_and_a_sleeping_program_is_not) {
    const std::string code = "std::this_thread::sleep_for(1ms);\n";
    EXPECT_EQ(banned_words(one("tests/run/x.cpp", code)).size(), 1u);
    EXPECT_EQ(banned_words(one("src/run/x.cpp", code)), Findings{});
}

TEST(Words, a_system_is_named_in_sim_alone) {
    const std::string code = "// As the WebShop does.\nint x;\n";
    EXPECT_EQ(systems_named(one("src/sync/x.cpp", code)).size(), 1u);
    EXPECT_EQ(systems_named(one("src/sim/x.cpp", code)), Findings{});
    EXPECT_EQ(systems_named(one("tests/sync/x.cpp", code)), Findings{});
}

TEST(Headers, form_is_a_comment_and_then_pragma_once) {
    EXPECT_EQ(
        headers_without_form(one("src/base/x.hpp", "// What it is.\n#pragma once\n\nint x;\n")),
        Findings{});
    EXPECT_EQ(headers_without_form(one("src/base/x.hpp", "#pragma once\n")).size(), 1u);
    EXPECT_EQ(
        headers_without_form(one("src/base/x.hpp", "// What it is.\n#include <a>\n#pragma once\n"))
            .size(),
        1u);
    EXPECT_EQ(headers_without_form(
                  one("src/base/x.hpp", "// What it is.\n#ifndef X\n#define X\n#endif\n"))
                  .size(),
              1u);
    EXPECT_EQ(headers_without_form(one("src/base/x.cpp", "int x;\n")), Findings{});
}

std::vector<std::string> names(const std::string& text) {
    std::vector<std::string> out;
    for (const Function& f : functions_of(make_source("x.cpp", text)))
        out.push_back(f.name + " " + std::to_string(f.lines));
    return out;
}

TEST(Functions, are_found_in_namespaces_and_types_and_measured) {
    EXPECT_EQ(names("namespace a {\nnamespace {\nint f(int x) {\n    return x;\n}\n}\nstruct B : "
                    "C<D> {\npublic:\n"
                    "    void g() const { h(); }\n    int y = 1;\n};\ntemplate <class T>\nT A::k(T "
                    "t) {\n}\n}\n"),
              (std::vector<std::string>{"f 3", "g 1", "A::k 3"}));
}

TEST(Functions, member_braces_defaults_operators_and_lambdas_do_not_confuse) {
    EXPECT_EQ(names("X::X(int a) : b_{a}, c_{1, 2} {\n    d();\n}\nvoid f(Options o = {}) {\n    "
                    "int x{1};\n}\n"
                    "bool operator==(A a, B b) {\n    return [&] { return true; }();\n}\n"
                    "const auto table = make({1, 2}, \"{\");\nconstexpr char c = '{';\nint z() { "
                    "return 10'000; }\n"),
              (std::vector<std::string>{"X::X 3", "f 3", "operator== 3", "z 1"}));
}

TEST(Functions, tests_are_named_after_suite_and_case) {
    EXPECT_EQ(names("TEST(Suite, a_case) {\n}\n"),
              std::vector<std::string>{"TEST(Suite,a_case) 2"});
}

TEST(Sizes, a_long_function_is_found_with_its_line) {
    EXPECT_EQ(long_functions(one("src/a.cpp", function_of(70)), ""), Findings{});
    const Findings found = long_functions(one("src/a.cpp", "\n\n" + function_of(71)), "");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].text(), "src/a.cpp:3: src/a.cpp f has 71 lines, at most 70 are allowed");
}

TEST(Sizes, a_listed_function_may_stay_but_not_grow) {
    const auto sources = one("src/a.cpp", function_of(80));
    EXPECT_EQ(long_functions(sources, "# why\nsrc/a.cpp f 80\n"), Findings{});
    EXPECT_EQ(long_functions(sources, "src/a.cpp f 79\n").size(), 1u);
}

TEST(Sizes, the_ratchet_only_turns_tighter) {
    EXPECT_EQ(long_functions(one("src/a.cpp", function_of(80)), "src/a.cpp f 90\n").size(), 1u);
    EXPECT_EQ(long_functions(one("src/a.cpp", function_of(60)), "src/a.cpp f 80\n").size(), 1u);
    EXPECT_EQ(long_files(one("src/a.cpp", "int x;\n"), "src/b.cpp 500\n").size(), 1u);
}

TEST(Sizes, a_long_file_is_found) {
    EXPECT_EQ(long_files(one("src/a.cpp", repeated("int x;\n", 450)), ""), Findings{});
    EXPECT_EQ(long_files(one("src/a.cpp", repeated("int x;\n", 451)), "").size(), 1u);
    EXPECT_EQ(long_files(one("src/a.cpp", repeated("int x;\n", 451)), "src/a.cpp 451\n"),
              Findings{});
}

}  // namespace
}  // namespace entente::structure
