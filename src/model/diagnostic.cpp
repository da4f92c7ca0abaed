#include "model/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entente::model {

std::string Diagnostic::text() const {
    std::string out = fmt::format("{}:{}:{}: {}", at.file, at.line, at.column, what);
    if (!right.empty()) out += "; " + right;
    return out;
}

bool has_errors(const Diagnostics& diagnostics) {
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Diagnostic::Severity::error;
    });
}

}  // namespace entente::model
