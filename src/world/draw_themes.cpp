#include "world/draw_themes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/random.hpp"
#include "world/draw_traits.hpp"

namespace entente::world {
namespace {

class Theme {
public:
    explicit Theme(std::uint64_t seed) : random_(seed, "theme") {
        script_.title = fmt::format("seed {}", seed);
        script_.seed = seed;
    }

    std::optional<Script> draw() {
        const bool is_busy = Random(script_.seed, "busy list").chance(5);
        const bool is_of_clocks = Random(script_.seed, "set clocks").chance(4);
        if (!is_busy && !random_.chance(10) && !is_of_clocks) return std::nullopt;
        if (is_busy)
            draw_busy_list();
        else if (is_of_clocks)
            draw_wrong_clock();
        else
            draw_one();
        std::ranges::stable_sort(script_.events, {}, &Event::at);
        return std::move(script_);
    }

private:
    void draw_one() {
        const std::uint64_t theme = random_.below(16);
        if (theme < 6) return draw_late_rival();
        if (theme < 8) return draw_outage();
        if (theme < 10) return draw_renamed();
        if (theme < 12) return draw_clocks();
        if (theme < 14) return draw_variants();
        draw_corrected();
    }

    void say(Duration at, auto what) { script_.events.push_back(event_at(at, std::move(what))); }
    void add(int system, const std::string& code) {
        Act act{.kind = Act::Kind::add, .system = system};
        act.code = code;
        act.fields.set("name", Value("as it was"));
        say({0}, std::move(act));
    }
    void edit(Duration at, int system, const std::string& code, const std::string& property,
              const std::string& value) {
        Act act{.kind = Act::Kind::edit, .system = system};
        act.code = code;
        act.property = property;
        act.value = Value(value);
        say(at, std::move(act));
    }
    Duration later(Duration than, std::int64_t low, std::int64_t high) {
        return {than.ms + random_.between(low, high)};
    }

    void draw_systems(std::int64_t count) {
        for (std::int64_t i = 0; i < count; ++i) {
            sim::Traits traits =
                draw_traits(std::string(1, static_cast<char>('A' + i)), random_, false);
            traits.lag = traits.skew = Duration{0};
            traits.granularity = Duration{1};
            traits.quota = 0;
            // What is typed before we read back what we wrote can be told from it.
            traits.update_answer = sim::Traits::Answer::record;
            traits.unique_code = false;
            traits.feed = sim::Traits::Feed::modified;
            traits.poll_every = {random_.between(2, 5) * 100};
            script_.systems.push_back(std::move(traits));
        }
        script_.at_first = static_cast<int>(count);
    }
    sim::Traits& traits_of(int system) { return script_.systems[static_cast<std::size_t>(system)]; }

