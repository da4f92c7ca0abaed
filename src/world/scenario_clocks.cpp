#include <utility>

#include "world/scenario_sentence.hpp"

namespace entente::world {
namespace {

// {system}, how long, and how far off.
Sentence dated(std::string pattern, std::int64_t sign) {
    return {std::move(pattern),
            [=](const Pieces& p, const Names& names) -> What {
                return Spell{Spell::Kind::dated,
                             system_of(p[0], names),
                             time_of(p[1]),
                             {sign * time_of(p[2]).ms}};
            },
            [=](const What& what, const Names& names) -> std::optional<Pieces> {
                const auto* met = std::get_if<Spell>(&what);
                if (!met || met->kind != Spell::Kind::dated || met->by.ms * sign < 0)
                    return std::nullopt;
                return Pieces{name_in(names, met->system), words_of(met->lasts),
                              words_of(Duration{sign * met->by.ms})};
            }};
}

Sentence clock_set(std::string pattern, bool is_ours, std::int64_t sign) {
    return {std::move(pattern),
            [=](const Pieces& p, const Names& names) -> What {
                return ClockSet{is_ours ? ClockSet::ours : system_of(p[0], names),
                                {sign * time_of(p.back()).ms}};
            },
            [=](const What& what, const Names& names) -> std::optional<Pieces> {
                const auto* set = std::get_if<ClockSet>(&what);
                if (!set || (set->system == ClockSet::ours) != is_ours || set->by.ms * sign < 0)
                    return std::nullopt;
                Pieces out;
                if (!is_ours) out.push_back(name_in(names, set->system));
                out.push_back(words_of(Duration{sign * set->by.ms}));
                return out;
            }};
}

}  // namespace

void add_clocks(std::vector<Sentence>& all) {
    const std::string dates = "{system} dates what changes in the next {time} ";
    all.push_back(dated(dates + "{time} ahead", 1));
    all.push_back(dated(dates + "{time} back", -1));
    all.push_back(clock_set("our clock goes {time} ahead", true, 1));
    all.push_back(clock_set("our clock goes {time} back", true, -1));
    all.push_back(clock_set("the clock of {system} goes {time} ahead", false, 1));
    all.push_back(clock_set("the clock of {system} goes {time} back", false, -1));
}

}  // namespace entente::world
