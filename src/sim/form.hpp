// What a record of a simulated system may hold: its fields as a table, and the one function that fills a record from a
// request body the way both systems do (merge, validation, normalisation). Pure: what must be looked up elsewhere
// (does that customer exist?) is asked through `Surroundings`.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace entente::sim {

// `day` is a date as Exact Online writes it, "/Date(ms)/".
enum class FieldType { text, number, boolean, date, day, reference, texts };

struct Field {
    std::string_view path;  // "address.city"; at most two parts
    FieldType type = FieldType::text;
    std::size_t max = 500;    // characters
    std::size_t letters = 0;  // exactly so many letters: 2 for countries, 3 for currencies
    bool required = false;
    bool unique = false;
    bool fixed = false;  // set at creation, never changed
    bool read_only = false;
    bool insiders_only = false;  // read-only, but for people in the application and the generator
    bool cuts = false;           // longer text is cut, not refused
    std::size_t pads_to = 0;     // stored with spaces in front up to so many characters
    bool upper = false;          // stored so
    bool no_space = false;       // stored so
    bool has_at_sign = false;
    bool positive = false;
    int decimals_max = 6;      // more are refused
    int rounds_to = -1;        // more are rounded away, half away from zero
    std::string_view to = {};  // reference: the resource
    Value initial = {};        // of a new record that does not say
};

// Why a body is refused: the systems put their own status and code to it.
struct Refusal {
    enum class Kind { invalid, duplicate };
    Kind kind = Kind::invalid;
    std::string text;
    std::string field;
    std::string_view code = {};  // of systems that tell more refusals apart than these two kinds
};

template <class T>
using Accepted = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(std::string text, std::string_view field) {
    return std::unexpected(Refusal{Refusal::Kind::invalid, std::move(text), std::string(field)});
}

class Surroundings {
public:
    virtual ~Surroundings() = default;
    virtual bool exists(const Field& reference, const Value& id) const = 0;
    // Whether another record holds this value in this unique field.
    virtual bool is_taken(const Field& field, const Value& value) const = 0;
    // Whether the writer may set what is for insiders only.
    virtual bool is_insider() const { return false; }
};

// The value as the system stores it: trimmed, in its case, rounded; empty text is no value.
Accepted<Value> accept(const Field& field, const Value& sent, const Surroundings& surroundings);

// A record with every field of the table, in its order, at its initial value.
Value blank(const std::vector<Field>& fields);

// Lays `sent` over `record`, field by field: what is left out stays, null empties, a null group empties its fields,
// unknown and read-only fields are ignored. True when anything differs afterwards. On a refusal `record` is half
// changed and must be thrown away.
Accepted<bool> fill(Value& record, const Value& sent, const std::vector<Field>& fields, bool is_new,
                    const Surroundings& surroundings);

}  // namespace entente::sim
