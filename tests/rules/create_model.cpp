#include "rules/create_model.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <functional>

#include "rules/visit.hpp"

namespace entente::rules {
namespace {

constexpr std::size_t records_max = 4;

struct Made {
    bool is_there = false, is_ours = false, has_note = false;
    bool is_known = false;    // a list has shown it
    bool is_met = false;      // while the create was open, and with all that was sent
    bool is_removed = false;  // as far as we know
    bool was_cleared = false;
    auto operator<=>(const Made&) const = default;
};

enum class Create : std::uint8_t { none, on_its_way, unknown };

struct State {
    std::array<Made, records_max> made;
    std::uint8_t count = 0;
    Create create = Create::none;
    bool is_linked = false;  // or was: a record that is gone leaves its link
    bool is_parked = false;
    std::uint8_t by_hand = 0, removals = 0, clears = 0, crashes = 0, losses = 0;
    bool is_emptied = false;      // the note was carried back as empty
    bool is_overwritten = false;  // a person's clear was
    bool is_made_again = false;   // though a list had shown what was made before
    auto operator<=>(const State&) const = default;
};

using Out = std::function<void(State)>;

class World {
public:
    World(const CreateSetup& setup, const CreateRules& rules) : setup_(setup), rules_(rules) {}

    void moves(const State& s, const Out& out) const {
        send(s, out);
        people(s, out);
        looks(s, out);
        if (s.create == Create::unknown) with(s, out, [&](State& t) { search(t); });
        if (s.crashes < setup_.crashes && s.create == Create::unknown)
            with(s, out, [](State& t) {
                ++t.crashes;
                for (Made& record : t.made) record.is_met &= !record.is_removed;
            });
    }

private:
    static void with(const State& s, const Out& out, const std::function<void(State&)>& change) {
        State t = s;
        change(t);
        out(std::move(t));
    }

    static void make(State& s, const Made& record) { s.made[s.count++] = record; }

    // The create is sent and executed or not; the answer to the first one is lost.
    void send(const State& s, const Out& out) const {
        const bool is_expected =
            std::ranges::any_of(s.made, [](const Made& m) { return m.is_known && !m.is_removed; });
        if (s.create == Create::none && !s.is_linked && !s.is_parked && !is_expected &&
            s.losses < 2)
            with(s, out, [](State& t) { t.create = Create::on_its_way; });
        if (s.create != Create::on_its_way || s.count == records_max) return;
        with(s, out, [](State& t) {
            ++t.losses;
            t.create = Create::unknown;
        });
        with(s, out, [](State& t) {
            ++t.losses;
            t.create = Create::unknown;
            t.is_made_again |=
                std::ranges::any_of(t.made, [](const Made& m) { return m.is_ours && m.is_known; });
            make(t, {.is_there = true, .is_ours = true, .has_note = true});
        });
    }

    void people(const State& s, const Out& out) const {
        if (s.by_hand < setup_.by_hand && s.count < records_max)
            with(s, out, [](State& t) {
                ++t.by_hand;
                make(t, {.is_there = true});
            });
        for (std::size_t k = 0; k < s.count; ++k) {
            if (!s.made[k].is_there) continue;
            if (s.removals < setup_.removals)
                with(s, out, [k](State& t) {
                    ++t.removals;
                    t.made[k].is_there = false;
                });
            if (s.clears < setup_.clears && s.made[k].has_note && !s.is_linked)
                with(s, out, [k](State& t) {
                    ++t.clears;
                    t.made[k].has_note = false;
                    t.made[k].was_cleared = true;
                });
        }
    }

    // A list shows a record, or a sweep that it is missing. What matches waits while a create is open, else it is linked.
    void looks(const State& s, const Out& out) const {
        for (std::size_t k = 0; k < s.count; ++k) {
            const Made& record = s.made[k];
            if (record.is_there && !record.is_known)
                with(s, out, [k](State& t) {
                    Made& seen = t.made[k];
                    seen.is_known = true;
                    seen.is_met = t.create != Create::none && seen.has_note;
                });
            if (!record.is_there && record.is_known && !record.is_removed)
                with(s, out, [k](State& t) { t.made[k].is_removed = true; });
            if (record.is_known && !record.is_removed && s.create == Create::none && !s.is_linked)
                with(s, out, [](State& t) { t.is_linked = true; });
        }
    }

    // D + V + L have passed: what was sent is there, or was never executed, or is gone.
    void search(State& s) const {
        const auto is_there = [](const Made& m) { return m.is_there; };
        const auto found = std::ranges::count_if(s.made, is_there);
        s.create = Create::none;
        if (found > 1) {
            s.is_parked = true;
        } else if (found == 1) {
            s.is_linked = true;
            const Made& record = *std::ranges::find_if(s.made, is_there);
            s.is_emptied = !record.has_note && !record.was_cleared && !rules_.empty_is_no_edit;
            s.is_overwritten = record.was_cleared && rules_.empty_is_no_edit;
        } else if (rules_.met_counts && std::ranges::count_if(s.made, &Made::is_met) == 1) {
            s.is_linked = true;
        }
    }

    const CreateSetup& setup_;
    const CreateRules& rules_;
};

}  // namespace

CreateReport explore(const CreateSetup& setup, const CreateRules& rules) {
    const World world(setup, rules);
    CreateReport report;
    report.states = visit(State{}, [&](const State& s, const Out& add) {
        if (s.is_emptied) ++report.violations["emptied"];
        if (s.is_overwritten) ++report.violations["overwritten"];
        if (s.is_made_again) ++report.violations["made again"];
        if (!s.is_emptied && !s.is_overwritten && !s.is_made_again) world.moves(s, add);
    });
    return report;
}

}  // namespace entente::rules
