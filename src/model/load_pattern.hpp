// Texts with names in braces, as connectors declare them: `"Modified ge datetime'{time}'"`. Every name must be one that is
// filled in there, and the ones that make the text useful must occur. Inside model only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/reader.hpp"
#include "model/workspace.hpp"

namespace entente::model {

// What may stand in braces; `must` are among `may`.
struct PatternNames {
    std::vector<std::string> may;
    std::vector<std::string> must;
};

// The names in braces, in their order.
std::vector<std::string> placeholders_of(std::string_view text);

// Reports unknown and missing names. `what` names the text for people.
void check_pattern(const Marked& pattern, std::string_view what, const PatternNames& names,
                   Reporter& report);

// `updated_since`, or `{parameter: $filter, value: "..."}`. The parameter is empty when it was wrong.
QueryPattern read_query_pattern(const yaml::Node& node, std::string_view what,
                                const PatternNames& names, Reporter& report);

}  // namespace entente::model
