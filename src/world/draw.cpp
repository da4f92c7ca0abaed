#include "world/draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "world/draw_aimed.hpp"
#include "world/draw_clocks.hpp"
#include "world/draw_downtime.hpp"
#include "world/draw_lasting.hpp"
#include "world/draw_pages.hpp"
#include "world/draw_private.hpp"
#include "world/draw_retyped.hpp"
#include "world/draw_themes.hpp"
#include "world/draw_traits.hpp"
#include "world/draw_values.hpp"

namespace entente::world {
namespace {

using Random = entente::Random;

// Draws one script. Each kind of thing has a stream of its own, so that a change of one leaves the others as they were.
class Drawing {
public:
    explicit Drawing(std::uint64_t seed)
        : seed_(seed),
          shape_(seed, "shape"),
          people_(seed, "people"),
          faults_(seed, "faults"),
          told_(seed, "told to wait"),
          data_(seed, "data"),
          lists_(seed, "lists") {}

    Script draw() {
        if (shape_.chance(15)) return draw_ordered();
        draw_systems();
        for (sim::Traits& traits : script_.systems) draw_lists(traits, lists_);
        draw_beginning();
        const std::int64_t edits = shape_.between(5, 40);
        for (std::int64_t i = 0; i < edits; ++i) draw_person();
        if (things_ > 40 && shape_.chance(60)) draw_mass_loss(any_time());
        if (shape_.chance(20)) draw_hidden_create();
        draw_faults();
        draw_retyped(script_, things_, values_);
        draw_private(script_, things_, values_);
        if (shape_.chance(15))
            draw_only_polls();
        else
            draw_clocks(script_);
        draw_pages(script_);
        draw_lasting(script_, things_);
        draw_downtime(script_);
        draw_going_on();
        std::ranges::stable_sort(script_.events, {}, &Event::at);
        return std::move(script_);
    }

private:
    void draw_systems() {
        const bool with_habits = shape_.chance(50);
        const std::int64_t systems = shape_.chance(40) ? 3 : 2;
        for (std::int64_t i = 0; i < systems; ++i)
            script_.systems.push_back(
                draw_traits(std::string(1, static_cast<char>('A' + i)), shape_, with_habits));
        script_.title = fmt::format("seed {}", seed_);
        script_.seed = seed_;
        script_.on_sqlite = shape_.chance(6);
        script_.at_first = static_cast<int>(systems);
        script_.repeated_percent = shape_.chance(50) ? static_cast<int>(shape_.between(5, 50)) : 0;
        is_large_ = shape_.chance(4);
        if (systems == 3 && !script_.on_sqlite && !is_large_ && shape_.chance(30))
            script_.at_first = 2;
        if (shape_.chance(25)) script_.policies = "conflicts: {prefer: [B]}\n";
        script_.calm_from = {shape_.between(10, 40) * 1'000};
        if (script_.at_first < systems) {
            Event join;
            join.at = {shape_.between(3, script_.calm_from.ms / 1'000 - 2) * 1'000};
            join.what = Join{};
            script_.events.push_back(join);
        }
    }

    // Few people, one property, no faults: what is explored is the order in which all is read and written.
    Script draw_ordered() {
        const std::int64_t systems = shape_.between(2, 3);
        const bool is_coarse = shape_.chance(20);
        const bool is_skewed = shape_.chance(40);
        script_.values_repeat = shape_.chance(30);
        for (std::int64_t i = 0; i < systems; ++i) {
            sim::Traits traits =
                draw_traits(std::string(1, static_cast<char>('A' + i)), shape_, false);
            traits.lag = Duration{0};
            // So little that the engine takes it for none.
            traits.skew = Duration{is_skewed ? shape_.between(-1'200, 1'200) : 0};
            traits.granularity = {is_coarse ? 1'000 : 1};
            traits.quota = 0;
            traits.poll_every = {shape_.between(3, 30) * 100};
            if (traits.feed == sim::Traits::Feed::none) traits.feed = sim::Traits::Feed::modified;
            script_.systems.push_back(std::move(traits));
        }
        script_.title = fmt::format("seed {}", seed_);
        script_.seed = seed_;
        script_.is_ordered = true;
        script_.at_first = static_cast<int>(systems);
        script_.calm_from = {12'000};
        if (shape_.chance(30)) script_.policies = "conflicts: {prefer: [B]}\n";
        things_ = 1;
        const Value name = fresh("name");
        for (std::size_t s = 0; s < script_.systems.size(); ++s) {
            Act act{.kind = Act::Kind::add, .system = static_cast<int>(s)};
            act.code = "T1";
            act.fields.set("name", name);
            say({0}, std::move(act));
        }
        std::vector<Value> values;
        // Empty is a value with a time like any other.
        Random clears(seed_, "clears");
        const bool has_clears = clears.chance(30);
        for (std::int64_t i = 0, n = people_.between(2, 6); i < n; ++i) {
            Act act{.kind = Act::Kind::edit, .system = any_system()};
            act.code = "T1";
            act.property = "name";
            if (values.empty() || !script_.values_repeat || people_.chance(50))
                values.push_back(fresh("name"));
            act.value = values[people_.below(values.size())];
            if (has_clears && clears.chance(35)) act.value = Value();
            say({people_.between(2'000, people_.chance(50) ? 4'000 : 11'000)}, std::move(act));
        }
        std::ranges::stable_sort(script_.events, {}, &Event::at);
        return std::move(script_);
    }

    // Numbers first: whatever a system cuts off or capitalises, no two values become one.
    Value fresh(const std::string& property) {
        const std::int64_t n = ++values_;
        if (property == "amount" || property == "quantity")
            return Value(*Decimal::parse(fmt::format("{}.{}", n, data_.below(2) ? "125" : "5")));
        constexpr const char* tails[] = {"Smith", "de Vries and sons", "müller", " "};
        return Value(fmt::format("v{} {}", n, tails[data_.below(4)]));
    }
    Value value_for(const std::string& code, const std::string& property) {
        auto& typed = typed_[code + "." + property];
        if (people_.chance(8)) return Value();
        if (!typed.empty() && people_.chance(15)) return typed[people_.below(typed.size())];
        Value value = fresh(property);
        typed.push_back(value);
        return value;
    }

    int any_system() { return static_cast<int>(people_.below(script_.systems.size())); }
    std::string any_code() { return fmt::format("T{}", 1 + people_.below(things_)); }
    void say(Duration at, Act act) { script_.events.push_back(event_at(at, std::move(act))); }

    // Things that some of the systems know already, more or less alike.
    void draw_beginning() {
        const std::uint64_t owners = shape_.below(3);
        for (std::uint64_t o = 1; o <= owners; ++o)
            for (std::size_t s = 0; s < script_.systems.size(); ++s) {
                if (!people_.chance(70)) continue;
                Act act{.kind = Act::Kind::add, .system = static_cast<int>(s), .table = "owners"};
                act.code = fmt::format("O{}", o);
                say({0}, std::move(act));
            }
        owners_ = owners;
        const std::uint64_t things =
            is_large_ ? 45 + shape_.below(8) : 1 + shape_.below(shape_.chance(20) ? 12 : 4);
        for (std::uint64_t t = 1; t <= things; ++t) {
            const std::string code = fmt::format("T{}", ++things_);
            const Value name = fresh("name");
            for (std::size_t s = 0; s < script_.systems.size(); ++s)
                if (people_.chance(65)) add({0}, static_cast<int>(s), code, name);
        }
    }

    void add(Duration at, int system, const std::string& code, const Value& name) {
        Act act{.kind = Act::Kind::add, .system = system};
        act.code = code;
        act.fields.set("name", people_.chance(70) ? name : value_for(code, "name"));
        if (people_.chance(50)) act.fields.set("note", value_for(code, "note"));
        if (people_.chance(50)) act.fields.set("amount", value_for(code, "amount"));
        if (owners_ > 0 && people_.chance(50))
            act.fields.set("owner", Value(fmt::format("O{}", 1 + people_.below(owners_))));
        act.fields.set("remark", Value(fmt::format("private {}", ++values_)));
        say(at, std::move(act));
    }

    Duration any_time() { return {people_.between(0, script_.calm_from.ms - 1'000)}; }

    void draw_person() {
        const Duration at = any_time();
        const std::uint64_t what = people_.below(100);
        if (what < 8) return draw_new(at);
        if (what < 12) return draw_removal(at);
        if (what < 28) return draw_line(at);
        if (what < 40) return draw_quick(at);
        if (what < 46) return draw_rally(at);
        if (what < 48) return draw_restore(at);
        draw_edit(at, any_system(), any_code());
    }

    void draw_edit(Duration at, int system, const std::string& code) {
        Act act{.kind = Act::Kind::edit, .system = system};
        act.code = code;
        constexpr const char* properties[] = {"name", "name", "note", "amount", "owner"};
        act.property = properties[people_.below(owners_ > 0 ? 5 : 4)];
        act.value =
            act.property == "owner"
                ? Value(fmt::format("O{}", 1 + people_.below(std::max<std::uint64_t>(1, owners_))))
                : value_for(code, act.property);
        // Both sides at once, the same property, often.
        if (people_.chance(35)) {
            Act other = act;
            other.system = any_system();
            if (act.property != "owner" && people_.chance(80))
                other.value = value_for(code, act.property);
            say({at.ms + people_.between(0, 300)}, std::move(other));
        }
        say(at, std::move(act));
    }

    // A new thing, often typed into two systems at once.
    void draw_new(Duration at) {
        const std::string code = fmt::format("T{}", ++things_);
        const Value name = fresh("name");
        const int system = any_system();
        add(at, system, code, name);
        // Twice in one system, before anybody knows of it.
        if (people_.chance(10)) return add(at, system, code, value_for(code, "name"));
        if (!people_.chance(40)) return;
        const int other = any_system();
        if (other != system) add({at.ms + people_.between(0, 4'000)}, other, code, name);
    }

    void draw_removal(Duration at) {
        Act act{.kind = Act::Kind::remove, .system = any_system()};
        act.code = any_code();
        Act back = act;
        back.kind = Act::Kind::bring_back;
        say(at, std::move(act));
        if (people_.chance(30)) say({at.ms + people_.between(500, 8'000)}, std::move(back));
    }

    void draw_line(Duration at) {
        Act act{.kind = Act::Kind::add_line, .system = any_system()};
        act.code = any_code();
        const bool is_known = !lines_.empty() && people_.chance(50);
        act.line = is_known ? lines_[people_.below(lines_.size())].second
                            : fmt::format("line {}", ++values_);
        if (is_known) {
            act.kind = people_.chance(70) ? Act::Kind::edit_line : Act::Kind::remove_line;
            act.code =
                std::ranges::find(lines_, act.line, &std::pair<std::string, std::string>::second)
                    ->first;
        } else {
            lines_.emplace_back(act.code, act.line);
        }
        act.value = fresh("quantity");
        say(at, std::move(act));
    }

    // Just before or after one of our own calls.
    void draw_quick(Duration at) {
        Act act{.kind = Act::Kind::edit, .system = any_system()};
        constexpr const char* properties[] = {"name", "note", "amount"};
        act.property = properties[people_.below(3)];
        act.value = fresh(act.property);
        Event event;
        constexpr Event::When moments[] = {Event::When::before_write, Event::When::after_write,
                                           Event::When::after_read};
        event.when = moments[people_.below(3)];
        event.at = at;
        event.system = act.system;
        event.what = std::move(act);
        script_.events.push_back(std::move(event));
    }

    // Back and forth between two systems, faster than they are polled.
    void draw_rally(Duration at) {
        const std::string code = any_code();
        const int first = any_system();
        for (std::int64_t i = 0, n = people_.between(2, 6); i < n; ++i) {
            Act act{.kind = Act::Kind::edit, .system = i % 2 == 0 ? first : any_system()};
            act.code = code;
            act.property = "name";
            act.value = value_for(code, "name");
            say({at.ms + i * people_.between(20, 900)}, std::move(act));
        }
    }

    // A create that is executed as late as can be, in a system whose search shows it as late as can be.
    void draw_hidden_create() {
        const Duration at = any_time();
        const int system = fault_system();
        const sim::Traits& traits = script_.systems[static_cast<std::size_t>(system)];
        Spoil spoil;
        spoil.system = system;
        spoil.fault = sim::Fault::late;
        spoil.asked = Spoil::Asked::create;
        spoil.delay = traits.late_execution;
        fault(at, spoil);
        fault(at, Spell{Spell::Kind::stale, system, {30'000}});
        const int elsewhere = (system + 1) % static_cast<int>(script_.systems.size());
        const std::string code = fmt::format("T{}", ++things_);
        add({at.ms + 1}, elsewhere, code, fresh("name"));
    }

    // What people do once all is at rest; sometimes nobody sweeps for long, so that one can see how soon polls bring what they type.
    void draw_going_on() {
        Random random(seed_, "afterwards");
        script_.goes_on = random.chance(50);
        if (!script_.goes_on || !random.chance(40)) return;
        for (sim::Traits& traits : script_.systems) {
            if (traits.feed == sim::Traits::Feed::none && random.chance(70))
                traits.feed = sim::Traits::Feed::modified;
            traits.poll_every = {random.between(1, 8) * 1'000};
            traits.sweep_every = std::max(traits.sweep_every, Duration{900'000});
            if (random.chance(70)) traits.quota = 0;
        }
    }

    // Nobody sweeps, and no feed lies: what polls do not show would never be seen.
    void draw_only_polls() {
        for (sim::Traits& traits : script_.systems) traits.sweep_every = {3'600'000};
        std::erase_if(script_.events, [](const Event& event) {
            const auto* spell = std::get_if<Spell>(&event.what);
            const auto* act = std::get_if<Act>(&event.what);
            return (spell && spell->kind != Spell::Kind::unreachable) ||
                   (act && (act->kind == Act::Kind::restore || act->kind == Act::Kind::remove));
        });
    }

    // A bad import: one system loses a value of everything at once.
    void draw_mass_loss(Duration at) {
        const int system = any_system();
        for (std::uint64_t t = 1; t <= things_; ++t) {
            Act act{.kind = Act::Kind::edit, .system = system};
            act.code = fmt::format("T{}", t);
            act.property = "name";
            say(at, std::move(act));
        }
    }

    void draw_restore(Duration at) {
        Act act{.kind = Act::Kind::back_up, .system = any_system()};
        Act back = act;
        back.kind = Act::Kind::restore;
        say(at, std::move(act));
        say({at.ms + people_.between(1'000, 10'000)}, std::move(back));
    }

    Duration fault_time() { return {faults_.between(0, script_.calm_from.ms - 500)}; }
    int fault_system() { return static_cast<int>(faults_.below(script_.systems.size())); }
    void fault(Duration at, auto what) { script_.events.push_back(event_at(at, std::move(what))); }

    // Each kind is off with probability one half.
    void draw_faults() {
        for (std::size_t kind = 1; kind < sim::fault_count; ++kind) {
            const bool is_on = faults_.chance(50);
            for (std::int64_t i = 0, n = is_on ? faults_.between(1, 4) : 0; i < n; ++i) {
                Spoil spoil;
                spoil.system = fault_system();
                spoil.fault = static_cast<sim::Fault>(kind);
                spoil.asked = faults_.chance(70) ? Spoil::Asked::write : Spoil::Asked::any;
                spoil.delay = {faults_.between(100, 8'000)};
                spoil.retry_after = {faults_.between(1, 4) * 1'000};
                constexpr int statuses[] = {500, 502, 503, 504};
                spoil.status = spoil.fault == sim::Fault::throttled ||
                                       spoil.fault == sim::Fault::throttled_silently
                                   ? 429
                                   : statuses[faults_.below(4)];
                const bool is_told = spoil.status == 503 && told_.chance(50);
                if (spoil.fault == sim::Fault::server_error && !is_told) spoil.retry_after = {0};
                if (spoil.fault == sim::Fault::error_after) spoil.retry_after = {0};
                fault(fault_time(), spoil);
            }
        }
        using Kind = Spell::Kind;
        for (const Kind kind : {Kind::stale, Kind::no_rights, Kind::drifted, Kind::skips_feed,
                                Kind::early_stamps, Kind::unreachable}) {
            const bool is_on =
                faults_.chance(kind == Kind::no_rights || kind == Kind::drifted ? 15 : 50);
            for (std::int64_t i = 0, n = is_on ? faults_.between(1, 2) : 0; i < n; ++i) {
                const int system = fault_system();
                // An empty list at the very beginning misleads whoever cannot ask whether it may be believed.
                const bool at_once = kind == Kind::no_rights && faults_.chance(50) &&
                                     script_.systems[static_cast<std::size_t>(system)].rights;
                const Duration at = at_once ? Duration{0} : fault_time();
                const Spell spell{kind, system, {faults_.between(200, 12'000)}};
                // A time that stands still while the record changes cannot be its version.
                const bool stops_time = kind == Kind::skips_feed || kind == Kind::early_stamps;
                const bool is_version =
                    script_.systems[static_cast<std::size_t>(system)].versions ==
                    sim::Traits::Versions::timed;
                if (!stops_time || !is_version) fault(at, spell);
            }
        }
        if (faults_.chance(50))
            for (std::int64_t i = 0, n = faults_.between(1, 4); i < n; ++i) {
                constexpr Crash::Kind kinds[] = {Crash::Kind::at_once, Crash::Kind::commit_fails,
                                                 Crash::Kind::commit_unanswered};
                const Duration at = fault_time();
                fault(at, Crash{kinds[faults_.below(3)]});
                if (faults_.chance(40))  // once more while it recovers
                    fault({at.ms + faults_.between(1, 400)}, Crash{kinds[faults_.below(3)]});
            }
    }

    std::uint64_t seed_;
    Random shape_, people_, faults_, told_, data_, lists_;
    Script script_;
    bool is_large_ = false;
    std::int64_t values_ = 0;
    std::uint64_t things_ = 0, owners_ = 0;
    std::map<std::string, std::vector<Value>> typed_;
    std::vector<std::pair<std::string, std::string>> lines_;  // thing, text
};

}  // namespace

Script draw(std::uint64_t seed) {
    if (auto script = draw_values(seed)) return *std::move(script);
    if (auto script = draw_theme(seed)) return *std::move(script);
    if (auto script = draw_endless(seed)) return *std::move(script);
    if (auto script = draw_aimed(seed)) return *std::move(script);
    return Drawing(seed).draw();
}

}  // namespace entente::world
