#include "world/scenario_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "base/json.hpp"
#include "world/scenario_sentence.hpp"

namespace entente::world {
namespace {

// A person's act; `thing` and `system` are the places of these pieces. `more` sets or tells the others.
struct ActSentence {
    std::string pattern;
    Act::Kind kind;
    std::function<void(Act&, const Pieces&)> take;
    std::function<std::optional<Pieces>(const Act&, std::string system, std::string thing)> tell;
    std::size_t thing = 1;
};

Sentence of(ActSentence a) {
    return {"a person in {system} " + a.pattern,
            [a](const Pieces& p, const Names& names) -> What {
                Act act{.kind = a.kind, .system = system_of(p[0], names)};
                std::tie(act.table, act.code) = thing_of(p[a.thing]);
                a.take(act, p);
                return act;
            },
            [a](const What& what, const Names& names) -> std::optional<Pieces> {
                const auto* act = std::get_if<Act>(&what);
                if (!act || act->kind != a.kind) return std::nullopt;
                return a.tell(*act, name_in(names, act->system),
                              words_of_thing(act->table, act->code));
            }};
}

void add_record_acts(std::vector<Sentence>& all) {
    const auto nothing = [](Act&, const Pieces&) {};
    const auto only_thing = [](const Act&, std::string system, std::string thing) {
        return std::optional(Pieces{std::move(system), std::move(thing)});
    };
    all.push_back(of({"adds {thing} with {fields}", Act::Kind::add,
                      [](Act& act, const Pieces& p) { act.fields = fields_of(p[2]); },
                      [](const Act& act, std::string system, std::string thing) {
                          if (act.fields.as_object().empty()) return std::optional<Pieces>();
                          return std::optional(Pieces{system, thing, words_of_fields(act.fields)});
                      }}));
    all.push_back(of({"adds {thing}", Act::Kind::add, nothing, only_thing}));
    all.push_back(of({"clears {word} of {thing}", Act::Kind::edit,
                      [](Act& act, const Pieces& p) { act.property = p[1]; },
                      [](const Act& act, std::string system, std::string thing) {
                          if (!act.value.is_null()) return std::optional<Pieces>();
                          return std::optional(Pieces{system, act.property, thing});
                      },
                      2}));
    all.push_back(of({"changes {word} of {thing} to {value}", Act::Kind::edit,
                      [](Act& act, const Pieces& p) {
                          act.property = p[1];
                          act.value = value_of(p[3]);
                      },
                      [](const Act& act, std::string system, std::string thing) {
                          return std::optional(
                              Pieces{system, act.property, thing, json::write(act.value)});
                      },
                      2}));
    all.push_back(of({"removes {thing}", Act::Kind::remove, nothing, only_thing}));
    all.push_back(of({"brings back {thing}", Act::Kind::bring_back, nothing, only_thing}));
}

void add_line_acts(std::vector<Sentence>& all) {
    const auto quantity_too = [](Act& act, const Pieces& p) {
        act.line = value_of(p[1]).as_text();
        act.value = value_of(p[2]);
    };
    const auto line_words = [](const Act& act) { return json::write(Value(act.line)); };
    all.push_back(of(
        {"adds line {text} with quantity {value} to {thing}", Act::Kind::add_line, quantity_too,
         [=](const Act& act, std::string system, std::string thing) {
             return std::optional(Pieces{system, line_words(act), json::write(act.value), thing});
         },
         3}));
    all.push_back(of({"adds another line {text} with quantity {value} to {thing}",
                      Act::Kind::double_line, quantity_too,
                      [=](const Act& act, std::string system, std::string thing) {
                          return std::optional(
                              Pieces{system, line_words(act), json::write(act.value), thing});
                      },
                      3}));
    all.push_back(of({"changes quantity of line {text} of {thing} to {value}", Act::Kind::edit_line,
                      [](Act& act, const Pieces& p) {
                          act.line = value_of(p[1]).as_text();
                          act.value = value_of(p[3]);
                      },
                      [=](const Act& act, std::string system, std::string thing) {
                          return std::optional(
                              Pieces{system, line_words(act), thing, json::write(act.value)});
                      },
                      2}));
    all.push_back(of({"removes line {text} of {thing}", Act::Kind::remove_line,
                      [](Act& act, const Pieces& p) { act.line = value_of(p[1]).as_text(); },
                      [=](const Act& act, std::string system, std::string thing) {
                          return std::optional(Pieces{system, line_words(act), thing});
                      },
                      2}));
}

void add_retyping_acts(std::vector<Sentence>& all) {
    const auto line_words = [](const Act& act) { return json::write(Value(act.line)); };
    all.push_back(of(
        {"types line {text} of {thing} anew with quantity {value}", Act::Kind::retype_line,
         [](Act& act, const Pieces& p) {
             act.line = value_of(p[1]).as_text();
             act.value = value_of(p[3]);
         },
         [=](const Act& act, std::string system, std::string thing) {
             if (act.value.is_null()) return std::optional<Pieces>();
             return std::optional(Pieces{system, line_words(act), thing, json::write(act.value)});
         },
         2}));
    all.push_back(of({"types line {text} of {thing} anew", Act::Kind::retype_line,
                      [](Act& act, const Pieces& p) { act.line = value_of(p[1]).as_text(); },
                      [=](const Act& act, std::string system, std::string thing) {
                          return std::optional(Pieces{system, line_words(act), thing});
                      },
                      2}));
    all.push_back(of({"saves all lines of {thing} anew, line {text} with quantity {value}",
                      Act::Kind::save_lines,
                      [](Act& act, const Pieces& p) {
                          act.line = value_of(p[2]).as_text();
                          act.value = value_of(p[3]);
                      },
                      [=](const Act& act, std::string system, std::string thing) {
                          if (act.line.empty()) return std::optional<Pieces>();
                          return std::optional(
                              Pieces{system, thing, line_words(act), json::write(act.value)});
                      }}));
    all.push_back(
        of({"saves all lines of {thing} anew", Act::Kind::save_lines, [](Act&, const Pieces&) {},
            [](const Act&, std::string system, std::string thing) {
                return std::optional(Pieces{std::move(system), std::move(thing)});
            }}));
}

Sentence backup(std::string pattern, Act::Kind kind) {
    return {std::move(pattern),
            [=](const Pieces& p, const Names& names) -> What {
                return Act{.kind = kind, .system = system_of(p[0], names)};
            },
            [=](const What& what, const Names& names) -> std::optional<Pieces> {
                const auto* act = std::get_if<Act>(&what);
                if (!act || act->kind != kind) return std::nullopt;
                return Pieces{name_in(names, act->system)};
            }};
}

Sentence spell(std::string pattern, Spell::Kind kind) {
    return {std::move(pattern),
            [=](const Pieces& p, const Names& names) -> What {
                return Spell{kind, system_of(p[0], names), time_of(p[1])};
            },
            [=](const What& what, const Names& names) -> std::optional<Pieces> {
                const auto* met = std::get_if<Spell>(&what);
                if (!met || met->kind != kind) return std::nullopt;
                return Pieces{name_in(names, met->system), words_of(met->lasts)};
            }};
}

void add_spells(std::vector<Sentence>& all) {
    using enum Spell::Kind;
    all.push_back(spell("{system} shows old records for {time}", stale));
    all.push_back(spell("{system} takes our rights away for {time}", no_rights));
    all.push_back(spell("{system} shows note in another form for {time}", drifted));
    all.push_back(spell("{system} lists nothing of what changes in the next {time}", skips_feed));
    all.push_back(
        spell("{system} gives too early times to what changes in the next {time}", early_stamps));
    all.push_back(spell("{system} cannot be reached for {time}", unreachable));
    all.push_back(spell("{system} tells no date for {time}", no_date));
    all.push_back(spell("{system} tells a date of another century for {time}", absurd_date));
    all.push_back(spell("{system} shows pages in a ring for {time}", ring));
    all.push_back(spell("{system} shows its last page again and again for {time}", last_again));
    all.push_back(spell("{system} shows empty pages without end for {time}", empty_pages));
    all.push_back(spell("{system} tells of too many records for {time}", too_many));
    all.push_back(spell("{system} finds empty pages without end for {time}", endless_search));
}

// `is_numbered`: at the commit of a number, counted from the first.
Sentence crash(std::string pattern, Crash::Kind kind, bool is_numbered) {
    return {std::move(pattern),
            [=](const Pieces& p, const Names&) -> What {
                return Crash{kind, is_numbered ? count_of(p[0]) : 0, {}};
            },
            [=](const What& what, const Names&) -> std::optional<Pieces> {
                const auto* death = std::get_if<Crash>(&what);
                if (!death || death->kind != kind || (death->commit > 0) != is_numbered ||
                    death->away.ms > 0)
                    return std::nullopt;
                return is_numbered ? Pieces{std::to_string(death->commit)} : Pieces{};
            }};
}

Sentence downtime() {
    return {"the process is away for {time}",
            [](const Pieces& p, const Names&) -> What {
                return Crash{.kind = Crash::Kind::at_once, .away = time_of(p[0])};
            },
            [](const What& what, const Names&) -> std::optional<Pieces> {
                const auto* death = std::get_if<Crash>(&what);
                if (!death || death->away.ms == 0) return std::nullopt;
                return Pieces{words_of(death->away)};
            }};
}

Sentence say_of_two(std::string pattern, Say::Kind kind) {
    return {std::move(pattern),
            [=](const Pieces& p, const Names& names) -> What {
                Say out{.kind = kind, .system = system_of(p[1], names)};
                std::tie(out.table, out.code) = thing_of(p[0]);
                out.other_system = system_of(p[3], names);
                out.other_code = thing_of(p[2]).second;
                return out;
            },
            [=](const What& what, const Names& names) -> std::optional<Pieces> {
                const auto* said = std::get_if<Say>(&what);
                if (!said || said->kind != kind) return std::nullopt;
                return Pieces{words_of_thing(said->table, said->code), name_in(names, said->system),
                              words_of_thing(said->table, said->other_code),
                              name_in(names, said->other_system)};
            }};
}

void add_says(std::vector<Sentence>& all) {
    all.push_back(
        say_of_two("somebody says that {thing} in {system} and {thing} in {system} are one thing",
                   Say::Kind::one_thing));
    all.push_back(say_of_two(
        "somebody says that {thing} in {system} and {thing} in {system} are not one thing",
        Say::Kind::not_one_thing));
    all.push_back({"somebody says that {thing} in {system} was typed anew",
                   [](const Pieces& p, const Names& names) -> What {
                       Say out{.kind = Say::Kind::typed_anew, .system = system_of(p[1], names)};
                       std::tie(out.table, out.code) = thing_of(p[0]);
                       return out;
                   },
                   [](const What& what, const Names& names) -> std::optional<Pieces> {
                       const auto* said = std::get_if<Say>(&what);
                       if (!said || said->kind != Say::Kind::typed_anew) return std::nullopt;
                       return Pieces{words_of_thing(said->table, said->code),
                                     name_in(names, said->system)};
                   }});
    all.push_back(
        {"somebody retries everything",
         [](const Pieces&, const Names&) -> What { return Say{.kind = Say::Kind::retry}; },
         [](const What& what, const Names&) -> std::optional<Pieces> {
             const auto* said = std::get_if<Say>(&what);
             if (!said || said->kind != Say::Kind::retry) return std::nullopt;
             return Pieces{};
         }});
}

std::vector<Sentence> make_sentences() {
    std::vector<Sentence> all;
    add_line_acts(all);
    add_retyping_acts(all);
    add_record_acts(all);
    all.push_back(backup("{system} is backed up", Act::Kind::back_up));
    all.push_back(backup("{system} goes back to its backup", Act::Kind::restore));
    add_spoils(all);
    add_spells(all);
    add_clocks(all);
    add_lasting(all);
    add_says(all);
    all.push_back(crash("the process dies", Crash::Kind::at_once, false));
    all.push_back(downtime());
    all.push_back(crash("the next commit fails", Crash::Kind::commit_fails, false));
    all.push_back(
        crash("the next commit is made but not confirmed", Crash::Kind::commit_unanswered, false));
    all.push_back(crash("commit {count} fails", Crash::Kind::commit_fails, true));
    all.push_back(
        crash("commit {count} is made but not confirmed", Crash::Kind::commit_unanswered, true));
    all.push_back({"the others join", [](const Pieces&, const Names&) -> What { return Join{}; },
                   [](const What& what, const Names&) -> std::optional<Pieces> {
                       if (!std::holds_alternative<Join>(what)) return std::nullopt;
                       return Pieces{};
                   }});
    return all;
}

const std::vector<Sentence>& sentences() {
    static const std::vector<Sentence> all = make_sentences();
    return all;
}

std::expected<What, Closest> take_what(std::string_view line, std::size_t begins,
                                       const Names& names) {
    Closest closest;
    for (const Sentence& sentence : sentences()) {
        const auto pieces = fit(sentence.pattern, line.substr(begins), names);
        if (pieces) return sentence.take(*pieces, names);
        closest.add({begins + pieces.error().at, pieces.error().expected});
    }
    return std::unexpected(closest);
}

struct Moment {
    std::string_view pattern;
    Event::When when;
};
constexpr std::array moments{
    Moment{"just before our next write to {system}, {rest}", Event::When::before_write},
    Moment{"just after our next write to {system}, {rest}", Event::When::after_write},
    Moment{"just after our next read of {system}, {rest}", Event::When::after_read}};

// "from {time} on, " before a moment, or nothing: the beginning.
std::size_t take_from(std::string_view line, const Names& names, Duration& from) {
    const auto pieces = fit("from {time} on, {rest}", line, names);
    if (!pieces) return 0;
    from = time_of(pieces->front());
    return line.size() - pieces->back().size();
}

std::expected<Event, Closest> take_at_first(std::string_view line, const Names& names) {
    Closest closest;
    for (const std::string_view pattern :
         {"at first {system} has {thing}", "at first {system} has {thing} with {fields}"}) {
        const auto pieces = fit(pattern, line, names);
        if (!pieces) {
            closest.add(pieces.error());
            continue;
        }
        Act act{.kind = Act::Kind::add, .system = system_of((*pieces)[0], names)};
        std::tie(act.table, act.code) = thing_of((*pieces)[1]);
        if (pieces->size() > 2) act.fields = fields_of((*pieces)[2]);
        Event event;
        event.what = std::move(act);
        return event;
    }
    return std::unexpected(closest);
}

}  // namespace

std::expected<Event, Closest> take_event(std::string_view line, const Names& names) {
    if (line.starts_with("at first ")) return take_at_first(line, names);
    Event event;
    Closest closest;
    std::size_t begins = std::string_view::npos;
    if (const auto at = fit("at {time} {rest}", line, names)) {
        event.at = time_of(at->front());
        begins = line.size() - at->back().size();
    } else {
        closest.add(at.error());
    }
    const std::size_t from = take_from(line, names, event.at);
    for (const Moment& moment : moments) {
        const auto pieces = fit(moment.pattern, line.substr(from), names);
        if (pieces) {
            event.when = moment.when;
            event.system = system_of(pieces->front(), names);
            begins = line.size() - pieces->back().size();
        } else {
            closest.add({from + pieces.error().at, pieces.error().expected});
        }
    }
    if (begins == std::string_view::npos) return std::unexpected(closest);
    auto what = take_what(line, begins, names);
    if (!what) return std::unexpected(what.error());
    event.what = *std::move(what);
    return event;
}

std::string words_of_event(const Event& event, const Names& names) {
    std::string what;
    for (const Sentence& sentence : sentences()) {
        const auto pieces = sentence.tell(event.what, names);
        if (!pieces) continue;
        what = fill(sentence.pattern, *pieces);
        break;
    }
    if (event.when == Event::When::at) {
        const auto* act = std::get_if<Act>(&event.what);
        if (!act || act->kind != Act::Kind::add || event.at.ms != 0)
            return fmt::format("at {} {}", words_of(event.at), what);
        const std::string thing = words_of_thing(act->table, act->code);
        std::string out = fmt::format("at first {} has {}", name_in(names, act->system), thing);
        if (!act->fields.as_object().empty()) out += " with " + words_of_fields(act->fields);
        return out;
    }
    const auto moment = std::ranges::find(moments, event.when, &Moment::when);
    const std::string from =
        event.at.ms == 0 ? "" : fmt::format("from {} on, ", words_of(event.at));
    return from + fill(moment->pattern, {name_in(names, event.system), what});
}

}  // namespace entente::world
