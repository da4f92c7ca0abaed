// What the tests of documents share: a way to write one, as the documents of this kind look, and a
// check of a diagnostic that demands its exact place.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "report/document.hpp"
#include "report/import.hpp"

namespace entente::report {

struct Row {
    std::string from, to, type;
};

struct Section {
    std::string from, to;  // data types
    std::vector<Row> rows;
    std::string rule;  // empty: the usual sentence
};

inline std::string underlined(const std::string& text, char adornment) {
    return text + "\n" + std::string(text.size(), adornment) + "\n";
}

inline std::string section_text(const std::string& from, const std::string& to,
                                const Section& section) {
    const std::string left = from + " " + section.from;
    const std::string right = to + " " + section.to;
    std::string text = underlined(left + " to " + right, '-');
    text += section.rule.empty()
                ? "Every " + left + " will be synchronized with a " + right + ".\n\n"
                : section.rule + "\n\n";
    text += "Once a link between a " + left + " and a " + right +
            " is established, it will keep in sync between the two systems, regardless of where it "
            "is edited.\n\n";
    text += "The following properties are synchronized between a " + left + " and a " + right +
            ":\n\n.. list-table::\n   :header-rows: 1\n\n";
    text += "   * - " + left + " Property\n     - " + right + " Property\n     - " + to +
            " Data Type\n";
    for (const Row& row : section.rows) {
        text += "   * - " + row.from + "\n     - " + row.to + "\n     - " + row.type + "\n";
    }
    return text + "\n\n";
}

inline std::string document_text(const std::string& from, const std::string& to,
                                 const std::vector<Section>& sections) {
    const std::string title = from + " to " + to + " Dataflow";
    std::string text = std::string(title.size(), '=') + "\n" + underlined(title, '=') +
                       "\nGenerated: 2026-11-21 09:00:00\n\n" + underlined("Introduction", '-') +
                       "\nWhat flows, and where.\n\n";
    for (const Section& section : sections) text += section_text(from, to, section);
    return text;
}

struct ReadResult {
    std::optional<Document> document;
    model::Diagnostics diagnostics;
};

inline ReadResult read_text(std::string text) {
    ReadResult result;
    result.document = read_document({"flow.txt", std::move(text)}, result.diagnostics);
    return result;
}

inline std::string all_text(const model::Diagnostics& diagnostics) {
    std::string out;
    for (const auto& diagnostic : diagnostics) out += diagnostic.text() + "\n";
    return out;
}

// One of them begins with `place` and holds every part.
inline bool has(const model::Diagnostics& diagnostics, const std::string& place,
                const std::vector<std::string>& parts) {
    return std::ranges::any_of(diagnostics, [&](const auto& diagnostic) {
        const std::string text = diagnostic.text();
        return text.starts_with(place + ": ") &&
               std::ranges::all_of(parts, [&](const auto& part) { return text.contains(part); });
    });
}

inline void expect_error(const ReadResult& result, const std::string& place,
                         const std::vector<std::string>& parts) {
    EXPECT_FALSE(result.document.has_value());
    EXPECT_TRUE(has_errors(result.diagnostics));
    EXPECT_TRUE(has(result.diagnostics, place, parts)) << "nothing at " << place << " among\n"
                                                       << all_text(result.diagnostics);
}

// The text with one part replaced. Requires: the part stands there.
inline std::string with(std::string text, const std::string& part, const std::string& instead) {
    const std::size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    if (at != std::string::npos) text.replace(at, part.size(), instead);
    return text;
}

inline std::string every(std::string text, const std::string& part, const std::string& instead) {
    for (std::size_t at = text.find(part); at != std::string::npos;
         at = text.find(part, at + instead.size())) {
        text.replace(at, part.size(), instead);
    }
    return text;
}

// The documents that lie beside the project, in the order of their names; none where they are not.
inline std::vector<model::SourceFile> seed_documents() {
    const std::filesystem::path folder =
        std::filesystem::path(ENTENTE_SOURCE_DIR).parent_path() / "shared" / "seeds";
    std::vector<model::SourceFile> files;
    if (!std::filesystem::is_directory(folder)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        files.push_back({entry.path().filename().string(),
                         std::string(std::istreambuf_iterator<char>(file), {})});
    }
    std::ranges::sort(files, {}, &model::SourceFile::path);
    return files;
}

}  // namespace entente::report
