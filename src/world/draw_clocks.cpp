#include "world/draw_clocks.hpp"

#include <algorithm>

#include "base/random.hpp"

namespace entente::world {
namespace {

constexpr Duration hour{3'600'000};
constexpr Duration year{365 * 24 * 3'600'000LL};

class Clocks {
public:
    explicit Clocks(Script& script) : random_(script.seed, "clocks"), script_(script) {}

    void draw() {
        if (!random_.chance(20)) return;
        for (std::int64_t i = 0, n = random_.between(1, 3); i < n; ++i) {
            const std::uint64_t what = random_.below(100);
            if (what < 35)
                draw_ours();
            else if (what < 60)
                draw_system();
            else if (what < 70)
                say(any_time(), Spell{Spell::Kind::no_date, any_system(), lasting()});
            else if (what < 80)
                say(any_time(), Spell{Spell::Kind::absurd_date, any_system(), lasting()});
            else
                draw_dated();
        }
    }

private:
    int any_system() { return static_cast<int>(random_.below(script_.systems.size())); }
    Duration any_time() {
        return {random_.between(0, std::max<std::int64_t>(1, script_.calm_from.ms - 2'000))};
    }
    Duration lasting() { return {random_.between(500, 12'000)}; }

    void say(Duration at, auto what) { script_.events.push_back(event_at(at, std::move(what))); }

    Duration any_step() {
        const std::int64_t sign = random_.chance(50) ? 1 : -1;
        const std::uint64_t size = random_.below(100);
        if (size < 30) return {sign * random_.between(11'000, 90'000)};
        if (size < 60) return {sign * hour.ms};
        if (size < 80) return {sign * random_.between(2, 40) * hour.ms};
        return {sign * random_.between(1, 30) * year.ms};
    }

    // Set, and often set right again some seconds later; in mid run, or while the process is away.
    void draw_ours() {
        const Duration at = random_.chance(15) ? Duration{0} : any_time();
        const Duration by = any_step();
        set(at, ClockSet::ours, by);
        if (random_.chance(70))
            set({at.ms + random_.between(200, 9'000)}, ClockSet::ours, {-by.ms});
    }

    void draw_system() {
        const Duration at = any_time();
        const int system = any_system();
        const Duration by = any_step();
        say(at, ClockSet{system, by});
        if (random_.chance(50))
            say({at.ms + random_.between(500, 12'000)}, ClockSet{system, {-by.ms}});
    }

    void set(Duration at, int whose, Duration by) {
        say(at, ClockSet{whose, by});
        if (random_.chance(30)) say(at, Crash{Crash::Kind::at_once, 0});
    }

    // A time that is no longer what it was cannot be a record's version.
    void draw_dated() {
        const int system = any_system();
        const bool is_version = script_.systems[static_cast<std::size_t>(system)].versions ==
                                sim::Traits::Versions::timed;
        if (is_version) return;
        say(any_time(), Spell{Spell::Kind::dated, system, lasting(), any_step()});
    }

    Random random_;
    Script& script_;
};

}  // namespace

void draw_clocks(Script& script) {
    Clocks(script).draw();
}

}  // namespace entente::world
