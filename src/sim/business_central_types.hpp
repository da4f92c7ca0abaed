// What the simulated Business Central keeps: its entities and their properties as the public API v2.0 names them, and
// the numbers of their tables. Data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/edm.hpp"

namespace entente::sim::central {

// The tables, in the order of the system's resources.
enum Set : std::size_t {
    customers,
    contacts,
    items,
    employees,
    sales_orders,
    sales_order_lines,
    sales_quotes,
    sales_quote_lines,
    sales_invoices,
    sales_invoice_lines,
    set_count,
};

const edm::Entity& entity_of(std::size_t set);
// All that `$metadata` tells of: the tables, companies and the code lists.
std::span<const edm::Entity* const> all_entities();
std::span<const edm::Choice> choices();

// The key of a record. Requires: a table.
std::string guid_of(std::size_t set, std::int64_t number);
std::optional<std::int64_t> number_of(std::size_t set, std::string_view guid);

// Of an order: its lines have changed since its discount was taken off. Never shown.
inline constexpr std::string_view pending_discount = "pendingDiscount";

// Documents and their lines, by either; null pointer where there are none.
struct Document {
    std::size_t header, lines;
    std::string_view navigation;  // "salesOrderLines"
    std::string_view series;      // what its number begins with
};
const Document* document_of(std::size_t header);
const Document* document_with(std::size_t lines);

}  // namespace entente::sim::central
