#include "report/import_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/json.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"

namespace entente::report {
namespace {

constexpr std::string_view nameless = "Unnamed";
// Longer ones are cut: a file's name holds 255 bytes, and two names and more go into one.
constexpr std::size_t name_length_max = 60;

bool is_letter_or_digit(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// The name, or with -2, -3 ... behind it.
std::string untaken(const std::string& name, std::string_view gap, std::set<std::string>& taken) {
    std::string out = name;
    for (int i = 2; !taken.insert(out).second; ++i) out = fmt::format("{}{}{}", name, gap, i);
    return out;
}

// Begins with a letter, holds nothing that YAML gives a meaning, and is no word of YAML's own.
bool is_plain(std::string_view text) {
    constexpr std::array<std::string_view, 8> words{"null", "true", "false", "yes",
                                                    "no",   "on",   "off",   "y"};
    if (text.empty() || std::isalpha(static_cast<unsigned char>(text.front())) == 0) return false;
    if (text.back() == ' ' || std::ranges::find(words, text::lower(text)) != words.end()) {
        return false;
    }
    return std::ranges::all_of(text, [](char c) {
        return is_letter_or_digit(c) || std::string_view("_-./ ").contains(c);
    });
}

struct KnownType {
    std::string_view spelled, type;
};
constexpr std::array known_types{
    KnownType{"string", "text"},       KnownType{"text", "text"},
    KnownType{"char", "text"},         KnownType{"varchar", "text"},
    KnownType{"nvarchar", "text"},     KnownType{"memo", "text"},
    KnownType{"email", "text"},        KnownType{"phone", "text"},
    KnownType{"url", "text"},          KnownType{"guid", "guid"},
    KnownType{"uuid", "guid"},         KnownType{"int", "integer"},
    KnownType{"int16", "integer"},     KnownType{"int32", "integer"},
    KnownType{"int64", "integer"},     KnownType{"integer", "integer"},
    KnownType{"long", "integer"},      KnownType{"short", "integer"},
    KnownType{"byte", "integer"},      KnownType{"decimal", "decimal"},
    KnownType{"double", "decimal"},    KnownType{"float", "decimal"},
    KnownType{"single", "decimal"},    KnownType{"number", "decimal"},
    KnownType{"numeric", "decimal"},   KnownType{"money", "decimal"},
    KnownType{"amount", "decimal"},    KnownType{"decimaltext", "decimal_text"},
    KnownType{"bool", "boolean"},      KnownType{"boolean", "boolean"},
    KnownType{"bit", "boolean"},       KnownType{"date", "date"},
    KnownType{"datetime", "instant"},  KnownType{"datetimeoffset", "instant"},
    KnownType{"timestamp", "instant"}, KnownType{"instant", "instant"},
    KnownType{"code", "code"},         KnownType{"enum", "code"},
    KnownType{"option", "code"},       KnownType{"picklist", "code"},
};

}  // namespace

std::string name_key(std::string_view name) {
    std::string key = text::fold(name);
    return key.empty() ? text::squeeze(name) : key;
}

const model::ConnectorDefinition* find_called(const model::Catalog& catalog,
                                              std::string_view name) {
    const std::string key = name_key(name);
    if (key.empty()) return nullptr;
    for (const auto& connector : catalog.connectors) {
        if (name_key(connector.name) == key) return &connector;
        for (const std::string& called : connector.called) {
            if (name_key(called) == key) return &connector;
        }
    }
    return nullptr;
}

bool names_lines(std::string_view data_type) {
    const std::string key = name_key(data_type);
    return key.ends_with("line") || key.ends_with("lines");
}

std::string system_name(std::string_view spelled, std::set<std::string>& taken) {
    std::string name;
    for (const char c : spelled) {
        if (is_letter_or_digit(c) || c == '_' || c == '-') name.push_back(c);
    }
    name.resize(std::min(name.size(), name_length_max));
    const bool has_letter = std::ranges::any_of(name, is_letter_or_digit);
    return untaken(has_letter ? name : std::string(nameless), "-", taken);
}

std::string slug(std::string_view name, std::set<std::string>& taken) {
    std::string out;
    for (const char c : text::lower(name)) {
        if (is_letter_or_digit(c)) {
            out.push_back(c);
        } else if (!out.empty() && !out.ends_with('-')) {
            out.push_back('-');
        }
    }
    out.resize(std::min(out.size(), name_length_max));
    while (out.ends_with('-')) out.pop_back();
    return untaken(out.empty() ? text::lower(nameless) : out, "-", taken);
}

std::string variable_name(std::string_view system, std::string_view secret,
                          std::set<std::string>& taken) {
    std::string name = text::upper(fmt::format("{}_{}", system, secret));
    std::ranges::replace_if(
        name, [](char c) { return !is_letter_or_digit(c); }, '_');
    if (std::isdigit(static_cast<unsigned char>(name.front())) != 0) name.insert(0, 1, '_');
    return untaken(name, "_", taken);
}

bool is_identifier(std::string_view name) {
    if (name != text::on_one_line(name)) return false;
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return is_letter_or_digit(c) || c == '_' || c == '-' ||
               static_cast<unsigned char>(c) > 0x7f;
    });
}

std::string yaml_text(std::string_view text) {
    return is_plain(text) ? std::string(text) : text::json_on_one_line(json::write(Value(text)));
}

std::string one_line(std::string_view text) {
    return text::on_one_line(text::squeeze(text));
}

FieldGuess field_guess(std::string_view data_type) {
    const std::size_t open = std::min(data_type.find('('), data_type.size());
    std::string name = text::fold(data_type.substr(0, open));
    if (name.starts_with("edm")) name.erase(0, 3);
    const auto known = std::ranges::find(known_types, name, &KnownType::spelled);
    if (known == known_types.end()) return {};
    FieldGuess guess{std::string(known->type), {}};
    const std::string digits = text::digits_only(data_type.substr(open));
    const bool is_length =
        guess.type == "text" && !digits.empty() && digits.size() < 6 && digits.front() != '0';
    if (is_length) guess.limit = fmt::format(", max: {}", digits);
    return guess;
}

std::string field_type_for(model::PropertyType type) {
    using enum model::PropertyType;
    switch (type) {
        case integer:
        case decimal:
        case boolean:
        case date:
        case instant:
            return std::string(name_of(type));
        default:
            return "text";
    }
}

bool can_hold(std::string_view field_type, model::PropertyType type) {
    using enum model::PropertyType;
    const bool is_text = field_type == "text" || field_type == "guid" || field_type == "code";
    switch (type) {
        case integer:
        case decimal:
            return field_type == "integer" || field_type.starts_with("decimal");
        case boolean:
            return field_type == "boolean";
        case date:
        case instant:
            return field_type == "date" || field_type == "instant";
        case list:
            return false;
        default:
            return is_text || field_type == "integer";
    }
}

}  // namespace entente::report
