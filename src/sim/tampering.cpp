#include "sim/tampering.hpp"

#include <fmt/core.h>

#include "base/json.hpp"

namespace entente::sim {
namespace {

constexpr Tampering all[] = {{"organisation", "customers", "phone"},
                             {"order", "orders", "comment"}};

std::string url_of(const Tampering& what, const std::string& id) {
    return fmt::format("/api/{}/{}", what.resource, id);
}

// No two of these are equal, whatever the numbers.
Value fresh(const Tampering& what, std::int64_t number, int attempt) {
    if (what.model == "organisation")
        return Value(fmt::format("+31 {} {:07}", 20 + attempt, 9'000'000 + number));
    return Value(attempt == 0 ? fmt::format("tampered {}", number)
                              : fmt::format("tampered {}, again {}", number, attempt));
}

}  // namespace

std::string_view tampered_kind() {
    return "custom-webshop";
}

std::span<const Tampering> tamperings() {
    return all;
}

http::Request look_before_tampering(const Tampering& what, const std::string& id,
                                    const std::string& credential) {
    return {"GET", url_of(what, id), {{"X-Api-Key", credential}}, ""};
}

http::Request tamper_with(const Tampering& what, const std::string& id, std::int64_t number,
                          const Value& shown, const std::string& credential) {
    const Value* before = shown.find(what.property);
    Value after = fresh(what, number, 0);
    // Somebody has tampered with it before.
    for (int attempt = 1; before != nullptr && *before == after; ++attempt)
        after = fresh(what, number, attempt);
    Value body = Value::object();
    body.set(what.property, std::move(after));
    return {"PATCH",
            url_of(what, id),
            {{"X-Api-Key", credential}, {"Content-Type", "application/json"}},
            json::write(body)};
}

}  // namespace entente::sim
