#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/json.hpp"
#include "world/scenario_sentence.hpp"

namespace entente::world {
namespace {

// What a sentence about a lasting fault tells of: "every write of T1 in B that sets name to "x" fails with 403 for ever".
struct Ails {
    bool thing = false, property = false, value = false, list = false, ever = false;
};

std::string pattern_of(const Ails& ails) {
    std::string out = ails.list    ? "every list of {word} in {system}"
                      : ails.thing ? "every {asked} of {thing} in {system}"
                                   : "every {asked} in {system}";
    if (ails.property) out += " that sets {word}";
    if (ails.value) out += " to {value}";
    return out + " fails with {count} " + (ails.ever ? "for ever" : "for {time}");
}

Sentence lasting(const Ails& ails) {
    using Asked = sim::Ailment::Asked;
    return {
        pattern_of(ails),
        [=](const Pieces& p, const Names& names) -> What {
            Lasting out;
            std::size_t at = 1;
            if (ails.list) {
                out.what.asked = Asked::list;
                out.what.table = p[0];
            } else {
                out.what.asked =
                    static_cast<Asked>(std::ranges::find(asked_words, p[0]) - asked_words.begin());
            }
            if (ails.thing) std::tie(out.what.table, out.what.code) = thing_of(p[at++]);
            out.system = system_of(p[at++], names);
            if (ails.property) out.what.property = p[at++];
            if (ails.value) out.what.value = value_of(p[at++]);
            out.what.status = static_cast<int>(count_of(p[at++]));
            if (!ails.ever) out.lasts = time_of(p[at]);
            return out;
        },
        [=](const What& what, const Names& names) -> std::optional<Pieces> {
            const auto* met = std::get_if<Lasting>(&what);
            if (!met || met->what.asked == Asked::row) return std::nullopt;
            const Ails told{!met->what.code.empty(), !met->what.property.empty(),
                            !met->what.value.is_null(), met->what.asked == Asked::list,
                            met->lasts.ms == 0};
            if (told.thing != ails.thing || told.property != ails.property ||
                told.value != ails.value || told.list != ails.list || told.ever != ails.ever)
                return std::nullopt;
            Pieces out{
                ails.list ? met->what.table
                          : std::string(asked_words.at(static_cast<std::size_t>(met->what.asked)))};
            if (ails.thing) out.push_back(words_of_thing(met->what.table, met->what.code));
            out.push_back(name_in(names, met->system));
            if (ails.property) out.push_back(met->what.property);
            if (ails.value) out.push_back(json::write(met->what.value));
            out.push_back(std::to_string(met->what.status));
            if (!ails.ever) out.push_back(words_of(met->lasts));
            return out;
        }};
}

// "the row of T1 in B shows a bad modified for 2 min".
Sentence bad_row(bool ever) {
    using Asked = sim::Ailment::Asked;
    return {std::string("the row of {thing} in {system} shows a bad {word} ") +
                (ever ? "for ever" : "for {time}"),
            [=](const Pieces& p, const Names& names) -> What {
                Lasting out;
                out.what.asked = Asked::row;
                std::tie(out.what.table, out.what.code) = thing_of(p[0]);
                out.system = system_of(p[1], names);
                out.what.property = p[2];
                if (!ever) out.lasts = time_of(p[3]);
                return out;
            },
            [=](const What& what, const Names& names) -> std::optional<Pieces> {
                const auto* met = std::get_if<Lasting>(&what);
                if (!met || met->what.asked != Asked::row || (met->lasts.ms == 0) != ever)
                    return std::nullopt;
                Pieces out{words_of_thing(met->what.table, met->what.code),
                           name_in(names, met->system), met->what.property};
                if (!ever) out.push_back(words_of(met->lasts));
                return out;
            }};
}

}  // namespace

void add_lasting(std::vector<Sentence>& all) {
    for (const bool ever : {true, false}) all.push_back(bad_row(ever));
    for (const bool ever : {true, false})
        for (const Ails& ails :
             {Ails{.thing = true, .property = true}, Ails{.thing = true},
              Ails{.property = true, .value = true}, Ails{.property = true}, Ails{.list = true}}) {
            Ails one = ails;
            one.ever = ever;
            all.push_back(lasting(one));
        }
}

}  // namespace entente::world
