// A JSON-like value: null, boolean, exact decimal, text, list, object. What connectors read and
// write, and what canonical properties hold. Objects keep the order they were read in; a key occurs
// once (the reader refuses duplicates). Equality is by meaning: numbers by number, objects whatever
// their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/decimal.hpp"

namespace entente {

class Value {
public:
    using List = std::vector<Value>;
    using Member = std::pair<std::string, Value>;
    using Object = std::vector<Member>;

    Value() = default;  // null
    Value(std::nullptr_t) {}
    Value(bool b) : v_(b) {}
    Value(Decimal d) : v_(d) {}
    Value(int whole) : v_(Decimal(whole)) {}
    Value(std::int64_t whole) : v_(Decimal(whole)) {}
    Value(std::size_t whole) : v_(Decimal(static_cast<std::int64_t>(whole))) {}
    Value(const char* text) : v_(std::string(text)) {}
    Value(std::string text) : v_(std::move(text)) {}
    Value(std::string_view text) : v_(std::string(text)) {}
    Value(List list) : v_(std::move(list)) {}
    Value(Object object) : v_(std::move(object)) {}
    static Value object() { return Value(Object{}); }
    static Value list() { return Value(List{}); }

    bool is_null() const { return v_.index() == 0; }
    bool is_bool() const { return v_.index() == 1; }
    bool is_decimal() const { return v_.index() == 2; }
    bool is_text() const { return v_.index() == 3; }
    bool is_list() const { return v_.index() == 4; }
    bool is_object() const { return v_.index() == 5; }
    std::string_view kind() const;  // "null", "boolean", "number", "text", "list", "object"

    // Requires: of that kind (CHECKed by std::get's absence of UB: a wrong kind aborts).
    bool as_bool() const { return std::get<bool>(v_); }
    const Decimal& as_decimal() const { return std::get<Decimal>(v_); }
    const std::string& as_text() const { return std::get<std::string>(v_); }
    std::string& as_text() { return std::get<std::string>(v_); }
    const List& as_list() const { return std::get<List>(v_); }
    List& as_list() { return std::get<List>(v_); }
    const Object& as_object() const { return std::get<Object>(v_); }
    Object& as_object() { return std::get<Object>(v_); }

    // The member of that name, or null pointer when this is no object or has none.
    const Value* find(std::string_view key) const;
    Value* find(std::string_view key);
    // "address.city": walks objects; null pointer where the path ends early.
    const Value* at_path(std::string_view path) const;
    // Sets a member, replacing one of the same name. Requires: object.
    void set(std::string_view key, Value value);
    // Sets by path, making the objects on the way. Requires: object; what is on the way is object
    // or absent or null.
    void set_path(std::string_view path, Value value);
    bool erase(std::string_view key);

    friend bool operator==(const Value& a, const Value& b);

private:
    std::variant<std::monostate, bool, Decimal, std::string, List, Object> v_;
};

}  // namespace entente
