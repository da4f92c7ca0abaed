#include "targets/input.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace entente::fuzz {

std::string_view text_of(Bytes input) {
    return {reinterpret_cast<const char*>(input.data()), input.size()};
}

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

std::size_t take_choice(std::string_view& rest, std::size_t count) {
    if (rest.empty()) return 0;
    // "0" is the first choice, so that corpora can be read.
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    return static_cast<unsigned char>(byte - '0') % count;
}

void check_message(std::string_view message) {
    CHECK(!message.empty(), "a message says something");
    CHECK(text::is_utf8(message), "a message is UTF-8: " + std::string(message));
    const bool is_one_line = std::ranges::none_of(message, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
    CHECK(is_one_line, "a message is one line: " + std::string(message));
}

}  // namespace entente::fuzz
