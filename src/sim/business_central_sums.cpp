#include "sim/business_central_sums.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

namespace entente::sim::central {

Value parsed(const Row& row) {
    Result<Value> record = json::read(row.body);
    CHECK(record.has_value(), "what a system stores is JSON");
    return *std::move(record);
}

Decimal percent_of(const Decimal& amount, const Decimal& percent) {
    return amount.times(percent).times(*Decimal::parse("0.01")).rounded(amount_decimals);
}

void add_up_header(Value& header, const std::vector<Value>& lines, const Decimal& discount) {
    Decimal net = Decimal(0).minus(discount);
    for (const Value& line : lines) net = net.plus(line.find("amountExcludingTax")->as_decimal());
    const Decimal tax = percent_of(net, Decimal(tax_percent));
    header.set("totalAmountExcludingTax", net);
    header.set("totalTaxAmount", tax);
    header.set("totalAmountIncludingTax", net.plus(tax));
}

}  // namespace entente::sim::central
