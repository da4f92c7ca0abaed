// A data-flow document, read: which system flows into which, and per section the pair of data types,
// the sentences about it and the rows of its property table. Order, repeats and spellings are kept,
// so that the document can be written again. Read by `entente import`; pure, and never partial: a
// document with an error is not given out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/loader.hpp"

namespace entente::report {

// Larger files are refused before they are parsed: real documents have 2 to 200 kB, and a wrong file
// (a backup, a video) must not take memory and time.
inline constexpr std::size_t document_bytes_max = 1u << 20;

// One row of a property table: what a cell says, and nothing where it is empty.
struct DocumentRow {
    std::string from;  // the property of the section's left side
    std::string to;    // that of its right side
    std::string type;  // column "X Data Type": the type of the right one
    model::Mark at;
};

struct DocumentSection {
    // Whether a record of the left side makes one on the right. `when`: only under `condition`, in
    // the document's words. `unsaid`: no sentence says it.
    enum class Creation { always, never, when, unsaid };

    std::string heading;   // as it stands, inner blanks included
    std::string from, to;  // data types as spelled, without the system's name
    Creation creation = Creation::unsaid;
    std::string condition;
    std::vector<std::string> unknown_sentences;  // kept as they stand
    std::vector<DocumentRow> rows;
    model::Mark at;
};

struct Document {
    std::string title;  // as it stands
    std::string from,
        to;  // systems as spelled; at most one of them is empty: documents leave names out
    std::string generated;     // what follows "Generated:", or empty
    std::string introduction;  // as it stands, with its line breaks
    std::vector<DocumentSection> sections;
    model::Mark at;  // of the title
};

// Takes Windows line ends, a byte-order mark, tabs, trailing blanks. Appends an error per mistake,
// with its line and column, and a note per sentence that is not understood. nullopt: there was an
// error. Ensures: time and memory in proportion to the text.
std::optional<Document> read_document(const model::SourceFile& file,
                                      model::Diagnostics& diagnostics);

}  // namespace entente::report
