#include "connect/people_text.hpp"

#include "base/shown.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entente::connect {
namespace {

constexpr std::size_t beginning_max = 80;

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

std::string people_text(std::string_view text, std::size_t max) {
    // A code point has at most 4 bytes; white space to be squeezed may hide some, which is no loss.
    std::size_t size = std::min(text.size(), 4 * (max + 1));
    const bool is_cut = size < text.size();
    while (is_cut && size > 0 && is_continuation(text[size])) --size;
    std::string line(text.substr(0, size));
    line = text::squeeze(line);
    const bool is_whole = !is_cut && text::length(line) <= max;
    return is_whole ? text::on_one_line(line)
                    : text::on_one_line(text::truncate(line, max)) + "...";
}

std::string beginning_of(std::string_view body) {
    if (body.empty()) return "nothing";
    return fmt::format("\"{}\"", people_text(body, beginning_max));
}

}  // namespace entente::connect
