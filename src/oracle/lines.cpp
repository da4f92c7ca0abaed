// Lines: removed and typed again they are the same lines; they are wherever their things are, and nowhere twice.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "oracle/judged.hpp"
#include "oracle/words.hpp"

namespace entente::oracle {

// A line that was removed and typed again is that line still: who types it has seen it, and what differs is his edit. False: none
// was removed there.
bool Oracle::take_place(const RecordKey& key, RecordState& state) {
    RecordState* removed = nullptr;
    const RecordKey* before = nullptr;
    for (auto& [other, old] : records_) {
        const bool may_be = other.system == key.system && other.table == key.table &&
                            !(other == key) && old.thing == state.thing && !old.is_live &&
                            old.removed_by_person && !old.was_typed_anew;
        if (!may_be || (removed && removed->removed_at > old.removed_at)) continue;
        removed = &old;
        before = &other;
    }
    if (!removed) return false;
    removed->was_typed_anew = true;
    state.properties = removed->properties;
    state.fields = removed->fields;
    state.looks = removed->looks;
    state.changed_at = removed->changed_at;
    for (const std::string_view property : properties_of(key.table))
        for (Edit& edit : track(key.table, state.thing, std::string(property)).all)
            if (edit.record == *before) edit.record = key;
    return true;
}

// So many records of the line stand in the system that has most of them, besides this one's.
std::size_t Oracle::lines_elsewhere(const RecordKey& key, const std::string& thing) const {
    std::map<int, std::size_t> count;
    for (const auto& [other, state] : records_)
        if (other.table == key.table && other.system != key.system && state.thing == thing &&
            state.is_live)
            ++count[other.system];
    std::size_t most = 0;
    for (const auto& [system, n] : count) most = std::max(most, n);
    return most;
}

// G6: no line stands more often where we made it than anywhere else.
void Oracle::judge_doubled_lines() {
    struct Place {
        RecordKey key;
        std::size_t times = 0;
        bool is_made_by_us = false;
    };
    std::map<std::pair<std::string, int>, Place> places;
    for (const auto& [key, state] : records_) {
        if (key.table != "lines" || !state.is_live || is_set_aside(state.thing)) continue;
        Place& place = places[{state.thing, key.system}];
        place.key = key;
        ++place.times;
        place.is_made_by_us |= state.made_by_us;
    }
    for (const auto& [what, place] : places) {
        if (!place.is_made_by_us) continue;
        const std::size_t elsewhere = lines_elsewhere(place.key, what.first);
        verdict_.check(6, place.times <= std::max<std::size_t>(1, elsewhere), [&] {
            return fmt::format("the line {} stands {} times in {}, and nowhere else so often",
                               what.first, place.times, system(what.second).name);
        });
    }
}

// A line is wherever its thing is, unless a person has taken it away somewhere.
void Oracle::judge_line(const Judged& judged, const RecordKey& key, const RecordState& state) {
    if (judged.is_stopped(key)) return;
    const std::string parent = state.thing.substr(0, state.thing.find('/'));
    const bool is_told = judged.links.contains(key) || judged.parked.contains(key);
    const bool may_wait = std::ranges::any_of(records_, [&](const auto& entry) {
        return entry.first.system == key.system && entry.first.table == "things" &&
               entry.second.thing == parent && !judged.live(entry.first);
    });
    const auto is_open = [&](int where) {
        return judged.is_open(parent, where) && is_ailing(where, parent);
    };
    verdict_.check(1, is_told || may_wait || is_open(key.system), [&] {
        return fmt::format("the line {} ({}) is neither linked nor shown to a person",
                           name_of(key, systems_), state.thing);
    });
    if (!judged.live(key)) return;
    for (std::size_t i = 0; i < systems_.size(); ++i) {
        const int other = static_cast<int>(i);
        if (other == key.system || !contains(systems_[i].tables, key.table)) continue;
        bool has_parent = false, has_line = false, was_removed = false;
        for (const auto& [k, s] : records_) {
            if (k.system != other) continue;
            has_parent |= k.table == "things" && s.is_live && s.thing == parent && judged.live(k);
            if (k.table != "lines" || s.thing != state.thing) continue;
            has_line |= s.is_live;
            was_removed |= !s.is_live;
        }
        if (!has_parent || judged.is_stopped(other, key.table)) continue;
        const bool waits =
            contains(judged.sight.parked_creates, std::pair(state.thing, other)) || is_open(other);
        verdict_.check(1, has_line || was_removed || waits, [&] {
            return fmt::format("the line {} is not in {}, and nobody is told why", state.thing,
                               systems_[i].name);
        });
    }
}

}  // namespace entente::oracle
