// Fills the patterns of a connector's YAML: "{path}(guid'{id}')", "Email eq '{value}'". Pure. Serves the safety of the wire: a
// value can never end the quotes it stands in, and without quotes it can only be one plain word, so that no record's text
// becomes part of a question.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace entente::connect {

struct Filling {
    std::string_view name;
    std::string value;
    bool is_ours = false;     // written by the connector, not by people: goes in as it is
    bool is_encoded = false;  // percent-encoded when it goes in; for addresses
};

// Every "{name}" replaced. In single quotes a value has its quotes doubled, and in guid'...' it must be a GUID; outside of
// quotes it may hold letters, digits and .:_-+,/ only. bad_input: one of these is broken, or a name is not among the fillings.
Result<std::string> fill_pattern(std::string_view pattern, const std::vector<Filling>& fillings);

}  // namespace entente::connect
