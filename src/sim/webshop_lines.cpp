#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "sim/webshop.hpp"

namespace entente::sim {
namespace {

// More would not add up exactly within a Decimal, and no order has them.
constexpr std::size_t lines_max = 500;

const std::vector<Field>& line_fields() {
    static const std::vector<Field> fields{
        {.path = "product_id", .type = FieldType::reference, .required = true, .to = "products"},
        {.path = "title", .max = 200},
        {.path = "quantity",
         .type = FieldType::number,
         .required = true,
         .positive = true,
         .decimals_max = 3},
        {.path = "unit_price", .type = FieldType::number},
    };
    return fields;
}

const Value* line_with(const Value& lines, const Value& id) {
    const auto& list = lines.as_list();
    const auto at = std::ranges::find_if(list, [&](const Value& line) {
        const Value* own = line.find("id");
        return own != nullptr && *own == id;
    });
    return at == list.end() ? nullptr : &*at;
}

std::unexpected<Refusal> refuse_line(const Refusal& refusal, std::size_t position) {
    return refuse(refusal.text, fmt::format("lines[{}].{}", position, refusal.field));
}

}  // namespace

Accepted<Value> merge_lines(const Value& old, const Value& sent, const Surroundings& surroundings,
                            std::int64_t& last_line_id) {
    if (!sent.is_list() || sent.as_list().empty() || sent.as_list().size() > lines_max) {
        return refuse(fmt::format("must be a list of 1 to {} lines", lines_max), "lines");
    }
    Value::List merged;
    std::set<std::string> seen;
    for (const Value& line : sent.as_list()) {
        const std::size_t position = merged.size();
        if (!line.is_object())
            return refuse("must be an object", fmt::format("lines[{}]", position));
        const Value* id = line.find("id");
        const bool is_new = id == nullptr || id->is_null();
        Value out;
        if (is_new) {
            out = Value::object();
            out.set("id", Value(++last_line_id));
            const Value empty = blank(line_fields());
            for (const auto& [name, value] : empty.as_object()) out.set(name, value);
        } else {
            const Value* known = line_with(old, *id);
            if (known == nullptr || !seen.insert(id->as_decimal().text()).second) {
                return refuse("is no line of this order, or given twice",
                              fmt::format("lines[{}].id", position));
            }
            out = *known;
        }
        const auto filled = fill(out, line, line_fields(), is_new, surroundings);
        if (!filled) return refuse_line(filled.error(), position);
        merged.push_back(std::move(out));
    }
    return Value(std::move(merged));
}

Decimal total_of(const Value& lines) {
    Decimal total;
    for (const Value& line : lines.as_list()) {
        const Value* quantity = line.find("quantity");
        const Value* price = line.find("unit_price");
        if (!quantity->is_decimal() || !price->is_decimal()) continue;
        total = total.plus(quantity->as_decimal().times(price->as_decimal()));
    }
    return total;
}

}  // namespace entente::sim
