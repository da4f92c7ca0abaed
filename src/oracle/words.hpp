// What the oracle's parts share: which properties a table has, and how a record is named to people.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/sight.hpp"

namespace entente::oracle {

std::span<const std::string_view> properties_of(std::string_view table);
std::string name_of(const RecordKey& key, const std::vector<SystemSight>& systems);
Value field(const Value& fields, std::string_view name);  // null where there is none
// No value and an empty one are the same to all who read it.
bool is_empty(const Value& value);

bool contains(const auto& range, const auto& value) {
    return std::ranges::find(range, value) != std::ranges::end(range);
}

}  // namespace entente::oracle
