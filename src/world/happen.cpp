// What the script says happens: people's acts, bad spells, spoiled calls, crashes, and a system that joins.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "world/world.hpp"

namespace entente::world {
namespace {

// The id in the path of a request about one record; empty when it is about none.
std::string id_in(const Flight& flight) {
    const auto [path, query] = http::split_target(flight.request.url);
    const std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string_view::npos ? std::string()
                                                         : std::string(path.substr(slash + 1));
}

std::string table_in(const Flight& flight) {
    const auto [path, query] = http::split_target(flight.request.url);
    return std::string(path.substr(1, path.find('/', 1) - 1));
}

Value line_of(const std::string& text, const Value& quantity) {
    Value line = Value::object();
    line.set("text", Value(text));
    line.set("quantity", quantity);
    return line;
}

// The line as somebody types it who saves it anew, or nullopt when the act is not about it.
std::optional<Value> typed_anew(const Act& act, const Value& line) {
    const std::string text = line.find("text")->as_text();
    const bool is_named = text == act.line;
    if (act.kind != Act::Kind::save_lines && !is_named) return std::nullopt;
    const bool is_changed = is_named && !act.value.is_null();
    return line_of(text, is_changed ? act.value : *line.find("quantity"));
}

std::string code_of(const sim::StoredRecord& record) {
    const Value* code = record.body.find("code");
    return code && code->is_text() ? code->as_text() : std::string();
}

}  // namespace

std::string World::find(const sim::TraitSystem& system, const std::string& table,
                        const std::string& code) const {
    for (const auto& [id, record] : system.table(table))
        if (code_of(record) == code) return id;
    return {};
}

void World::happen(const Event& event, const Flight* about) {
    if (is_calm_) return;
    if (const auto* person = std::get_if<Act>(&event.what)) return act(*person, about);
    if (const auto* spoil = std::get_if<Spoil>(&event.what)) return wire_.spoil(*spoil);
    if (const auto* spell = std::get_if<Spell>(&event.what)) return begin(*spell);
    if (const auto* lasting = std::get_if<Lasting>(&event.what)) return begin(*lasting);
    if (const auto* death = std::get_if<Crash>(&event.what)) return process_.crash(*death);
    if (const auto* said = std::get_if<Say>(&event.what)) return say(*said);
    if (const auto* clock = std::get_if<ClockSet>(&event.what)) return set(*clock);
    CHECK(std::holds_alternative<Join>(event.what), "deeds are done in a company");
    joins_ = true;
    ++counters_["late join"];
    note("the other systems join");
    process_.die();
}

sync::Act::Named World::named(int at, const Say& said, const std::string& code,
                              bool is_first) const {
    const sim::TraitSystem& system = *systems_[static_cast<std::size_t>(at)];
    const std::string type = said.table == "owners" ? "Owner" : "Thing";
    std::string found;
    for (const auto& [id, record] : system.table(said.table))
        if (code_of(record) == code && (found.empty() || !is_first)) found = id;
    return {workspace_.find_data_type(system.traits().name + "." + type), found};
}

void World::say(const Say& said) {
    sync::Act act;
    act.by = "a person";
    using Kind = Say::Kind;
    act.kind = said.kind == Kind::one_thing       ? sync::Act::Kind::link
               : said.kind == Kind::not_one_thing ? sync::Act::Kind::apart
               : said.kind == Kind::typed_anew    ? sync::Act::Kind::relink
                                                  : sync::Act::Kind::retry;
    act.all = said.kind == Kind::retry;
    if (!act.all) act.records.push_back(named(said.system, said, said.code, false));
    if (said.kind == Kind::one_thing || said.kind == Kind::not_one_thing)
        act.records.push_back(named(said.other_system, said, said.other_code, true));
    process_.say(std::move(act));
    process_.die();
}

void World::moment(const Flight& flight, Event::When when) {
    if (is_calm_) return;
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
        const Event event = waiting_[i].event;
        if (event.when != when || event.system != static_cast<int>(flight.system) ||
            waiting_[i].from > timeline_.now())
            continue;
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
        return happen(event, &flight);
    }
}

