#include "sim/system.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "sim/business_central.hpp"
#include "sim/erp.hpp"
#include "sim/exact.hpp"
#include "sim/webshop.hpp"

namespace entente::sim {
namespace {

// A population of more would not fit into the memory of the machines this is made for.
constexpr std::int64_t records_max = 5'000'000;

Result<void> check_limits(const SimOptions& options) {
    if (options.records < 0 || options.records > records_max) {
        return fail(ErrorKind::bad_input, fmt::format("records are 0 to {}", records_max));
    }
    if (options.clock < 1 || options.clock > Quota::clock_max) {
        return fail(ErrorKind::bad_input, fmt::format("clock is 1 to {}", Quota::clock_max));
    }
    if (options.credential.empty()) {
        return fail(ErrorKind::bad_input, "a system needs a credential to ask for");
    }
    return {};
}

Result<void> check_special_wishes(const SimOptions& options) {
    const bool is_exact = options.kind == "exact-online";
    const bool can_show_again = options.kind == "custom-webshop" || options.kind == "custom-erp";
    if (options.again && !can_show_again) {
        return fail(ErrorKind::bad_input,
                    "only a custom-webshop or a custom-erp can show the things again");
    }
    if (!options.no_rights.empty() && !is_exact) {
        return fail(ErrorKind::bad_input, "only exact-online knows users without rights");
    }
    for (const std::string& set : options.no_rights) {
        if (Exact::has_set(set)) continue;
        return fail(ErrorKind::bad_input,
                    fmt::format("exact-online has no set '{}'; one is crm/Accounts", set));
    }
    return {};
}

template <class System>
Result<std::unique_ptr<SimulatedSystem>> started(const SimOptions& options) {
    auto system = std::make_unique<System>(options);
    TRY_VOID(system->start(options));
    return system;
}

}  // namespace

const std::vector<std::string>& system_kinds() {
    static const std::vector<std::string> kinds{"custom-webshop", "custom-erp", "exact-online",
                                                "business-central"};
    return kinds;
}

Result<std::unique_ptr<SimulatedSystem>> make_system(const SimOptions& options) {
    TRY_VOID(check_limits(options));
    TRY_VOID(check_special_wishes(options));
    if (options.kind == "custom-webshop") return started<Webshop>(options);
    if (options.kind == "custom-erp") return started<Erp>(options);
    if (options.kind == "exact-online") return started<Exact>(options);
    if (options.kind == "business-central") return started<BusinessCentral>(options);
    return fail(ErrorKind::bad_input, fmt::format("no system of kind '{}'; there are {}",
                                                  options.kind, fmt::join(system_kinds(), ", ")));
}

std::string_view base_path_of(std::string_view kind) {
    if (kind == "exact-online") return "/api/v1/1234567";
    return kind == "business-central" ? "/v2.0/production/api/v2.0" : "";
}

}  // namespace entente::sim
