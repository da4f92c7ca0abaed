// What the lines of a document add up to, rounded as the currency is. Pure.
#pragma once

#include <vector>

#include "base/decimal.hpp"
#include "base/value.hpp"
#include "sim/table.hpp"

namespace entente::sim::central {

inline constexpr int tax_percent = 21;
inline constexpr int amount_decimals = 2;

// The record of a row. Requires: JSON, as whatever a system stores.
Value parsed(const Row& row);

Decimal percent_of(const Decimal& amount, const Decimal& percent);
// Writes the totals of a document whose lines are these.
void add_up_header(Value& header, const std::vector<Value>& lines, const Decimal& discount);

}  // namespace entente::sim::central
