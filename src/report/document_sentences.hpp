// What the sentences of a section say. The forms are few and fixed; only names differ, and blanks
// and capitals do not matter. Inside report only.
#pragma once

#include <span>
#include <string>

#include "report/document.hpp"
#include "report/document_lines.hpp"

namespace entente::report {

// The two sides as sentences name them: "Shop Order", "Books Quotations".
struct SentenceSides {
    std::string from, to;
};

// Reads one paragraph into the section. A sentence of no known form, or about other sides, is kept
// in unknown_sentences and told as a note.
void read_paragraph(std::span<const DocumentLine> lines, const SentenceSides& sides,
                    const std::string& file, DocumentSection& section,
                    model::Diagnostics& diagnostics);

// Whether the text is the sentence that says what is created, for exactly these sides.
bool is_creation_sentence(std::string_view text, const SentenceSides& sides);

}  // namespace entente::report
