#include "connect/escapes.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace entente::connect {
namespace {

constexpr std::uint32_t code_point_end = 0x110000;
// How often a text may have been escaped.
constexpr std::size_t levels_max = 4;
constexpr std::size_t backslashes_max = std::size_t{1} << levels_max;

std::optional<std::uint32_t> number_in(std::string_view digits, int base) {
    std::uint32_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [at, code] = std::from_chars(digits.data(), end, number, base);
    if (digits.empty() || code != std::errc() || at != end) return std::nullopt;
    return number;
}

// The digits of a fixed number of places; nullopt: the text ends before, or they are none.
std::optional<std::uint32_t> hex_at(std::string_view text, std::size_t at, std::size_t places) {
    if (at > text.size() || text.size() - at < places) return std::nullopt;
    return number_in(text.substr(at, places), 16);
}

std::string utf8(std::uint32_t c) {
    const auto byte = [](std::uint32_t b) { return static_cast<char>(b); };
    const auto rest = [&](int shift) { return byte(0x80 | ((c >> shift) & 0x3f)); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xc0 | (c >> 6)), rest(0)};
    if (c < 0x10000) return {byte(0xe0 | (c >> 12)), rest(6), rest(0)};
    return {byte(0xf0 | (c >> 18)), rest(12), rest(6), rest(0)};
}

// %2F, and %252F, which was encoded twice.
void add_percent(std::string_view text, std::size_t at, std::vector<Reading>& out) {
    std::size_t digits = at + 1;
    for (std::size_t level = 0; level < levels_max; ++level, digits += 2) {
        const auto byte = hex_at(text, digits, 2);
        if (!byte) return;
        out.push_back({digits + 2 - at, {static_cast<char>(*byte)}});
        if (*byte != '%') return;
    }
}

std::optional<Reading> unicode_escape(std::string_view text, std::size_t at) {
    const auto high = hex_at(text, at + 1, 4);
    if (!high) return std::nullopt;
    const bool is_pair =
        *high >= 0xd800 && *high < 0xdc00 && text.substr(at + 5).starts_with("\\u");
    const auto low = is_pair ? hex_at(text, at + 7, 4) : std::nullopt;
    if (low && *low >= 0xdc00 && *low < 0xe000)
        return Reading{11, utf8(0x10000 + ((*high - 0xd800) << 10) + (*low - 0xdc00))};
    return Reading{5, utf8(*high)};
}

// \/ and \u002F, and with more backslashes where the text was escaped again.
void add_backslash(std::string_view text, std::size_t at, std::vector<Reading>& out) {
    static constexpr std::array<std::pair<char, char>, 8> names{{{'"', '"'},
                                                                 {'/', '/'},
                                                                 {'\'', '\''},
                                                                 {'b', '\b'},
                                                                 {'f', '\f'},
                                                                 {'n', '\n'},
                                                                 {'r', '\r'},
                                                                 {'t', '\t'}}};
    std::size_t end = at;
    while (end < text.size() && end - at < backslashes_max && text[end] == '\\') ++end;
    for (std::size_t count = 2; count <= end - at; count *= 2) out.push_back({count, "\\"});
    if (end == text.size()) return;
    if (text[end] == 'u') {
        if (auto escape = unicode_escape(text, end)) {
            escape->taken += end - at;
            out.push_back(std::move(*escape));
        }
        return;
    }
    for (const auto& [name, meant] : names)
        if (text[end] == name) out.push_back({end + 1 - at, {meant}});
}

// &amp; and &#38; and &#x26;, and &amp;amp;, which was escaped twice.
void add_entity(std::string_view text, std::size_t at, std::vector<Reading>& out) {
    static constexpr std::array<std::pair<std::string_view, char>, 6> names{
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}}};
    constexpr std::size_t entity_max = 10;
    std::size_t begin = at + 1;
    for (std::size_t level = 0; level < levels_max && text.substr(begin).starts_with("amp;");
         ++level)
        begin += 4;
    if (begin > at + 1) out.push_back({begin - at, "&"});
    const std::string_view name = text.substr(begin, text.substr(begin, entity_max).find(';'));
    if (begin + name.size() >= text.size() || text[begin + name.size()] != ';') return;
    const std::size_t taken = begin + name.size() + 1 - at;
    for (const auto& [known, meant] : names)
        if (name == known) out.push_back({taken, {meant}});
    if (!name.starts_with('#')) return;
    const bool is_hex = name.starts_with("#x") || name.starts_with("#X");
    const auto number = number_in(name.substr(is_hex ? 2 : 1), is_hex ? 16 : 10);
    if (number && *number < code_point_end) out.push_back({taken, utf8(*number)});
}

}  // namespace

bool begins_escape(char c) {
    return c == '%' || c == '\\' || c == '&';
}

std::vector<Reading> readings_at(std::string_view text, std::size_t at) {
    std::vector<Reading> out{{1, {text[at]}}};
    if (text[at] == '%') add_percent(text, at, out);
    if (text[at] == '\\') add_backslash(text, at, out);
    if (text[at] == '&') add_entity(text, at, out);
    return out;
}

}  // namespace entente::connect
