#include "oracle/words.hpp"

#include <fmt/format.h>

#include <array>

namespace entente::oracle {
namespace {

constexpr std::array<std::string_view, 5> of_things{"code", "name", "note", "amount", "owner"};
constexpr std::array<std::string_view, 1> of_owners{"code"};
constexpr std::array<std::string_view, 2> of_lines{"text", "quantity"};

}  // namespace

std::span<const std::string_view> properties_of(std::string_view table) {
    if (table == "things") return of_things;
    if (table == "owners") return of_owners;
    return of_lines;
}

std::string name_of(const RecordKey& key, const std::vector<SystemSight>& systems) {
    return fmt::format("{} {} of {}", key.table, key.id,
                       systems[static_cast<std::size_t>(key.system)].name);
}

Value field(const Value& fields, std::string_view name) {
    const Value* found = fields.find(name);
    return found ? *found : Value();
}

bool is_empty(const Value& value) {
    return value.is_null() || (value.is_text() && value.as_text().empty());
}

}  // namespace entente::oracle
