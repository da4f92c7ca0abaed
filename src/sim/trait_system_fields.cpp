// What the tables of a system hold, and what it takes through its API.
#include <algorithm>
#include <array>

#include "sim/trait_system.hpp"

namespace entente::sim {
namespace {

struct Field {
    std::string_view table, name;
    enum class Kind { text, number, list } kind = Kind::text;
    bool is_required = false;
    bool is_fixed = false;  // once created
};

// `remark` is private: no connector knows of it.
constexpr std::array<Field, 13> fields{{
    {"things", "code"},
    {"things", "name"},
    {"things", "note"},
    {"things", "amount", Field::Kind::number},
    {"things", "owner"},
    {"things", "remark"},
    {"things", "lines", Field::Kind::list},
    {"owners", "code", Field::Kind::text, true},
    {"owners", "remark"},
    {"lines", "of", Field::Kind::text, true, true},
    {"lines", "text", Field::Kind::text, true},
    {"lines", "quantity", Field::Kind::number},
    {"lines", "remark"},
}};

bool is_of_kind(Field::Kind kind, const Value& value) {
    if (value.is_null()) return true;
    switch (kind) {
        case Field::Kind::text:
            return value.is_text();
        case Field::Kind::number:
            return value.is_decimal();
        case Field::Kind::list:
            return value.is_list() && std::ranges::all_of(value.as_list(), &Value::is_object);
    }
    std::unreachable();
}

bool is_blank(const Value* value) {
    return value == nullptr || value->is_null() || *value == Value("");
}

// The shape that a drifted system shows a note in; it takes what it shows.
Value without_drift(const Value& value) {
    const Value* text = value.find("text");
    return text == nullptr ? value : *text;
}

const Value* element_with(const Value& list, const Value* id) {
    if (id == nullptr || !list.is_list()) return nullptr;
    for (const Value& element : list.as_list())
        if (*element.find("id") == *id) return &element;
    return nullptr;
}

}  // namespace

Value TraitSystem::empty_body(const std::string& table, const std::string& id) const {
    Value body = Value::object();
    body.set("id", Value(id));
    for (const Field& field : fields) {
        if (field.table != table) continue;
        const bool is_list = field.kind == Field::Kind::list;
        if (is_list && traits_.lines != Traits::Lines::inside) continue;
        if (field.name == "owner" && !traits_.owners) continue;
        body.set(field.name, is_list ? Value::list() : Value());
    }
    return body;
}

// Elements with an id that is there are changed, those without are new, and one that is there no longer does not come back.
Value TraitSystem::lines_from(const Value& given, const Value& stored) {
    Value out = Value::list();
    if (!given.is_list()) return out;
    for (const Value& element : given.as_list()) {
        const Value* id = element.find("id");
        const Value* old = element_with(stored, id);
        if (id != nullptr && !id->is_null() && old == nullptr) continue;
        Value line = old == nullptr ? Value::object() : *old;
        if (old == nullptr) line.set("id", Value(state_.lines.new_id(traits_.name)));
        for (const std::string_view name : {"text", "quantity"}) {
            const Value* value = element.find(name);
            if (value != nullptr || old == nullptr)
                line.set(name, value == nullptr ? Value() : *value);
        }
        out.as_list().push_back(std::move(line));
    }
    return out;
}

std::optional<TraitSystem::Refusal> TraitSystem::refuse_value(const std::string& table,
                                                              std::string_view field,
                                                              const Value& value) const {
    const auto known = std::ranges::find_if(
        fields, [&](const Field& f) { return f.table == table && f.name == field; });
    CHECK(known != fields.end(), "a stored body holds the fields of its table");
    const std::string name(field);
    if (!is_of_kind(known->kind, value))
        return Refusal{422, "type", name, name + " is of another type"};
    if (known->is_required && is_blank(&value))
        return Refusal{422, "required", name, name + " is required"};
    if (known->kind == Field::Kind::list && !value.is_null())
        for (const Value& line : value.as_list())
            if (line.find("id") == nullptr && is_blank(line.find("text")))
                return Refusal{422, "required", name, "a line needs a text"};
    const auto formed = std::ranges::find(formed_properties, field);
    if (table != "things" || formed == formed_properties.end()) return std::nullopt;
    const Form form = traits_.forms[static_cast<std::size_t>(formed - formed_properties.begin())];
    const bool is_unwanted = value.is_text() && value.as_text().contains(unwanted);
    if (form == Form::choosy && is_unwanted)
        return Refusal{422, "unwanted", name, name + " is unwanted"};
    if (form != Form::refused || value.is_null()) return std::nullopt;
    return Refusal{422, "refused", name, name + " cannot be set here"};
}

// Takes what was sent into `body`: of an update in full, what it leaves out is emptied.
std::optional<TraitSystem::Refusal> TraitSystem::fill(const std::string& table, Value& body,
                                                      const Value& sent, bool is_new) {
    for (auto& [name, stored] : body.as_object()) {
        const auto known = std::ranges::find_if(
            fields, [&](const Field& f) { return f.table == table && f.name == name; });
        if (known == fields.end() || (known->is_fixed && !is_new)) continue;
        const Value* given = sent.find(name);
        if (given == nullptr && !is_new && !traits_.full_update) continue;
        const Value value = given == nullptr ? Value() : without_drift(*given);
        if (!is_new && value == stored) continue;
        if (auto refusal = refuse_value(table, name, value)) return refusal;
        if (known->kind == Field::Kind::list) {
            stored = lines_from(value, stored);
            continue;
        }
        const auto formed = std::ranges::find(formed_properties, name);
        const bool is_ignored =
            table == "things" && !is_new && formed != formed_properties.end() &&
            traits_.forms[static_cast<std::size_t>(formed - formed_properties.begin())] ==
                Form::ignored;
        if (!is_ignored) stored = table == "things" ? stored_form(name, value) : value;
    }
    return refuse_record(table, body);
}

std::optional<TraitSystem::Refusal> TraitSystem::refuse_record(const std::string& table,
                                                               const Value& body) const {
    if (table == "lines" && state_.things.find(body.find("of")->as_text()) == nullptr)
        return Refusal{422, "missing", "of", "there is no such thing"};
    const Value* code = body.find("code");
    if (table != "things" || !traits_.unique_code || is_blank(code)) return std::nullopt;
    for (const auto& [id, other] : state_.things.live())
        if (*other.body.find("code") == *code && !(Value(id) == *body.find("id")))
            return Refusal{409, "duplicate", "code", "another thing has this code"};
    return std::nullopt;
}

}  // namespace entente::sim
