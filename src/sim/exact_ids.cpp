#include "sim/exact_ids.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sim/record_system.hpp"

namespace entente::sim {
namespace {

constexpr std::int64_t number_max = 999'999'999'999;
constexpr std::size_t digits_at = 24;  // where the last group of a GUID begins

struct Beginning {
    std::string_view set, text;
};
constexpr Beginning beginnings[] = {
    {exact::accounts, "acc00000"},     {exact::items, "17e00000"},
    {exact::quotations, "0ffe0000"},   {exact::quotation_lines, "0ffe1100"},
    {exact::sales_orders, "5a1e0000"}, {exact::sales_order_lines, "5a1e1100"}};

}  // namespace

std::string exact_guid(std::string_view set, std::int64_t number) {
    const auto* at = std::ranges::find(beginnings, set, &Beginning::set);
    CHECK(at != std::end(beginnings), "a key belongs to a set");
    CHECK(number >= 0 && number <= number_max, "a key's number has twelve digits");
    return fmt::format("{}-0000-4000-8000-{:012}", at->text, number);
}

std::optional<std::int64_t> exact_number(std::string_view set, std::string_view guid) {
    if (guid.size() <= digits_at) return std::nullopt;
    std::string_view digits = guid.substr(digits_at);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    const auto number = parse_whole(digits);
    if (!number || *number < 0 || *number > number_max) return std::nullopt;
    return exact_guid(set, *number) == text::lower(guid) ? number : std::nullopt;
}

}  // namespace entente::sim
