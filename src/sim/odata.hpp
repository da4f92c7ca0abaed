// The part of OData that the simulated Exact Online understands: a conjunction of comparisons in $filter, literals with
// their type in front, a list of names in $select. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "sim/amsterdam.hpp"

namespace entente::sim::odata {

// `Field eq 'text'`, `trim(Field) eq 'text'`, `Field eq guid'...'`, `Modified ge datetime'...'`, `Timestamp gt 17L`.
struct Condition {
    enum class Kind { text, trimmed_text, guid, since, after };
    Kind kind = Kind::text;
    std::string field;
    std::string text;         // a guid in lower case
    WallTime since;           // at or after
    std::int64_t number = 0;  // greater than
};

// nullopt: it is not one of these forms, joined by ` and `.
std::optional<std::vector<Condition>> parse_filter(std::string_view filter);

// 'O''Neill' -> O'Neill; nullopt: no quoted text.
std::optional<std::string> parse_text(std::string_view literal);

// guid'...' -> the text between the quotes, in lower case.
std::optional<std::string> parse_guid(std::string_view literal);

// The names between the commas; nullopt when one is empty.
std::optional<std::vector<std::string>> parse_select(std::string_view select);

// Whether a record, as it is stored, meets the condition. Requires: a field that the record has.
bool meets(const Value& record, const Condition& condition);

}  // namespace entente::sim::odata
