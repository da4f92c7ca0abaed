#include "model/fingerprint.hpp"

#include <utility>

#include "base/json.hpp"

namespace entente::model {
namespace {

// Moves when match keys are made in another way: those of older stores are then made anew.
constexpr int form_of_keys = 2;

// Written as JSON: unambiguous whatever stands in names and values, and the order is ours.
Value list_of(const std::vector<Value>& values) {
    return Value(Value::List(values));
}

Value number(int n) {
    return Value(n);
}

Value value_or_null(const std::optional<Value>& value) {
    return value ? *value : Value();
}

Value number_or_null(const std::optional<int>& n) {
    return n ? number(*n) : Value();
}

Value canonical(const Lens& lens) {
    Value forms = Value::list();
    for (const TextForm form : lens.forms) {
        forms.as_list().push_back(number(std::to_underlying(form)));
    }
    Value values = Value::list();
    for (const auto& [ours, theirs] : lens.values)
        values.as_list().push_back(list_of({ours, theirs}));
    Value refers_to = Value::list();
    for (const std::string& name : lens.refers_to) refers_to.as_list().push_back(Value(name));
    if (lens.constant) {
        return list_of({Value("constant"), *lens.constant, number(std::to_underlying(lens.type))});
    }
    return list_of({Value(lens.path), number(std::to_underlying(lens.field)),
                    number(std::to_underlying(lens.type)), number(std::to_underlying(lens.access)),
                    forms, number_or_null(lens.max), Value(lens.truncates),
                    number_or_null(lens.decimals), values, value_or_null(lens.values_otherwise),
                    list_of(lens.empty_is), refers_to, value_or_null(lens.empty_means)});
}

}  // namespace

Digest fingerprint_of(const DataType& data_type, const Resource& resource, const Model& model,
                      std::string_view country) {
    Value map = Value::list();
    for (const Mapping& mapping : data_type.map) {
        const Property& property = model[mapping.property];
        map.as_list().push_back(
            list_of({Value(property.name), Value(property.local), canonical(mapping.lens)}));
    }
    Value where = Value::list();
    for (const auto& [path, value] : data_type.where) {
        where.as_list().push_back(list_of({Value(path), value}));
    }
    Value match = Value::list();
    for (const auto& rule : model.match) {
        Value parts = Value::list();
        for (const PropertyIndex property : rule) {
            parts.as_list().push_back(model[property].name);
            parts.as_list().push_back(model[property].identifies);
        }
        parts.as_list().push_back(rule.is_loose);
        match.as_list().push_back(std::move(parts));
    }
    match.as_list().push_back(number(form_of_keys));
    const Value whole =
        list_of({Value(model.name), Value(resource.key_at), Value(data_type.nested_path),
                 Value(data_type.parent_at), where, map, match, Value(country)});
    return digest_of(json::write(whole));
}

}  // namespace entente::model
