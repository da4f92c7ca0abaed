#include "world/draw_downtime.hpp"

#include <algorithm>

#include "base/random.hpp"

namespace entente::world {
namespace {

constexpr std::int64_t second = 1'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

Duration draw_length(Random& random) {
    switch (random.below(5)) {
        case 0:
            return {random.between(1, 20) * second};
        case 1:
            return {random.between(1, 30) * minute};
        case 2:
            return {random.between(1, 12) * hour};
        case 3:
            return {random.between(1, 6) * day};
        default:
            return {random.between(20, 100) * second};
    }
}

bool is_by_people(const Event& event) {
    const bool is_person =
        std::holds_alternative<Act>(event.what) || std::holds_alternative<Deed>(event.what);
    return is_person && event.when == Event::When::at;
}

}  // namespace

void draw_downtime(Script& script) {
    Random random(script.seed, "downtime");
    if (!random.chance(20)) return;
    Event event;
    event.at = {random.between(200, std::max<std::int64_t>(300, script.calm_from.ms - 4'000))};
    const Duration away = draw_length(random);
    event.what = Crash{.kind = Crash::Kind::at_once, .away = away};
    // So much of the script is drawn out.
    const Duration span{std::min(away.ms, random.between(2, 15) * second)};
    const Duration from = event.at, until{event.at.ms + span.ms};
    for (Event& other : script.events) {
        if (other.at <= from) continue;
        if (other.at <= until && is_by_people(other))
            other.at.ms = from.ms + 1 + (other.at.ms - from.ms) * (away.ms - 2) / span.ms;
        else
            other.at.ms += away.ms;
    }
    script.calm_from.ms += away.ms;
    script.events.push_back(std::move(event));
}

}  // namespace entente::world
