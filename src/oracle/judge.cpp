// What must be true once the engine rests: everything agrees or is in a state that a person is shown (G1), no edit is gone
// without a trace (G3), links join what is one thing (G7), and history tells what was done (G11).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "oracle/judged.hpp"
#include "oracle/words.hpp"

namespace entente::oracle {
namespace {

// A line inside its thing is told with it.
RecordKey parent_of(const RecordKey& key) {
    const std::size_t slash = key.id.find('/');
    return slash == std::string::npos ? RecordKey{-1, "", ""}
                                      : RecordKey{key.system, "things", key.id.substr(0, slash)};
}

}  // namespace

void Oracle::judge(const EngineSight& sight) {
    const Judged judged(sight);
    judge_links(sight);
    judge_audit(sight);
    judge_removals(sight);
    judge_ambiguous(sight);
    judge_presence(judged);
    judge_doubled_lines();
    std::set<std::pair<std::string, std::string>> things;
    for (const auto& [key, state] : records_) things.insert({key.table, state.thing});
    for (const auto& [table, thing] : things) judge_values(judged, table, thing);
    judge_overruled(sight);
}

void Oracle::judge_links(const EngineSight& sight) {
    std::map<std::int64_t, std::set<std::string>> meant;
    std::map<std::pair<std::int64_t, std::pair<int, std::string>>, int> places;
    for (const LinkSight& link : sight.links) {
        const auto record = records_.find(link.key);
        if (!link.is_live || record == records_.end() || !record->second.is_live) continue;
        meant[link.entity].insert(record->second.thing);
        const int times = ++places[{link.entity, {link.key.system, link.key.table}}];
        verdict_.check(7, times == 1, [&] {
            return fmt::format("{} and another record of that table are linked to one entity",
                               name_of(link.key, systems_));
        });
    }
    for (const auto& [entity, names] : meant)
        verdict_.check(7, names.size() == 1, [&] {
            return fmt::format("entity {} joins different things: {} and {}", entity,
                               *names.begin(), *names.rbegin());
        });
}

// G12: what is believed to be removed was removed by somebody.
void Oracle::judge_removals(const EngineSight& sight) {
    std::map<RecordKey, int> times;
    for (const RecordKey& key : sight.gone) ++times[key];
    for (const auto& [key, count] : times) {
        const auto record = records_.find(key);
        if (record == records_.end()) continue;
        verdict_.check(12, record->second.removals > 0, [&] {
            return fmt::format("{} was taken for removed {} times, and never was",
                               name_of(key, systems_), count);
        });
    }
}

// G7: of two records of one thing that were there before anything was linked, neither is taken for the right one.
void Oracle::judge_ambiguous(const EngineSight& sight) {
    constexpr Duration while_read{5'000};
    for (const LinkSight& link : sight.links) {
        const auto record = records_.find(link.key);
        if (!link.is_live || record == records_.end() || link.key.table == "lines") continue;
        for (const auto& [key, other] : records_) {
            const bool is_rival = key.system == link.key.system && key.table == link.key.table &&
                                  !(key == link.key) && other.thing == record->second.thing &&
                                  !other.made_by_us && other.removals == 0 && other.is_live;
            if (!is_rival || record->second.made_by_us || disturbed_.contains(key.system)) continue;
            const Instant both = std::max(other.first_shown, record->second.first_shown);
            verdict_.check(
                7, link.made_at <= both + while_read || record->second.removals > 0, [&] {
                    return fmt::format("{} was linked though {} was there too",
                                       name_of(link.key, systems_), name_of(key, systems_));
                });
        }
    }
}

// Each record that we made or wrote to is told in the history.
void Oracle::judge_audit(const EngineSight& sight) {
    const std::set<RecordKey> created(sight.created.begin(), sight.created.end());
    const std::set<RecordKey> written(sight.written.begin(), sight.written.end());
    for (const auto& [key, state] : records_) {
        if (is_set_aside(state.thing)) continue;
        if (state.made_by_us)
            verdict_.check(
                11,
                created.contains(key) || !state.is_live || written.contains(parent_of(key)) ||
                    contains(sight.tried, std::pair(state.thing, key.system)),
                [&] {
                    return fmt::format("{} was created by us, and the history does not say so",
                                       name_of(key, systems_));
                });
        else if (state.touched_by_us)
            verdict_.check(11, written.contains(key) || !state.is_live, [&] {
                return fmt::format("{} was written to by us, and the history does not say so",
                                   name_of(key, systems_));
            });
    }
}

// Every record is linked or waits for a person, and its thing is wherever it should be.
void Oracle::judge_presence(const Judged& judged) {
    for (const auto& [key, state] : records_) {
        if (!state.is_live || is_set_aside(state.thing)) continue;
        const LinkSight* link = judged.live(key);
        const bool is_known = judged.links.contains(key) || judged.parked.contains(key);
        if (key.table == "lines") {
            judge_line(judged, key, state);
            continue;
        }
        verdict_.check(1, is_known, [&] {
            return fmt::format("{} ({}) is neither linked nor shown to a person",
                               name_of(key, systems_), state.thing);
        });
        if (state.made_by_us)
            verdict_.check(6, is_known, [&] {
                return fmt::format("{} ({}) was created by us and belongs to nothing",
                                   name_of(key, systems_), state.thing);
            });
        if (!link || judged.sight.is_stopped) continue;
        for (std::size_t i = 0; i < systems_.size(); ++i) {
            const int other = static_cast<int>(i);
            if (other == key.system || !contains(systems_[i].tables, key.table)) continue;
            const bool is_linked = std::ranges::any_of(judged.sight.links, [&](const auto& l) {
                return l.entity == link->entity && l.key.system == other &&
                       l.key.table == key.table;
            });
            const bool waits = is_parked_rightly(judged, key.table, state.thing, other) ||
                               contains(judged.sight.held_up, std::pair(state.thing, other)) ||
                               std::ranges::any_of(judged.parked, [&](const RecordKey& parked) {
                                   const auto record = records_.find(parked);
                                   return parked.system == other && record != records_.end() &&
                                          record->second.thing == state.thing;
                               });
            verdict_.check(1, is_linked || waits, [&] {
                return fmt::format("{} has no record in {}, and nobody is told why", state.thing,
                                   systems_[i].name);
            });
        }
    }
}

// What was refused waits as long as something of the thing is such that it would be refused again.
bool Oracle::is_parked_rightly(const Judged& judged, const std::string& table,
                               const std::string& thing, int where) const {
    if (!contains(judged.sight.parked_creates, std::pair(thing, where))) return false;
    const SystemSight& there = system(where);
    if (!contains(judged.sight.refused_creates, std::pair(thing, where)) || !there.may_refuse)
        return true;
    return std::ranges::any_of(records_, [&](const auto& entry) {
        const auto& [key, state] = entry;
        return key.table == table && state.thing == thing && state.is_live &&
               there.may_refuse(state.fields);
    });
}

void Oracle::judge_values(const Judged& judged, const std::string& table,
                          const std::string& thing) {
    std::map<std::int64_t, std::vector<const RecordKey*>> members;
    for (const auto& [key, state] : records_) {
        if (key.table != table || state.thing != thing || !state.is_live) continue;
        if (const LinkSight* link = judged.live(key)) members[link->entity].push_back(&key);
    }
    if (is_set_aside(thing)) return;
    for (const auto& [entity, records] : members)
        for (const std::string_view property : properties_of(table)) {
            if (property == "owner" && is_owner_set_aside()) continue;
            judge_property(judged, records, table, thing, std::string(property));
            judge_edits(judged, records, table, thing, std::string(property));
            judge_outlived(judged, records, thing, std::string(property));
        }
}

bool Oracle::is_owner_set_aside() const {
    return std::ranges::any_of(set_aside_,
                               [](const std::string& thing) { return thing.starts_with('O'); });
}

// G1: one value everywhere, in each system's form, or a held property that says why.
void Oracle::judge_property(const Judged& judged, const std::vector<const RecordKey*>& records,
                            const std::string& table, const std::string& thing,
                            const std::string& property) {
    if (property == "owner" && !std::ranges::all_of(records, [&](const RecordKey* key) {
            return contains(system(key->system).tables, "owners");
        }))
        return;
    const auto value_in = [&](const RecordKey* key) {
        return field(records_.at(*key).fields, property);
    };
    const auto shows = [&](const RecordKey* key, const Value& value) {
        const Value here = value_in(key);
        const auto form = [&](const Value& v) { return system(key->system).form(property, v); };
        return here == value || here == form(value) || form(here) == form(value) ||
               (is_empty(here) && is_empty(value));
    };
    // What an unconditional write meets where the system does as it likes cannot be told from its form of our value.
    const auto is_free = [&](const RecordKey* key) {
        const SystemSight& here = system(key->system);
        // What refers to a record that waits for a person waits with it.
        const bool waits = property == "owner" &&
                           judged.parked.contains({key->system, "owners", records_.at(*key).owner});
        return waits || judged.is_held(*key, property) ||
               (here.is_difficult(property) && !here.is_conditional);
    };
    std::vector<Value> candidates = values_of(track(table, thing, property), property);
    candidates.emplace_back();
    verdict_.tried(1);
    const bool agrees = std::ranges::any_of(candidates, [&](const Value& value) {
        return std::ranges::all_of(
            records, [&](const RecordKey* key) { return is_free(key) || shows(key, value); });
    });
    const bool is_held = std::ranges::any_of(
        records, [&](const RecordKey* key) { return judged.is_held(*key, property); });
    if (agrees && !is_held && table == "things" && property == "name")
        for (const RecordKey* key : records) {
            if (latest_apart_) judge_latest(thing, property, value_in(key));
            if (preferred_) judge_preferred(thing, property, value_in(key));
        }
    if (!agrees && !judged.sight.is_stopped) {
        std::string text;
        for (const RecordKey* key : records)
            text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", json::write(value_in(key)),
                                name_of(*key, systems_));
        verdict_.violated(1, fmt::format("{} of {} differs at rest: {}", property, thing, text));
    }
    for (const RecordKey* key : records) {
        if (!judged.is_held(*key, property)) continue;
        const SystemSight& here = system(key->system);
        verdict_.check(16,
                       here.is_difficult(property) || !here.tells_own_write ||
                           disturbed_.contains(key->system),
                       [&] {
                           std::string reasons;
                           for (const auto& [held, reason] : judged.live(*key)->held)
                               if (held == property) reasons += reason;
                           return fmt::format("{} of {} is held without a cause: {}", property,
                                              name_of(*key, systems_), reasons);
                       });
    }
}

// G3: each edit is final, or replaced by somebody who saw it, or kept as the loser of a conflict.
void Oracle::judge_edits(const Judged& judged, const std::vector<const RecordKey*>& records,
                         const std::string& table, const std::string& thing,
                         const std::string& property) {
    if (judged.sight.is_stopped) return;  // by the guard, until a person decides
    Edits& edits = track(table, thing, property);
    const bool has_skew =
        std::ranges::any_of(systems_, [](const SystemSight& s) { return s.has_skew; });
    for (std::size_t i = 0; i < edits.all.size(); ++i) {
        const Edit& edit = edits.all[i];
        const auto mine = std::ranges::find_if(
            records, [&](const RecordKey* key) { return *key == edit.record; });
        if (mine == records.end()) continue;
        const bool is_final = std::ranges::any_of(records, [&](const RecordKey* key) {
            const Value here = field(records_.at(*key).fields, property);
            return here == edit.value || here == system(key->system).form(property, edit.value) ||
                   (is_empty(here) && is_empty(edit.value));
        });
        const bool is_kept = std::ranges::any_of(judged.sight.kept, [&](const KeptSight& kept) {
            const auto record = records_.find(kept.key);
            const auto is_edit = [&](const Value& told) {
                return in_words(kept.key, property, told) == edit.value ||
                       (is_empty(told) && is_empty(edit.value));
            };
            // What a record showed in place of our value is told with the hold.
            const bool is_held_here = !kept.is_decided && kept.key == edit.record;
            return kept.property == property && record != records_.end() &&
                   record->second.thing == thing &&
                   (is_edit(kept.loser) || (is_held_here && is_edit(kept.winner)));
        });
        // Until it was linked only the record's present state counted.
        const bool came_before_us =
            is_empty(edit.value) && edit.at <= judged.live(edit.record)->made_at;
        const bool holds = is_final || is_kept || came_before_us || edit.is_excused ||
                           was_replaced(edits, property, edit) || judged.is_told(edit.value);
        verdict_.tried(has_skew ? 18 : 3);
        verdict_.check(3, holds, [&] {
            return fmt::format("{} of {}, typed as {} in {}, is gone without a trace ({})",
                               property, thing, json::write(edit.value),
                               name_of(edit.record, systems_),
                               edit.shown_at ? "we were shown it" : "we were never shown it");
        });
    }
    for (const RecordKey* key : records) {
        const Value here = field(records_.at(*key).fields, property);
        if (is_empty(here) || judged.is_held(*key, property)) continue;
        const auto sources = behind(*key, thing, property, here);
        const bool came_back =
            !sources.empty() && std::ranges::all_of(sources, [&](std::size_t source) {
                return std::ranges::any_of(edits.all, [&](const Edit& later) {
                    // Of a record that we made without knowing yet, that it has no value is no edit.
                    const LinkSight* link = judged.live(later.record);
                    const bool came_before_us =
                        is_empty(later.value) && link && later.at <= link->made_at;
                    return has(later.seen, source) && !later.is_excused && !came_before_us &&
                           !was_replaced(edits, property, later) &&
                           std::ranges::any_of(records, [&](const RecordKey* k) {
                               return *k == later.record && !judged.is_held(*k, property);
                           });
                });
            });
        verdict_.check(has_skew ? 18 : 3,
                       !came_back || is_form_met_late(judged, records, property, here), [&] {
                           return fmt::format(
                               "{} in {} of {} had been seen and replaced by a later editor",
                               json::write(here), property, name_of(*key, systems_));
                       });
    }
}

// What a system made of our value, untold, and was found after an unknown outcome: it cannot be told from an edit upon ours.
bool Oracle::is_form_met_late(const Judged& judged, const std::vector<const RecordKey*>& records,
                              const std::string& property, const Value& shown) const {
    return std::ranges::any_of(judged.sight.kept, [&](const KeptSight& kept) {
        const auto is_here = [&](const RecordKey* key) { return *key == kept.key; };
        return kept.property == property && std::ranges::any_of(records, is_here) &&
               kept.winner == shown && kept.loser != shown &&
               system(kept.key.system).form(property, kept.loser) == shown;
    });
}

bool Oracle::was_replaced(const Edits& edits, const std::string& property, const Edit& edit) const {
    const auto number = static_cast<std::size_t>(&edit - edits.all.data());
    return std::ranges::any_of(edits.all, [&](const Edit& other) {
        if (&other == &edit) return false;
        const bool found_it =
            other.before == edit.value ||
            system(other.record.system).form(property, edit.value) == other.before ||
            (is_empty(other.before) && is_empty(edit.value));
        return has(other.known, number) || (found_it && !other.is_first);
    });
}

std::string Oracle::history() const {
    std::string text;
    for (const auto& [track, edits] : tracks_)
        for (const Edit& edit : edits.all)
            text += fmt::format("{} {} {} {}: {} -> {}\n", track.first, track.second,
                                system(edit.record.system).name, edit.at.ms,
                                json::write(edit.before), json::write(edit.value));
    return text;
}

// G2: nobody loses against a value that he had seen when he replaced it.
void Oracle::judge_overruled(const EngineSight& sight) {
    for (const KeptSight& kept : sight.kept) {
        const auto record = records_.find(kept.key);
        // What was made by an unknown create, removed and brought back was a stranger's record to us.
        if (record == records_.end() || !kept.is_decided || record->second.has_returned ||
            is_set_aside(record->second.thing) ||
            may_travel(static_cast<std::size_t>(kept.key.system), kept.property))
            continue;
        const std::string& thing = record->second.thing;
        const Edits& edits = track(kept.key.table, thing, kept.property);
        const auto losers =
            behind(kept.key, thing, kept.property, in_words(kept.key, kept.property, kept.loser));
        const auto winners =
            behind(kept.key, thing, kept.property, in_words(kept.key, kept.property, kept.winner));
        if (losers.empty() || winners.empty()) continue;
        const Duration apart = edits.all[losers.back()].at - edits.all[winners.back()].at;
        if (std::abs(apart.ms) < 1'000) ++close_calls_;
        const bool overruled = std::ranges::all_of(losers, [&](std::size_t loser) {
            return std::ranges::all_of(
                winners, [&](std::size_t w) { return has(edits.all[loser].seen, w); });
        });
        verdict_.check(2, !overruled, [&] {
            return fmt::format("{} of {}: {} lost against {}, which its editor had seen",
                               kept.property, thing, json::write(kept.loser),
                               json::write(kept.winner));
        });
    }
}

}  // namespace entente::oracle
