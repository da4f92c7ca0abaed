// Paths into bodies as connectors declare them: "error.message", "details.0.field",
// "@odata.nextLink". A number steps into a list; a member whose own name holds dots is found before
// the path is cut at them.
#pragma once

#include <string_view>

#include "base/value.hpp"

namespace entente::connect {

// Null pointer where the path ends early; the value itself for an empty path.
const Value* find_at(const Value& value, std::string_view path);
Value* find_at(Value& value, std::string_view path);

}  // namespace entente::connect
