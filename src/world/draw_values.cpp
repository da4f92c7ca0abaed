#include "world/draw_values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.hpp"
#include "world/draw_traits.hpp"

namespace entente::world {
namespace {

class Values {
public:
    explicit Values(std::uint64_t seed) : random_(seed, "values") {
        script_.title = fmt::format("seed {}", seed);
        script_.seed = seed;
    }

    std::optional<Script> draw() {
        if (!random_.chance(7)) return std::nullopt;
        const std::uint64_t theme = random_.below(10);
        draw_systems();
        if (theme < 2)
            draw_import();
        else if (theme < 4)
            draw_newer_than_refused();
        else if (theme < 6)
            draw_put_aside();
        else if (theme < 8)
            draw_seen_beside_our_write();
        else
            draw_private_fields();
        std::ranges::stable_sort(script_.events, {}, &Event::at);
        return std::move(script_);
    }

private:
    static constexpr Duration never{3'600'000};

    void draw_systems() {
        for (const char* name : {"A", "B"}) {
            sim::Traits traits = draw_traits(name, random_, false);
            traits.lag = traits.skew = Duration{0};
            traits.granularity = Duration{1};
            traits.quota = 0;
            traits.unique_code = false;
            traits.owners = false;
            traits.lines = sim::Traits::Lines::none;
            traits.forms = {};
            traits.declared = {true, true, true};
            traits.feed = sim::Traits::Feed::modified;
            traits.poll_every = {random_.between(2, 6) * 100};
            script_.systems.push_back(std::move(traits));
        }
        script_.at_first = 2;
    }
    sim::Traits& traits_of(int system) { return script_.systems[static_cast<std::size_t>(system)]; }

    void say(Event event) { script_.events.push_back(std::move(event)); }
    void say(Duration at, auto what) { say(event_at(at, std::move(what))); }
    void add(int system, const std::string& code) {
        Act act{.kind = Act::Kind::add, .system = system};
        act.code = code;
        act.fields.set("name", Value("as it was"));
        act.fields.set("note", Value("note of " + code));
        act.fields.set("remark", Value("private of " + code));
        say({0}, std::move(act));
    }
    static Act edit(int system, const std::string& code, const std::string& property, Value value) {
        Act act{.kind = Act::Kind::edit, .system = system};
        act.code = code;
        act.property = property;
        act.value = std::move(value);
        return act;
    }
    Value fresh() { return Value(fmt::format("v{} typed", ++values_)); }

