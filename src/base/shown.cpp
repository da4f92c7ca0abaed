#include "base/shown.hpp"

#include <fmt/format.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "base/text.hpp"

namespace entente::text {
namespace {

constexpr UChar32 delete_sign = 0x7f;

// What a terminal acts upon, what ends a line, and what changes the direction of the text behind it.
bool is_hidden(UChar32 c) {
    const auto is_within = [c](UChar32 first, UChar32 last) { return c >= first && c <= last; };
    return c < 0x20 || is_within(delete_sign, 0x9f) || c == 0x061c || is_within(0x200e, 0x200f) ||
           is_within(0x2028, 0x202e) || is_within(0x2066, 0x2069);
}

bool is_plain_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < delete_sign; });
}

std::string escape_of_ascii(UChar32 c) {
    switch (c) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            return fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    }
}

// `text` with what is hidden, and each byte that is no UTF-8 (below 0), replaced by what `escape` gives for it.
template <class Escape>
std::string with_escapes(std::string_view text, Escape escape) {
    if (is_plain_ascii(text)) return std::string(text);
    std::string out;
    out.reserve(text.size());
    const char* const bytes = text.data();
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        UChar32 c = 0;
        U8_NEXT(bytes, at, text.size(), c);
        if (c < 0) at = begin + 1;
        if (c >= 0 && !is_hidden(c))
            out += text.substr(begin, at - begin);
        else
            out += escape(c, static_cast<unsigned char>(text[begin]));
    }
    return out;
}

}  // namespace

std::string on_one_line(std::string_view text) {
    return with_escapes(text, [](UChar32 c, unsigned byte) {
        if (c < 0) return fmt::format("\\x{:02x}", byte);
        return c <= delete_sign ? escape_of_ascii(c)
                                : fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    });
}

std::string shown(std::string_view text, std::size_t max) {
    const std::string beginning = truncate(text, max);
    return on_one_line(beginning) + (beginning.size() < text.size() ? "..." : "");
}

std::string json_on_one_line(std::string_view json) {
    return with_escapes(json, [](UChar32 c, unsigned) {
        return fmt::format("\\u{:04x}", c < 0 ? 0xfffdu : static_cast<unsigned>(c));
    });
}

std::string grouped(std::int64_t n) {
    std::string digits = std::to_string(n);
    const std::size_t first = n < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

}  // namespace entente::text
