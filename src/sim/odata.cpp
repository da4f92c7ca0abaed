#include "sim/odata.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sim/record_system.hpp"

namespace entente::sim::odata {
namespace {

using Kind = Condition::Kind;

// The text of type'...'.
std::optional<std::string> parse_typed(std::string_view type, std::string_view literal) {
    if (!literal.starts_with(type)) return std::nullopt;
    return parse_text(literal.substr(type.size()));
}

// The conditions between the ` and `s; a quoted text may hold the word.
std::vector<std::string_view> split(std::string_view filter) {
    constexpr std::string_view word = " and ";
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    bool is_quoted = false;
    for (std::size_t i = 0; i < filter.size(); ++i) {
        if (filter[i] == '\'') is_quoted = !is_quoted;
        if (is_quoted || !filter.substr(i).starts_with(word)) continue;
        parts.push_back(filter.substr(begin, i - begin));
        begin = i + word.size();
        i = begin - 1;
    }
    parts.push_back(filter.substr(begin));
    return parts;
}

bool is_name(std::string_view s) {
    return !s.empty() && std::ranges::all_of(s, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

std::optional<Condition> parse_equal(std::string field, std::string_view literal) {
    Condition out;
    if (field.starts_with("trim(") && field.ends_with(")")) {
        field = field.substr(5, field.size() - 6);
        out.kind = Kind::trimmed_text;
    }
    out.field = std::move(field);
    if (auto guid = parse_guid(literal); guid && out.kind == Kind::text) {
        out.kind = Kind::guid;
        out.text = *std::move(guid);
        return out;
    }
    auto text = parse_text(literal);
    if (!text) return std::nullopt;
    out.text = *std::move(text);
    return out;
}

std::optional<Condition> parse_condition(std::string_view part) {
    const std::size_t first = part.find(' ');
    const std::size_t second = part.find(' ', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
    std::string field(part.substr(0, first));
    const std::string_view comparison = part.substr(first + 1, second - first - 1);
    std::string_view literal = part.substr(second + 1);
    std::optional<Condition> out;
    if (comparison == "eq") {
        out = parse_equal(std::move(field), literal);
    } else if (comparison == "ge") {
        const auto text = parse_typed("datetime", literal);
        const auto since = text ? parse_wall_time(*text) : std::nullopt;
        if (since) out = Condition{Kind::since, std::move(field), {}, *since, 0};
    } else if (comparison == "gt") {
        if (literal.ends_with('L')) literal.remove_suffix(1);
        const auto number = parse_whole(literal);
        if (number) out = Condition{Kind::after, std::move(field), {}, {}, *number};
    }
    if (out && !is_name(out->field)) return std::nullopt;
    return out;
}

}  // namespace

std::optional<std::vector<Condition>> parse_filter(std::string_view filter) {
    std::vector<Condition> out;
    for (const std::string_view part : split(filter)) {
        auto condition = parse_condition(part);
        if (!condition) return std::nullopt;
        out.push_back(*std::move(condition));
    }
    return out;
}

std::optional<std::string> parse_text(std::string_view literal) {
    if (literal.size() < 2 || literal.front() != '\'' || literal.back() != '\'') {
        return std::nullopt;
    }
    literal = literal.substr(1, literal.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < literal.size(); ++i) {
        const bool is_quote = literal[i] == '\'';
        if (is_quote && (i + 1 == literal.size() || literal[i + 1] != '\'')) return std::nullopt;
        if (is_quote) ++i;
        out += literal[i];
    }
    return out;
}

std::optional<std::string> parse_guid(std::string_view literal) {
    const auto text = parse_typed("guid", literal);
    if (!text) return std::nullopt;
    return text::lower(*text);
}

std::optional<std::vector<std::string>> parse_select(std::string_view select) {
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin <= select.size();) {
        const std::size_t end = std::min(select.find(',', begin), select.size());
        names.push_back(text::trim(select.substr(begin, end - begin)));
        if (names.back().empty()) return std::nullopt;
        begin = end + 1;
    }
    return names;
}

bool meets(const Value& record, const Condition& condition) {
    const Value* value = record.find(condition.field);
    CHECK(value != nullptr, "conditions are judged on fields that there are");
    switch (condition.kind) {
        case Kind::text:
        case Kind::guid:
            return value->is_text() && value->as_text() == condition.text;
        case Kind::trimmed_text:
            return value->is_text() && text::trim(value->as_text()) == condition.text;
        case Kind::since: {
            const auto time = value->is_text() ? parse_date_text(value->as_text()) : std::nullopt;
            return time && *time >= condition.since;
        }
        case Kind::after:
            return value->is_decimal() && value->as_decimal() > Decimal(condition.number);
    }
    return false;
}

}  // namespace entente::sim::odata
