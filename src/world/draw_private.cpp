#include "world/draw_private.hpp"

#include <fmt/format.h>

#include "base/random.hpp"

namespace entente::world {
namespace {

using Random = entente::Random;

int any_system(const Script& script, Random& random) {
    return static_cast<int>(random.below(script.systems.size()));
}

}  // namespace

void draw_private(Script& script, std::uint64_t things, std::int64_t& next_value) {
    Random random(script.seed, "private");
    if (things == 0 || !random.chance(60)) return;
    for (std::int64_t i = 0, n = random.between(3, 15); i < n; ++i) {
        Act act{.kind = Act::Kind::edit, .system = any_system(script, random)};
        act.property = "remark";
        if (!random.chance(10)) act.value = Value(fmt::format("private {}", ++next_value));
        Event event;
        constexpr Event::When moments[] = {Event::When::before_write, Event::When::after_write,
                                           Event::When::after_read};
        // Else the record that the call is about.
        if (random.chance(60))
            act.code = fmt::format("T{}", 1 + random.below(things));
        else
            event.when = moments[random.below(3)];
        event.at = {random.between(0, script.calm_from.ms - 1'000)};
        event.system = act.system;
        event.what = std::move(act);
        script.events.push_back(std::move(event));
    }
}

}  // namespace entente::world
