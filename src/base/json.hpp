// JSON text to Value and back. The reader is strict: the whole text is validated, numbers must
// follow the JSON grammar (never through a double), a duplicate key, trailing text, invalid UTF-8
// or too deep nesting is an error that says where. Serves G4 and G15: what cannot be read exactly
// is not read at all.
#pragma once

#include <string>
#include <string_view>

#include "base/value.hpp"

namespace entente::json {

// bad_input text becomes ErrorKind::corrupt, with the byte offset in the message. Limits:
// limits::json_depth_max.
Result<Value> read(std::string_view text);

// Compact, members in the object's order, numbers as Decimal::text. Requires: texts are UTF-8, and
// nesting is at most twice limits::json_depth_max (CHECKed).
std::string write(const Value& value);
void write_to(std::string& out, const Value& value);
// Two-space indented, for people.
std::string write_pretty(const Value& value);

}  // namespace entente::json
