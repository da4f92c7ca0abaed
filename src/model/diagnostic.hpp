// What is wrong, or still to be filled in, in a configuration: file, line, column (both from 1), what, and what would
// be right. Loaders collect all semantic diagnostics of all files; a syntax error ends its own file only.
#pragma once

#include <string>
#include <vector>

namespace entente::model {

struct Mark {
    std::string
        file;  // as the person knows it: "entente.yaml", "catalog/connectors/custom-erp/orders.yaml"
    int line = 0;
    int column = 0;
};

struct Diagnostic {
    enum class Severity { error, to_fill_in, note };
    Severity severity = Severity::error;
    Mark at;
    std::string what;
    std::string
        right;  // "write `creates: no`", "one of: latest, prefer"; empty when there is nothing to say

    // "entente.yaml:12:5: unknown connector 'custom-shp'; did you mean 'custom-shop'?"
    std::string text() const;
};

using Diagnostics = std::vector<Diagnostic>;
bool has_errors(const Diagnostics& diagnostics);

}  // namespace entente::model
