// What an OData service says of itself ($metadata, EDMX of version 2 or 4): its entity sets and the types of their records. For
// `check --live`, which compares a connector with it, and `init --discover`, which drafts one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace entente::model {

struct MetadataProperty {
    std::string name;
    std::string type;  // "Edm.String", or the full name of an enumeration or complex type
    bool is_collection = false;
    bool nullable = true;
    std::optional<int> max;     // characters
    std::optional<int> digits;  // behind the point
    bool is_version = false;    // changes with every change (ConcurrencyMode="Fixed")
};

// Another record, or a list of them, that can be asked for with this one.
struct MetadataNavigation {
    std::string name;
    std::string type;  // full name; empty: version 2 names it elsewhere
    bool is_collection = false;
};

// An entity type, or a complex one (which has no key).
struct MetadataType {
    std::string base;  // full name of the type that it extends; empty: none
    std::vector<std::string> key;
    std::vector<MetadataProperty> properties;
    std::vector<MetadataNavigation> navigations;
};

struct MetadataSet {
    std::string name;
    std::string type;          // full name
    bool has_version = false;  // it is said that its records have one (OptimisticConcurrency)
};

struct Metadata {
    std::string version;  // "4.0"
    std::map<std::string, MetadataType> types;
    std::map<std::string, std::vector<std::string>> enumerations;  // their members
    std::vector<MetadataSet> sets;                                 // in the order of the document

    const MetadataSet* find_set(std::string_view name) const;
    // Of the records listed under that name: a set, or a list inside the records of another one.
    const MetadataType* find_records(std::string_view name) const;
    // Those of the types that it extends first.
    std::vector<MetadataProperty> properties_of(const MetadataType& type) const;
    std::vector<std::string> key_of(const MetadataType& type) const;
    // "address.city" steps into complex types. nullopt: there is none.
    std::optional<MetadataProperty> find_property(const MetadataType& type,
                                                  std::string_view path) const;
};

// corrupt: no XML, or no EDMX; larger than limits::metadata_bytes_max; or it declares a document type, in which entities that expand
// for ever are declared. Nothing is ever expanded or fetched.
Result<Metadata> read_metadata(std::string_view xml);

}  // namespace entente::model