void World::act(const Act& act, const Flight* about) {
    if (process_.is_away()) ++counters_["done while away"];
    const auto at = static_cast<std::size_t>(act.system);
    sim::TraitSystem& system = *systems_[at];
    if (act.table == "owners" && !system.traits().owners) return;
    using Kind = Act::Kind;
    // What is there at first is old: no index is still to show it.
    const bool is_old = act.kind == Kind::add && timeline_.now() == begins_;
    const Instant now = is_old ? begins_ - Duration{3'600'000} : timeline_.now();
    switch (act.kind) {
        case Kind::back_up:
            backups_[at] = system.backup();
            return;
        case Kind::restore:
            if (!backups_[at]) return;
            note("restored " + system.traits().name);
            is_restoring_ = true;
            system.restore(backups_[at], now);
            is_restoring_ = false;
            return;
        case Kind::add: {
            Value body = act.fields;
            body.set("code", Value(act.code));
            if (Value* owner = body.find("owner"); owner && owner->is_text()) {
                const std::string id = system.traits().owners
                                           ? find(system, "owners", owner->as_text())
                                           : std::string();
                *owner = id.empty() ? Value() : Value(id);
            }
            system.add(act.table, std::move(body), now);
            return;
        }
        case Kind::bring_back:
            for (const auto& [key, id] : removed_)
                if (key == std::pair(at, act.code) && system.is_removed(act.table, id))
                    return system.bring_back(act.table, id, now);
            return;
        case Kind::edit:
        case Kind::remove:
        case Kind::add_line:
        case Kind::double_line:
        case Kind::edit_line:
        case Kind::remove_line:
        case Kind::retype_line:
        case Kind::save_lines:
            break;
    }
    const bool is_here = act.code.empty() && about && table_in(*about) == act.table;
    const std::string id = is_here ? id_in(*about) : find(system, act.table, act.code);
    if (!system.table(act.table).contains(id)) return;
    act_on_record(act, system, id);
}

void World::act_on_record(const Act& act, sim::TraitSystem& system, const std::string& id) {
    const Instant now = timeline_.now();
    if (act.kind == Act::Kind::remove) {
        removed_.emplace_back(std::pair(number_of(system), act.code), id);
        return system.remove(act.table, id, now);
    }
    if (act.kind != Act::Kind::edit) return act_on_line(act, system, id);
    Value value = act.value;
    if (act.property == "owner" && value.is_text()) {
        if (!system.traits().owners) return;
        const std::string owner = find(system, "owners", value.as_text());
        if (owner.empty()) return;
        value = Value(owner);
    }
    if (script_.is_timed) time_edit(act);
    system.edit(act.table, id, act.property, std::move(value), now);
}

// Lines are removed and typed again; in a list inside the thing in one go.
void World::save_anew(const Act& act, sim::TraitSystem& system, const std::string& thing) {
    const Instant now = timeline_.now();
    if (system.traits().lines == sim::Traits::Lines::inside) {
        const Value* held = system.table("things").at(thing).body.find("lines");
        Value list = held && held->is_list() ? *held : Value::list();
        for (Value& line : list.as_list())
            if (auto anew = typed_anew(act, line)) line = *std::move(anew);
        return system.edit("things", thing, "lines", std::move(list), now);
    }
    std::vector<std::pair<std::string, Value>> lines;
    for (const auto& [id, record] : system.table("lines"))
        if (*record.body.find("of") == Value(thing))
            if (auto anew = typed_anew(act, record.body)) lines.emplace_back(id, *std::move(anew));
    for (auto& [id, line] : lines) {
        line.set("of", Value(thing));
        system.remove("lines", id, now);
        system.add("lines", std::move(line), now);
    }
}

void World::act_on_line(const Act& act, sim::TraitSystem& system, const std::string& thing) {
    const Instant now = timeline_.now();
    Value line = line_of(act.line, act.value);
    using Lines = sim::Traits::Lines;
    if (system.traits().lines == Lines::none) return;
    if (act.kind == Act::Kind::retype_line || act.kind == Act::Kind::save_lines)
        return save_anew(act, system, thing);
    const bool is_added = act.kind == Act::Kind::double_line;
    if (system.traits().lines == Lines::inside) {
        const Value* held = system.table("things").at(thing).body.find("lines");
        Value list = held && held->is_list() ? *held : Value::list();
        const auto is_it = [&](const Value& element) {
            const Value* text = element.find("text");
            return text && *text == Value(act.line);
        };
        const auto found = std::ranges::find_if(list.as_list(), is_it);
        if (!is_added && (found == list.as_list().end()) != (act.kind == Act::Kind::add_line))
            return;
        if (is_added || act.kind == Act::Kind::add_line) list.as_list().push_back(line);
        if (act.kind == Act::Kind::edit_line) found->set("quantity", act.value);
        if (act.kind == Act::Kind::remove_line) list.as_list().erase(found);
        return system.edit("things", thing, "lines", std::move(list), now);
    }
    for (const auto& [id, record] : system.table("lines")) {
        const Value* of = record.body.find("of");
        const Value* text = record.body.find("text");
        if (!of || !(*of == Value(thing)) || !text || !(*text == Value(act.line))) continue;
        if (act.kind == Act::Kind::edit_line)
            return system.edit("lines", id, "quantity", act.value, now);
        if (act.kind == Act::Kind::remove_line) return system.remove("lines", id, now);
        if (!is_added) return;
    }
    if (!is_added && act.kind != Act::Kind::add_line) return;
    line.set("of", Value(thing));
    system.add("lines", std::move(line), now);
}

