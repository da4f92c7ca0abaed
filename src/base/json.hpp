// JSON text to Value and back. The reader is strict: the whole text is validated, numbers must
// follow the JSON grammar (never through a double), a duplicate key, trailing text, invalid UTF-8
// or too deep nesting is an error that says where. Serves G4 and G15: what cannot be read exactly
// is not read at all. A byte-order mark before the text is passed over (RFC 8259, section 8.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace entente::json {

// bad_input text becomes ErrorKind::corrupt, with the byte offset in the message. Limits:
// limits::json_depth_max.
Result<Value> read(std::string_view text);

// A place in a text that cannot be read exactly: half of a surrogate pair, invalid UTF-8 or a bare
// control character in a string, a number that no Decimal holds, a word that is no JSON value, a key
// that occurs twice.
struct Flaw {
    std::vector<std::string> path;  // keys, and the positions of list elements, which count from 0
    std::string why;                // for people
};
struct Flawed {
    Value value;
    std::vector<Flaw> flaws;
};
// As read(), but a flaw is told and does not stop the rest from being read. What stands at its path
// is null, or the first of two members with that key: callers must not use it. Errors: the text is no
// JSON even with its flaws mended.
Result<Flawed> read_flawed(std::string_view text);

// Compact, members in the object's order, numbers as Decimal::text. Requires: texts are UTF-8, and
// nesting is at most twice limits::json_depth_max (CHECKed).
std::string write(const Value& value);
void write_to(std::string& out, const Value& value);
// Two-space indented, for people.
std::string write_pretty(const Value& value);

}  // namespace entente::json
