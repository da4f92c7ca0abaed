#include "sim/cursor.hpp"

#include <fmt/core.h>

#include "sim/record_system.hpp"

namespace entente::sim {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const std::size_t high = digits.find(text[i]);
        const std::size_t low = digits.find(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

// Takes the number before the next ';' off the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text) {
    const std::size_t end = text.find(';');
    if (end == std::string_view::npos) return std::nullopt;
    const auto number = parse_whole(text.substr(0, end));
    text.remove_prefix(end + 1);
    return number;
}

}  // namespace

std::string write_cursor(const Cursor& cursor) {
    const std::string plain =
        fmt::format("{};{};{};{}", cursor.issued.ms, cursor.modified.ms, cursor.id, cursor.filters);
    std::string out;
    for (const char c : plain) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::optional<Cursor> read_cursor(std::string_view text) {
    const auto plain = from_hex(text);
    if (!plain) return std::nullopt;
    std::string_view rest = *plain;
    const auto issued = take_number(rest);
    const auto modified = take_number(rest);
    const auto id = take_number(rest);
    if (!issued || !modified || !id) return std::nullopt;
    return Cursor{{*issued}, {*modified}, *id, std::string(rest)};
}

}  // namespace entente::sim
