#include "world/draw_aimed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.hpp"
#include "world/draw_traits.hpp"

namespace entente::world {
namespace {

class Aimed {
public:
    explicit Aimed(std::uint64_t seed) : random_(seed, "aimed") {
        script_.title = fmt::format("seed {}", seed);
        script_.seed = seed;
    }

    std::optional<Script> draw() {
        if (!random_.chance(7)) return std::nullopt;
        draw_systems();
        there_ = static_cast<int>(random_.below(2));
        switch (random_.below(7)) {
            case 0:
                draw_late_update();
                break;
            case 1:
                draw_unread_create();
                break;
            case 2:
                draw_lines_alike();
                break;
            case 3:
                draw_same_second();
                break;
            case 4:
                draw_refused_create();
                break;
            case 5:
                draw_bad_row();
                break;
            default:
                draw_forbidden_record();
        }
        std::ranges::stable_sort(script_.events, {}, &Event::at);
        return std::move(script_);
    }

private:
    void draw_systems() {
        for (const char* name : {"A", "B"}) {
            sim::Traits traits = draw_traits(name, random_, false);
            traits.lag = traits.skew = traits.visible_after = Duration{0};
            traits.granularity = Duration{1};
            traits.quota = 0;
            traits.unique_code = traits.owners = false;
            traits.lines = sim::Traits::Lines::none;
            traits.forms = {};
            traits.declared = {true, true, true};
            traits.feed = sim::Traits::Feed::modified;
            traits.poll_every = {random_.between(2, 6) * 100};
            traits.sweep_every = {3'600'000};
            script_.systems.push_back(std::move(traits));
        }
        script_.at_first = 2;
    }
    sim::Traits& traits_of(int system) { return script_.systems[static_cast<std::size_t>(system)]; }

    void say(Duration at, auto what) { script_.events.push_back(event_at(at, std::move(what))); }
    static Act act_of(Act::Kind kind, int system, const std::string& code) {
        Act act{.kind = kind, .system = system};
        act.code = code;
        return act;
    }
    void add(Duration at, int system, const std::string& code) {
        Act act = act_of(Act::Kind::add, system, code);
        act.fields.set("name", Value("as it was"));
        say(at, std::move(act));
    }
    void edit(Duration at, int system, const std::string& code, const std::string& property,
              const std::string& value) {
        Act act = act_of(Act::Kind::edit, system, code);
        act.property = property;
        act.value = Value(value);
        say(at, std::move(act));
    }
    std::string fresh() { return fmt::format("v{} typed", ++values_); }

