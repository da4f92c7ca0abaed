// The project's own sources as text, for the rules of this folder. `code` is the text with comments and literals blanked
// out (same length, same lines), so that a rule about code is not misled by prose.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace entente::structure {

struct Source {
    std::string path;  // from the root: "src/sync/engine.cpp"
    std::string text;
    std::string code;

    bool is_header() const { return path.ends_with(".hpp"); }
    bool is_in(std::string_view folder) const { return path.starts_with(folder); }
};

// Something that breaks a rule. `line` counts from 1.
struct Finding {
    std::string path;
    int line = 0;
    std::string what;

    std::string text() const { return path + ":" + std::to_string(line) + ": " + what; }
    friend bool operator==(const Finding&, const Finding&) = default;
};
using Findings = std::vector<Finding>;

Source make_source(std::string path, std::string text);
// All .hpp and .cpp below the named folders of `root`, by path.
std::vector<Source> read_sources(const std::filesystem::path& root,
                                 const std::vector<std::string>& folders);
std::string read_text(const std::filesystem::path& path);

std::string without_comments_and_literals(std::string_view text);
std::vector<std::string_view> lines_of(std::string_view text);
int line_at(std::string_view text, std::size_t offset);
bool is_word_character(char c);
// Where `word` stands with no letter, digit or underscore beside it, from `from` on; npos when nowhere.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

}  // namespace entente::structure
