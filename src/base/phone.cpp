// What belongs to a telephone number in a text is found here; what it means is said by libphonenumber, which knows how every
// country dials. No other file includes that library.
#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumberutil.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "base/text.hpp"

namespace entente::text {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// Once so many digits are read, a letter begins something else: "22 33 44 55 ext. 12".
constexpr std::size_t digits_of_number_min = 5;
// Longer runs of digits are not handed to the library: its longest number has 20, and a prefix to dial abroad has up to 9.
constexpr std::size_t digits_of_number_max = 30;
// Longer texts are not tried as a number that is spelled in letters.
constexpr std::size_t spelled_bytes_max = 40;
constexpr const char* no_region = "ZZ";

// ---- what belongs to the number

struct Dialled {
    std::string digits;
    bool is_international = false;  // the digits begin with a country code
    bool has_letters = false;       // in the part that was read, or behind it
};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool ends_number(char c) {
    return is_letter(c) || c == '#' || c == ';' || c == ',';
}

// "(0)" with blanks inside as people write it; gives its length or 0.
std::size_t length_of_zero_in_brackets(std::string_view s) {
    if (!s.starts_with('(')) return 0;
    const std::size_t zero = s.find_first_not_of(' ', 1);
    if (zero == std::string_view::npos || s[zero] != '0') return 0;
    const std::size_t close = s.find_first_not_of(' ', zero + 1);
    return close != std::string_view::npos && s[close] == ')' ? close + 1 : 0;
}

// After a country code the bracket means "only when you dial from inside", also where nothing is dialled from inside. In
// Italy the zero belongs to the number.
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
        out.has_letters = out.has_letters || is_letter(c);
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

// ---- what needs no library

// The countries of Europe and North America whose numbers the library leaves as they are when they come with the country
// code, unless they begin with what is dialled from inside. Left out are those where it takes away or completes more:
// Russia, the Faroes, Luxembourg, Lithuania, Belarus, San Marino, Liechtenstein. PhoneLaw compares both ways.
constexpr auto settled_codes = std::to_array<std::string_view>(
    {"1",   "30",  "31",  "32",  "33",  "34",  "36",  "39",  "40",  "41",  "43",
     "44",  "45",  "46",  "47",  "48",  "49",  "299", "350", "351", "353", "354",
     "355", "356", "357", "358", "359", "371", "372", "373", "376", "377", "380",
     "381", "382", "383", "385", "386", "387", "389", "420", "421"});

// E.164 that the library would give back unchanged. Requires: digits that begin with a country code.
bool is_settled(std::string_view digits) {
    if (digits.size() < 8 || digits.size() > 15) return false;
    const auto code = std::ranges::find_if(
        settled_codes, [&](std::string_view known) { return digits.starts_with(known); });
    if (code == settled_codes.end()) return false;
    const char next = digits[code->size()];
    if (*code == "1") return next > '1';
    return next > '0' || *code == "39";
}

// ---- what the library says

// Loaded by the first number that must be parsed: it takes tens of milliseconds, and most commands need none. Several
// threads may ask at once, and may parse at once.
const PhoneNumberUtil& library() {
    static const PhoneNumberUtil& loaded = []() -> const PhoneNumberUtil& {
        PhoneNumberUtil& fresh = *PhoneNumberUtil::GetInstance();
        // The library owns its logger; its own one writes to the standard output.
        fresh.SetLogger(std::make_unique<i18n::phonenumbers::NullLogger>().release());
        return fresh;
    }();
    return loaded;
}

std::string folded(const PhoneNumber& number) {
    std::string e164;
    library().Format(number, PhoneNumberUtil::E164, &e164);
    return e164.substr(1);
}

struct Reading {
    std::string folded;
    bool is_possible = false;  // as many digits as numbers of its country have
};

std::optional<Reading> parse(const std::string& number, const std::string& region) {
    PhoneNumber parsed;
    if (library().Parse(number, region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
    return Reading{folded(parsed), library().IsPossibleNumber(parsed)};
}

// "00" is the way out of most countries, and people write it in the others too.
std::optional<Reading> parse(const Dialled& number, const std::string& region) {
    if (number.digits.size() > digits_of_number_max) return {};
    if (number.is_international) return parse("+" + number.digits, no_region);
    std::optional<Reading> at_home = parse(number.digits, region);
    if (!number.digits.starts_with("00") || (at_home && at_home->is_possible)) return at_home;
    std::optional<Reading> abroad = parse("+" + number.digits.substr(2), no_region);
    return abroad ? abroad : at_home;
}

// "1-800-FLOWERS", as North America spells numbers. Only one that somebody can have is believed.
std::optional<std::string> parse_spelled(std::string_view s, const std::string& region) {
    if (s.size() > spelled_bytes_max) return {};
    PhoneNumber parsed;
    if (library().Parse(std::string(s), region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR)
        return {};
    if (parsed.country_code() != 1 || !library().IsValidNumber(parsed)) return {};
    return folded(parsed);
}

// The library takes one zero at a time ("+44 0 0 20 ..."). A normal form is what stays.
std::string settled(std::string digits) {
    for (std::size_t i = 0; i < digits_of_number_max && !is_settled(digits); ++i) {
        std::optional<Reading> again = parse("+" + digits, no_region);
        if (!again || again->folded == digits) break;
        digits = std::move(again->folded);
    }
    return digits;
}

std::string region_of(std::string_view country) {
    std::string region = upper(country);
    return region == "UK" ? "GB" : region;
}

}  // namespace

std::string fold_phone(std::string_view s, std::string_view country) {
    const bool is_ascii = std::ranges::none_of(s, [](char c) { return (c & 0x80) != 0; });
    Dialled number = is_ascii ? read(s) : read(ascii_digits(s));
    if (number.digits.empty()) return {};
    if (number.is_international && !number.has_letters && is_settled(number.digits))
        return number.digits;
    const std::string region = region_of(country);
    const std::optional<Reading> reading = parse(number, region);
    if (reading && reading->is_possible) return settled(reading->folded);
    if (is_ascii && number.has_letters) {
        if (std::optional<std::string> spelled = parse_spelled(s, region))
            return settled(std::move(*spelled));
    }
    if (reading) return settled(reading->folded);
    if (!number.is_international && number.digits.starts_with("00")) number.digits.erase(0, 2);
    return number.digits;
}

}  // namespace entente::text
