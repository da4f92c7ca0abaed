#include "world/draw_company.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/system.hpp"
#include "world/company.hpp"
#include "world/draw_downtime.hpp"

namespace entente::world {
namespace {

using Random = entente::Random;

// Each kind of thing has a stream of its own, so that a change of one leaves the others as they were.
class Drawing {
public:
    explicit Drawing(std::uint64_t seed)
        : shape_(seed, "company"),
          people_(seed, "deeds"),
          faults_(seed, "company faults"),
          told_(seed, "told to wait") {
        script_.title = fmt::format("seed {}", seed);
        script_.seed = seed;
    }

    Script draw() {
        draw_company();
        for (std::int64_t i = 1, n = shape_.between(3, 20); i <= n; ++i) draw_deed(i);
        for (std::size_t kind = 1; kind < sim::fault_count; ++kind)
            draw_spoils(static_cast<sim::Fault>(kind));
        draw_absence();
        draw_crashes();
        draw_downtime(script_);
        std::ranges::stable_sort(script_.events, {}, &Event::at);
        return std::move(script_);
    }

private:
    void draw_company() {
        CompanyPlan plan;
        plan.kinds = sim::system_kinds();
        const auto size = static_cast<std::size_t>(shape_.between(2, 4));
        while (plan.kinds.size() > size)
            plan.kinds.erase(plan.kinds.begin() +
                             static_cast<std::ptrdiff_t>(shape_.below(plan.kinds.size())));
        plan.records = shape_.between(8, 16);
        constexpr std::int64_t clocks[] = {5, 60, 600};
        plan.clock = clocks[shape_.below(3)];
        constexpr std::int64_t polls[] = {500, 1'000, 2'000};
        plan.poll_every = {polls[shape_.below(3)]};
        if (shape_.chance(30)) plan.sweep_every = {15'000};
        script_.calm_from = {shape_.between(8, 30) * 1'000};
        script_.on_sqlite = shape_.chance(6);
        script_.repeated_percent = shape_.chance(50) ? static_cast<int>(shape_.between(5, 50)) : 0;
        if (shape_.chance(25))
            script_.policies =
                fmt::format("conflicts: {{prefer: [{}]}}\n", name_of_kind(plan.kinds.back()));
        script_.company = std::move(plan);
    }

    int some_system(Random& random) {
        return static_cast<int>(random.below(script_.company->kinds.size()));
    }
    Duration any_time(Random& random) { return {random.between(0, script_.calm_from.ms - 500)}; }

    void say(Duration at, auto what) { script_.events.push_back(event_at(at, std::move(what))); }

    // Some just before or after one of our own calls.
    void draw_deed(std::int64_t number) {
        Event event;
        event.at = any_time(people_);
        Deed deed{static_cast<sim::Act>(people_.below(sim::acts)), number};
        constexpr Event::When moments[] = {Event::When::before_write, Event::When::after_write,
                                           Event::When::after_read};
        const Event::When moment = moments[people_.below(3)];
        event.system = some_system(people_);
        if (people_.chance(30)) {
            event.when = moment;
            deed.is_in_that_record = moment != Event::When::after_read && people_.chance(70);
        }
        event.what = deed;
        script_.events.push_back(std::move(event));
    }

    void draw_spoils(sim::Fault fault) {
        const bool is_on = faults_.chance(50);
        for (std::int64_t i = 0, n = is_on ? faults_.between(1, 4) : 0; i < n; ++i) {
            Spoil spoil;
            spoil.system = some_system(faults_);
            spoil.fault = fault;
            spoil.asked = faults_.chance(70) ? Spoil::Asked::write : Spoil::Asked::any;
            spoil.delay = {faults_.between(100, 8'000)};
            spoil.retry_after = {faults_.between(1, 4) * 1'000};
            constexpr int statuses[] = {500, 502, 503, 504};
            spoil.status = fault == sim::Fault::throttled || fault == sim::Fault::throttled_silently
                               ? 429
                               : statuses[faults_.below(4)];
            const bool is_told = spoil.status == 503 && told_.chance(50);
            if (spoil.fault == sim::Fault::server_error && !is_told) spoil.retry_after = {0};
            if (spoil.fault == sim::Fault::error_after) spoil.retry_after = {0};
            say(any_time(faults_), spoil);
        }
    }

    void draw_absence() {
        if (!faults_.chance(50)) return;
        say(any_time(faults_),
            Spell{Spell::Kind::unreachable, some_system(faults_), {faults_.between(200, 12'000)}});
    }

    void draw_crashes() {
        if (!faults_.chance(50)) return;
        constexpr Crash::Kind kinds[] = {Crash::Kind::at_once, Crash::Kind::commit_fails,
                                         Crash::Kind::commit_unanswered};
        for (std::int64_t i = 0, n = faults_.between(1, 4); i < n; ++i) {
            const Duration at = any_time(faults_);
            say(at, Crash{kinds[faults_.below(3)]});
            if (faults_.chance(40))  // once more while it recovers
                say({at.ms + faults_.between(1, 400)}, Crash{kinds[faults_.below(3)]});
        }
    }

    Random shape_, people_, faults_, told_;
    Script script_;
};

}  // namespace

Script draw_company(std::uint64_t seed) {
    return Drawing(seed).draw();
}

}  // namespace entente::world
