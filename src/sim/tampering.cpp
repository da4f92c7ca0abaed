#include "sim/tampering.hpp"

#include <fmt/core.h>

#include "base/json.hpp"

namespace entente::sim {
namespace {

constexpr Tampering all[] = {{"organisation", "customers", "phone"},
                             {"order", "orders", "comment"}};

}  // namespace

std::string_view tampered_kind() {
    return "custom-webshop";
}

std::span<const Tampering> tamperings() {
    return all;
}

http::Request tamper_with(const Tampering& what, const std::string& id, std::int64_t number,
                          const std::string& credential) {
    Value body = Value::object();
    body.set(what.property, what.model == "organisation"
                                ? fmt::format("+31 20 {:07}", 9'000'000 + number)
                                : fmt::format("tampered {}", number));
    return {"PATCH",
            fmt::format("/api/{}/{}", what.resource, id),
            {{"X-Api-Key", credential}, {"Content-Type", "application/json"}},
            json::write(body)};
}

}  // namespace entente::sim
