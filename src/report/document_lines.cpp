#include "report/document_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace entente::report {
namespace {

using Severity = model::Diagnostic::Severity;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t tab_width = 8;
constexpr std::string_view adornments = "=-~^\"'#*+_`:<>";
constexpr std::size_t adornment_length_min = 3;

// No text holds these; programs, pictures and archives do within their first bytes.
bool is_binary(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
}

std::string without_tabs(std::string_view line) {
    std::string out;
    for (const char c : line) {
        if (c != '\t') {
            out.push_back(c == '\f' ? ' ' : c);
        } else {
            out.append(tab_width - out.size() % tab_width, ' ');
        }
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

bool is_adornment(const DocumentLine& line) {
    return line.text.size() >= adornment_length_min && adornments.contains(line.text.front()) &&
           line.text.find_first_not_of(line.text.front()) == std::string::npos;
}

bool is_heading_text(const DocumentLine& line) {
    return !line.is_blank() && !is_adornment(line);
}

// Where a heading begins: how many lines it takes, 0 where there is none.
std::size_t heading_size(const std::vector<DocumentLine>& lines, std::size_t at) {
    const auto is_framed = [&] {
        return at + 2 < lines.size() && is_adornment(lines[at]) && is_heading_text(lines[at + 1]) &&
               is_adornment(lines[at + 2]) && lines[at].text.front() == lines[at + 2].text.front();
    };
    const auto is_underlined = [&] {
        return at + 1 < lines.size() && is_heading_text(lines[at]) && !lines[at].is_indented() &&
               is_adornment(lines[at + 1]);
    };
    if (is_framed()) return 3;
    return is_underlined() ? 2 : 0;
}

DocumentHeading heading_at(const std::vector<DocumentLine>& lines, std::size_t at,
                           std::size_t size) {
    const DocumentLine& text = lines[at + size - 2];
    DocumentHeading heading;
    heading.column = static_cast<int>(text.text.find_first_not_of(' ')) + 1;
    heading.text = text.text.substr(static_cast<std::size_t>(heading.column) - 1);
    heading.style = std::string(size - 1, lines[at + size - 1].text.front());
    heading.line = text.number;
    return heading;
}

}  // namespace

std::optional<std::vector<DocumentLine>> lines_of(const model::SourceFile& file,
                                                  model::Diagnostics& diagnostics) {
    std::string_view text = file.text;
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (std::ranges::any_of(text, is_binary) || !text::is_utf8(text)) {
        diagnostics.push_back({Severity::error,
                               {file.path, 1, 1},
                               "this is no text in UTF-8, so no data-flow document",
                               "name a document, or save it as UTF-8"});
        return std::nullopt;
    }
    std::vector<DocumentLine> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        lines.push_back({without_tabs(text.substr(0, end)), static_cast<int>(lines.size()) + 1});
        text.remove_prefix(end);
        const std::size_t line_end = text.starts_with("\r\n") ? 2 : 1;
        text.remove_prefix(std::min(line_end, text.size()));
    }
    return lines;
}

std::optional<std::vector<DocumentHeading>> headings_of(const std::vector<DocumentLine>& lines,
                                                        const std::string& file,
                                                        model::Diagnostics& diagnostics) {
    std::vector<DocumentHeading> headings;
    bool told = false;
    for (std::size_t at = 0; at < lines.size();) {
        if (const std::size_t size = heading_size(lines, at); size > 0) {
            if (headings.size() == headings_max) {
                diagnostics.push_back({Severity::error,
                                       {file, lines[at].number, 1},
                                       fmt::format("more than {} headings", headings_max),
                                       "this is no data-flow document; name one"});
                return std::nullopt;
            }
            headings.push_back(heading_at(lines, at, size));
            if (headings.back().text.size() > heading_length_max) {
                diagnostics.push_back(
                    {Severity::error,
                     {file, headings.back().line, headings.back().column},
                     fmt::format("this heading is longer than {} characters", heading_length_max),
                     "shorten it, or remove the line below it"});
                return std::nullopt;
            }
            at += size;
            continue;
        }
        if (!headings.empty()) {
            headings.back().body.push_back(lines[at]);
        } else if (!lines[at].is_blank() && !told) {
            told = true;
            diagnostics.push_back({Severity::note,
                                   {file, lines[at].number, 1},
                                   "text above the title is not understood",
                                   "it is kept in the copy of the document only"});
        }
        ++at;
    }
    return headings;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t begin = text.find_first_not_of(' ');
        if (begin == std::string_view::npos) return words;
        text.remove_prefix(begin);
        const std::size_t end = std::min(text.find(' '), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

std::string joined(const std::vector<std::string_view>& words, std::size_t begin, std::size_t end) {
    std::string out;
    for (std::size_t i = begin; i < end; ++i) {
        if (!out.empty()) out.push_back(' ');
        out += words[i];
    }
    return out;
}

}  // namespace entente::report