    // Everything is imported anew, and a moment later, while what is shown may be older, a column is blanked; or it is just blanked.
    // Sweeps come late: polls and single reads are what could be believed.
    void draw_import() {
        const int there = static_cast<int>(random_.below(2));
        const std::int64_t things = random_.between(46, 52);
        const bool lags = random_.chance(60);
        traits_of(there).lag = {lags ? random_.between(2'500, 5'000) : 0};
        traits_of(there).sweep_every = never;
        for (sim::Traits& traits : script_.systems) traits.page_size = 5;
        const Duration at{random_.between(9'000, 12'000)};
        const Duration blanked{at.ms + random_.between(700, 1'600)};
        for (std::int64_t t = 1; t <= things; ++t) {
            const std::string code = fmt::format("T{}", t);
            for (int system = 0; system < 2; ++system) add(system, code);
            if (lags) say(at, edit(there, code, "name", Value("imported " + code)));
            say(blanked, edit(there, code, "note", Value()));
        }
        script_.calm_from = {30'000};
    }

    // A system refuses what is unwanted, slowly; meanwhile what is wanted has been typed and read.
    void draw_newer_than_refused() {
        const int choosy = static_cast<int>(random_.below(2));
        traits_of(choosy).forms[0] = sim::Form::choosy;
        traits_of(choosy).late_execution = Duration{6'000};
        for (int system = 0; system < 2; ++system)
            for (const char* code : {"T1", "T2"}) add(system, code);
        Duration at{random_.between(4'000, 6'000)};
        for (int round = 0; round < 3; ++round) {
            const std::string code = random_.chance(50) ? "T1" : "T2";
            const Value unwanted(fmt::format("unwanted {}", ++values_));
            Spoil spoil;
            spoil.system = choosy;
            spoil.asked = Spoil::Asked::write;
            spoil.fault = sim::Fault::slow;
            spoil.delay = {random_.between(1'500, 4'000)};
            say(at, spoil);
            say(at, edit(1 - choosy, code, "name", unwanted));
            at.ms += random_.between(900, 2'500);
            say(at, edit(1 - choosy, code, "name", fresh()));
            at.ms += random_.between(4'000, 7'000);
        }
        script_.calm_from = {at.ms + 8'000};
    }

    // A system that tells no times is read page by page, one of them slowly: a note that was cleared waits for the end of the look, and
    // our own write to the same record lands before.
    void draw_put_aside() {
        const int there = static_cast<int>(random_.below(2));
        sim::Traits& traits = traits_of(there);
        traits.feed = sim::Traits::Feed::none;
        traits.versions = random_.chance(70) ? sim::Traits::Versions::none : traits.versions;
        traits.page_size = 2;
        traits.poll_every = traits_of(1 - there).poll_every = {200};
        traits.late_execution = Duration{6'000};
        if (traits.paging == sim::Traits::Paging::none) traits.paging = sim::Traits::Paging::cursor;
        constexpr std::int64_t things = 14;
        for (std::int64_t t = 1; t <= things; ++t)
            for (int system = 0; system < 2; ++system) add(system, fmt::format("T{}", t));
        Duration at{random_.between(4'000, 6'000)};
        for (int round = 0; round < 16; ++round) {
            const std::string code = fmt::format("T{}", random_.between(1, 3));
            const bool is_cleared = random_.chance(60);
            say(at, edit(there, code, "note", is_cleared ? Value() : fresh()));
            Spoil spoil;
            spoil.system = there;
            spoil.asked = Spoil::Asked::read;
            spoil.fault = sim::Fault::slow;
            spoil.delay = {random_.between(1'500, 3'000)};
            say({at.ms + random_.between(100, 400)}, spoil);
            say({at.ms + random_.between(0, 600)}, edit(1 - there, code, "name", fresh()));
            at.ms += random_.between(3'000, 4'500);
        }
        script_.calm_from = {at.ms + 6'000};
    }

    // A poll shows what somebody typed just after our write, before the answer to that comes. Something newer moves the feed on
    // meanwhile, and nobody sweeps.
    void draw_seen_beside_our_write() {
        const int there = static_cast<int>(random_.below(2));
        for (sim::Traits& traits : script_.systems) {
            traits.sweep_every = never;
            traits.late_execution = Duration{6'000};
            traits.visible_after = Duration{0};  // polls reach back no further than they must
            if (traits.paging == sim::Traits::Paging::page)
                traits.paging = sim::Traits::Paging::cursor;
        }
        for (int system = 0; system < 2; ++system)
            for (const char* code : {"T1", "T2", "T3"}) add(system, code);
        Duration at{random_.between(4'000, 6'000)};
        for (int round = 0; round < 5; ++round) {
            Spoil spoil;
            spoil.system = there;
            spoil.asked = random_.chance(80) ? Spoil::Asked::write : Spoil::Asked::read;
            spoil.fault = sim::Fault::slow;
            spoil.delay = {random_.between(4'000, 5'500)};
            say(at, spoil);
            say(at, edit(1 - there, random_.chance(50) ? "T1" : "T2", "name", fresh()));
            Event event;
            event.when = random_.chance(80) ? Event::When::after_write : Event::When::after_read;
            event.at = at;
            event.system = there;
            event.what = edit(there, "", "note", fresh());
            say(std::move(event));
            say({at.ms + random_.between(3'000, 4'000)}, edit(there, "T3", "note", fresh()));
            at.ms += random_.between(7'000, 10'000);
        }
        script_.calm_from = {at.ms + 6'000};
    }

    // Records are written whole, and people fill what we know nothing of, now and then just beside our calls.
    void draw_private_fields() {
        for (sim::Traits& traits : script_.systems) {
            traits.full_update = random_.chance(80);
            traits.lag = {random_.chance(20) ? random_.between(200, 1'500) : 0};
            if (random_.chance(30)) traits.feed = static_cast<sim::Traits::Feed>(random_.below(3));
        }
        for (int system = 0; system < 2; ++system)
            for (const char* code : {"T1", "T2"}) add(system, code);
        Duration at{random_.between(3'000, 5'000)};
        for (int round = 0; round < 14; ++round) {
            const std::string code = random_.chance(70) ? "T1" : "T2";
            const int system = static_cast<int>(random_.below(2));
            const char* property = random_.chance(50) ? "name" : "note";
            say(at, edit(system, code, property, fresh()));
            for (std::int64_t i = random_.between(1, 3); i > 0; --i) {
                Event event;
                constexpr Event::When moments[] = {
                    Event::When::at, Event::When::at, Event::When::before_write,
                    Event::When::after_write, Event::When::after_read};
                event.when = moments[random_.below(5)];
                event.at = {at.ms + random_.between(-500, 900)};
                event.system = random_.chance(80) ? 1 - system : system;
                event.what = edit(event.system, event.when == Event::When::at ? code : "", "remark",
                                  fresh());
                say(std::move(event));
            }
            at.ms += random_.between(200, 2'000);
        }
        if (random_.chance(30))
            say({random_.between(4'000, at.ms)}, Crash{Crash::Kind::at_once, 0});
        script_.calm_from = {at.ms + 4'000};
    }

    Random random_;
    Script script_;
    std::int64_t values_ = 0;
};

}  // namespace

std::optional<Script> draw_values(std::uint64_t seed) {
    return Values(seed).draw();
}

}  // namespace entente::world
