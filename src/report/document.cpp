#include "report/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "report/document_lines.hpp"
#include "report/document_sentences.hpp"
#include "report/document_table.hpp"

namespace entente::report {
namespace {

using Severity = model::Diagnostic::Severity;
using Words = std::vector<std::string_view>;

constexpr std::string_view separator = "to";
constexpr std::size_t errors_told_max = 100;
constexpr std::size_t first_sentence_lines_max = 20;

// The two systems of the title.
struct Systems {
    std::string from, to;
};

// How a heading is read: "Shop Order" and "Order" on one side, the same on the other.
struct Reading {
    SentenceSides sides;
    std::string from, to;
};

// How many leading words are the system's name; npos when they are not. A data type must be left.
std::size_t words_of_system(std::span<const std::string> folded, const std::string& system) {
    std::string_view rest = system;
    std::size_t count = 0;
    while (!rest.empty() && count < folded.size() && rest.starts_with(folded[count])) {
        rest.remove_prefix(folded[count++].size());
    }
    return rest.empty() && count < folded.size() ? count : std::string_view::npos;
}

std::vector<std::string> folded_words(const Words& words) {
    std::vector<std::string> folded;
    for (const std::string_view word : words) folded.push_back(text::fold(word));
    return folded;
}

// Every way to read the heading as FROM X to TO Y.
std::vector<Reading> readings_of(std::string_view heading, const Systems& systems) {
    const Words words = words_of(heading);
    const std::vector<std::string> folded = folded_words(words);
    const std::string from = text::fold(systems.from);
    const std::string to = text::fold(systems.to);
    std::vector<Reading> readings;
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
        if (words[i] != separator) continue;
        const std::span all(folded);
        const std::size_t left = words_of_system(all.first(i), from);
        const std::size_t right = words_of_system(all.subspan(i + 1), to);
        if (left == std::string_view::npos || right == std::string_view::npos) continue;
        readings.push_back({{joined(words, 0, i), joined(words, i + 1, words.size())},
                            joined(words, left, i),
                            joined(words, i + 1 + right, words.size())});
    }
    return readings;
}

bool is_introduction(const DocumentHeading& heading) {
    return text::fold(heading.text) == "introduction";
}

class DocumentReader {
public:
    DocumentReader(const std::string& file, model::Diagnostics& diagnostics)
        : file_(file), diagnostics_(diagnostics) {}

    Document read(const std::vector<DocumentHeading>& headings) {
        const DocumentHeading& title = headings.front();
        document_.title = title.text;
        document_.at = mark(title);
        read_preamble(title);
        if (const auto systems = read_title(title, std::span(headings).subspan(1))) {
            document_.from = systems->from;
            document_.to = systems->to;
            const std::string style = headings.size() > 1 ? headings[1].style : "";
            read_sections(std::span(headings).subspan(1), *systems, style);
            if (document_.sections.empty() && !has_broken_section_) {
                error(title, "there is no section below the title",
                      fmt::format("a section's heading reads `{} X to {} Y`", systems->from,
                                  systems->to));
            }
        }
        return std::move(document_);
    }

private:
    model::Mark mark(const DocumentHeading& heading) const {
        return {file_, heading.line, heading.column};
    }
    void error(const DocumentHeading& at, std::string what, std::string right) {
        diagnostics_.push_back({Severity::error, mark(at), std::move(what), std::move(right)});
    }

    void read_preamble(const DocumentHeading& title);
    std::optional<Systems> read_title(const DocumentHeading& title,
                                      std::span<const DocumentHeading> headings);
    void read_sections(std::span<const DocumentHeading> headings, const Systems& systems,
                       const std::string& style);
    void read_introduction(const DocumentHeading& heading);
    void read_section(const DocumentHeading& heading, const Systems& systems);
    std::optional<Reading> read_heading(const DocumentHeading& heading, const Systems& systems);
    void read_body(std::span<const DocumentLine> lines, const SentenceSides& sides,
                   const Systems& systems, DocumentSection& section);

