// A small entity data model: the properties of an OData v4 entity, what a body that is sent for one may hold, the
// blanks that stand where nothing is known, and the `$metadata` document that tells all of it. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "sim/form.hpp"

namespace entente::sim::edm {

enum class Type { text, code, number, whole, boolean, date, time, guid, choice };

// Who may set a property. `once`: at creation only. `computed`: whoever sends it is refused. `silent`: what is sent is
// ignored.
enum class Access { open, once, computed, silent };

// The member names as they stand on the wire: a space is "_x0020_".
struct Choice {
    std::string_view name;
    std::vector<std::string_view> members;  // the first is the blank
};

struct Property {
    std::string_view name;
    Type type = Type::text;
    std::size_t max = 0;  // characters; 0: not limited
    Access access = Access::open;
    std::string_view choice = {};
    int decimals = 5;  // a number is rounded to so many
    bool is_indexed = false;
};

struct Navigation {
    std::string_view name;    // "salesOrderLines"
    std::string_view entity;  // "salesOrderLine"
};

struct Entity {
    std::string_view name;  // "salesOrder"
    std::string_view set;   // "salesOrders"
    std::vector<Property> properties;
    std::vector<Navigation> lines = {};
};

inline constexpr std::string_view no_guid = "00000000-0000-0000-0000-000000000000";
inline constexpr std::string_view no_date = "0001-01-01";

const Property* find_property(const Entity& entity, std::string_view name);
// What stands where nothing is known. Requires: a choice that is among `choices`.
Value blank_of(const Property& property, std::span<const Choice> choices);
// The same properties for the form that fills records.
std::vector<Field> fields_of(const Entity& entity, std::span<const Choice> choices);

// A body in the terms of that form. Refused with the code of the error: what is no property, what is of another type,
// too long, a name that is none of the choice, null where there is no null, and what only the system computes.
Accepted<Value> translate(const Entity& entity, const Value& sent, bool is_new,
                          std::span<const Choice> choices);

// The document, of all entities and choices, in the namespace Microsoft.NAV.
std::string metadata(std::span<const Entity* const> entities, std::span<const Choice> choices);

}  // namespace entente::sim::edm
