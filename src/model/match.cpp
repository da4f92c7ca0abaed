#include <algorithm>

#include "base/text.hpp"
#include "base/time.hpp"
#include "model/fold.hpp"
#include "model/model.hpp"

namespace entente::model {
namespace {

bool is_blank(const Value& value) {
    return value.is_null() || (value.is_text() && value.as_text().empty());
}

std::string number_text(const Decimal& number) {
    std::string out = number.text();
    if (out.find('.') == std::string::npos) return out;
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
    return out;
}

// Parts are prefixed with their length: ("ab", "c") and ("a", "bc") are different keys.
void append_part(std::string& out, std::string_view part) {
    out += std::to_string(part.size());
    out += ':';
    out += part;
}

}  // namespace

std::string fold_as(PropertyType type, std::string_view text, std::string_view country) {
    switch (type) {
        case PropertyType::email:
            return text::fold_email(text);
        case PropertyType::phone:
            return text::fold_phone(text, country);
        case PropertyType::vat_number:
            return text::fold_vat(text);
        case PropertyType::country:
        case PropertyType::currency:
            return text::upper(text::trim(text));
        case PropertyType::instant: {
            const auto instant = parse_instant(text);
            return instant ? format_instant(*instant) : std::string(text);
        }
        default:
            return std::string(text);
    }
}

bool same_folded(PropertyType type, std::string_view a, std::string_view b,
                 std::string_view country) {
    if (a == b) return true;
    switch (type) {
        case PropertyType::email:
        case PropertyType::phone:
        case PropertyType::vat_number:
        case PropertyType::country:
        case PropertyType::currency:
        case PropertyType::instant:
            break;
        default:
            return false;
    }
    const std::string left = fold_as(type, a, country);
    // What folds away to nothing ("n/a" as a phone) says nothing: two such texts are not one value.
    return !left.empty() && left == fold_as(type, b, country);
}

std::string fold_for_match(const Property& property, const Value& value, std::string_view country) {
    if (property.type == PropertyType::reference || property.type == PropertyType::list) return {};
    if (value.is_decimal()) return number_text(value.as_decimal());
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    if (!value.is_text()) return {};
    switch (property.type) {
        case PropertyType::text:
        case PropertyType::code:
            return text::fold(value.as_text());
        case PropertyType::name:
            return text::fold_organisation(value.as_text());
        default:
            return fold_as(property.type, value.as_text(), country);
    }
}

bool same_meaning(const Property& property, const Value& a, const Value& b,
                  std::string_view country) {
    if (a == b) return true;
    if (is_blank(a) || is_blank(b)) return is_blank(a) && is_blank(b);
    if (!a.is_text() || !b.is_text()) return false;
    return same_folded(property.type, a.as_text(), b.as_text(), country);
}

std::vector<MatchKey> match_keys(const Model& model, const Canonical& values,
                                 std::string_view country) {
    CHECK(values.size() == model.properties.size(), "a canonical record has every property");
    std::vector<MatchKey> keys;
    std::string buffer;
    for (std::size_t rule = 0; rule < model.match.size(); ++rule) {
        buffer.clear();
        append_part(buffer, model.name);
        append_part(buffer, std::to_string(rule));
        const bool complete = std::ranges::all_of(model.match[rule], [&](PropertyIndex p) {
            const std::optional<Value>& value = values[p.at()];
            if (!value || value->is_null()) return false;
            const std::string folded = fold_for_match(model[p], *value, country);
            append_part(buffer, folded);
            return !folded.empty();
        });
        if (complete) keys.push_back({static_cast<int>(rule), digest_of(buffer)});
    }
    return keys;
}

}  // namespace entente::model
