#include "sim/system.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/business_central.hpp"
#include "sim/erp.hpp"
#include "sim/exact.hpp"
#include "sim/generator.hpp"
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
    const SystemKind* kind = find_kind(options.kind);
    if (kind == nullptr) return {};
    if (options.again && !kind->can_show_again) {
        return fail(ErrorKind::bad_input,
                    "only a custom-webshop or a custom-erp can show the things again");
    }
    if (!shows_population(options.kind, options.population)) {
        return fail(ErrorKind::bad_input,
                    fmt::format("{} shows no population '{}'; custom-webshop and custom-erp do",
                                options.kind, options.population));
    }
    if (options.again && options.population != "usual") {
        return fail(ErrorKind::bad_input, "only the usual population can be shown again");
    }
    if (!options.no_rights.empty() && !kind->knows_rights) {
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

const std::vector<SystemKind>& kinds_of_systems() {
    static const std::vector<SystemKind> kinds{
        {.kind = "custom-webshop",
         .name = "CustomWebshop",
         .secrets = {"api_key"},
         .poll_every = "500ms",
         .can_show_again = true},
        {.kind = "custom-erp",
         .name = "CustomERP",
         .secrets = {"token"},
         .poll_every = "500ms",
         .can_show_again = true},
        {.kind = "exact-online",
         .name = "ExactOnline",
         .base_path = "/api/v1/1234567",
         .secrets = {"token"},
         .settings = "{division: 1234567}",
         .poll_every = "2s",
         .knows_rights = true},
        {.kind = "business-central",
         .name = "Businesscentral",
         .base_path = "/v2.0/production/api/v2.0",
         .secrets = {"client_id", "client_secret"},
         .settings = "{company: c0a00000-0000-4000-8000-000000000001}",
         .poll_every = "500ms",
         .is_usual = false}};
    return kinds;
}

const SystemKind* find_kind(std::string_view kind) {
    const auto& kinds = kinds_of_systems();
    const auto at = std::ranges::find(kinds, kind, &SystemKind::kind);
    return at == kinds.end() ? nullptr : &*at;
}

const std::vector<std::string>& system_kinds() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const SystemKind& kind : kinds_of_systems()) list.emplace_back(kind.kind);
        return list;
    }();
    return names;
}

std::string populations_in_words(std::string_view SystemKind::* name) {
    std::string text;
    for (const PopulationKind& population : kinds_of_populations()) {
        text += fmt::format("{}{}", text.empty() ? "" : ", or ", population.name);
        if (population.is_of_all) continue;
        std::vector<std::string_view> systems;
        for (const SystemKind& kind : kinds_of_systems())
            if (shows_population(kind.kind, population.name)) systems.push_back(kind.*name);
        text += fmt::format(" (of {} only)", fmt::join(systems, ", "));
    }
    return text;
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
    const SystemKind* found = find_kind(kind);
    return found == nullptr ? std::string_view() : found->base_path;
}

}  // namespace entente::sim
