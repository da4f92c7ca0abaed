#include "sim/system.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "sim/erp.hpp"
#include "sim/webshop.hpp"

namespace entente::sim {
namespace {

// A population of more would not fit into the memory of the machines this is made for.
constexpr std::int64_t records_max = 5'000'000;

template <class System>
Result<std::unique_ptr<SimulatedSystem>> started(const SimOptions& options) {
    auto system = std::make_unique<System>(options);
    TRY_VOID(system->start(options));
    return system;
}

}  // namespace

const std::vector<std::string>& system_kinds() {
    static const std::vector<std::string> kinds{"custom-webshop", "custom-erp"};
    return kinds;
}

Result<std::unique_ptr<SimulatedSystem>> make_system(const SimOptions& options) {
    if (options.records < 0 || options.records > records_max) {
        return fail(ErrorKind::bad_input, fmt::format("records are 0 to {}", records_max));
    }
    if (options.clock < 1 || options.clock > Quota::clock_max) {
        return fail(ErrorKind::bad_input, fmt::format("clock is 1 to {}", Quota::clock_max));
    }
    if (options.credential.empty()) {
        return fail(ErrorKind::bad_input, "a system needs a credential to ask for");
    }
    if (options.kind == "custom-webshop") return started<Webshop>(options);
    if (options.kind == "custom-erp") return started<Erp>(options);
    return fail(ErrorKind::bad_input, fmt::format("no system of kind '{}'; there are {}",
                                                  options.kind, fmt::join(system_kinds(), ", ")));
}

}  // namespace entente::sim
