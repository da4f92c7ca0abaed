#include "world/draw_private.hpp"

#include <fmt/format.h>

#include "base/random.hpp"

namespace entente::world {
namespace {

using Random = entente::Random;

int any_system(const Script& script, Random& random) {
    return static_cast<int>(random.below(script.systems.size()));
}

Value quantity(std::int64_t& next_value) {
    return Value(*Decimal::parse(fmt::format("{}.5", ++next_value)));
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

void draw_equal_lines(Script& script, std::uint64_t things, std::int64_t& next_value) {
    Random random(script.seed, "equal lines");
    if (things == 0 || !random.chance(25)) return;
    const std::string code = fmt::format("T{}", 1 + random.below(things));
    const std::string text = fmt::format("line {}", ++next_value);
    const Value first = quantity(next_value);
    const bool is_old = random.chance(50);  // known to several systems before they meet
    const Duration at{is_old ? 1 : random.between(1'000, script.calm_from.ms - 5'000)};
    const auto say = [&](Duration when, int system, Act::Kind kind, const Value& value) {
        Act act{.kind = kind, .system = system};
        act.code = code;
        act.line = text;
        act.value = value;
        Event event;
        event.at = when;
        event.what = std::move(act);
        script.events.push_back(std::move(event));
    };
    const int there = any_system(script, random);
    for (int system = 0; system < static_cast<int>(script.systems.size()); ++system) {
        if (system != there && !is_old) continue;
        for (int i = 0; i < 2; ++i) say(at, system, Act::Kind::add_line, first);
    }
    // One of them is changed, and later another one like it comes.
    if (random.chance(50))
        say({at.ms + random.between(1'000, 4'000)}, any_system(script, random),
            Act::Kind::edit_line, quantity(next_value));
}

}  // namespace entente::world