void World::begin(const Lasting& lasting) {
    sim::TraitSystem& system = *systems_[static_cast<std::size_t>(lasting.system)];
    ++counters_["fault lasting"];
    ++counters_[fmt::format("lasting {}", lasting.what.status)];
    sim::Ailment ails = lasting.what;
    if (lasting.lasts.ms > 0) ails.until = timeline_.now() + lasting.lasts;
    note(fmt::format("{} ails: {} {} {}", system.traits().name, ails.table, ails.code,
                     ails.property));
    if (lasting.lasts.ms > 0)
        oracle_.disturbed(lasting.system);
    else
        oracle_.ails(lasting.system, ails.code);
    system.ailments.push_back(std::move(ails));
}

void World::begin(const Spell& spell) {
    const auto at = static_cast<std::size_t>(spell.system);
    sim::TraitSystem& system = *systems_[at];
    oracle_.disturbed(spell.system);
    const Instant end = timeline_.now() + spell.lasts;
    ++counters_[fmt::format("fault {}", name_of(spell.kind))];
    if (spell.kind == Spell::Kind::unreachable) {
        unreachable_until_[at] = end;
        return;
    }
    if (spell.kind == Spell::Kind::no_rights) oracle_.hides(spell.system);
    note(fmt::format("{} is {}", system.traits().name, name_of(spell.kind)));
    const sim::Mood calm;
    const auto lasts = [&](auto sim::Mood::* what, auto value) {
        system.mood.*what = value;
        timeline_.at(end, [&system, what, before = calm.*what] { system.mood.*what = before; });
    };
    using Kind = Spell::Kind;
    switch (spell.kind) {
        case Kind::stale:
            return lasts(&sim::Mood::stale, true);
        case Kind::no_rights:
            return lasts(&sim::Mood::no_rights, true);
        case Kind::drifted:
            return lasts(&sim::Mood::drifted, true);
        case Kind::skips_feed:
            return lasts(&sim::Mood::skips_feed, true);
        case Kind::early_stamps:
            return lasts(&sim::Mood::early_stamps, true);
        case Kind::no_date:
            return lasts(&sim::Mood::date, sim::Mood::Date::absent);
        case Kind::absurd_date:
            return lasts(&sim::Mood::date, sim::Mood::Date::absurd);
        case Kind::dated:
            if (spell.by > Duration{0}) ++counters_["dated ahead"];
            return lasts(&sim::Mood::dated, spell.by);
        case Kind::ring:
            return lasts(&sim::Mood::pages, sim::Mood::Pages::ring);
        case Kind::last_again:
            return lasts(&sim::Mood::pages, sim::Mood::Pages::last_again);
        case Kind::empty_pages:
            return lasts(&sim::Mood::pages, sim::Mood::Pages::empty);
        case Kind::too_many:
            return lasts(&sim::Mood::pages, sim::Mood::Pages::too_many);
        case Kind::endless_search:
            return lasts(&sim::Mood::found, sim::Mood::Pages::empty);
        case Kind::unreachable:
            break;
    }
    std::unreachable();
}

void World::set(const ClockSet& set) {
    if (set.system == ClockSet::ours) {
        ++counters_["clock jump"];
        note(fmt::format("our clock is set by {} ms", set.by.ms));
        return process_.clock().set(set.by);
    }
    const auto at = static_cast<std::size_t>(set.system);
    ++counters_["system clock jump"];
    note(fmt::format("the clock of {} is set by {} ms", systems_[at]->traits().name, set.by.ms));
    oracle_.disturbed(set.system);
    systems_[at]->set_clock(set.by);
    clock_set_at_[at] = timeline_.now();
}

}  // namespace entente::world
