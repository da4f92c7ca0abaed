#include "sim/business_central_codes.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "sim/guid.hpp"

namespace entente::sim::central {
namespace {

using edm::Access;
using edm::Property;
using edm::Type;

constexpr std::string_view unchanged_since = "2025-01-01T00:00:00Z";

CodeList list(std::string_view entity, std::string_view set, std::string_view guid_beginning,
              std::vector<std::pair<std::string_view, std::string_view>> rows) {
    const std::vector<Property> properties{
        {.name = "id", .type = Type::guid, .access = Access::silent},
        {.name = "code", .type = Type::code, .max = 10, .access = Access::computed},
        {.name = "displayName", .type = Type::text, .max = 100, .access = Access::computed},
        {.name = "lastModifiedDateTime", .type = Type::time, .access = Access::silent}};
    return {{entity, set, properties}, guid_beginning, std::move(rows)};
}

std::string id_at(const CodeList& codes, std::size_t row) {
    return readable_guid(codes.guid_beginning, static_cast<std::int64_t>(row) + 1);
}

}  // namespace

std::span<const CodeList> code_lists() {
    static const std::vector<CodeList> all{
        // The local currency has no row.
        list("currency", "currencies", "c0000001",
             {{"CHF", "Swiss franc"},
              {"DKK", "Danish krone"},
              {"GBP", "Pound sterling"},
              {"NOK", "Norwegian krone"},
              {"PLN", "Polish zloty"},
              {"SEK", "Swedish krona"},
              {"USD", "US dollar"}}),
        list("paymentTerm", "paymentTerms", "c0000002",
             {{"14D", "14 days"}, {"30D", "30 days"}, {"COD", "Cash on delivery"}}),
        list("paymentMethod", "paymentMethods", "c0000003",
             {{"BANK", "Bank transfer"}, {"CARD", "Card"}}),
        list("shipmentMethod", "shipmentMethods", "c0000004",
             {{"EXW", "Ex works"}, {"PICKUP", "Pickup at location"}}),
        list("unitOfMeasure", "unitsOfMeasure", "c0000005", {{"BOX", "Box"}, {"PCS", "Piece"}})};
    return all;
}

const CodeList* find_codes(std::string_view set) {
    const auto all = code_lists();
    const auto at =
        std::ranges::find_if(all, [&](const CodeList& codes) { return codes.entity.set == set; });
    return at == all.end() ? nullptr : &*at;
}

std::string id_of_code(std::string_view set, std::string_view code) {
    const CodeList& codes = *find_codes(set);
    const auto at = std::ranges::find(codes.rows, code, [](const auto& row) { return row.first; });
    if (at == codes.rows.end()) return {};
    return id_at(codes, static_cast<std::size_t>(at - codes.rows.begin()));
}

std::string code_of_id(std::string_view set, std::string_view id) {
    const CodeList& codes = *find_codes(set);
    for (std::size_t row = 0; row < codes.rows.size(); ++row) {
        if (id_at(codes, row) == id) return std::string(codes.rows[row].first);
    }
    return {};
}

std::vector<Value> rows_of(const CodeList& codes) {
    std::vector<Value> out;
    for (std::size_t row = 0; row < codes.rows.size(); ++row) {
        out.emplace_back(Value::Object{{"@odata.etag", "W/\"JzE7MDsn\""},
                                       {"id", id_at(codes, row)},
                                       {"code", codes.rows[row].first},
                                       {"displayName", codes.rows[row].second},
                                       {"lastModifiedDateTime", unchanged_since}});
    }
    return out;
}

}  // namespace entente::sim::central
