// The simulated webshop, "custom-webshop" of docs/SIMULATED.md: page numbers, search by query parameter, JSON merge
// patch without preconditions, order lines nested in the order, a computed total.
#pragma once

#include "sim/record_system.hpp"

namespace entente::sim {

class Webshop final : public RecordSystem {
public:
    explicit Webshop(const SimOptions& options);

private:
    bool is_authorised(const http::Headers& headers) const override;
    http::Response refuse_with(Trouble trouble, const std::string& text,
                               const std::string& field) const override;
    http::Response list(std::size_t resource, const Call& call) const override;
    std::optional<std::int64_t> id_number(std::size_t resource,
                                          std::string_view text) const override;
    Value id_value(std::size_t resource, std::int64_t id) const override;
    Accepted<bool> complete(std::size_t resource, Value& record, const Value& sent, bool is_new,
                            const Surroundings& surroundings) override;
};

// The lines that `sent` makes of `old`: a known id is changed in place, a line without one gets the next. Pure.
Accepted<Value> merge_lines(const Value& old, const Value& sent, const Surroundings& surroundings,
                            std::int64_t& last_line_id);
// The sum of quantity times unit_price, exact.
Decimal total_of(const Value& lines);

}  // namespace entente::sim
