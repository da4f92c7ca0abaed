// A model: the shared, canonical shape of one kind of thing (organisation, order ...), with typed properties and match
// rules. Systems are mapped to models, never to each other. Values are canonical: see `PropertyType`.
#pragma once

#include <optional>
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
    text,        // text, compared exactly
    name,        // text; match keys drop legal forms ("AS", "B.V.")
    code,        // one of Property::values when those are given, else short text
    email,       // equal when text::fold_email is
    phone,       // equal when text::fold_phone is
    vat_number,  // equal when text::fold_vat is
    country,     // ISO 3166 alpha-2, upper
    currency,    // ISO 4217, upper
    integer,     // whole Decimal
    decimal,     // Decimal, compared by number
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
    bool local = false;               // `scope: local`: read and shown, never carried
    std::vector<std::string> values;  // code: the allowed ones; empty means any
    Mark at;
};

struct Model {
    std::string name;
    std::vector<Property> properties;
    // Each rule is a set of properties that, when all are present and equal after folding, make two records one thing.
    std::vector<std::vector<PropertyIndex>> match;
    Mark at;

    PropertyIndex find(std::string_view property) const;  // none() when absent
    const Property& operator[](PropertyIndex p) const { return properties[p.at()]; }
};

// A canonical record: one optional per property of its model. nullopt: not visible; null: empty.
using Canonical = std::vector<std::optional<Value>>;

// The value as match keys see it; empty text when there is nothing to match on. `country` is the workspace's default.
std::string fold_for_match(const Property& property, const Value& value, std::string_view country);

// Same type-level meaning: exact, or equal after the fold that `PropertyType` names.
bool same_meaning(const Property& property, const Value& a, const Value& b,
                  std::string_view country);

struct MatchKey {
    int rule = 0;
    Digest digest;  // of model, rule and folded values
};
// One key per rule whose every part has a value. References and lists never take part (lines match inside parents).
std::vector<MatchKey> match_keys(const Model& model, const Canonical& values,
                                 std::string_view country);

}  // namespace entente::model
