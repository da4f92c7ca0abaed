#include "base/text.hpp"

#include <simdjson.h>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace entente::text {
namespace {

bool is_ascii(std::string_view s) {
    return std::ranges::none_of(s, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool is_white(UChar32 c) {
    return c >= 0 && u_isUWhiteSpace(c) != 0;
}

// Where the character at `at` ends; says in `is_space` whether it is white space. A byte that is no
// UTF-8 counts as a character of its own.
std::size_t next_character(std::string_view s, std::size_t at, bool& is_space) {
    const auto byte = static_cast<unsigned char>(s[at]);
    if (byte < 0x80) {
        is_space = byte == ' ' || (byte >= '\t' && byte <= '\r');
        return at + 1;
    }
    const char* const bytes = s.data();
    std::size_t end = at;
    UChar32 c = 0;
    U8_NEXT(bytes, end, s.size(), c);
    is_space = is_white(c);
    return c < 0 ? at + 1 : end;
}

std::string to_utf8(const icu::UnicodeString& s) {
    std::string out;
    return s.toUTF8String(out);
}

icu::UnicodeString from_utf8(std::string_view s) {
    return icu::UnicodeString::fromUTF8({s.data(), static_cast<std::int32_t>(s.size())});
}

std::string map_ascii(std::string_view s, char first, char last, int step) {
    std::string out(s);
    for (char& c : out) {
        if (c >= first && c <= last) c = static_cast<char>(c + step);
    }
    return out;
}

// White space runs become `gap`; those at the ends are dropped.
std::string join_words(std::string_view s, std::string_view gap) {
    std::string out;
    out.reserve(s.size());
    bool is_gap_open = false;
    for (std::size_t at = 0; at < s.size();) {
        bool is_space = false;
        const std::size_t end = next_character(s, at, is_space);
        if (!is_space) {
            if (is_gap_open) out += gap;
            out += s.substr(at, end - at);
        }
        is_gap_open = is_space && !out.empty();
        at = end;
    }
    return out;
}

}  // namespace

std::string trim(std::string_view s) {
    std::size_t begin = s.size();
    std::size_t past_last = 0;
    for (std::size_t at = 0; at < s.size();) {
        bool is_space = false;
        const std::size_t end = next_character(s, at, is_space);
        if (!is_space) {
            begin = std::min(begin, at);
            past_last = end;
        }
        at = end;
    }
    return begin < past_last ? std::string(s.substr(begin, past_last - begin)) : std::string();
}

std::string squeeze(std::string_view s) {
    return join_words(s, " ");
}

std::string without_spaces(std::string_view s) {
    return join_words(s, "");
}

std::string upper(std::string_view s) {
    if (is_ascii(s)) return map_ascii(s, 'a', 'z', -32);
    return to_utf8(from_utf8(s).toUpper(icu::Locale::getRoot()));
}

std::string lower(std::string_view s) {
    if (is_ascii(s)) return map_ascii(s, 'A', 'Z', 32);
    return to_utf8(from_utf8(s).toLower(icu::Locale::getRoot()));
}

std::string digits_only(std::string_view s) {
    std::string out;
    std::ranges::copy_if(s, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
    return out;
}

std::string fold_email(std::string_view s) {
    return lower(trim(s));
}

std::string fold_vat(std::string_view s) {
    return upper(fold(s));
}

std::string truncate(std::string_view s, std::size_t max) {
    std::size_t end = 0;
    bool is_space = false;
    for (std::size_t i = 0; i < max && end < s.size(); ++i) end = next_character(s, end, is_space);
    return std::string(s.substr(0, end));
}

std::size_t length(std::string_view s) {
    std::size_t count = 0;
    bool is_space = false;
    for (std::size_t at = 0; at < s.size(); at = next_character(s, at, is_space)) ++count;
    return count;
}

bool is_utf8(std::string_view s) {
    return simdjson::validate_utf8(s.data(), s.size());
}

std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > limit) return limit + 1;
    // One row of the table of prefix distances, from the row above in place.
    std::vector<std::size_t> row(a.size() + 1);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
        std::size_t diagonal = row[0];
        row[0] = j;
        std::size_t best = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[i];
            row[i] = std::min({replaced, row[i] + 1, row[i - 1] + 1});
            best = std::min(best, row[i]);
        }
        if (best > limit) return limit + 1;
    }
    return std::min(row.back(), limit + 1);
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    constexpr std::size_t distance_max = 3;
    const std::string* found = nullptr;
    std::size_t limit = distance_max;
    for (const std::string& candidate : known) {
        // Half of a word wrong is another word: "id" is no misspelt "no".
        const std::size_t own_limit =
            std::min(limit, std::max<std::size_t>(1, std::max(word.size(), candidate.size()) / 2));
        const std::size_t apart = distance(word, candidate, own_limit);
        if (apart > own_limit) continue;
        found = &candidate;
        if (apart == 0) break;
        limit = apart - 1;
    }
    return found != nullptr ? *found : std::string();
}

}  // namespace entente::text
