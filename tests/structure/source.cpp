#include "structure/source.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

namespace entente::structure {
namespace {

void blank(std::string& out, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
        if (out[i] != '\n') out[i] = ' ';
}

// Behind the closing quote, or the end of the line where it is missing.
std::size_t end_of_literal(std::string_view text, std::size_t quote) {
    for (std::size_t i = quote + 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == text[quote])
            return i + 1;
        else if (text[i] == '\n')
            return i;
    }
    return text.size();
}

std::size_t end_of_raw_literal(std::string_view text, std::size_t quote) {
    const std::size_t open = text.find('(', quote);
    if (open == std::string_view::npos) return text.size();
    const std::string close = ")" + std::string(text.substr(quote + 1, open - quote - 1)) + "\"";
    const std::size_t at = text.find(close, open);
    return at == std::string_view::npos ? text.size() : at + close.size();
}

// A quote between digits is 10'000, no character.
bool is_digit_separator(std::string_view text, std::size_t at) {
    return at > 0 && at + 1 < text.size() &&
           std::isxdigit(static_cast<unsigned char>(text[at - 1])) != 0 &&
           std::isxdigit(static_cast<unsigned char>(text[at + 1])) != 0;
}

bool is_include(std::string_view text, std::size_t at) {
    const std::size_t begin = text.rfind('\n', at) + 1;
    const std::string_view line = text.substr(begin, at - begin);
    return line.starts_with('#') && line.find("include") != std::string_view::npos;
}

}  // namespace

std::string without_comments_and_literals(std::string_view text) {
    std::string out(text);
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        if (text.substr(i, 2) == "//") {
            end = std::min(text.find('\n', i), text.size());
            blank(out, i, end);
        } else if (text.substr(i, 2) == "/*") {
            const std::size_t close = text.find("*/", i + 2);
            end = close == std::string_view::npos ? text.size() : close + 2;
            blank(out, i, end);
        } else if (text[i] == '"' && !is_include(text, i)) {
            const bool raw = i > 0 && text[i - 1] == 'R';
            end = raw ? end_of_raw_literal(text, i) : end_of_literal(text, i);
            blank(out, i + 1, end - 1);
        } else if (text[i] == '\'' && !is_digit_separator(text, i)) {
            end = end_of_literal(text, i);
            blank(out, i + 1, end - 1);
        }
        i = end;
    }
    return out;
}

Source make_source(std::string path, std::string text) {
    std::string code = without_comments_and_literals(text);
    return {std::move(path), std::move(text), std::move(code)};
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::vector<Source> read_sources(const std::filesystem::path& root,
                                 const std::vector<std::string>& folders) {
    std::vector<Source> out;
    for (const std::string& folder : folders) {
        if (!std::filesystem::is_directory(root / folder)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".hpp" && extension != ".cpp") continue;
            const auto path = std::filesystem::relative(entry.path(), root).generic_string();
            out.push_back(make_source(path, read_text(entry.path())));
        }
    }
    std::ranges::sort(out, {}, &Source::path);
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return out;
}

int line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<int>(std::ranges::count(text.substr(0, offset), '\n'));
}

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
    for (std::size_t at = text.find(word, from); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const bool begins = at == 0 || !is_word_character(text[at - 1]);
        const std::size_t end = at + word.size();
        if (begins && (end >= text.size() || !is_word_character(text[end]))) return at;
    }
    return std::string_view::npos;
}

}  // namespace entente::structure