    // An update gets no answer and is executed late; what it has set is replaced by a person before or after that.
    void draw_late_update() {
        sim::Traits& traits = traits_of(there_);
        traits.versions = sim::Traits::Versions::none;
        traits.late_execution = {random_.between(5'000, 9'000)};
        for (int system = 0; system < 2; ++system) add({0}, system, "T1");
        Duration at{random_.between(3'000, 5'000)};
        for (int round = 0; round < 3; ++round) {
            Spoil spoil;
            spoil.system = there_;
            spoil.fault = sim::Fault::late;
            spoil.asked = Spoil::Asked::update;
            spoil.delay = {random_.between(4'000, traits.late_execution.ms)};
            say(at, spoil);
            edit({at.ms + 1}, 1 - there_, "T1", "name", fresh());
            edit({at.ms + random_.between(1'000, 3'500)}, there_, "T1", "name", fresh());
            at.ms += random_.between(16'000, 20'000);
        }
        script_.calm_from = at;
    }

    // A create was made and answered with its id alone, and cannot be read for minutes. A person gives it another key meanwhile, which
    // its list shows.
    void draw_unread_create() {
        sim::Traits& traits = traits_of(there_);
        traits.create_shows_key = true;
        for (sim::Traits& each : script_.systems) {
            each.poll_every = {random_.between(3, 6) * 1'000};
            each.sweep_every = {300'000};
        }
        for (int system = 0; system < 2; ++system)
            for (const char* code : {"T1", "T2"}) add({0}, system, code);
        const Duration at{random_.between(8'000, 12'000)};
        const std::int64_t lasts = random_.between(400'000, 900'000);
        for (const char* code : {"T3", "T9"}) {
            Lasting lasting{.system = there_, .what = {}, .lasts = {lasts}};
            lasting.what.asked = sim::Ailment::Asked::read;
            lasting.what.code = code;
            lasting.what.status = random_.chance(50) ? 500 : 422;
            say(at, std::move(lasting));
        }
        add({at.ms + 1}, 1 - there_, "T3");
        const Duration renamed{at.ms + random_.between(20'000, 60'000)};
        if (random_.chance(80)) edit(renamed, there_, "T3", "code", "T9");
        // Something passes there all the while.
        for (Duration later = renamed; later.ms < at.ms + lasts;
             later.ms += random_.between(10'000, 40'000))
            edit(later, 1 - there_, random_.chance(50) ? "T1" : "T2", "name", fresh());
        script_.calm_from = {at.ms + lasts + 20'000};
    }

    // A thing has several lines of one text, in one system or in both; some more are typed, and some of them change.
    void draw_lines_alike() {
        for (sim::Traits& traits : script_.systems) traits.lines = sim::Traits::Lines::beside;
        const std::int64_t lines = random_.between(2, 3);
        const bool both_know = random_.chance(60);
        const auto double_line = [&](Duration at, int system) {
            Act act = act_of(Act::Kind::double_line, system, "T1");
            act.line = "alike";
            act.value = Value(1);
            say(at, std::move(act));
        };
        for (int system = 0; system < 2; ++system) {
            add({0}, system, "T1");
            if (system != there_ && !both_know) continue;
            for (std::int64_t i = 0; i < lines; ++i) double_line({0}, system);
        }
        const Duration at{random_.between(6'000, 9'000)};
        if (random_.chance(50)) double_line(at, static_cast<int>(random_.below(2)));
        if (random_.chance(50)) {
            Act act = act_of(Act::Kind::edit_line, there_, "T1");
            act.line = "alike";
            act.value = Value(5);
            say({at.ms + random_.between(6'000, 9'000)}, std::move(act));
        }
        script_.calm_from = {at.ms + 16'000};
    }

    // A time of whole seconds is the version: what a person changes just before our write is dated as what we have read a moment ago.
    void draw_same_second() {
        sim::Traits& traits = traits_of(there_);
        traits.versions = sim::Traits::Versions::timed;
        traits.granularity = Duration{1'000};
        traits.full_update = false;
        for (sim::Traits& each : script_.systems) each.poll_every = {100};
        for (int system = 0; system < 2; ++system) add({0}, system, "T1");
        Duration at{3'000};
        for (int round = 0; round < 12; ++round) {
            edit({at.ms + random_.between(0, 100)}, there_, "T1", "note", fresh());
            edit({at.ms + random_.between(0, 200)}, 1 - there_, "T1", "name", fresh());
            Event event;
            event.when = Event::When::before_write;
            event.at = at;
            event.system = there_;
            Act act = act_of(Act::Kind::edit, there_, "");
            act.property = "name";
            act.value = Value(fresh());
            event.what = std::move(act);
            script_.events.push_back(std::move(event));
            at.ms += 4'000;
        }
        script_.calm_from = {at.ms + 4'000};
    }

    // The rows of two records cannot be read for a while. One of them is known, the other is what somebody enters in the other system
    // as well; people work in all others, and each edit arrives as if those two were not there.
    void draw_bad_row() {
        script_.is_timed = true;
        for (sim::Traits& each : script_.systems) each.sweep_every = {120'000};
        const bool is_early = random_.chance(30);
        constexpr int things = 4;
        for (int thing = 1; thing <= things; ++thing)
            for (int system = 0; system < 2; ++system) add({0}, system, fmt::format("T{}", thing));
        const Duration at = is_early ? Duration{0} : Duration{random_.between(40'000, 60'000)};
        const std::int64_t lasts = random_.between(240'000, 400'000);
        for (const char* code : {"T1", "T9"}) {
            Lasting lasting{.system = there_, .what = {}, .lasts = {lasts}};
            lasting.what.asked = sim::Ailment::Asked::row;
            lasting.what.code = code;
            lasting.what.property = random_.chance(50) ? "id" : "modified";
            say({at.ms + 1}, std::move(lasting));
        }
        add({at.ms + 2'000}, there_, "T9");
        add({at.ms + random_.between(10'000, 100'000)}, 1 - there_, "T9");
        Duration later{std::max<std::int64_t>(at.ms, 40'000)};
        while (later.ms < at.ms + lasts) {
            const int who = static_cast<int>(random_.below(2));
            edit(later, who, fmt::format("T{}", random_.between(2, things)), "name", fresh());
            later.ms += random_.between(20'000, 30'000);
        }
        script_.calm_from = {later.ms + 20'000};
    }

    // What is to be created is refused for its name. A person corrects it, sometimes after another name that is refused as well, and
    // it arrives as any new thing does, not with the next daily offer.
    void draw_refused_create() {
        script_.is_timed = true;
        traits_of(there_).forms = {sim::Form::choosy, sim::Form::as_is, sim::Form::as_is};
        const int source = 1 - there_;
        for (int system = 0; system < 2; ++system) add({0}, system, "T1");
        Duration at{random_.between(3'000, 6'000)};
        Act thing = act_of(Act::Kind::add, source, "T2");
        thing.fields.set("name", Value("unwanted at first"));
        say(at, std::move(thing));
        at.ms += random_.between(15'000, 60'000);
        if (random_.chance(50)) {
            edit(at, source, "T1", "name", fresh());
            at.ms += random_.between(15'000, 60'000);
        }
        edit(at, source, "T2", "name", fresh());
        script_.calm_from = {at.ms + 40'000};
    }

    // One record may not be written, for ever, while people work in all others: each edit arrives as if that one were not there.
    void draw_forbidden_record() {
        script_.is_timed = true;
        for (sim::Traits& traits : script_.systems)
            traits.poll_every = {random_.between(5, 9) * 100};
        constexpr int things = 4;
        for (int thing = 1; thing <= things; ++thing)
            for (int system = 0; system < 2; ++system) add({0}, system, fmt::format("T{}", thing));
        Lasting lasting{.system = there_, .what = {}, .lasts = {}};
        lasting.what.asked = sim::Ailment::Asked::update;
        lasting.what.code = "T1";
        constexpr int statuses[] = {403, 403, 403, 409, 422, 500};
        lasting.what.status = statuses[random_.below(std::size(statuses))];
        say({1'000}, std::move(lasting));
        Duration at{random_.between(40'000, 60'000)};
        for (int round = 0; round < 4; ++round) {
            edit(at, 1 - there_, "T1", "name", fresh());
            for (int thing = 2; thing <= things; ++thing) {
                at.ms += random_.between(2'000, 6'000);
                const int who = random_.chance(70) ? 1 - there_ : there_;
                edit(at, who, fmt::format("T{}", thing), "name", fresh());
            }
            at.ms += random_.between(15'000, 20'000);
        }
        script_.calm_from = at;
    }

    Random random_;
    Script script_;
    int there_ = 0;
    std::int64_t values_ = 0;
};

}  // namespace

std::optional<Script> draw_aimed(std::uint64_t seed) {
    return Aimed(seed).draw();
}

}  // namespace entente::world
