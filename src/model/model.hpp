// A model: the shared, canonical shape of one kind of thing (organisation, order ...), with typed properties and match
// rules. Systems are mapped to models, never to each other. Values are canonical: see `PropertyType`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/value.hpp"
#include "model/diagnostic.hpp"

namespace entente::model {

// The canonical form of each type, and what counts as equal beyond equality:
enum class PropertyType {
    text,         // text, compared exactly; match keys leave out case and outer blanks
    name,         // text; match keys fold it and drop legal forms ("AS", "B.V.")
    code,         // one of Property::values when those are given, else short text
    postal_code,  // text; match keys hold its letters and digits: "1011 AB" is "1011ab"
    email,        // equal when text::fold_email is
    phone,        // equal when text::fold_phone is
    vat_number,   // equal when text::fold_vat is
    country,      // ISO 3166 alpha-2, upper
    currency,     // ISO 4217, upper
    integer,      // whole Decimal
    decimal,      // Decimal, compared by number
    boolean,
    date,       // "2026-11-21"
    instant,    // "2026-11-21T11:20:00Z", UTC
    reference,  // in a record: the external id as text; in an entity: the entity id as Decimal
    list,       // children of model `to`, each an entity of its own; never has a value itself
};
std::string_view name_of(PropertyType type);

struct Property {
    std::string name;  // dotted where grouped: "address.city"
    PropertyType type = PropertyType::text;
    std::string to;  // reference, list: the name of the other model
    bool required = false;
    bool local = false;  // `scope: local`: read and shown, never carried
    // `identifies`: two things never share its value, so records that differ in it are not one thing unless a person says so.
    bool identifies = false;
    std::vector<std::string> values;  // code: the allowed ones; empty means any
    Mark at;
};

// A set of properties that, when all are present and equal in their match form, speak for two records being one thing.
struct MatchRule {
    std::vector<PropertyIndex> properties;
    // `compare: loose`: records are found, too, whose texts differ in case, blanks, punctuation or accents only. What is no more
    // than alike never decides: it is a question for a person.
    bool is_loose = false;

    auto begin() const { return properties.begin(); }
    auto end() const { return properties.end(); }
    std::size_t size() const { return properties.size(); }
};

struct Model {
    std::string name;
    std::vector<Property> properties;
    std::vector<MatchRule> match;  // the strongest first
    Mark at;

    PropertyIndex find(std::string_view property) const;  // none() when absent
    const Property& operator[](PropertyIndex p) const { return properties[p.at()]; }
    // Whether what agrees by this rule agrees in a value that identifies: such a rule decides.
    bool decides(const MatchRule& rule) const;
};

// A canonical record: one optional per property of its model. nullopt: not visible; null: empty.
using Canonical = std::vector<std::optional<Value>>;

// How closely texts are compared by a match rule.
enum class Closeness { exact, loose };

// The value as match keys see it; empty text when there is nothing to match on. `country` is the workspace's default. Exact: case
// and outer blanks are left out of a text, a GUID is written in one way, other types have their normal form. Loose: texts are
// folded (text::fold).
std::string fold_for_match(const Property& property, const Value& value, std::string_view country,
                           Closeness closeness = Closeness::exact);

// Same type-level meaning: exact, or equal after the fold that `PropertyType` names.
bool same_meaning(const Property& property, const Value& a, const Value& b,
                  std::string_view country);

// What a match key stands for. Its digest says so in its last byte, so that the keys of two records tell by themselves where these
// agree and where they differ.
struct KeyKind {
    enum class Of : std::uint8_t {
        rule,      // the values of a match rule, compared exactly
        likeness,  // the same of a rule that says `compare: loose`, compared loosely
        identity,  // one property that identifies and has no rule of its own: it finds nobody, it tells apart
    };
    Of of = Of::rule;
    int number = 0;  // of the rule; or of the property among those of its model that identify
    friend bool operator==(const KeyKind&, const KeyKind&) = default;
};
KeyKind kind_of(const Digest& key);

struct MatchKey {
    KeyKind kind;
    Digest digest;  // of model, kind and folded values; its last byte is the kind
};
// The keys of every kind whose every part has a value. References and lists never take part (lines match inside parents).
// Requires: at most match_rules_max rules, and so many properties that identify.
std::vector<MatchKey> match_keys(const Model& model, const Canonical& values,
                                 std::string_view country);
inline constexpr std::size_t match_rules_max = 60;
// Properties that the rules of one model name.
inline constexpr std::size_t match_properties_max = 64;

// The kinds of key that tell apart, the strongest first: whose keys carry both and differ in one are not one thing by themselves.
std::vector<KeyKind> identities(const Model& model);
// The property that such a kind compares. Requires: `kind` is one of identities(model).
PropertyIndex told_by(const Model& model, KeyKind kind);
// The key of that kind among a record's keys, or null.
const Digest* key_of_kind(std::span<const Digest> keys, KeyKind kind);
// Whether two records' keys differ in a value that identifies: both have one.
bool are_told_apart(const Model& model, std::span<const Digest> a, std::span<const Digest> b);

}  // namespace entente::model
