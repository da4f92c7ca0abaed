#include "world/play.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "world/company_world.hpp"
#include "world/draw.hpp"
#include "world/draw_company.hpp"
#include "world/scenario.hpp"
#include "world/scenario_events.hpp"

namespace entente::world {
namespace {

constexpr std::uint64_t companys_every = 8, companys_rest = 7;

std::string words_of_deed(const Event& event, const Deed& deed) {
    const std::string what =
        fmt::format("people {} (deed {})",
                    deed.is_in_that_record ? "change a value of that record"
                                           : fmt::format("do {}", sim::name_of(deed.act)),
                    deed.number);
    const std::string seconds = fmt::format("{}.{:03} s", event.at.ms / 1'000, event.at.ms % 1'000);
    if (event.when == Event::When::at) return fmt::format("at {}, {}", seconds, what);
    const std::string_view moment =
        event.when == Event::When::before_write  ? "just before our next write to"
        : event.when == Event::When::after_write ? "just after our next write to"
                                                 : "just after our next read of";
    return fmt::format("from {} on, {} system {}, {}", seconds, moment, event.system + 1, what);
}

std::string words_of_company(const Script& script) {
    const CompanyPlan& plan = *script.company;
    std::string out = fmt::format(
        "title: {}\n\n{} with {} records, their limits {} times faster, polled every {} ms, swept "
        "every {} ms\n{}{}the seed is {}\n{} % of the answers come twice\npeople stop at {} ms\n\n",
        script.title, fmt::join(plan.kinds, ", "), plan.records, plan.clock, plan.poll_every.ms,
        plan.sweep_every.ms, script.policies, script.on_sqlite ? "the store is SQLite\n" : "",
        script.seed, script.repeated_percent, script.calm_from.ms);
    for (const Event& event : script.events) {
        const auto* deed = std::get_if<Deed>(&event.what);
        out += (deed ? words_of_deed(event, *deed) : words_of_event(event, plan.kinds)) + "\n";
    }
    return out;
}

}  // namespace

Script script_of(std::uint64_t seed) {
    return seed % companys_every == companys_rest ? draw_company(seed) : draw(seed);
}

Outcome play(const Script& script, std::function<void(const std::string&)> on_line) {
    return script.company ? CompanyWorld(script).play(std::move(on_line))
                          : World(script).play(std::move(on_line));
}

std::string words_of(const Script& script) {
    return script.company ? words_of_company(script) : print_scenario(script);
}

}  // namespace entente::world
