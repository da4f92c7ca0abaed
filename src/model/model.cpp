#include "model/model.hpp"

#include <algorithm>
#include <utility>

namespace entente::model {

std::string_view name_of(PropertyType type) {
    switch (type) {
        case PropertyType::text:
            return "text";
        case PropertyType::name:
            return "name";
        case PropertyType::code:
            return "code";
        case PropertyType::postal_code:
            return "postal_code";
        case PropertyType::email:
            return "email";
        case PropertyType::phone:
            return "phone";
        case PropertyType::vat_number:
            return "vat_number";
        case PropertyType::country:
            return "country";
        case PropertyType::currency:
            return "currency";
        case PropertyType::integer:
            return "integer";
        case PropertyType::decimal:
            return "decimal";
        case PropertyType::boolean:
            return "boolean";
        case PropertyType::date:
            return "date";
        case PropertyType::instant:
            return "instant";
        case PropertyType::reference:
            return "reference";
        case PropertyType::list:
            return "list";
    }
    std::unreachable();
}

PropertyIndex Model::find(std::string_view property) const {
    for (std::size_t i = 0; i < properties.size(); ++i) {
        if (properties[i].name == property) return {static_cast<std::int32_t>(i)};
    }
    return PropertyIndex::none();
}

bool Model::decides(const MatchRule& rule) const {
    return std::ranges::any_of(rule,
                               [&](PropertyIndex p) { return properties[p.at()].identifies; });
}

}  // namespace entente::model
