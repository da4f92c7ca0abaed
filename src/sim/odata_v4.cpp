#include "sim/odata_v4.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "base/time.hpp"
#include "sim/guid.hpp"
#include "sim/odata.hpp"

namespace entente::sim::odata {
namespace {

using Kind = Expression::Kind;
using Parsed = std::expected<Expression, std::string>;

constexpr int depth_max = 20;

struct Word {
    std::string_view name;
    Comparison comparison;
};
constexpr Word comparisons[] = {{"eq", Comparison::equal},   {"ne", Comparison::not_equal},
                                {"gt", Comparison::greater}, {"ge", Comparison::greater_or_equal},
                                {"lt", Comparison::less},    {"le", Comparison::less_or_equal}};

struct Function {
    std::string_view name;
    Kind kind;
};
constexpr Function functions[] = {
    {"startswith", Kind::starts_with}, {"endswith", Kind::ends_with}, {"contains", Kind::contains}};

// A quoted text is one token, and so is each parenthesis and comma.
std::vector<std::string> tokens_of(std::string_view text) {
    std::vector<std::string> tokens;
    constexpr std::string_view marks = "(),";
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        if (text[i] == '\'') {
            while (end < text.size()) {
                if (text[end] == '\'' && (end + 1 == text.size() || text[end + 1] != '\'')) break;
                end += text[end] == '\'' ? 2 : 1;
            }
            end = std::min(end + 1, text.size());
        } else if (!marks.contains(text[i])) {
            end = std::min(text.find_first_of(" (),'", i), text.size());
        }
        tokens.emplace_back(text.substr(i, end - i));
        i = end;
    }
    return tokens;
}

std::optional<Value> literal_of(const edm::Property& property, const std::string& token) {
    using edm::Type;
    const auto text = parse_text(token);
    switch (property.type) {
        case Type::text:
        case Type::choice:
            return text ? std::optional(Value(*text)) : std::nullopt;
        case Type::code:
            return text ? std::optional(Value(text::upper(*text))) : std::nullopt;
        case Type::guid:
            return is_guid(token) ? std::optional(Value(text::lower(token))) : std::nullopt;
        case Type::date:
            return is_date(token) ? std::optional(Value(token)) : std::nullopt;
        case Type::time: {
            const auto time = parse_instant(token);
            return time ? std::optional(Value(time->ms)) : std::nullopt;
        }
        case Type::boolean:
            if (token == "true" || token == "false") return Value(token == "true");
            return std::nullopt;
        case Type::number:
        case Type::whole: {
            const auto number = Decimal::parse(token);
            return number ? std::optional(Value(*number)) : std::nullopt;
        }
    }
    return std::nullopt;
}

void collect_properties(const Expression& expression, std::set<std::string>& names) {
    if (!expression.property.empty()) names.insert(expression.property);
    for (const Expression& part : expression.parts) collect_properties(part, names);
}

class Parser {
public:
    Parser(std::string_view filter, const edm::Entity& entity)
        : tokens_(tokens_of(filter)), entity_(entity) {}

    Parsed parse() {
        Parsed all = disjunction(0);
        if (all && at_ != tokens_.size()) return wrong("what follows '" + tokens_[at_] + "'");
        return all;
    }

private:
    static Parsed wrong(const std::string& what) {
        return std::unexpected(what + " is not understood");
    }
    const std::string& peek() const {
        static const std::string nothing;
        return at_ < tokens_.size() ? tokens_[at_] : nothing;
    }
    std::string take() { return at_ < tokens_.size() ? tokens_[at_++] : std::string(); }
    bool take_if(std::string_view token) {
        if (peek() != token) return false;
        ++at_;
        return true;
    }

    Parsed disjunction(int depth) {
        Parsed joined = chain(Kind::any, "or", depth);
        if (!joined || joined->kind != Kind::any) return joined;
        std::set<std::string> names;
        collect_properties(*joined, names);
        if (names.size() > 1) {
            return std::unexpected("'or' between two different fields is not supported");
        }
        return joined;
    }

    Parsed chain(Kind kind, std::string_view word, int depth) {
        if (depth > depth_max) return wrong("a filter as deep as this");
        Expression joined{.kind = kind};
        do {
            Parsed part = kind == Kind::any ? chain(Kind::all, "and", depth) : primary(depth);
            if (!part) return part;
            joined.parts.push_back(*std::move(part));
        } while (take_if(word));
        return joined.parts.size() == 1 ? Parsed(std::move(joined.parts[0])) : Parsed(joined);
    }

    Parsed primary(int depth) {
        if (take_if("(")) {
            Parsed inner = disjunction(depth + 1);
            if (inner && !take_if(")")) return wrong("an open parenthesis");
            return inner;
        }
        if (peek().ends_with("/any") || peek().ends_with("/all")) return lambda();
        const auto* function = std::ranges::find(functions, peek(), &Function::name);
        if (function == std::end(functions)) return comparison();
        ++at_;
        return search(function->kind);
    }

    Parsed lambda() {
        ++at_;
        int open = 0;
        do {
            const std::string token = take();
            if (token.empty()) return wrong("an open parenthesis");
            open += token == "(" ? 1 : token == ")" ? -1 : 0;
        } while (open > 0);
        return Expression{};
    }

