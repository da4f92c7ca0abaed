#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <string>

#include "base/phone_countries.hpp"
#include "base/text.hpp"

namespace entente::text {
namespace {

// Once so many digits are read, a letter begins something else: "22 33 44 55 ext. 12".
constexpr std::size_t digits_of_number_min = 5;

struct Dialled {
    std::string digits;
    bool is_international = false;  // the digits begin with a country code
};

bool ends_number(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '#' || c == ';' || c == ',';
}

// "(0)" with blanks inside as people write it; gives its length or 0.
std::size_t length_of_zero_in_brackets(std::string_view s) {
    if (!s.starts_with('(')) return 0;
    const std::size_t zero = s.find_first_not_of(' ', 1);
    if (zero == std::string_view::npos || s[zero] != '0') return 0;
    const std::size_t close = s.find_first_not_of(' ', zero + 1);
    return close != std::string_view::npos && s[close] == ')' ? close + 1 : 0;
}

// After a country code the bracket means "only when you dial from inside", except in Italy, where
// the zero belongs to the number.
bool drops_zero_in_brackets(const Dialled& before) {
    std::string_view code = before.digits;
    const bool has_exit = !before.is_international && code.starts_with("00");
    if (has_exit) code.remove_prefix(2);
    return (before.is_international || has_exit) && !code.empty() && code != "39";
}

Dialled read(std::string_view s) {
    Dialled out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const char c = s[i];
        if (c == '+' && out.digits.empty()) out.is_international = true;
        if (c == '+' && out.digits.size() >= digits_of_number_min) break;  // a second number
        if (c >= '0' && c <= '9') out.digits += c;
        if (ends_number(c) && out.digits.size() >= digits_of_number_min) break;
        if (c != '(' || !drops_zero_in_brackets(out)) continue;
        if (const std::size_t skipped = length_of_zero_in_brackets(s.substr(i))) i += skipped - 1;
    }
    return out;
}

// Digits of other scripts and full-width signs become ASCII.
std::string ascii_digits(std::string_view s) {
    const auto whole =
        icu::UnicodeString::fromUTF8({s.data(), static_cast<std::int32_t>(s.size())});
    std::string out;
    for (std::int32_t i = 0; i < whole.length(); i = whole.moveIndex32(i, 1)) {
        const UChar32 c = whole.char32At(i);
        const int digit = u_charDigitValue(c);
        if (digit >= 0) {
            out += static_cast<char>('0' + digit);
        } else if (c < 0x80) {
            out += static_cast<char>(c);
        } else {
            out += c == 0xFF0B ? '+' : u_isalpha(c) != 0 ? 'x' : ' ';
        }
    }
    return out;
}

const PhoneCountry* country_of(std::string_view country) {
    const std::string name = upper(country);
    const auto at = std::ranges::find(phone_countries, name, &PhoneCountry::country);
    return at == phone_countries.end() ? nullptr : &*at;
}

// Several countries share a code and then dial alike, so that any of them will do.
const PhoneCountry* country_of_number(std::string_view digits) {
    const auto at = std::ranges::find_if(
        phone_countries, [&](const PhoneCountry& known) { return digits.starts_with(known.code); });
    return at == phone_countries.end() ? nullptr : &*at;
}

bool has_length(const PhoneCountry& country, std::size_t digits) {
    return digits >= country.digits_min && digits <= country.digits_max;
}

// "+44 01632 ..." is a mistake with one meaning where no national number begins with the prefix.
std::string without_trunk(std::string digits) {
    const PhoneCountry* country = country_of_number(digits);
    if (country == nullptr || country->trunk != "0") return digits;
    if (digits.compare(country->code.size(), 1, "0") == 0) digits.erase(country->code.size(), 1);
    return digits;
}

std::string with_code(const std::string& digits, const PhoneCountry& country) {
    const std::string code(country.code);
    const bool has_code =
        digits.starts_with(code) && has_length(country, digits.size() - code.size());
    const bool has_trunk = !country.trunk.empty() && digits.starts_with(country.trunk);
    // Where a prefix is dialled, a number without it that begins with the code has the code; where
    // none is, the length tells.
    if (has_code && (country.trunk == "0" || !has_length(country, digits.size()))) return digits;
    return code + (has_trunk ? digits.substr(country.trunk.size()) : digits);
}

}  // namespace

std::string fold_phone(std::string_view s, std::string_view country) {
    const bool is_ascii = std::ranges::none_of(s, [](char c) { return (c & 0x80) != 0; });
    Dialled number = is_ascii ? read(s) : read(ascii_digits(s));
    const PhoneCountry* home = country_of(country);
    const std::string_view exit = home != nullptr && home->code == "1" ? "011" : "00";
    for (const std::string_view prefix : {exit, std::string_view("00")}) {
        if (number.is_international || !number.digits.starts_with(prefix)) continue;
        number.digits.erase(0, prefix.size());
        number.is_international = true;
    }
    if (number.digits.empty()) return {};
    if (number.is_international) return without_trunk(std::move(number.digits));
    return home != nullptr ? with_code(number.digits, *home) : number.digits;
}

}  // namespace entente::text
