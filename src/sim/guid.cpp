#include "sim/guid.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sim/record_system.hpp"

namespace entente::sim {
namespace {

constexpr std::int64_t number_max = 999'999'999'999;
constexpr std::size_t digits_at = 24;  // where the last group begins
constexpr std::size_t guid_size = 36;

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

std::string readable_guid(std::string_view beginning, std::int64_t number) {
    CHECK(number >= 0 && number <= number_max, "a key's number has twelve digits");
    return fmt::format("{}-0000-4000-8000-{:012}", beginning, number);
}

std::optional<std::int64_t> number_in_guid(std::string_view beginning, std::string_view guid) {
    if (guid.size() <= digits_at) return std::nullopt;
    std::string_view digits = guid.substr(digits_at);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    const auto number = parse_whole(digits);
    if (!number || *number < 0 || *number > number_max) return std::nullopt;
    return readable_guid(beginning, *number) == text::lower(guid) ? number : std::nullopt;
}

bool is_guid(std::string_view text) {
    if (text.size() != guid_size) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

}  // namespace entente::sim
