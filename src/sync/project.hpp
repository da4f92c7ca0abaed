// From bodies to canonical values and back to a system's own references: the reading half of every rule.
// A reference is an external id in a record and an entity id in an entity; only here is one turned into the other.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

struct Projection {
    model::Canonical values;  // by property of the model; what cannot be read is not visible
    std::vector<std::pair<PropertyIndex, std::string>> unreadable;  // with the reason, for people
};
Projection project(const Step& step, const model::DataType& data_type, const Value& body);

// Whether the record meets the data type's filter.
bool meets(const model::DataType& data_type, const Value& body);

// Digest of a record's body under the mappings of its resource (rule 1 of Observe).
Digest body_digest(const Step& step, ResourceIndex resource, std::string_view body);

// The entity that an external id refers to, through a mapping's data types; zero when that record is unknown or not linked.
EntityId resolve(Step& step, const model::DataType& from, const model::Mapping& mapping,
                 const std::string& external_id);
// The external id of an entity in the system of `in`, or nullopt when it has no live record there.
std::optional<std::string> external_id_of(Step& step, const model::DataType& in,
                                          const model::Mapping& mapping, EntityId entity);

// An external id as the records of a system hold it in their bodies.
Value key_value(const model::Resource& resource, const std::string& external_id);

bool is_reference(const Step& step, const model::DataType& data_type, PropertyIndex p);

// The entity's value in the form that a shadow of this data type holds; nullopt when it cannot be expressed there (yet).
// `awaits` is then the entity whose link is missing.
std::optional<Value> expressed(Step& step, const model::DataType& in, const model::Mapping& mapping,
                               const Value& value, EntityId* awaits);

// A shadow's or projection's value in the form the entity holds; nullopt when its reference cannot be resolved (yet).
std::optional<Value> lifted(Step& step, const model::DataType& from, const model::Mapping& mapping,
                            const Value& shown);

// Equivalence of two values in the form of this data type's shadows.
bool equal_here(const model::Mapping& mapping, const Value& a, const Value& b);

}  // namespace entente::sync
