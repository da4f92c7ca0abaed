#include "base/fold.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace entente::text {
namespace {

// Letters that Unicode does not decompose although people type them without the stroke. They are
// looked up after case folding.
std::string_view plain_letters_of(UChar32 c) {
    switch (c) {
        case U'ø':
            return "o";
        case U'æ':
            return "ae";
        case U'œ':
            return "oe";
        case U'ß':
            return "ss";
        case U'ł':
            return "l";
        case U'đ':
        case U'ð':
            return "d";
        case U'þ':
            return "th";
        case U'ħ':
            return "h";
        case U'ŧ':
            return "t";
        case U'ŋ':
            return "n";
        case U'ı':
            return "i";
        default:
            return {};
    }
}

// Accents belong to no script of their own. The vowel signs of Indic scripts and Thai, and the
// voicing marks of Japanese, are marks as well, but without them the word is another one.
bool is_accent(UChar32 c) {
    if ((U_GET_GC_MASK(c) & U_GC_M_MASK) == 0 || c == 0x3099 || c == 0x309A) return false;
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(c, &status) == USCRIPT_INHERITED;
}

bool is_kept(UChar32 c) {
    return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_ND_MASK | U_GC_M_MASK)) != 0;
}

constexpr auto folded_ascii = [] {
    std::array<char, 128> out{};
    for (std::size_t c = 'a'; c <= 'z'; ++c) {
        out[c] = static_cast<char>(c);
        out[c - 32] = static_cast<char>(c);
    }
    for (std::size_t c = '0'; c <= '9'; ++c) out[c] = static_cast<char>(c);
    return out;
}();

void append_folded(std::string& out, UChar32 c) {
    if (const int digit = u_charDigitValue(c); digit >= 0) {
        out += static_cast<char>('0' + digit);
        return;
    }
    if (const std::string_view plain = plain_letters_of(c); !plain.empty()) {
        out += plain;
        return;
    }
    icu::UnicodeString(c).toUTF8String(out);
}

std::string fold_unicode(std::string_view s, std::string_view gap) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* decomposition = icu::Normalizer2::getNFKDInstance(status);
    CHECK(U_SUCCESS(status), "ICU carries its normalisation tables");
    icu::UnicodeString whole =
        icu::UnicodeString::fromUTF8({s.data(), static_cast<std::int32_t>(s.size())});
    // Case is folded last, because compatibility forms ("℡") decompose to capitals.
    icu::UnicodeString folded = decomposition->normalize(whole, status);
    folded.foldCase();
    CHECK(U_SUCCESS(status), "a text within the limits can be decomposed");
    std::string out;
    bool is_gap_open = false;
    for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
        const UChar32 c = folded.char32At(i);
        if (is_accent(c)) continue;
        if (!is_kept(c)) {
            is_gap_open = !out.empty();
            continue;
        }
        if (is_gap_open) out += gap;
        is_gap_open = false;
        append_folded(out, c);
    }
    return out;
}

// Case alone, and letters composed: an accent that is typed as a sign of its own is the same letter.
std::string fold_case(std::string_view s) {
    const bool is_ascii = std::ranges::none_of(s, [](char c) { return (c & 0x80) != 0; });
    if (is_ascii) return lower(s);
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* composition = icu::Normalizer2::getNFCInstance(status);
    CHECK(U_SUCCESS(status), "ICU carries its normalisation tables");
    icu::UnicodeString whole =
        icu::UnicodeString::fromUTF8({s.data(), static_cast<std::int32_t>(s.size())});
    const icu::UnicodeString folded = composition->normalize(whole.foldCase(), status);
    CHECK(U_SUCCESS(status), "a text within the limits can be composed");
    std::string out;
    folded.toUTF8String(out);
    return out;
}

constexpr std::size_t digits_of_guid = 32;

bool is_hyphen_of_guid(std::size_t digits) {
    return digits == 8 || digits == 12 || digits == 16 || digits == 20;
}

// A GUID in lower case with its hyphens, or nothing when the text is none: 32 hexadecimal digits, with all four hyphens in their
// places or none, in braces, brackets or neither.
std::string folded_guid(std::string_view s) {
    if (s.size() < digits_of_guid || s.size() > digits_of_guid + 6) return {};
    const bool is_braced =
        (s.front() == '{' && s.back() == '}') || (s.front() == '(' && s.back() == ')');
    if (is_braced) s = s.substr(1, s.size() - 2);
    const bool has_hyphens = s.size() == digits_of_guid + 4;
    if (!has_hyphens && s.size() != digits_of_guid) return {};
    std::string out;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (is_hyphen_of_guid(digits) && (out.empty() || out.back() != '-')) {
            out += '-';
            if (has_hyphens && s[i] != '-') return {};
            if (has_hyphens) continue;
        }
        const char c = s[i];
        const bool is_upper = c >= 'A' && c <= 'F';
        if (!is_upper && !(c >= 'a' && c <= 'f') && !(c >= '0' && c <= '9')) return {};
        out += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
        ++digits;
    }
    return out;
}

}  // namespace

std::string fold_with_gaps(std::string_view s, std::string_view gap) {
    std::string out;
    out.reserve(s.size());
    bool is_gap_open = false;
    for (const char c : s) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= folded_ascii.size()) return fold_unicode(s, gap);
        const char folded = folded_ascii[byte];
        if (folded == '\0') {
            is_gap_open = !out.empty();
            continue;
        }
        if (is_gap_open) out += gap;
        is_gap_open = false;
        out += folded;
    }
    return out;
}

std::string fold(std::string_view s) {
    return fold_with_gaps(s, "");
}

std::string fold_identity(std::string_view s) {
    const std::string trimmed = trim(s);
    if (std::string guid = folded_guid(trimmed); !guid.empty()) return guid;
    return fold_case(trimmed);
}

}  // namespace entente::text
