#include "sim/form.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/time.hpp"
#include "sim/amsterdam.hpp"

namespace entente::sim {
namespace {

constexpr std::size_t texts_max = 100;

// Larger amounts would not multiply and add up exactly within a Decimal.
const Decimal number_limit(1'000'000'000'000);

bool is_letters(std::string_view s) {
    return std::ranges::all_of(
        s, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

Accepted<Value> accept_text(const Field& field, const Value& sent) {
    if (!sent.is_text()) {
        return refuse(fmt::format("must be text, not {}", sent.kind()), field.path);
    }
    std::string s = text::trim(sent.as_text());
    if (field.no_space) s = text::without_spaces(s);
    if (field.upper) s = text::upper(s);
    if (field.cuts) s = text::trim(text::truncate(s, field.max));
    if (s.empty()) return Value();
    if (text::length(s) > field.max) {
        return refuse(fmt::format("may hold at most {} characters", field.max), field.path);
    }
    if (field.letters != 0 && (s.size() != field.letters || !is_letters(s))) {
        return refuse(fmt::format("must be {} letters", field.letters), field.path);
    }
    if (field.has_at_sign && !s.contains('@')) return refuse("is no e-mail address", field.path);
    if (const std::size_t length = text::length(s); length < field.pads_to) {
        s.insert(0, field.pads_to - length, ' ');
    }
    return Value(std::move(s));
}

Accepted<Value> accept_number(const Field& field, const Value& sent) {
    if (!sent.is_decimal()) {
        return refuse(fmt::format("must be a number, not {}", sent.kind()), field.path);
    }
    const Decimal& number = sent.as_decimal();
    if (number >= number_limit || number <= Decimal(0).minus(number_limit)) {
        return refuse("is too large", field.path);
    }
    if (field.positive && number <= Decimal(0)) {
        return refuse("must be greater than 0", field.path);
    }
    if (field.rounds_to >= 0) return Value(number.rounded(field.rounds_to));
    if (number.decimals() > field.decimals_max && number != number.rounded(field.decimals_max)) {
        return refuse(fmt::format("may have at most {} decimals", field.decimals_max), field.path);
    }
    return Value(number.rounded(field.decimals_max));
}

Accepted<Value> accept_texts(const Field& field, const Value& sent) {
    const bool are_texts =
        sent.is_list() && sent.as_list().size() <= texts_max &&
        std::ranges::all_of(sent.as_list(), [](const Value& v) { return v.is_text(); });
    if (!are_texts) return refuse("must be a short list of texts", field.path);
    return sent;
}

Accepted<Value> accept_day(const Field& field, const Value& sent) {
    if (sent.is_text() && sent.as_text().empty()) return Value();
    const auto day = sent.is_text() ? parse_day(sent.as_text()) : std::nullopt;
    if (!day) return refuse("must be a date like 2026-11-21T00:00:00", field.path);
    return Value(date_text(*day));
}

Accepted<Value> accept_kind(const Field& field, const Value& sent) {
    switch (field.type) {
        case FieldType::text:
            return accept_text(field, sent);
        case FieldType::number:
            return accept_number(field, sent);
        case FieldType::texts:
            return accept_texts(field, sent);
        case FieldType::reference:
            return sent;
        case FieldType::boolean:
            if (sent.is_bool()) return sent;
            return refuse(fmt::format("must be true or false, not {}", sent.kind()), field.path);
        case FieldType::date:
            if (sent.is_text() && sent.as_text().empty()) return Value();
            if (sent.is_text() && is_date(sent.as_text())) return sent;
            return refuse("must be a date like 2026-11-21", field.path);
        case FieldType::day:
            return accept_day(field, sent);
    }
    return refuse("has an unknown type", field.path);
}

// What the body says about a field: null pointer when it leaves it out. A null group empties its fields.
Accepted<const Value*> sent_for(const Field& field, const Value& sent) {
    static const Value nothing;
    const std::size_t dot = field.path.find('.');
    if (dot == std::string_view::npos) return sent.find(field.path);
    const Value* group = sent.find(field.path.substr(0, dot));
    if (group == nullptr) return nullptr;
    if (group->is_null()) return &nothing;
    if (!group->is_object()) return refuse("must be an object", field.path.substr(0, dot));
    return group->find(field.path.substr(dot + 1));
}

}  // namespace

Accepted<Value> accept(const Field& field, const Value& sent, const Surroundings& surroundings) {
    Accepted<Value> value = sent.is_null() ? Value() : accept_kind(field, sent);
    if (!value) return value;
    // A switch that is emptied falls back to what a new record has; a list becomes an empty one.
    if (value->is_null() && !field.initial.is_null()) value = field.initial;
    if (value->is_null()) {
        if (field.required) return refuse("is required", field.path);
        return value;
    }
    if (field.type == FieldType::reference && !surroundings.exists(field, *value)) {
        return refuse(fmt::format("no such record in {}", field.to), field.path);
    }
    if (field.unique && surroundings.is_taken(field, *value)) {
        return std::unexpected(
            Refusal{Refusal::Kind::duplicate, "is in use already", std::string(field.path)});
    }
    return value;
}

Value blank(const std::vector<Field>& fields) {
    Value record = Value::object();
    for (const Field& field : fields) record.set_path(field.path, field.initial);
    return record;
}

Accepted<bool> fill(Value& record, const Value& sent, const std::vector<Field>& fields, bool is_new,
                    const Surroundings& surroundings) {
    bool has_changed = is_new;
    for (const Field& field : fields) {
        if (field.read_only || (field.insiders_only && !surroundings.is_insider())) continue;
        auto given = sent_for(field, sent);
        if (!given) return std::unexpected(std::move(given).error());
        const Value* old = record.at_path(field.path);
        CHECK(old != nullptr, "a record shows every field of its table");
        if (*given == nullptr) {
            if (is_new && field.required && old->is_null()) {
                return refuse("is required", field.path);
            }
            continue;
        }
        // What stands already is not judged again: a reference may lead to a record that was removed since.
        if (!is_new && **given == *old) continue;
        Accepted<Value> value = accept(field, **given, surroundings);
        if (!value) return std::unexpected(std::move(value).error());
        if (*value == *old) continue;
        if (field.fixed && !is_new) return refuse("cannot be changed", field.path);
        record.set_path(field.path, *std::move(value));
        has_changed = true;
    }
    return has_changed;
}

}  // namespace entente::sim
