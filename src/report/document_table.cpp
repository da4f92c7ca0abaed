#include "report/document_table.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace entente::report {
namespace {

using Severity = model::Diagnostic::Severity;

constexpr std::string_view directive = ".. list-table::";
constexpr std::size_t columns_count = 3;

struct Cell {
    std::string text;
    model::Mark at;
};
using Row = std::vector<Cell>;

// "- text" or "-": the text behind it.
std::optional<std::string_view> item_of(std::string_view text) {
    if (text == "-") return std::string_view{};
    if (!text.starts_with("- ")) return std::nullopt;
    text.remove_prefix(2);
    return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

class RowReader {
public:
    RowReader(const std::string& file, model::Diagnostics& diagnostics)
        : file_(file), diagnostics_(diagnostics) {}

    void take(const DocumentLine& line) {
        if (line.is_blank()) return;
        const std::size_t indent = line.text.find_first_not_of(' ');
        const std::string_view text = std::string_view(line.text).substr(indent);
        const bool opens_row = text == "*" || text.starts_with("* ");
        if (opens_row && (rows_.empty() || indent <= row_indent_)) {
            row_indent_ = indent;
            rows_.emplace_back();
            const std::size_t skipped = std::min(text.find_first_not_of(' ', 1), text.size());
            cell_indent_ = indent + skipped;
            if (skipped == text.size()) return;
            return take_item(line, text.substr(skipped), cell_indent_);
        }
        if (rows_.empty()) return take_option(line, text, indent);
        take_item(line, text, indent);
    }
    std::vector<Row> rows() && { return std::move(rows_); }

private:
    model::Mark mark(const DocumentLine& line, std::size_t indent) const {
        return {file_, line.number, static_cast<int>(indent) + 1};
    }

    void take_option(const DocumentLine& line, std::string_view text, std::size_t indent) {
        if (text.starts_with(':') && text.find(':', 1) != std::string_view::npos) return;
        diagnostics_.push_back({Severity::error, mark(line, indent),
                                "this is neither an option nor a row of the table",
                                "a row begins with `* -`, each further cell with `-`"});
    }

    void take_item(const DocumentLine& line, std::string_view text, std::size_t indent) {
        Row& row = rows_.back();
        // However far it stands to the right: a tab can be worth any number of blanks.
        const auto item = item_of(text);
        if (item && indent > row_indent_) {
            row.push_back({std::string(*item), mark(line, indent)});
        } else if (row.empty() || indent <= cell_indent_) {
            diagnostics_.push_back({Severity::error, mark(line, indent),
                                    "this is no cell of the table",
                                    "a cell begins with `-`; what goes on is indented further"});
        } else {
            std::string& cell = row.back().text;
            if (!cell.empty()) cell.push_back(' ');
            cell += text;
        }
    }

    const std::string& file_;
    model::Diagnostics& diagnostics_;
    std::vector<Row> rows_;
    std::size_t row_indent_ = 0;
    std::size_t cell_indent_ = 0;
};

bool has_right_size(const Row& row, model::Mark at, const TableColumns& columns,
                    model::Diagnostics& diagnostics) {
    if (row.size() == columns_count) return true;
    diagnostics.push_back({Severity::error, std::move(at),
                           fmt::format("this row has {} column{} instead of three", row.size(),
                                       row.size() == 1 ? "" : "s"),
                           fmt::format("the columns are `{}`, `{}` and `{}`", columns.from,
                                       columns.to, columns.type)});
    return false;
}

void check_header(const Row& header, const TableColumns& columns, model::Diagnostics& diagnostics) {
    const std::array expected{&columns.from, &columns.to, &columns.type};
    for (std::size_t i = 0; i < columns_count; ++i) {
        if (text::fold(header[i].text) == text::fold(*expected[i])) continue;
        diagnostics.push_back(
            {Severity::error, header[i].at,
             fmt::format("column {} is `{}`", i + 1, text::squeeze(header[i].text)),
             fmt::format("below this heading it is `{}`", *expected[i])});
    }
}

}  // namespace

bool is_table_directive(const DocumentLine& line) {
    return line.text.starts_with(directive);
}

std::size_t table_size(std::span<const DocumentLine> lines) {
    std::size_t size = 1;
    while (size < lines.size() && (lines[size].is_blank() || lines[size].is_indented())) ++size;
    return size;
}

std::vector<DocumentRow> read_table(std::span<const DocumentLine> lines,
                                    const TableColumns& columns, const std::string& file,
                                    model::Diagnostics& diagnostics) {
    RowReader reader(file, diagnostics);
    for (const DocumentLine& line : lines.subspan(1)) reader.take(line);
    std::vector<Row> rows = std::move(reader).rows();
    const model::Mark at{file, lines.front().number, 1};
    if (rows.empty()) {
        diagnostics.push_back({Severity::error, at, "this table has no header",
                               fmt::format("its first row is `{}`, `{}`, `{}`", columns.from,
                                           columns.to, columns.type)});
        return {};
    }
    std::vector<DocumentRow> read;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row& row = rows[i];
        if (!has_right_size(row, row.empty() ? at : row.front().at, columns, diagnostics)) continue;
        if (i == 0) {
            check_header(row, columns, diagnostics);
        } else {
            read.push_back({std::move(row[0].text), std::move(row[1].text), std::move(row[2].text),
                            row[0].at});
        }
    }
    return read;
}

}  // namespace entente::report
