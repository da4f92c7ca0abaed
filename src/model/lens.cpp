#include "model/lens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "base/time.hpp"
#include "model/fold.hpp"

namespace entente::model {
namespace {

constexpr std::string_view zero_guid = "00000000-0000-0000-0000-000000000000";
constexpr std::string_view midnight = "T00:00:00Z";
constexpr std::string_view first_day = "0001-01-01";  // many systems' "never"

std::unexpected<Error> drifted(const Lens& lens, const Value& shown, std::string_view declared) {
    const bool is_short = shown.is_text() && shown.as_text().size() <= 80;
    return fail(ErrorKind::drift,
                fmt::format("`{}` holds {}{}, not {}", lens.path, shown.kind(),
                            is_short ? fmt::format(" '{}'", shown.as_text()) : "", declared));
}

std::unexpected<Error> refused(const Lens& lens, std::string_view why) {
    return fail(ErrorKind::rejected, fmt::format("`{}` cannot hold this: {}", lens.path, why));
}

bool is_blank_text(const Value& value) {
    return value.is_text() && value.as_text().empty();
}

bool is_empty(const Lens& lens, const Value& shown) {
    if (shown.is_null() || is_blank_text(shown)) return true;
    return std::ranges::any_of(lens.empty_is, [&](const Value& empty) { return empty == shown; });
}

// Where a path ends in a body. `found` null pointer: the body leaves it out. An emptied group
// ("address": null) shows all of its members as empty.
struct PathEnd {
    const Value* found = nullptr;
    const Value* obstacle = nullptr;  // something on the way that is no object
};

PathEnd walk(const Value& body, std::string_view path) {
    const Value* at = &body;
    while (true) {
        if (at->is_null() && at != &body) return {at, nullptr};
        if (!at->is_object()) return {nullptr, at};
        const std::size_t dot = path.find('.');
        at = at->find(path.substr(0, dot));
        if (at == nullptr || dot == std::string_view::npos) return {at, nullptr};
        path.remove_prefix(dot + 1);
    }
}

// --- system -> canonical ---

Value text_as_type(PropertyType type, const std::string& text) {
    if (type == PropertyType::country || type == PropertyType::currency) {
        return Value(text::upper(text::trim(text)));
    }
    return Value(text);
}

Result<Value> read_number(const Lens& lens, const Value& shown) {
    if (lens.field == FieldType::decimal_text && shown.is_text()) {
        auto number = Decimal::parse(text::trim(shown.as_text()));
        if (!number) return drifted(lens, shown, "a number");
        return Value(*number);
    }
    if (!shown.is_decimal()) return drifted(lens, shown, "a number");
    if (lens.field != FieldType::integer && lens.type != PropertyType::integer) return shown;
    const auto whole = shown.as_decimal().to_int();
    if (!whole) return drifted(lens, shown, "a whole number");
    const bool is_number = lens.type == PropertyType::integer || lens.type == PropertyType::decimal;
    return is_number ? shown : Value(std::to_string(*whole));
}

// The calendar date that a field of days shows; empty when it shows none.
std::string day_in(FieldType field, const Value& shown) {
    if (!shown.is_text()) return {};
    std::string day = shown.as_text();
    if (field == FieldType::odata_date) {
        const auto at = parse_odata_date(day);
        day = at ? date_of(*at) : std::string();
    }
    return is_date(day) ? day : std::string();
}

bool holds_days(FieldType field) {
    return field == FieldType::date || field == FieldType::odata_date;
}

Result<Value> read_time(const Lens& lens, const Value& shown) {
    if (holds_days(lens.field)) {
        const std::string day = day_in(lens.field, shown);
        if (day.empty()) return drifted(lens, shown, "a date");
        return Value(lens.type == PropertyType::instant ? day + std::string(midnight) : day);
    }
    if (!shown.is_text()) return drifted(lens, shown, "a time");
    const auto instant = parse_instant(shown.as_text());
    if (!instant) return drifted(lens, shown, "a time");
    return Value(lens.type == PropertyType::date ? date_of(*instant) : format_instant(*instant));
}

Result<Value> read_listed(const Lens& lens, const Value& shown) {
    for (const auto& [canonical, system] : lens.values) {
        if (system == shown) return canonical;
    }
    if (lens.values_otherwise) return *lens.values_otherwise;
    return drifted(lens, shown, "one of its declared values");
}

// Requires: `shown` is not empty.
Result<Value> read_shown(const Lens& lens, const Value& shown) {
    if (!lens.values.empty()) return read_listed(lens, shown);
    switch (lens.field) {
        case FieldType::text:
        case FieldType::code:
            if (!shown.is_text()) return drifted(lens, shown, "text");
            return text_as_type(lens.type, shown.as_text());
        case FieldType::integer:
        case FieldType::decimal:
        case FieldType::decimal_text:
            return read_number(lens, shown);
        case FieldType::boolean:
            if (!shown.is_bool()) return drifted(lens, shown, "a boolean");
            return shown;
        case FieldType::date:
        case FieldType::instant:
        case FieldType::odata_date:
            return read_time(lens, shown);
    }
    std::unreachable();
}

// --- canonical -> system ---

std::string in_form(TextForm form, std::string_view text) {
    switch (form) {
        case TextForm::trim:
            return text::trim(text);
        case TextForm::squeeze:
            return text::squeeze(text);
        case TextForm::upper:
            return text::upper(text);
        case TextForm::lower:
            return text::lower(text);
        case TextForm::digits:
            return text::digits_only(text);
        case TextForm::no_space:
            return text::without_spaces(text);
    }
    std::unreachable();
}

std::string in_forms(const Lens& lens, std::string text) {
    for (const TextForm form : lens.forms) text = in_form(form, text);
    return text;
}

bool is_blank_of(FieldType field, const Value& value) {
    switch (field) {
        case FieldType::text:
        case FieldType::code:
        case FieldType::decimal_text:
            return value.is_text() && (value.as_text().empty() || value.as_text() == zero_guid);
        case FieldType::integer:
        case FieldType::decimal:
            return value.is_decimal() && value == Value(0);
        case FieldType::boolean:
            return value == Value(false);
        case FieldType::date:
        case FieldType::instant:
            return value.is_text() && value.as_text().starts_with(first_day);
        case FieldType::odata_date:
            return day_in(field, value) == first_day;
    }
    std::unreachable();
}

Value blank_of(const Lens& lens) {
    if (!lens.empty_is.empty() && is_blank_of(lens.field, lens.empty_is.front())) {
        return lens.empty_is.front();
    }
    return {};
}

Result<Value> write_text(const Lens& lens, std::string_view text) {
    std::string out = in_forms(lens, std::string(text));
    // Characters are never more than bytes, so most texts need no counting.
    if (lens.max && out.size() > static_cast<std::size_t>(*lens.max)) {
        const auto max = static_cast<std::size_t>(*lens.max);
        const std::size_t length = text::length(out);
        if (length > max && !lens.truncates) {
            return refused(lens, fmt::format("it takes at most {} characters and the value has {}",
                                             max, length));
        }
        // What a cut leaves at the end may be a space that the system trims again.
        if (length > max) out = in_forms(lens, text::truncate(out, max));
    }
    return out.empty() ? blank_of(lens) : Value(std::move(out));
}

Result<Value> write_number(const Lens& lens, const Value& value) {
    Decimal number;
    if (value.is_decimal()) {
        number = value.as_decimal();
    } else {
        const auto parsed = value.is_text() ? Decimal::parse(value.as_text()) : Decimal();
        // "007" and "7.0" would come back as another text.
        if (!parsed || !value.is_text() || parsed->text() != value.as_text()) {
            return refused(lens, "the value is no number");
        }
        number = *parsed;
    }
    if (lens.decimals) number = number.rounded(*lens.decimals);
    if (lens.field == FieldType::integer || lens.type == PropertyType::integer) {
        const auto whole = number.to_int();
        if (!whole) return refused(lens, "the value is no whole number");
        // Strict systems refuse 3.0 where they expect 3.
        number = Decimal(*whole);
    }
    if (lens.field == FieldType::decimal_text) return write_text(lens, number.text());
    return Value(number);
}

Result<Value> write_time(const Lens& lens, const Value& value) {
    const auto instant = value.is_text() ? parse_instant(value.as_text()) : Instant{};
    const bool is_day = value.is_text() && is_date(value.as_text());
    if (!value.is_text() || (!is_day && !instant)) return refused(lens, "the value is no time");
    const std::string day = is_day ? value.as_text() : date_of(*instant);
    if (lens.field == FieldType::date) return Value(day);
    if (lens.field == FieldType::odata_date) {
        TRY(const Instant start, parse_instant(day + std::string(midnight)));
        return Value(format_odata_date(start));
    }
    return is_day ? Value(value.as_text() + std::string(midnight))
                  : Value(format_instant(*instant));
}

Result<Value> write_listed(const Lens& lens, const Value& value) {
    for (const auto& [canonical, system] : lens.values) {
        if (canonical == value) return system;
    }
    return refused(lens, fmt::format("{} is not among its declared values",
                                     value.is_text() ? "'" + value.as_text() + "'" : "the value"));
}

Result<Value> written_form(const Lens& lens, const Value& value) {
    const bool is_none = value.is_null() || is_blank_text(value);
    if (is_none || (lens.empty_means && value == *lens.empty_means)) return blank_of(lens);
    if (!lens.values.empty()) return write_listed(lens, value);
    switch (lens.field) {
        case FieldType::text:
        case FieldType::code:
            if (!value.is_text()) return refused(lens, "the value is no text");
            return write_text(lens, text_as_type(lens.type, value.as_text()).as_text());
        case FieldType::integer:
        case FieldType::decimal:
        case FieldType::decimal_text:
            return write_number(lens, value);
        case FieldType::boolean:
            if (!value.is_bool()) return refused(lens, "the value is no boolean");
            return value;
        case FieldType::date:
        case FieldType::instant:
        case FieldType::odata_date:
            return write_time(lens, value);
    }
    std::unreachable();
}

Value meant_by_none(const Lens& lens) {
    return lens.empty_means.value_or(Value());
}

// What a read shows after this value was written; the value itself where it cannot be written.
Value settled(const Lens& lens, const Value& value) {
    if (lens.constant) return value;
    const auto written = written_form(lens, value);
    if (!written) return value;
    if (is_empty(lens, *written)) return meant_by_none(lens);
    auto read = read_shown(lens, *written);
    return read ? *std::move(read) : value;
}

}  // namespace

Result<std::optional<Value>> get(const Lens& lens, const Value& body) {
    if (lens.constant) return std::optional<Value>(*lens.constant);
    const PathEnd end = walk(body, lens.path);
    if (end.obstacle != nullptr) return drifted(lens, *end.obstacle, "an object on its path");
    if (end.found == nullptr) return std::optional<Value>();
    if (is_empty(lens, *end.found)) return std::optional<Value>(meant_by_none(lens));
    TRY(Value canonical, read_shown(lens, *end.found));
    return std::optional<Value>(std::move(canonical));
}

Result<void> put(const Lens& lens, const Value& value, Value& body) {
    if (lens.constant) {
        if (equivalent(lens, value, *lens.constant)) return {};
        return fail(ErrorKind::rejected, "every record has the same value here");
    }
    if (walk(body, lens.path).obstacle != nullptr) {
        return refused(lens, "what is on its path in the record is no object");
    }
    TRY(Value written, written_form(lens, value));
    body.set_path(lens.path, std::move(written));
    return {};
}

bool equivalent(const Lens& lens, const Value& a, const Value& b) {
    if (a == b) return true;
    const Value left = settled(lens, a);
    const Value right = settled(lens, b);
    if (left == right) return true;
    if (!left.is_text() || !right.is_text()) return false;
    return same_folded(lens.type, left.as_text(), right.as_text(), lens.country);
}

}  // namespace entente::model