    const std::string& file_;
    model::Diagnostics& diagnostics_;
    Document document_;
    bool has_broken_section_ = false;
};

void DocumentReader::read_preamble(const DocumentHeading& title) {
    constexpr std::string_view generated = "generated:";
    for (const DocumentLine& line : title.body) {
        if (line.is_blank()) continue;
        if (document_.generated.empty() && text::lower(line.text).starts_with(generated)) {
            document_.generated = text::trim(line.text.substr(generated.size()));
            continue;
        }
        diagnostics_.push_back({Severity::note,
                                {file_, line.number, 1},
                                "text between the title and the introduction is not understood",
                                "it is kept in the copy of the document only"});
    }
}

// Names may hold " to " themselves: the reading that most headings agree with counts, and among
// equals the first one.
std::optional<Systems> DocumentReader::read_title(const DocumentHeading& title,
                                                  std::span<const DocumentHeading> headings) {
    constexpr std::string_view right = "the title reads `A to B Dataflow`";
    Words words = words_of(title.text);
    if (words.empty() || text::fold(words.back()) != "dataflow") {
        error(title, "the title does not end in Dataflow", std::string(right));
        return std::nullopt;
    }
    words.pop_back();
    std::optional<Systems> best;
    std::size_t best_agree = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] != separator || words.size() == 1) continue;
        const Systems systems{joined(words, 0, i), joined(words, i + 1, words.size())};
        const auto agree = static_cast<std::size_t>(std::ranges::count_if(
            headings, [&](const auto& h) { return !readings_of(h.text, systems).empty(); }));
        if (best && agree <= best_agree) continue;
        best = systems;
        best_agree = agree;
    }
    if (!best) {
        error(title, "the title names no two systems", std::string(right));
    } else if (text::fold(best->from) == text::fold(best->to)) {
        error(title, "the title names one system twice", "a flow leads from one system to another");
        return std::nullopt;
    }
    return best;
}

void DocumentReader::read_sections(std::span<const DocumentHeading> headings,
                                   const Systems& systems, const std::string& style) {
    for (const DocumentHeading& heading : headings) {
        const Words words = words_of(heading.text);
        const bool names_two = std::ranges::find(words, separator) != words.end();
        if (is_introduction(heading)) {
            read_introduction(heading);
        } else if (names_two || heading.style == style) {
            read_section(heading, systems);
        } else {
            diagnostics_.push_back({Severity::note, mark(heading),
                                    fmt::format("the part `{}` is not understood", heading.text),
                                    "it is kept in the copy of the document only"});
        }
    }
}

void DocumentReader::read_introduction(const DocumentHeading& heading) {
    std::string& text = document_.introduction;
    for (const DocumentLine& line : heading.body) {
        if (text.empty() && line.is_blank()) continue;
        text += line.text + '\n';
    }
    text.erase(text.find_last_not_of('\n') + 1);
}

std::optional<Reading> DocumentReader::read_heading(const DocumentHeading& heading,
                                                    const Systems& systems) {
    std::vector<Reading> readings = readings_of(heading.text, systems);
    if (readings.empty()) {
        const Words words = words_of(heading.text);
        const bool names_two = std::ranges::find(words, separator) != words.end();
        error(heading,
              names_two
                  ? fmt::format("the heading `{}` is not about the title's systems", heading.text)
                  : fmt::format("the heading `{}` has no ` to `", heading.text),
              fmt::format("a section's heading reads `{} X to {} Y`", systems.from, systems.to));
        return std::nullopt;
    }
    if (readings.size() == 1) return std::move(readings.front());
    // A data type's name may hold " to ", too: the first sentence repeats both sides.
    const std::span body =
        std::span(heading.body).first(std::min(heading.body.size(), first_sentence_lines_max));
    for (Reading& reading : readings) {
        for (const DocumentLine& line : body) {
            if (is_creation_sentence(line.text, reading.sides)) return std::move(reading);
        }
    }
    return std::move(readings.front());
}

