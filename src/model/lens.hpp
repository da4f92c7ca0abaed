// A lens: the two-way transform between one property of a system's record and one canonical property. Data, not code:
// mappings are YAML. Laws (G20), tested over every shipped mapping:
//   GetPut   put(get(body), body) leaves the body equivalent;
//   PutGet   get(put(v)) is `equivalent` to v, for every v that put accepts.
// `equivalent` is the declared equivalence: what this system is known to do to a value (trim, upper-case, cut, round),
// plus the type-level meaning. Agreement and echo detection are judged by it and by nothing else (X3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/model.hpp"

namespace entente::model {

// How the system writes the value in its body.
enum class FieldType {
    text,
    integer,
    decimal,
    decimal_text,
    boolean,
    date,
    instant,
    code,
    odata_date,  // "/Date(1704412800000)/": the milliseconds of that day's midnight, as if UTC
};

enum class TextForm { trim, squeeze, upper, lower, digits, no_space };

enum class Access {
    read,
    write,
    read_create,
    write_only
};  // read_create: set at creation, immutable afterwards

struct Lens {
    std::string path;  // "address.city"
    FieldType field = FieldType::text;
    PropertyType type = PropertyType::text;  // of the canonical property
    Access access = Access::write;
    bool required = false;        // the system refuses a create without it
    std::vector<TextForm> forms;  // what the system does to text, in this order
    std::optional<int> max;       // characters it keeps
    bool truncates = false;       // `longer: truncate`; otherwise put refuses longer text
    std::optional<int> decimals;  // it rounds to so many
    std::vector<std::pair<Value, Value>>
        values;  // canonical -> system; several canonical values may share a system value
    std::optional<Value>
        values_otherwise;  // canonical value of an unlisted system value; without it an unlisted one is drift
    std::vector<Value> empty_is;  // what the system writes for "no value", besides null
    // What a field without a value means, where the system leaves its own usual value out: its currency. Written as no value.
    std::optional<Value> empty_means;
    std::optional<Value>
        on_create;  // written when a record is created and the canonical value is empty or unmapped
    std::vector<std::string>
        refers_to;        // reference: names of data types of the same system, resolved in DataType
    std::string country;  // for phones: the workspace's default
    // A value that every record has here, whatever it shows: read as that, never written. The path
    // is empty then, and the access is read.
    std::optional<Value> constant;
};

// nullopt: the body leaves the field out (not visible). null: empty. Otherwise the canonical value (references: the id as text).
// drift: the field holds what the declared type cannot be; the message names path and value.
Result<std::optional<Value>> get(const Lens& lens, const Value& body);

// Writes the canonical value (null: empties the field) into `body` at the lens's path, in the system's form.
// rejected: the system cannot hold it (longer than max without truncation, unlisted code); body is untouched then.
Result<void> put(const Lens& lens, const Value& value, Value& body);

bool equivalent(const Lens& lens, const Value& a, const Value& b);

}  // namespace entente::model
