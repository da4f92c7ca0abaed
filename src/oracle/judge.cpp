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
    judge_stops(sight);
    judge_links(sight);
    if (sight.is_at_end) judge_given_up(sight);
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

// G12: the guard stops what loses much at once, and nothing else.
void Oracle::judge_stops(const EngineSight& sight) {
    constexpr std::size_t guard_records = 20;
    for (const auto& [where, table] : sight.stopped) {
        const auto lost = lost_.find({where, table});
        const std::size_t count = lost == lost_.end() ? 0 : lost->second.records.size();
        verdict_.check(12, count > guard_records || hiding_.contains(where), [&] {
            return fmt::format(
                "{} of {} are stopped by the guard though only {} of them ever lost "
                "anything",
                table, system(where).name, count);
        });
    }
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
        // A create that stays open because what it made cannot be read is told as that.
        const bool is_open =
            judged.is_open(state.thing, key.system) && is_ailing(key.system, state.thing);
        const bool is_known = judged.links.contains(key) || judged.parked.contains(key) || is_open;
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
        if (!link || judged.is_stopped(key)) continue;
        for (std::size_t i = 0; i < systems_.size(); ++i) {
            const int other = static_cast<int>(i);
            if (other == key.system || !contains(systems_[i].tables, key.table)) continue;
            if (judged.is_stopped(other, key.table)) continue;
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
    if (!contains(judged.sight.refused_creates, std::pair(thing, where)) || !there.may_refuse ||
        is_ailing(where, thing))
        return true;
    return std::ranges::any_of(records_, [&](const auto& entry) {
        const auto& [key, state] = entry;
        return key.table == table && state.thing == thing && state.is_live &&
               there.may_refuse(state.fields);
    });
}

bool Oracle::is_ailing(int where, const std::string& thing) const {
    return std::ranges::any_of(ailing_, [&](const auto& ails) {
        const bool is_it =
            ails.second.empty() || thing == ails.second || thing.starts_with(ails.second + "/");
        return ails.first == where && is_it;
    });
}

// G16: what has ended is offered again, and nothing stays open for it.
void Oracle::judge_given_up(const EngineSight& sight) {
    for (const auto& [thing, where] : sight.given_up)
        verdict_.check(16, is_ailing(where, thing), [&] {
            return fmt::format("{} failed in {} for a while, and is not offered there again", thing,
                               system(where).name);
        });
    for (const auto& [thing, where] : sight.open)
        verdict_.check(1, is_ailing(where, thing), [&] {
            return fmt::format("a write of {} to {} is still open", thing, system(where).name);
        });
}

}  // namespace entente::oracle
