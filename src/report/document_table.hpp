// The property table of a section: a list-table of three columns below a directive. Inside report
// only.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/document.hpp"
#include "report/document_lines.hpp"

namespace entente::report {

// The three columns' titles, as the section's heading leads one to expect them.
struct TableColumns {
    std::string from;  // "Shop Order Property"
    std::string to;    // "Books Quotations Property"
    std::string type;  // "Books Data Type"
};

bool is_table_directive(const DocumentLine& line);

// How many of `lines` the table takes. Requires: the first one is its directive.
std::size_t table_size(std::span<const DocumentLine> lines);

// The rows below the header. Cells may be empty or go on in the next lines, which are joined by one
// blank. An error per row that has not three cells, and one when the header is missing or another.
std::vector<DocumentRow> read_table(std::span<const DocumentLine> lines,
                                    const TableColumns& columns, const std::string& file,
                                    model::Diagnostics& diagnostics);

}  // namespace entente::report
