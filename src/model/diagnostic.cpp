#include "model/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/shown.hpp"

namespace entente::model {

std::string Diagnostic::text() const {
    std::string out = fmt::format("{}:{}:{}: {}", at.file, at.line, at.column, what);
    if (!right.empty()) out += "; " + right;
    // Names come from files: a line break in one must not look like a diagnostic of its own, nor a
    // control sequence reach a terminal.
    return text::on_one_line(out);
}

bool has_errors(const Diagnostics& diagnostics) {
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Diagnostic::Severity::error;
    });
}

}  // namespace entente::model
