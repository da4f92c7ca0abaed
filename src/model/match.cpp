#include <algorithm>
#include <array>
#include <span>
#include <utility>

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

// How a kind is written in the last byte of a digest.
constexpr std::uint64_t kind_mask = 0xff, number_mask = 0x3f;
constexpr int kind_shift = 6;

Digest marked(Digest digest, KeyKind kind) {
    const auto mark = static_cast<std::uint64_t>(std::to_underlying(kind.of)) << kind_shift |
                      static_cast<std::uint64_t>(kind.number);
    digest.low = (digest.low & ~kind_mask) | mark;
    return digest;
}

// The rule that compares this one property and nothing else; -1 when there is none.
int rule_of_its_own(const Model& model, PropertyIndex property) {
    const auto found = std::ranges::find_if(model.match, [&](const MatchRule& rule) {
        return rule.size() == 1 && rule.properties.front() == property;
    });
    return found == model.match.end() ? -1 : static_cast<int>(found - model.match.begin());
}

std::vector<PropertyIndex> identifying(const Model& model) {
    std::vector<PropertyIndex> out;
    for (std::size_t i = 0; i < model.properties.size(); ++i)
        if (model.properties[i].identifies) out.push_back({static_cast<std::int32_t>(i)});
    return out;
}

// Adds the key of these properties when every one of them has a value.
void add_key(const Model& model, const Canonical& values, std::string_view country, KeyKind kind,
             std::span<const PropertyIndex> properties, std::vector<MatchKey>& keys) {
    const auto closeness = kind.of == KeyKind::Of::likeness ? Closeness::loose : Closeness::exact;
    std::string whole;
    append_part(whole, model.name);
    append_part(whole, std::to_string(std::to_underlying(kind.of)));
    append_part(whole, std::to_string(kind.number));
    for (const PropertyIndex p : properties) {
        const std::optional<Value>& value = values[p.at()];
        if (!value || value->is_null()) return;
        const std::string folded = fold_for_match(model[p], *value, country, closeness);
        if (folded.empty()) return;
        append_part(whole, folded);
    }
    keys.push_back({kind, marked(digest_of(whole), kind)});
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

std::string fold_for_match(const Property& property, const Value& value, std::string_view country,
                           Closeness closeness) {
    if (property.type == PropertyType::reference || property.type == PropertyType::list) return {};
    if (value.is_decimal()) return number_text(value.as_decimal());
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    if (!value.is_text()) return {};
    switch (property.type) {
        case PropertyType::text:
        case PropertyType::code:
            return closeness == Closeness::loose ? text::fold(value.as_text())
                                                 : text::fold_identity(value.as_text());
        case PropertyType::name:
            return text::fold_organisation(value.as_text());
        case PropertyType::postal_code:
            return text::fold(value.as_text());
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

KeyKind kind_of(const Digest& key) {
    const std::uint64_t mark = key.low & kind_mask;
    return {static_cast<KeyKind::Of>(mark >> kind_shift), static_cast<int>(mark & number_mask)};
}

PropertyIndex told_by(const Model& model, KeyKind kind) {
    CHECK(kind.of != KeyKind::Of::likeness, "what is only alike tells nothing apart");
    const auto number = static_cast<std::size_t>(kind.number);
    return kind.of == KeyKind::Of::rule ? model.match[number].properties.front()
                                        : identifying(model).at(number);
}

std::vector<MatchKey> match_keys(const Model& model, const Canonical& values,
                                 std::string_view country) {
    CHECK(values.size() == model.properties.size(), "a canonical record has every property");
    std::vector<MatchKey> keys;
    for (std::size_t i = 0; i < model.match.size(); ++i) {
        const MatchRule& rule = model.match[i];
        const int number = static_cast<int>(i);
        add_key(model, values, country, {KeyKind::Of::rule, number}, rule.properties, keys);
        if (rule.is_loose)
            add_key(model, values, country, {KeyKind::Of::likeness, number}, rule.properties, keys);
    }
    for (const KeyKind kind : identities(model)) {
        if (kind.of != KeyKind::Of::identity) continue;
        add_key(model, values, country, kind, std::array{told_by(model, kind)}, keys);
    }
    return keys;
}

const Digest* key_of_kind(std::span<const Digest> keys, KeyKind kind) {
    const auto found =
        std::ranges::find_if(keys, [&](const Digest& key) { return kind_of(key) == kind; });
    return found == keys.end() ? nullptr : &*found;
}

bool are_told_apart(const Model& model, std::span<const Digest> a, std::span<const Digest> b) {
    return std::ranges::any_of(identities(model), [&](KeyKind kind) {
        const Digest* x = key_of_kind(a, kind);
        const Digest* y = x == nullptr ? nullptr : key_of_kind(b, kind);
        return y != nullptr && *x != *y;
    });
}

std::vector<KeyKind> identities(const Model& model) {
    std::vector<KeyKind> of_rules, others;
    const std::vector<PropertyIndex> properties = identifying(model);
    for (std::size_t i = 0; i < properties.size(); ++i) {
        const int rule = rule_of_its_own(model, properties[i]);
        if (rule >= 0)
            of_rules.push_back({KeyKind::Of::rule, rule});
        else
            others.push_back({KeyKind::Of::identity, static_cast<int>(i)});
    }
    std::ranges::sort(of_rules, {}, &KeyKind::number);
    of_rules.insert(of_rules.end(), others.begin(), others.end());
    return of_rules;
}

}  // namespace entente::model