    // startswith(name,'A'), maybe followed by `eq true`.
    Parsed search(Kind kind) {
        Expression found{.kind = kind};
        if (!take_if("(")) return wrong("a function without its parentheses");
        const edm::Property* property = operand(found);
        if (property == nullptr || !take_if(",")) return wrong("a function of that");
        const auto literal = literal_of(*property, take());
        if (!literal || !literal->is_text() || !take_if(")")) return wrong("a function of that");
        found.literal = *literal;
        if (take_if("eq") && !take_if("true")) return wrong("a function that is not true");
        return found;
    }

    // name, tolower(name) or toupper(name)
    const edm::Property* operand(Expression& into) {
        std::string name = take();
        const bool is_folded = name == "tolower" || name == "toupper";
        if (is_folded) {
            into.fold = name == "tolower" ? Expression::Fold::lower : Expression::Fold::upper;
            if (!take_if("(")) return nullptr;
            name = take();
            if (!take_if(")")) return nullptr;
        }
        into.property = name;
        return edm::find_property(entity_, name);
    }

    Parsed comparison() {
        Expression found{.kind = Kind::compare};
        const std::string first = peek();
        const edm::Property* property = operand(found);
        if (property == nullptr) return wrong("'" + first + "'");
        const std::string word = take();
        const auto* at = std::ranges::find(comparisons, word, &Word::name);
        if (at == std::end(comparisons)) return wrong("'" + word + "'");
        found.comparison = at->comparison;
        const std::string token = take();
        if (token == "null") return Expression{};
        const auto literal = literal_of(*property, token);
        if (!literal) {
            return wrong(fmt::format("'{}' as a value of '{}'", token, found.property));
        }
        found.literal = *literal;
        return found;
    }

    std::vector<std::string> tokens_;
    const edm::Entity& entity_;
    std::size_t at_ = 0;
};

std::string folded(const std::string& text, Expression::Fold fold) {
    if (fold == Expression::Fold::lower) return text::lower(text);
    return fold == Expression::Fold::upper ? text::upper(text) : text;
}

// Values of one type; times are compared as the moments they are.
std::strong_ordering order_of(const Value& value, const Value& other) {
    if (value.is_decimal() && other.is_decimal()) return value.as_decimal() <=> other.as_decimal();
    if (value.is_bool() && other.is_bool()) return value.as_bool() <=> other.as_bool();
    if (value.is_text() && other.is_text()) return value.as_text() <=> other.as_text();
    return std::strong_ordering::less;
}

bool holds(std::strong_ordering order, Comparison comparison) {
    switch (comparison) {
        case Comparison::equal:
            return order == 0;
        case Comparison::not_equal:
            return order != 0;
        case Comparison::greater:
            return order > 0;
        case Comparison::greater_or_equal:
            return order >= 0;
        case Comparison::less:
            return order < 0;
        case Comparison::less_or_equal:
            return order <= 0;
    }
    return false;
}

bool compares(const Value& value, const Expression& expression) {
    const Value& literal = expression.literal;
    if (value.is_text() && literal.is_decimal()) {
        const auto time = parse_instant(value.as_text());
        return time && holds(Decimal(time->ms) <=> literal.as_decimal(), expression.comparison);
    }
    const Value left = value.is_text() ? Value(folded(value.as_text(), expression.fold)) : value;
    return holds(order_of(left, literal), expression.comparison);
}

}  // namespace

std::expected<Expression, std::string> parse_expression(std::string_view filter,
                                                        const edm::Entity& entity) {
    return Parser(filter, entity).parse();
}

bool meets(const Value& record, const Expression& expression) {
    const auto part_meets = [&](const Expression& part) { return meets(record, part); };
    if (expression.kind == Kind::ignored) return true;
    if (expression.kind == Kind::all) return std::ranges::all_of(expression.parts, part_meets);
    if (expression.kind == Kind::any) return std::ranges::any_of(expression.parts, part_meets);
    const Value* value = record.find(expression.property);
    CHECK(value != nullptr, "conditions are judged on properties that there are");
    if (expression.kind == Kind::compare) return compares(*value, expression);
    if (!value->is_text()) return false;
    const std::string text = folded(value->as_text(), expression.fold);
    const std::string& part = expression.literal.as_text();
    if (expression.kind == Kind::starts_with) return text.starts_with(part);
    if (expression.kind == Kind::ends_with) return text.ends_with(part);
    return text.contains(part);
}

std::expected<std::vector<Order>, std::string> parse_orders(std::string_view orders,
                                                            const edm::Entity& entity) {
    std::vector<Order> out;
    for (std::size_t begin = 0; begin <= orders.size();) {
        const std::size_t end = std::min(orders.find(',', begin), orders.size());
        std::string name = text::trim(orders.substr(begin, end - begin));
        Order order;
        for (const auto& [word, is_descending] : {std::pair(" desc", true), {" asc", false}}) {
            if (!name.ends_with(word)) continue;
            name = text::trim(name.substr(0, name.size() - std::string_view(word).size()));
            order.is_descending = is_descending;
        }
        if (edm::find_property(entity, name) == nullptr) {
            return std::unexpected(fmt::format("'{}' is not understood", name));
        }
        order.property = std::move(name);
        out.push_back(std::move(order));
        begin = end + 1;
    }
    return out;
}

bool is_before(const Value& a, const Value& b, const std::vector<Order>& orders) {
    for (const Order& order : orders) {
        const auto found = order_of(*a.find(order.property), *b.find(order.property));
        if (found != 0) return order.is_descending ? found > 0 : found < 0;
    }
    return false;
}

}  // namespace entente::sim::odata
