// `$filter` and `$orderby` of OData v4 as the simulated Business Central understands them, its oddities with them: a
// comparison with null and a lambda are ignored, and an `or` between two properties is refused. Pure.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "sim/edm.hpp"

namespace entente::sim::odata {

enum class Comparison { equal, not_equal, greater, greater_or_equal, less, less_or_equal };

// A condition on the property of a record, or what joins several.
struct Expression {
    enum class Kind { all, any, compare, starts_with, ends_with, contains, ignored };
    enum class Fold { none, lower, upper };
    Kind kind = Kind::ignored;
    std::vector<Expression> parts;  // of all and any
    std::string property;
    Fold fold = Fold::none;
    Comparison comparison = Comparison::equal;
    Value literal;
};

// The error says what is not understood. Literals are as the property's type writes them: 'text', a bare GUID,
// 2019-05-01, 2019-05-01T10:00:00Z, 1.5, true.
std::expected<Expression, std::string> parse_expression(std::string_view filter,
                                                        const edm::Entity& entity);
// Requires: a record that shows all properties of the entity the expression was parsed for.
bool meets(const Value& record, const Expression& expression);

struct Order {
    std::string property;
    bool is_descending = false;
};
// "displayName desc,number"; the error names what is no property.
std::expected<std::vector<Order>, std::string> parse_orders(std::string_view orders,
                                                            const edm::Entity& entity);
// Whether `a` comes before `b`, by these alone.
bool is_before(const Value& a, const Value& b, const std::vector<Order>& orders);

}  // namespace entente::sim::odata
