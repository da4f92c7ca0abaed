#include "sim/exact_ids.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "sim/guid.hpp"

namespace entente::sim {
namespace {

struct Beginning {
    std::string_view set, text;
};
constexpr Beginning beginnings[] = {
    {exact::accounts, "acc00000"},     {exact::items, "17e00000"},
    {exact::quotations, "0ffe0000"},   {exact::quotation_lines, "0ffe1100"},
    {exact::sales_orders, "5a1e0000"}, {exact::sales_order_lines, "5a1e1100"}};

std::string_view beginning_of(std::string_view set) {
    const auto* at = std::ranges::find(beginnings, set, &Beginning::set);
    CHECK(at != std::end(beginnings), "a key belongs to a set");
    return at->text;
}

}  // namespace

std::string exact_guid(std::string_view set, std::int64_t number) {
    return readable_guid(beginning_of(set), number);
}

std::optional<std::int64_t> exact_number(std::string_view set, std::string_view guid) {
    return number_in_guid(beginning_of(set), guid);
}

}  // namespace entente::sim
