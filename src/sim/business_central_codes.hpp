// The short lists that records of the simulated Business Central refer to by code and by id: currencies, terms, units.
// They stand for setup that nobody changes: the API only reads them. Data.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/edm.hpp"

namespace entente::sim::central {

struct CodeList {
    edm::Entity entity;
    std::string_view guid_beginning;
    std::vector<std::pair<std::string_view, std::string_view>> rows;  // code, display name
};

// The currency that is stored as a blank code, and shown as its own.
inline constexpr std::string_view local_currency = "EUR";

std::span<const CodeList> code_lists();
// Null pointer: there is no such list.
const CodeList* find_codes(std::string_view set);
// The id of a code, and the code of an id; empty where the list has none.
std::string id_of_code(std::string_view set, std::string_view code);
std::string code_of_id(std::string_view set, std::string_view id);
// The rows as they are shown.
std::vector<Value> rows_of(const CodeList& codes);

}  // namespace entente::sim::central
