#include "base/shown.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace entente::text {

std::string on_one_line(std::string_view text) {
    const bool is_whole = is_utf8(text);
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\x{:02x}", byte);
        } else if (byte >= 0x80 && !is_whole) {
            out += '?';
        } else {
            out += c;
        }
    }
    return out;
}

std::string shown(std::string_view text, std::size_t max) {
    const std::string beginning = truncate(text, max);
    return on_one_line(beginning) + (beginning.size() < text.size() ? "..." : "");
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
