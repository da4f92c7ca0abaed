// GUIDs that people can read: the set they belong to in front, the whole number that a table counts with behind it. In
// the order of the numbers. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entente::sim {

// "acc00000-0000-4000-8000-000000000101" of ("acc00000", 101). Requires: eight hex digits, number in 0..999'999'999'999.
std::string readable_guid(std::string_view beginning, std::int64_t number);
// nullopt: no such GUID; letters of either case are.
std::optional<std::int64_t> number_in_guid(std::string_view beginning, std::string_view guid);
// Whether it has the form of any GUID.
bool is_guid(std::string_view text);

}  // namespace entente::sim