    // Two people agree, one upon the other's value or by typing the same, and a third one's edit is not seen until later: a system
    // that cannot be reached. Their clocks are off by less than can be measured, or the first one's is preferred.
    void draw_late_rival() {
        draw_systems(3);
        std::array<int, 3> who{0, 1, 2};
        for (std::size_t i = who.size() - 1; i > 0; --i)
            std::swap(who[i], who[random_.below(i + 1)]);
        const auto [first, second, rival] = who;
        const bool is_same = random_.chance(35);
        if (random_.chance(50)) {
            traits_of(first).skew = {random_.between(700, 1'200)};
            traits_of(second).skew = {random_.between(-1'200, -700)};
        } else if (random_.chance(70)) {
            script_.policies = fmt::format("conflicts: {{prefer: [{}]}}\n", traits_of(first).name);
        }
        for (int system = 0; system < 3; ++system) add(system, "T1");
        const Duration at{random_.between(3'000, 5'000)};
        script_.is_ordered = true;
        script_.values_repeat = is_same;
        script_.calm_from = {14'000};
        edit(at, first, "T1", "name", "first");
        if (is_same) say({at.ms - 200}, Spell{Spell::Kind::unreachable, second, {2'500}});
        edit(later(at, 700, 1'400), second, "T1", "name", is_same ? "first" : "second");
        edit(later(at, 0, 1'000), rival, "T1", "name", "rival");
        say({at.ms - 400}, Spell{Spell::Kind::unreachable, rival, {5'000}});
    }

    // A system cannot be reached while people work in it, and nobody sweeps: the next poll must reach back to the last one that
    // was answered.
    void draw_outage() {
        draw_systems(2);
        for (sim::Traits& traits : script_.systems) {
            traits.sweep_every = {3'600'000};
            traits.visible_after = Duration{0};
            // One list to read: it fails more than once while the system is away.
            traits.owners = false;
            traits.lines = sim::Traits::Lines::none;
            if (traits.paging == sim::Traits::Paging::page)
                traits.paging = sim::Traits::Paging::cursor;
        }
        const int there = static_cast<int>(random_.below(2));
        const Duration at{random_.between(3'000, 6'000)};
        script_.calm_from = {at.ms + 70'000};
        say(at, Spell{Spell::Kind::unreachable, there, {random_.between(20'000, 60'000)}});
        for (int thing = 1; thing <= 3; ++thing) {
            const std::string code = fmt::format("T{}", thing);
            for (int system = 0; system < 2; ++system) add(system, code);
            edit(later(at, 100, 8'000), there, code, "name", "typed meanwhile " + code);
        }
    }

    // A thing is given another's key before a system joins that knows the other: its record matches both.
    void draw_renamed() {
        draw_systems(3);
        script_.at_first = 2;
        script_.calm_from = {20'000};
        for (int system = 0; system < 2; ++system)
            for (const char* code : {"T1", "T2"}) add(system, code);
        add(2, "T2");
        edit({random_.between(2'000, 5'000)}, static_cast<int>(random_.below(2)), "T1", "code",
             "T2");
        say({random_.between(9'000, 12'000)}, Join{});
    }

    // Both know the same things, and while the first walk through a long list goes on, page by page, people add, change and remove
    // some of them: rows shift. Ties shift them as well.
    void draw_busy_list() {
        draw_systems(2);
        sim::Traits& busy = traits_of(0);
        busy.paging = sim::Traits::Paging::page;
        busy.page_size = 2;
        draw_lists(busy, random_);
        busy.has_ties = random_.chance(50);
        if (random_.chance(20)) busy.feed = sim::Traits::Feed::none;
        constexpr int things = 12;
        for (int thing = 1; thing <= things; ++thing)
            for (int system = 0; system < 2; ++system) add(system, fmt::format("T{}", thing));
        // What goes while it is read hides another, and leaves no trace but in the total: whoever can neither count nor ask makes
        // that one twice.
        const bool can_tell = busy.tells_total || busy.grade == sim::Traits::Grade::searchable;
        for (std::int64_t i = 0, n = random_.between(1, 4); i < n; ++i) {
            const Duration at{random_.between(5, 300)};
            const std::string code = fmt::format("T{}", random_.between(1, things));
            const std::uint64_t what = random_.below(can_tell ? 3 : 2);
            if (what == 0) {
                Act act{.kind = Act::Kind::add, .system = 0};
                act.code = fmt::format("N{}", i);
                act.fields.set("name", Value("as it was"));
                say(at, std::move(act));
            } else if (what == 1) {
                edit(at, 0, code, "name", fmt::format("typed {}", i));
            } else {
                Act act{.kind = Act::Kind::remove, .system = 0};
                act.code = code;
                say(at, std::move(act));
            }
        }
        script_.calm_from = {30'000};
    }

    // The clocks of two systems are far apart, and two people change one thing between two looks at it, some seconds apart.
    void draw_clocks() {
        draw_systems(2);
        for (sim::Traits& traits : script_.systems) traits.poll_every = {8'000};
        const int first = static_cast<int>(random_.below(2));
        traits_of(first).skew = {random_.between(30, 300) * (random_.chance(50) ? 1'000 : -1'000)};
        for (int system = 0; system < 2; ++system) add(system, "T1");
        const Duration at{random_.between(8'500, 10'000)};
        script_.is_ordered = true;
        script_.calm_from = {30'000};
        edit(at, first, "T1", "name", "first");
        edit(later(at, 3'000, 5'000), 1 - first, "T1", "name", "second");
    }

    // Two systems know three things, and nobody sweeps.
    void draw_unswept() {
        draw_systems(2);
        for (sim::Traits& traits : script_.systems) {
            traits.sweep_every = {3'600'000};
            traits.owners = false;
            if (traits.paging == sim::Traits::Paging::page)
                traits.paging = sim::Traits::Paging::cursor;
            if (traits.versions == sim::Traits::Versions::timed)
                traits.versions = sim::Traits::Versions::counter;
        }
        for (int thing = 1; thing <= things_known; ++thing)
            for (int system = 0; system < 2; ++system) add(system, fmt::format("T{}", thing));
    }

    void draw_wrong_clock() {
        const std::uint64_t what = random_.below(10);
        if (what < 3) return draw_a_little_early();
        if (what < 5) return draw_set_right();
        if (what < 6) return draw_absurd_date();
        draw_set_clocks();
    }

    // Two people change one thing between two looks at it, and one of the systems dates its answers in another century.
    void draw_absurd_date() {
        draw_systems(2);
        for (sim::Traits& traits : script_.systems) traits.poll_every = {8'000};
        const int there = static_cast<int>(random_.below(2));
        for (int system = 0; system < 2; ++system) add(system, "T1");
        say({0}, Spell{Spell::Kind::absurd_date, there, {25'000}});
        const Duration at{random_.between(8'500, 10'000)};
        script_.is_ordered = true;
        script_.calm_from = {30'000};
        edit(at, 1 - there, "T1", "name", "first");
        edit(later(at, 2'500, 5'000), there, "T1", "name", "second");
    }

    // What is typed is dated a little before what was typed and read just before it: the overlap of polls is there for it.
    void draw_a_little_early() {
        draw_unswept();
        const int there = static_cast<int>(random_.below(2));
        const Duration at{random_.between(3'000, 6'000)};
        edit(at, there, "T1", "note", "moves the cursor");
        say(later(at, 100, 100), Spell{Spell::Kind::dated, there, {1'500}, {-900}});
        edit(later(at, 600, 800), there, "T2", "note", "of the moment before");
        script_.calm_from = {at.ms + 10'000};
    }

    // The machine has started in the past. While a create without an answer may still be executed its clock is set right, which
    // says that much time has passed: the create is asked about, and not sent again, until that time has passed in truth.
    void draw_set_right() {
        draw_systems(2);
        const int source = static_cast<int>(random_.below(2));
        sim::Traits& there = traits_of(1 - source);
        there.late_execution = {random_.between(5'000, 9'000)};
        there.visible_after = Duration{0};
        if (there.grade == sim::Traits::Grade::keyed) there.grade = sim::Traits::Grade::searchable;
        for (int system = 0; system < 2; ++system) add(system, "T1");
        constexpr std::array<std::int64_t, 3> steps{3'600'000, 315'360'000'000, 1'728'000'000'000};
        const Duration by{steps[random_.below(steps.size())]};
        const Duration at{random_.between(3'000, 6'000)};
        say({0}, ClockSet{ClockSet::ours, {-by.ms}});
        Spoil spoil;
        spoil.system = 1 - source;
        spoil.fault = sim::Fault::late;
        spoil.asked = Spoil::Asked::create;
        spoil.delay = there.late_execution;
        say(at, spoil);
        Act thing{.kind = Act::Kind::add, .system = source};
        thing.code = "T2";
        thing.fields.set("name", Value("typed"));
        say(later(at, 1, 1), std::move(thing));
        say(later(at, 1'500, 3'500), ClockSet{ClockSet::ours, by});
        script_.calm_from = {at.ms + 15'000};
    }

    // Nobody sweeps, and while people work on both sides a clock goes wrong and is set right, or what is typed is dated in the
    // future: whatever was seen then, what is typed afterwards comes along by polls.
    void draw_set_clocks() {
        draw_unswept();
        const int there = static_cast<int>(random_.below(2));
        const Duration at{random_.chance(20) ? 0 : random_.between(3'000, 6'000)};
        const Duration lasts{random_.between(1'500, 6'000)};
        constexpr std::array<std::int64_t, 5> steps{60'000, 3'600'000, 7'200'000, 86'400'000,
                                                    315'360'000'000};
        const Duration by{steps[random_.below(steps.size())]};
        const std::uint64_t what = random_.below(8);
        if (what < 3) {
            say(at, ClockSet{ClockSet::ours, by});
            say(later(at, lasts.ms, lasts.ms), ClockSet{ClockSet::ours, {-by.ms}});
        } else if (what < 5) {
            say(at, Spell{Spell::Kind::dated, there, lasts, by});
        } else if (what < 7) {
            const std::int64_t sign = random_.chance(50) ? 1 : -1;
            say(at, ClockSet{there, {sign * by.ms}});
            say(later(at, lasts.ms, lasts.ms), ClockSet{there, {-sign * by.ms}});
        } else {
            say(at, Spell{Spell::Kind::absurd_date, there, lasts});
        }
        for (int thing = 1; thing <= things_known; ++thing) {
            const std::string code = fmt::format("T{}", thing);
            const int who = static_cast<int>(random_.below(2));
            edit(later(at, 100, lasts.ms), who, code, "name", "typed while it is wrong " + code);
            edit(later(at, lasts.ms + 2'000, lasts.ms + 9'000), random_.chance(60) ? who : 1 - who,
                 code, "name", "typed afterwards " + code);
        }
        script_.calm_from = {at.ms + lasts.ms + 12'000};
    }

    // Things of one name whose codes differ in a sign only, shown by some of the systems and not by others; more of them are typed
    // later. None of them is another one, and nobody is asked where one system shows two of them.
    void draw_variants() {
        constexpr std::array codes{"T1-2", "T12", "T1.2", "T-12"};
        draw_systems(random_.chance(40) ? 3 : 2);
        const int systems = static_cast<int>(script_.systems.size());
        script_.calm_from = {16'000};
        for (const char* code : codes) {
            bool is_anywhere = false;
            for (int system = 0; system < systems; ++system) {
                if (!random_.chance(55)) continue;
                add(system, code);
                is_anywhere = true;
            }
            const int somewhere = static_cast<int>(random_.below(script_.systems.size()));
            if (!is_anywhere) {
                Act act{.kind = Act::Kind::add, .system = somewhere};
                act.code = code;
                act.fields.set("name", Value("as it was"));
                say({random_.between(3'000, 9'000)}, std::move(act));
            }
            edit({random_.between(4'000, 12'000)}, somewhere, code, "note",
                 std::string("typed for ") + code);
        }
    }

    // A system refuses what is unwanted, of a thing that it shall create and of one that it has; people correct it later, while
    // the process looks on or is dead, sometimes to what is refused as well, and sometimes they remove it.
    void draw_corrected() {
        draw_systems(2);
        const int choosy = static_cast<int>(random_.below(2));
        traits_of(choosy).forms = {sim::Form::choosy, sim::Form::as_is, sim::Form::as_is};
        const int source = 1 - choosy;
        script_.calm_from = {30'000};
        const Duration typed{random_.chance(50) ? 0 : random_.between(3'000, 5'000)};
        Act thing{.kind = Act::Kind::add, .system = source};
        thing.code = "T1";
        thing.fields.set("name", Value("unwanted at first"));
        say(typed, std::move(thing));
        if (random_.chance(40)) {
            Act line{.kind = Act::Kind::add_line, .system = source};
            line.code = "T1";
            line.line = "line 1";
            line.value = Value(1);
            say(later(typed, 10, 2'000), std::move(line));
        }
        for (int system = 0; system < 2; ++system) add(system, "T2");
        edit(later(typed, 3'000, 6'000), source, "T2", "name", "unwanted too");
        if (random_.chance(40))
            edit(later(typed, 4'000, 8'000), source, "T1", "name", "unwanted once more");
        const Duration corrected{typed.ms + random_.between(9'000, 15'000)};
        if (random_.chance(50)) say({corrected.ms - 1}, Crash{Crash::Kind::at_once, 0});
        edit(corrected, source, "T1", "name", "corrected");
        edit(corrected, source, "T2", "name", "corrected as well");
        if (!random_.chance(20)) return;
        Act removal{.kind = Act::Kind::remove, .system = source};
        removal.code = "T1";
        say({corrected.ms - 3'000}, std::move(removal));
    }

    static constexpr int things_known = 3;
    Random random_;
    Script script_;
};

}  // namespace

std::optional<Script> draw_theme(std::uint64_t seed) {
    return Theme(seed).draw();
}

}  // namespace entente::world
