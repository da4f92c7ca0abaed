// How an application writes values in its addresses: the literals of the two OData versions, or none. Used while connectors are
// loaded, to fill in what their YAML leaves to the protocol; the patterns that are made here are all that is known later.
// Inside model only.
#pragma once

#include <string>
#include <string_view>

#include "model/lens.hpp"

namespace entente::model {

enum class Dialect { plain, odata_v2, odata_v4 };

// What a literal is of. A GUID is a text with a form of its own.
struct LiteralType {
    FieldType field = FieldType::text;
    bool is_guid = false;
};

// The pattern of a literal that holds "{name}": guid'{name}', or '{name}'. Requires: a dialect of OData.
std::string literal(Dialect dialect, LiteralType type, std::string_view name);

// "Name eq '{value}'". Requires: a dialect of OData.
std::string equality(Dialect dialect, std::string_view path, LiteralType type);

}  // namespace entente::model
