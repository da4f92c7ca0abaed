// What became of each edit that people made: it is final, or replaced by somebody who saw it, or kept as the loser of a conflict,
// or told with a hold (G3); nobody loses against what he had seen (G2).
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "oracle/judged.hpp"
#include "oracle/words.hpp"

namespace entente::oracle {

bool Oracle::is_final(const Members& members, const std::string& property, const Edit& edit) const {
    return std::ranges::any_of(members.records, [&](const RecordKey* key) {
        const Value here = field(records_.at(*key).fields, property);
        return here == edit.value || here == system(key->system).form(property, edit.value) ||
               (is_empty(here) && is_empty(edit.value));
    });
}

bool Oracle::is_kept(const Judged& judged, const Members& members, const std::string& property,
                     const Edit& edit) const {
    return std::ranges::any_of(judged.sight.kept, [&](const KeptSight& kept) {
        const auto record = records_.find(kept.key);
        const auto is_edit = [&](const Value& told) {
            return in_words(kept.key, property, told) == edit.value ||
                   (is_empty(told) && is_empty(edit.value));
        };
        // What a record showed in place of our value is told with the hold.
        const bool is_held_here = !kept.is_decided && kept.key == edit.record;
        return kept.property == property && record != records_.end() &&
               record->second.thing == members.thing &&
               (is_edit(kept.loser) || (is_held_here && is_edit(kept.winner)));
    });
}

// Whether an edit in a record that is there no more was taken in before it went, by all that can be known: shown while it could be
// believed, and the record linked.
bool Oracle::was_to_travel(const Judged& judged, const Members& members,
                           const std::string& property, const Edit& edit) const {
    constexpr Duration until_taken_in{2'000};
    const auto link = judged.links.find(edit.record);
    const auto record = records_.find(edit.record);
    if (link == judged.links.end() || record == records_.end() || record->second.is_live)
        return false;
    const Instant removed_at = record->second.removed_at;
    const bool was_known = edit.sure_at && removed_at - *edit.sure_at >= until_taken_in &&
                           link->second->made_at + until_taken_in <= removed_at;
    if (link->second->entity != members.entity || !was_known) return false;
    // A reference may wait for what it refers to.
    if (property == "owner") return false;
    // What the guard has stopped is looked at once somebody approves: by then the record had gone.
    const std::pair<int, std::string> where(edit.record.system, edit.record.table);
    if (approved_.contains(where) && edit.at >= lost_.at(where).since) return false;
    return !std::ranges::all_of(
        members.records, [&](const RecordKey* key) { return is_free(judged, *key, property); });
}

void Oracle::judge_edit(const Judged& judged, const Members& members, const std::string& property,
                        const Edits& edits, const Edit& edit) {
    const bool is_here = std::ranges::any_of(
        members.records, [&](const RecordKey* key) { return *key == edit.record; });
    if (!is_here && !was_to_travel(judged, members, property, edit)) return;
    if (judged.is_stopped(edit.record)) return;
    if (!is_here) ++followed_;
    // Until it was linked only the record's present state counted.
    const bool came_before_us =
        is_empty(edit.value) && edit.at <= judged.links.at(edit.record)->made_at;
    const bool holds = is_final(members, property, edit) ||
                       is_kept(judged, members, property, edit) || came_before_us ||
                       edit.is_excused || was_replaced(edits, property, edit) ||
                       judged.is_told(members.entity, property, edit.value);
    verdict_.check(3, holds, [&] {
        return fmt::format("{} of {}, typed as {} in {}, is gone without a trace ({})", property,
                           members.thing, json::write(edit.value), name_of(edit.record, systems_),
                           !is_here        ? "we were shown it before the record was removed"
                           : edit.shown_at ? "we were shown it"
                                           : "we were never shown it");
    });
}

// G3: each edit is final, or replaced by somebody who saw it, or kept as the loser of a conflict.
void Oracle::judge_edits(const Judged& judged, const Members& members,
                         const std::string& property) {
    const Edits& edits = track(members.table, members.thing, property);
    for (const Edit& edit : edits.all) judge_edit(judged, members, property, edits, edit);
    const bool has_skew =
        std::ranges::any_of(systems_, [](const SystemSight& s) { return s.has_skew; });
    if (has_skew) verdict_.tried(18, std::ssize(edits.all));
    judge_come_back(judged, members, property);
}

// G3, G18: no record shows what somebody had seen and replaced.
void Oracle::judge_come_back(const Judged& judged, const Members& members,
                             const std::string& property) {
    const bool is_any_open = std::ranges::any_of(members.records, [&](const RecordKey* key) {
        return judged.is_open(members.thing, key->system);
    });
    if (is_any_open) return;  // not at its end yet
    const Edits& edits = track(members.table, members.thing, property);
    const bool has_skew =
        std::ranges::any_of(systems_, [](const SystemSight& s) { return s.has_skew; });
    // Of a record that we made without knowing yet, that it has no value is no edit.
    const auto came_before_us = [&](const Edit& later) {
        const LinkSight* link = judged.live(later.record);
        return is_empty(later.value) && link && later.at <= link->made_at;
    };
    const auto counts = [&](const Edit& later) {
        return !later.is_excused && !came_before_us(later) &&
               !was_replaced(edits, property, later) && !judged.is_stopped(later.record) &&
               std::ranges::any_of(members.records, [&](const RecordKey* k) {
                   return *k == later.record && !judged.is_held(*k, property);
               });
    };
    for (const RecordKey* key : members.records) {
        const Value here = field(records_.at(*key).fields, property);
        if (is_empty(here) || judged.is_held(*key, property) || judged.is_stopped(*key)) continue;
        const auto sources = behind(*key, members.thing, property, here);
        const bool came_back =
            !sources.empty() && std::ranges::all_of(sources, [&](std::size_t source) {
                return std::ranges::any_of(edits.all, [&](const Edit& later) {
                    return has(later.seen, source) && counts(later);
                });
            });
        verdict_.check(
            has_skew ? 18 : 3,
            !came_back || is_form_met_late(judged, members.records, property, here), [&] {
                return fmt::format("{} in {} of {} had been seen and replaced by a later editor",
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
        if (has(other.known, number)) return true;
        if (other.is_first) return false;
        // A value that is typed once more cannot be told from the first one: who replaced that has replaced both.
        if (!is_empty(edit.value))
            return other.before == edit.value ||
                   system(other.record.system).form(property, edit.value) == other.before;
        if (!is_empty(other.before)) return false;
        // What we were shown no earlier than the clear, in a record that was empty all the time, cannot be told from an edit upon it.
        const bool came_later =
            !other.shown_at || (edit.shown_at && *other.shown_at >= *edit.shown_at);
        if (came_later) return true;
        // Who finds a record empty has seen a clear only where there was one.
        return other.at >= edit.at && std::ranges::any_of(edits.all, [&](const Edit& clear) {
                   return is_empty(clear.value) &&
                          has(other.known, static_cast<std::size_t>(&clear - edits.all.data()));
               });
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
