// The simulated ERP, "custom-erp" of docs/SIMULATED.md: cursors, versions with If-Match, idempotency keys, order lines
// as a resource of their own, upper-cased and rounded values.
#pragma once

#include "sim/record_system.hpp"

namespace entente::sim {

class Erp final : public RecordSystem {
public:
    explicit Erp(const SimOptions& options);

private:
    bool is_authorised(const http::Headers& headers) const override;
    http::Response refuse_with(Trouble trouble, const std::string& text,
                               const std::string& field) const override;
    http::Response list(std::size_t resource, const Call& call) const override;
    std::optional<std::int64_t> id_number(std::size_t resource,
                                          std::string_view text) const override;
    Value id_value(std::size_t resource, std::int64_t id) const override;
    std::optional<http::Response> check_precondition(const Call& call,
                                                     const Value& record) const override;
    http::Headers record_headers(const std::string& body) const override;
    void seal(std::size_t resource, Value& record, std::int64_t id) override;
    void add_dependants(std::size_t resource, std::int64_t id,
                        std::vector<Change>& changes) const override;
    bool has_idempotency_keys() const override { return true; }
};

}  // namespace entente::sim
