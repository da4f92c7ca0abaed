#include "model/dialect.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace entente::model {
namespace {

// The second version names the type of a literal, the fourth knows it from the property.
std::string literal_v2(LiteralType type, std::string_view name) {
    if (type.is_guid) return fmt::format("guid'{{{}}}'", name);
    switch (type.field) {
        case FieldType::integer:
        case FieldType::boolean:
            return fmt::format("{{{}}}", name);
        case FieldType::decimal:
            return fmt::format("{{{}}}M", name);
        case FieldType::date:
        case FieldType::odata_date:
            return fmt::format("datetime'{{{}}}T00:00:00'", name);
        case FieldType::instant:
            return fmt::format("datetime'{{{}}}'", name);
        case FieldType::text:
        case FieldType::code:
        case FieldType::decimal_text:
            break;
    }
    return fmt::format("'{{{}}}'", name);
}

}  // namespace

std::string literal(Dialect dialect, LiteralType type, std::string_view name) {
    CHECK(dialect != Dialect::plain, "only OData has literals");
    if (dialect == Dialect::odata_v2) return literal_v2(type, name);
    const bool is_text = type.field == FieldType::text || type.field == FieldType::code ||
                         type.field == FieldType::decimal_text;
    return is_text && !type.is_guid ? fmt::format("'{{{}}}'", name) : fmt::format("{{{}}}", name);
}

std::string equality(Dialect dialect, std::string_view path, LiteralType type) {
    return fmt::format("{} eq {}", path, literal(dialect, type, "value"));
}

}  // namespace entente::model
