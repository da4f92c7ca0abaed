// When two values mean the same, as the checker sees it: each value is reduced to a text, with simple rules of its own
// and none of the engine's, so that a mistake there is found and not repeated. Pure.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "sim/checker_tables.hpp"

namespace entente::checker {

// Fewer digits than these are no phone number, so the end of one says nothing about the other.
inline constexpr std::size_t phone_digits_min = 6;

inline std::string keep_alphanumeric(const std::string& s) {
    std::string out;
    for (const char c : s) {
        const bool is_other = static_cast<unsigned char>(c) >= 0x80;
        if (is_other || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) out += c;
    }
    return out;
}

inline std::string plain_number(const Decimal& number) {
    std::string s = number.text();
    if (!s.contains('.')) return s;
    s.erase(s.find_last_not_of('0') + 1);
    if (s.ends_with('.')) s.pop_back();
    return s;
}

// The day of "2026-11-21" or "/Date(1795219200000)/".
inline std::string plain_date(const std::string& s) {
    constexpr std::string_view begin = "/Date(", end = ")/";
    if (!s.starts_with(begin) || !s.ends_with(end)) return s;
    const auto ms = Decimal::parse(s.substr(begin.size(), s.size() - begin.size() - end.size()));
    const auto whole = ms ? ms->to_int() : Result<std::int64_t>(0);
    return ms && whole ? date_of({*whole}) : s;
}

inline std::string fold(const Column& column, const Value& value) {
    if (value.is_null()) return "";
    switch (column.fold) {
        case Fold::yes:
        case Fold::no:
            if (!value.is_bool()) return "?";
            return value.as_bool() == (column.fold == Fold::yes) ? "true" : "false";
        case Fold::money:
            return value.is_decimal() ? plain_number(value.as_decimal().rounded(2)) : "?";
        case Fold::number:
            return value.is_decimal() ? plain_number(value.as_decimal()) : "?";
        case Fold::reference:
            return value.is_text() ? value.as_text() : json::write(value);
        default:
            break;
    }
    const std::string s = value.is_text() ? text::trim(value.as_text()) : json::write(value);
    switch (column.fold) {
        case Fold::upper:
            return text::upper(s);
        case Fold::email:
            return text::lower(s);
        case Fold::date:
            return plain_date(s);
        case Fold::vat:
            return keep_alphanumeric(text::lower(s));
        case Fold::phone: {
            const std::string digits = text::digits_only(s);
            return digits.substr(std::min(digits.size(), digits.find_first_not_of('0')));
        }
        default:
            return s;
    }
}

// What an identity value is looked up by: names meet whatever their case and punctuation.
inline std::string identity_key(std::string_view property, const std::string& folded) {
    return property == "name" ? keep_alphanumeric(text::lower(folded)) : folded;
}

// Of the first column's fold; what one of the systems cuts off says nothing.
inline bool same(const Column& left, const Column& right, const std::string& a,
                 const std::string& b) {
    if (left.fold == Fold::phone) {
        // With and without the country's code is one number: the end tells.
        const auto& [shorter, longer] =
            std::minmax(a, b, [](const auto& x, const auto& y) { return x.size() < y.size(); });
        return a == b || (shorter.size() >= phone_digits_min && longer.ends_with(shorter));
    }
    if (left.cut_at == 0 && right.cut_at == 0) return a == b;
    const std::size_t cut = left.cut_at == 0 || right.cut_at == 0
                                ? std::max(left.cut_at, right.cut_at)
                                : std::min(left.cut_at, right.cut_at);
    return text::trim(text::truncate(a, cut)) == text::trim(text::truncate(b, cut));
}

}  // namespace entente::checker
