// The keys of the simulated Exact Online: a GUID for each whole number that a table counts with, readable, different for
// each set, and in the order of the numbers. Shared by the system, which shows them, and the generator, which writes
// references and the truth. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entente::sim {

namespace exact {
inline constexpr std::string_view accounts = "crm/Accounts";
inline constexpr std::string_view items = "logistics/Items";
inline constexpr std::string_view quotations = "crm/Quotations";
inline constexpr std::string_view quotation_lines = "crm/QuotationLines";
inline constexpr std::string_view sales_orders = "salesorder/SalesOrders";
inline constexpr std::string_view sales_order_lines = "salesorder/SalesOrderLines";
}  // namespace exact

// "acc00000-0000-4000-8000-000000000101". Requires: a set that there is, number in 0..999'999'999'999.
std::string exact_guid(std::string_view set, std::int64_t number);
// nullopt: no key of that set; letters of either case are.
std::optional<std::int64_t> exact_number(std::string_view set, std::string_view guid);

}  // namespace entente::sim
