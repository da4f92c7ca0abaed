#include "world/draw_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.hpp"
#include "world/draw_traits.hpp"

namespace entente::world {
namespace {

using Kind = Spell::Kind;

constexpr Kind lies[] = {Kind::ring, Kind::last_again, Kind::empty_pages, Kind::too_many,
                         Kind::endless_search};

class Endless {
public:
    explicit Endless(std::uint64_t seed) : random_(seed, "pages without end") {
        script_.title = fmt::format("seed {}", seed);
        script_.seed = seed;
    }

    std::optional<Script> draw() {
        if (!random_.chance(6)) return std::nullopt;
        draw_systems();
        const int there = static_cast<int>(random_.below(2));
        if (random_.chance(50))
            draw_hidden_edit(there);
        else
            draw_lost_create(there);
        std::ranges::stable_sort(script_.events, {}, &Event::at);
        return std::move(script_);
    }

private:
    static constexpr int things = 6;

    void draw_systems() {
        for (const char* name : {"A", "B"}) {
            sim::Traits traits = draw_traits(name, random_, false);
            traits.lag = traits.skew = Duration{0};
            traits.visible_after = Duration{0};  // polls reach back no further than they must
            traits.granularity = Duration{1};
            traits.quota = 0;
            traits.unique_code = false;
            traits.owners = false;
            traits.feed = sim::Traits::Feed::modified;
            traits.page_size = 2;
            traits.sorts_by_key = random_.chance(85);
            traits.poll_every = {random_.between(2, 6) * 100};
            traits.sweep_every = {3'600'000};
            if (traits.paging == sim::Traits::Paging::none)
                traits.paging = sim::Traits::Paging::link;
            script_.systems.push_back(std::move(traits));
        }
        script_.at_first = 2;
        for (int thing = 1; thing <= things; ++thing)
            for (int system = 0; system < 2; ++system) {
                Act act = act_of(Act::Kind::add, system, thing);
                act.fields.set("name", Value("as it was"));
                say({0}, std::move(act));
            }
    }

    void say(Duration at, auto what) { script_.events.push_back(event_at(at, std::move(what))); }
    static Act act_of(Act::Kind kind, int system, int thing) {
        Act act{.kind = kind, .system = system};
        act.code = fmt::format("T{}", thing);
        return act;
    }
    void edit(Duration at, int system, int thing) {
        Act act = act_of(Act::Kind::edit, system, thing);
        act.property = random_.chance(70) ? "name" : "note";
        act.value = Value(fmt::format("v{} typed", ++values_));
        say(at, std::move(act));
    }

    // All is edited while polls find no end, what is shown once more after what is not.
    void draw_hidden_edit(int there) {
        const Duration at{random_.between(4'000, 6'000)};
        const std::int64_t lasts = random_.between(6'000, 12'000);
        const Kind kind = random_.chance(85) ? Kind::ring : lies[random_.below(std::size(lies))];
        say(at, Spell{kind, there, {lasts}});
        for (int thing = 1; thing <= things; ++thing)
            edit({at.ms + 100 * thing + random_.between(0, 200)}, there, thing);
        for (std::int64_t later = 1'500; later < lasts; later += random_.between(200, 600)) {
            const int thing = static_cast<int>(random_.between(1, things - 2));
            edit({at.ms + later}, random_.chance(90) ? there : 1 - there, thing);
        }
        script_.calm_from = {at.ms + lasts + 2'000};
    }

    // A create, with lines, whose answer is lost, while what is searched for there has no end.
    void draw_lost_create(int there) {
        sim::Traits& traits = script_.systems[static_cast<std::size_t>(there)];
        if (traits.grade != sim::Traits::Grade::none) traits.grade = sim::Traits::Grade::searchable;
        // No poll shows what was made before it is searched for.
        traits.poll_every = {random_.between(10'000, 20'000)};
        traits.late_execution = traits.visible_after = {random_.between(100, 600)};
        const bool has_lines = random_.chance(70);
        if (has_lines)
            for (sim::Traits& each : script_.systems) each.lines = sim::Traits::Lines::with_parent;
        Duration at{random_.between(4'000, 6'000)};
        for (int thing = things + 1; thing <= things + 3; ++thing) {
            const std::int64_t lasts = random_.between(3'000, 25'000);
            Spoil spoil;
            spoil.system = there;
            spoil.asked = Spoil::Asked::create;
            spoil.fault = random_.chance(60) ? sim::Fault::reply_lost : sim::Fault::request_lost;
            if (random_.chance(70)) say(at, spoil);
            say(at,
                Spell{
                    random_.chance(70) ? Kind::endless_search : Kind::empty_pages, there, {lasts}});
            if (random_.chance(30)) say(at, Spell{Kind::ring, there, {lasts}});
            Act act = act_of(Act::Kind::add, 1 - there, thing);
            act.fields.set("name", Value(fmt::format("v{} new", ++values_)));
            say({at.ms + 1}, std::move(act));
            for (int line = 1; has_lines && line <= 3; ++line) {
                Act add = act_of(Act::Kind::add_line, 1 - there, thing);
                add.line = fmt::format("line {}", ++values_);
                add.value = Value(line);
                say({at.ms + 2}, std::move(add));
            }
            if (random_.chance(30))
                say({at.ms + random_.between(500, lasts)}, Crash{Crash::Kind::at_once, 0});
            at.ms += lasts + random_.between(500, 4'000);
        }
        script_.calm_from = {at.ms + 3'000};
    }

    Random random_;
    Script script_;
    std::int64_t values_ = 0;
};

}  // namespace

void draw_pages(Script& script) {
    Random random(script.seed, "pages");
    if (!random.chance(12)) return;
    for (std::int64_t i = 0, n = random.between(1, 3); i < n; ++i) {
        const auto latest = std::max<std::int64_t>(1, script.calm_from.ms - 1'000);
        const auto system = static_cast<int>(random.below(script.systems.size()));
        const Kind kind = lies[random.below(std::size(lies))];
        script.events.push_back(event_at({random.chance(15) ? 0 : random.between(0, latest)},
                                         Spell{kind, system, {random.between(500, 12'000)}}));
    }
}

std::optional<Script> draw_endless(std::uint64_t seed) {
    return Endless(seed).draw();
}

}  // namespace entente::world
