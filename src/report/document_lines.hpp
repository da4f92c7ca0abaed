// The text of a document as lines, and the lines as headings with what stands below each. Knows the
// form (reStructuredText) and nothing of flows. Inside report only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/loader.hpp"

namespace entente::report {

// Longer ones are no headings: names have some 30 characters.
inline constexpr std::size_t heading_length_max = 300;
// More are noise: documents have 3 to 50.
inline constexpr std::size_t headings_max = 1'000;

struct DocumentLine {
    std::string text;  // tabs are blanks, none at the end
    int number = 0;

    bool is_blank() const { return text.empty(); }
    bool is_indented() const { return text.starts_with(' '); }
};

// The lines of a UTF-8 text. nullopt: it is no text (reported).
std::optional<std::vector<DocumentLine>> lines_of(const model::SourceFile& file,
                                                  model::Diagnostics& diagnostics);

struct DocumentHeading {
    std::string text;   // without outer blanks
    std::string style;  // its adornment: one character, doubled when there is a line above, too
    int line = 0;
    int column = 1;
    std::vector<DocumentLine> body;
};

// In their order. What stands above the first heading is dropped and reported. nullopt: more than
// headings_max, or one that is too long (reported).
std::optional<std::vector<DocumentHeading>> headings_of(const std::vector<DocumentLine>& lines,
                                                        const std::string& file,
                                                        model::Diagnostics& diagnostics);

// Blanks at both ends off, runs of them to one.
std::vector<std::string_view> words_of(std::string_view text);
std::string joined(const std::vector<std::string_view>& words, std::size_t begin, std::size_t end);

}  // namespace entente::report