void DocumentReader::read_section(const DocumentHeading& heading, const Systems& systems) {
    const auto reading = read_heading(heading, systems);
    const bool is_empty = std::ranges::all_of(heading.body, &DocumentLine::is_blank);
    if (is_empty) {
        error(heading, fmt::format("the section `{}` is empty", heading.text),
              "say below it what is synchronised, or remove the heading");
    }
    if (!reading || is_empty) {
        has_broken_section_ = true;
        return;
    }
    DocumentSection section;
    section.heading = heading.text;
    section.from = reading->from;
    section.to = reading->to;
    section.at = mark(heading);
    read_body(heading.body, reading->sides, systems, section);
    document_.sections.push_back(std::move(section));
}

void DocumentReader::read_body(std::span<const DocumentLine> lines, const SentenceSides& sides,
                               const Systems& systems, DocumentSection& section) {
    const TableColumns columns{sides.from + " Property", sides.to + " Property",
                               systems.to.empty() ? "Data Type" : systems.to + " Data Type"};
    while (!lines.empty()) {
        if (lines.front().is_blank()) {
            lines = lines.subspan(1);
            continue;
        }
        if (is_table_directive(lines.front())) {
            const std::size_t size = table_size(lines);
            auto rows = read_table(lines.first(size), columns, file_, diagnostics_);
            std::ranges::move(rows, std::back_inserter(section.rows));
            lines = lines.subspan(size);
            continue;
        }
        std::size_t size = 1;
        while (size < lines.size() && !lines[size].is_blank() && !is_table_directive(lines[size])) {
            ++size;
        }
        read_paragraph(lines.first(size), sides, file_, section, diagnostics_);
        lines = lines.subspan(size);
    }
}

// Noise can be wrong in a hundred thousand places.
void cut_errors(model::Diagnostics& diagnostics, std::size_t begin) {
    if (diagnostics.size() - begin <= errors_told_max) return;
    const std::size_t more = diagnostics.size() - begin - errors_told_max;
    const auto keep = diagnostics.begin() + static_cast<std::ptrdiff_t>(begin + errors_told_max);
    const model::Mark at = keep->at;
    const bool has_error = std::any_of(keep, diagnostics.end(), [](const auto& diagnostic) {
        return diagnostic.severity == Severity::error;
    });
    diagnostics.erase(keep, diagnostics.end());
    diagnostics.push_back({has_error ? Severity::error : Severity::note, at,
                           fmt::format("and {} more", more), "correct those above first"});
}

}  // namespace

std::optional<Document> read_document(const model::SourceFile& file,
                                      model::Diagnostics& diagnostics) {
    const std::size_t begin = diagnostics.size();
    if (file.text.size() > document_bytes_max) {
        diagnostics.push_back({Severity::error,
                               {file.path, 1, 1},
                               fmt::format("is larger than {} kB", document_bytes_max >> 10),
                               "name a data-flow document"});
        return std::nullopt;
    }
    const auto lines = lines_of(file, diagnostics);
    if (!lines) return std::nullopt;
    const auto headings = headings_of(*lines, file.path, diagnostics);
    if (!headings) return std::nullopt;
    if (headings->empty()) {
        diagnostics.push_back({Severity::error,
                               {file.path, 1, 1},
                               "this has no heading, so it is no data-flow document",
                               "its title reads `A to B Dataflow`, underlined"});
        return std::nullopt;
    }
    Document document = DocumentReader(file.path, diagnostics).read(*headings);
    cut_errors(diagnostics, begin);
    const bool failed =
        std::any_of(diagnostics.begin() + static_cast<std::ptrdiff_t>(begin), diagnostics.end(),
                    [](const auto& d) { return d.severity == Severity::error; });
    if (failed) return std::nullopt;
    return document;
}

}  // namespace entente::report
