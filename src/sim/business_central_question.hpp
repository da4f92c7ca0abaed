// What a list or a record of the simulated Business Central is asked for, and the page that answers it. Included by its
// parts only.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/business_central.hpp"
#include "sim/business_central_sums.hpp"

namespace entente::sim {

struct BusinessCentral::Question {
    odata::Expression filter;
    std::vector<odata::Order> orders;
    std::vector<std::string> select;
    bool expands_lines = false;
    std::vector<std::string> select_of_lines;  // of expanded ones; empty: all
    bool counts = false;
    bool has_top = false;
    std::size_t top = 0, skip = 0, page = 0;
    std::optional<Value> after;  // the values that the last row is sorted by, its id last

    bool chooses_of_lines(std::string_view name) const {
        return select_of_lines.empty() ||
               std::ranges::find(select_of_lines, name) != select_of_lines.end();
    }
    bool chooses(std::string_view name) const {
        return select.empty() || std::ranges::find(select, name) != select.end();
    }
    // The place of a row, for the token of the page behind it.
    Value place_of(const Row& row) const {
        Value place = Value::list();
        const Value record = orders.empty() ? Value() : central::parsed(row);
        for (const odata::Order& order : orders) {
            place.as_list().push_back(*record.find(order.property));
        }
        place.as_list().emplace_back(row.id);
        return place;
    }
    // Whether a row comes behind the place that the page begins at.
    bool is_behind(const Row& row) const {
        if (!after) return true;
        const auto& place = after->as_list();
        const std::int64_t id = place.back().as_decimal().to_int().value_or(0);
        if (orders.empty()) return row.id > id;
        Value last = Value::object();
        for (std::size_t i = 0; i < orders.size(); ++i) last.set(orders[i].property, place[i]);
        const Value record = central::parsed(row);
        if (odata::is_before(last, record, orders)) return true;
        return !odata::is_before(record, last, orders) && row.id > id;
    }
};

struct BusinessCentral::Page {
    std::vector<const Row*> rows;
    std::size_t total = 0;
    bool has_more = false;  // and a link leads there
};

}  // namespace entente::sim
