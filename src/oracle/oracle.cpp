#include "oracle/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/json.hpp"
#include "oracle/words.hpp"

namespace entente::oracle {
// A reference is told by what it means: the owner's code instead of an id of that system.
Value Oracle::in_words(const RecordKey& key, std::string_view property, Value value) const {
    if (property != "owner" || !value.is_text()) return value;
    const auto owner = records_.find({key.system, "owners", value.as_text()});
    return owner == records_.end() ? value : Value(owner->second.thing);
}

Value Oracle::in_words(const RecordKey& key, Value fields) const {
    if (key.table != "things" || !fields.is_object()) return fields;
    if (Value* owner = fields.find("owner")) *owner = in_words(key, "owner", *owner);
    return fields;
}

Edits& Oracle::track(const std::string& table, const std::string& thing,
                     const std::string& property) {
    return tracks_[{table + " " + thing, property}];
}

std::vector<std::size_t> Oracle::behind(const RecordKey& key, const std::string& thing,
                                        const std::string& property, const Value& value) {
    const Edits& edits = track(key.table, thing, property);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < edits.all.size(); ++i) {
        const Edit& edit = edits.all[i];
        if (edit.value == value || system(key.system).form(property, edit.value) == value ||
            system(edit.record.system).form(property, value) == edit.value)
            found.push_back(i);
    }
    return found;
}

void Oracle::changed(RecordChange change) {
    const Value owner = field(change.after, "owner");
    change.before = in_words(change.key, std::move(change.before));
    change.after = in_words(change.key, std::move(change.after));
    change.sent = in_words(change.key, std::move(change.sent));
    using Kind = RecordChange::Kind;
    // A system that was restored gives ids again.
    if (change.kind == Kind::created) records_.erase(change.key);
    RecordState& state = records_[change.key];
    if (change.kind == Kind::changed && !state.thing.empty()) change.thing = state.thing;
    state.thing = change.thing;
    if (!change.by_person && silence_ != 0 && !is_set_aside(change.thing))
        verdict_.violated(
            change.kind == Kind::changed ? 8 : silence_,
            fmt::format("{} was {} {}", name_of(change.key, systems_),
                        change.kind == Kind::changed ? "written to" : "created", silent_when_));
    if (change.kind == Kind::created) {
        state.created = change.at;
        state.made_by_us = !change.by_person;
        if (!change.by_person) check_create(change);
        if (change.by_person && change.key.table == "lines" && take_place(change.key, state)) {
            change.kind = Kind::changed;
            change.before = state.fields;
        }
    }
    if (begins_.ms == 0) begins_ = change.at;
    if (change.by_person) count_loss(change);
    if (change.kind == Kind::removed) {
        constexpr Duration until_sure{20'000};
        state.was_fleeting = state.made_by_us && change.at - state.created < until_sure &&
                             disturbed_.contains(change.key.system);
        ++state.removals;
        state.is_live = false;
        state.removed_by_person = change.by_person;
        state.is_undone = change.is_restore;
        state.removed_at = change.at;
        verdict_.check(12, change.by_person || check_wiped(change, state),
                       [&] { return fmt::format("we deleted {}", name_of(change.key, systems_)); });
        return;
    }
    state.has_returned |= change.kind == Kind::returned;
    // What comes back may be older than what was removed.
    if (change.kind == Kind::returned && state.fields.is_object()) change.before = state.fields;
    state.is_live = true;
    state.changed_since_shown = true;
    if (change.by_person)
        person_changed(change, state);
    else
        we_changed(change, state);
    state.fields = change.after;
    state.owner = owner.is_text() ? owner.as_text() : std::string();
    state.changed_at = change.at;
}

// Who sees a value sees every edit that has made it so far, and what its editor saw.
void Oracle::see(const RecordKey& key, const std::string& thing, const std::string& property,
                 const Value& value, PropertyState& shows) {
    const Edits& edits = track(key.table, thing, property);
    if (is_empty(value)) {  // what was emptied by us was cleared by somebody
        for (std::size_t i = 0; i < edits.all.size() && shows.ours; ++i)
            if (is_empty(edits.all[i].value)) add_to(shows.known, i);
        return;
    }
    const auto sources = behind(key, thing, property, value);
    for (const std::size_t edit : sources) {
        add_to(shows.known, edits.all[edit].known);
        add_to(shows.known, edit);
    }
    if (sources.size() != 1) return;
    add_to(shows.seen, edits.all[sources.front()].seen);
    add_to(shows.seen, sources.front());
}

void Oracle::person_changed(const RecordChange& change, RecordState& state) {
    note_private(change, state);
    for (const std::string_view name : properties_of(change.key.table)) {
        const std::string property(name);
        const Value before = field(change.before, name), after = field(change.after, name);
        if (before == after || (is_empty(before) && is_empty(after))) continue;
        Edits& edits = track(change.key.table, change.thing, property);
        PropertyState& shows = state.properties[property];
        see(change.key, change.thing, property, before, shows);
        // A change undone between two looks is no edit, nor one to what is the same here, nor what was cleared before the
        // first look.
        const auto same_here = [&](const Value& other) {
            return after == other || (is_empty(after) && is_empty(other)) ||
                   system(change.key.system).form(property, after) ==
                       system(change.key.system).form(property, other);
        };
        const bool is_undone = same_here(shows.shown) || same_here(before) ||
                               std::ranges::any_of(state.looks, [&](const Value& look) {
                                   return same_here(field(look, name));
                               });
        // Nor does anybody know a backup of what our write found from that write never having arrived.
        const bool is_unknowable =
            change.is_restore && shows.ours && disturbed_.contains(change.key.system);
        edits.all.push_back({change.key, before, after, shows.seen, shows.known, change.at,
                             std::nullopt, std::nullopt, false, is_undone || is_unknowable});
        edits.all.back().is_first = change.kind == RecordChange::Kind::created;
        shows.person = edits.all.size() - 1;
        shows.ours = false;
        // And who types upon it has seen what the backup showed.
        if (is_unknowable) {
            shows.seen = {};
            see(change.key, change.thing, property, after, shows);
        }
        add_to(shows.seen, shows.person);
        add_to(shows.known, shows.person);
        ++edits_count_;
    }
}

void Oracle::we_changed(const RecordChange& change, RecordState& state) {
    state.touched_by_us = true;
    if (change.kind == RecordChange::Kind::changed) check_frame(change, state);
    for (const std::string_view name : properties_of(change.key.table)) {
        const std::string property(name);
        const Value before = field(change.before, name), after = field(change.after, name);
        if (before == after || (is_empty(before) && is_empty(after))) continue;
        if (!check_overwritten(change, state, property)) {
            check_value(change, property);
            check_older(change, property);
        }
        PropertyState& shows = state.properties[property];
        const Edits& edits = track(change.key.table, change.thing, property);
        shows.person = none;
        shows.ours = true;
        see(change.key, change.thing, property, after, shows);
        const auto allowed = 2 + 2 * static_cast<std::int64_t>(edits.all.size()) + disturbances_;
        verdict_.check(8, ++shows.writes <= allowed, [&] {
            return fmt::format("{} of {} was written {} times for {} edits", property,
                               name_of(change.key, systems_), shows.writes, edits.all.size());
        });
    }
}

// G4, G5, G8, G20: what we write is what some person typed for this very property of this very thing, or its form here.
void Oracle::check_value(const RecordChange& change, const std::string& property) {
    const Edits& edits = track(change.key.table, change.thing, property);
    const Value after = field(change.after, property);
    const Value sent = field(change.sent, property);
    const auto where = [&] {
        return fmt::format("{} of {} became {}", property, name_of(change.key, systems_),
                           json::write(after));
    };
    if (is_empty(after)) {
        // G12: what would be lost everywhere at once is stopped first.
        emptied_.push_back(change.at);
        std::erase_if(emptied_, [&](Instant at) { return change.at - at > Duration{10'000}; });
        verdict_.check(
            12, is_approved_ || emptied_.size() <= losses_max * (systems_.size() - 1), [&] {
                return fmt::format("{} values were emptied within ten seconds", emptied_.size());
            });
        const bool somebody_cleared = std::ranges::any_of(
            edits.all, [&](const Edit& edit) { return is_cleared_now(change, edits, edit); });
        verdict_.check(5, somebody_cleared, [&] { return where() + ", which nobody has cleared"; });
        return;
    }
    verdict_.tried(4);
    verdict_.tried(20);
    const std::vector<Value> typed = values_of(edits, property);
    const auto is_form_of = [&](const SystemSight& s, const Value& v) {
        return std::ranges::any_of(
            typed, [&](const Value& value) { return s.form(property, value) == v; });
    };
    const auto was_typed = [&](const Value& v) { return contains(typed, v); };
    const SystemSight& here = system(change.key.system);
    if (was_typed(sent) || is_form_of(here, sent)) {
        if (!was_typed(after) && !is_form_of(here, after))
            verdict_.violated(20, where() + ", which is not the form of what was sent");
        return;
    }
    for (std::size_t i = 0; i < systems_.size(); ++i)
        if (is_form_of(systems_[i], sent))
            return verdict_.violated(
                8, where() + ": the form of " + systems_[i].name + " has travelled here");
    verdict_.violated(4, where() + ", which nobody has typed");
}

// Whether it is a clear that nobody has replaced, as far as we can have known when the request left. What a system does not show with
// its answer to our write cannot be told from our own; nor can what was met after an unknown outcome.
bool Oracle::is_cleared_now(const RecordChange& change, const Edits& edits,
                            const Edit& clear) const {
    if (!is_empty(clear.value)) return false;
    const auto number = static_cast<std::size_t>(&clear - edits.all.data());
    constexpr Duration until_taken_in{2'000};
    return std::ranges::none_of(edits.all, [&](const Edit& later) {
        const SystemSight& there = system(later.record.system);
        return !is_empty(later.value) && has(later.known, number) && !later.is_excused &&
               later.sure_at && *later.sure_at + until_taken_in < change.asked_at &&
               there.tells_own_write && !disturbed_.contains(later.record.system) &&
               !disturbed_.contains(change.key.system);
    });
}

// A form that nobody declared cannot be told from an edit where it was met after an unknown outcome.
bool Oracle::may_travel(std::size_t i, const std::string& property) const {
    return systems_[i].is_difficult(property) && disturbed_.contains(static_cast<int>(i));
}

// What was typed, and the forms of it that may pass for typed.
std::vector<Value> Oracle::values_of(const Edits& edits, const std::string& property) const {
    std::vector<Value> values;
    for (const Edit& edit : edits.all) {
        values.push_back(edit.value);
        for (std::size_t i = 0; i < systems_.size(); ++i)
            if (may_travel(i, property)) values.push_back(systems_[i].form(property, edit.value));
    }
    return values;
}

// Whether it was a person's edit that was made after we had compared, just before our write: nobody can help it where writes are
// unconditional (G3's limit).
bool Oracle::check_overwritten(const RecordChange& change, RecordState& state,
                               const std::string& property) {
    PropertyState& shows = state.properties[property];
    if (shows.person == none) return false;
    Edit& edit = track(change.key.table, change.thing, property).all[shows.person];
    const bool was_known = change.compared_at ? edit.at < *change.compared_at
                                              : edit.shown_at && *edit.shown_at <= change.asked_at;
    if (was_known || system(change.key.system).is_conditional) return false;
    edit.is_excused = true;
    ++windows_;
    return true;
}

// Whether it was a line that a person added after we had compared: a whole record is written with the lines that it had then
// (G5's limit).
bool Oracle::check_wiped(const RecordChange& change, const RecordState& state) {
    const SystemSight& here = system(change.key.system);
    const bool was_known = change.compared_at
                               ? state.created < *change.compared_at
                               : state.was_shown && state.first_shown <= change.asked_at;
    if (change.key.table != "lines" || state.made_by_us || was_known || !here.sends_whole ||
        here.is_conditional)
        return false;
    ++windows_;
    return true;
}

// A line goes with its thing.
bool Oracle::is_set_aside(const std::string& thing) const {
    return set_aside_.contains(thing) || set_aside_.contains(thing.substr(0, thing.find('/')));
}

bool Oracle::is_from_the_beginning(const RecordState& state) const {
    return state.created <= begins_;
}

// Somebody typed it again, or a system that joined later had it: that is a new thing to everybody who only knew the old one.
bool Oracle::came_anew(const std::string& thing, const RecordState& removed) const {
    return std::ranges::any_of(records_, [&](const auto& entry) {
        const RecordState& other = entry.second;
        return other.thing == thing && !other.made_by_us &&
               (other.created > removed.created || other.first_shown > removed.removed_at);
    });
}

void Oracle::check_create(const RecordChange& change) {
    const auto& [key, thing] = std::tie(change.key, change.thing);
    // One that was gone again before we were shown it: nobody can know that it was ever made.
    const auto earlier = std::ranges::count_if(records_, [&](const auto& entry) {
        const auto& [other, state] = entry;
        return other.system == key.system && other.table == key.table && !(other == key) &&
               state.thing == thing && state.made_by_us &&
               (state.is_live || (state.was_shown && !state.is_undone && !state.was_fleeting &&
                                  !came_anew(thing, state)));
    });
    // A line may stand twice where it stands twice elsewhere.
    const bool is_one_more =
        key.table == "lines" && static_cast<std::size_t>(earlier) < lines_elsewhere(key, thing);
    verdict_.check(6, earlier == 0 || is_one_more, [&] {
        return fmt::format("{} was created in {} once more ({} {})", thing, system(key.system).name,
                           key.table, key.id);
    });
    for (const auto& [other, state] : records_) {
        if (other.system != key.system || other.table != key.table || other == key ||
            state.thing != thing)
            continue;
        const bool was_ours = (state.made_by_us || state.touched_by_us) && state.was_shown &&
                              !state.is_undone && !state.was_fleeting;
        if (!state.is_live && state.removed_by_person && was_ours) {
            verdict_.check(12, came_anew(thing, state), [&] {
                return fmt::format("{} was created in {} though a person had removed it there",
                                   thing, system(key.system).name);
            });
        }
        if (!state.is_live || state.made_by_us) continue;
        verdict_.check(12,
                       state.was_shown || !is_from_the_beginning(state) ||
                           !system(key.system).asks_rights || disturbed_.empty(),
                       [&] {
                           return fmt::format(
                               "{} was created in {} beside {}: an empty list was "
                               "believed without asking for our rights",
                               thing, system(key.system).name, other.id);
                       });
        // What has stood there from the beginning, in a system that nothing has befallen, only its own pages can have hidden.
        const bool was_hidden = is_from_the_beginning(state) && state.removals == 0 &&
                                disturbed_.empty() && !is_set_aside(thing);
        verdict_.check(6, !was_hidden, [&] {
            return fmt::format("{} was created in {} beside {}, which was there from the beginning",
                               thing, system(key.system).name, other.id);
        });
        const bool was_known = state.was_shown && !state.changed_since_shown &&
                               change.asked_at > state.created + Duration{10'000};
        verdict_.check(6, !was_known, [&] {
            return fmt::format("{} was created in {} beside {}, which was there and shown", thing,
                               system(key.system).name, other.id);
        });
        const bool is_in_a_row = !state.was_shown && state.row_shown != Instant::never() &&
                                 change.asked_at > state.row_shown + Duration{10'000};
        verdict_.check(6, !is_in_a_row, [&] {
            return fmt::format("{} was created in {} beside {}, whose row could not be read", thing,
                               system(key.system).name, other.id);
        });
    }
}

void Oracle::shown(const RecordKey& key, const Value& fields, Instant at, bool is_busy) {
    const auto found = records_.find(key);
    if (found == records_.end()) return;
    RecordState& state = found->second;
    if (fields.is_null()) {
        state.row_shown = std::min(state.row_shown, at);
        return;
    }
    constexpr Duration longest_call{1'000};
    const bool is_sure =
        !is_busy && at - state.changed_at >= Duration{system(key.system).lag.ms + longest_call.ms};
    bool is_fresh = true;
    for (auto& [property, shows] : state.properties) {
        const Value now = field(state.fields, property);
        if (fields.find(property)) shows.shown = in_words(key, property, field(fields, property));
        if (!(shows.shown == now)) {
            is_fresh = false;
            continue;
        }
        if (shows.person == none) continue;
        Edit& edit = track(key.table, state.thing, property).all[shows.person];
        if (!edit.shown_at) edit.shown_at = at;
        if (!edit.sure_at && is_sure) edit.sure_at = at;
    }
    state.first_shown = std::min(state.first_shown, at);
    if (is_fresh && is_sure) {
        state.looks_before = std::exchange(state.looks, {});
        state.sure_at = at;
    }
    Value look = state.fields;
    for (auto& [name, value] : look.as_object())
        if (fields.find(name)) value = in_words(key, name, field(fields, name));
    if (state.looks.empty() || !(state.looks.back() == look))
        state.looks.push_back(std::move(look));
    if (is_fresh) {
        state.was_shown = true;
        state.changed_since_shown = false;
    }
}

void Oracle::died(Instant at) {
    disturbed();
    constexpr Duration until_committed{1'000};
    for (auto& [track, edits] : tracks_)
        for (Edit& edit : edits.all)
            if (edit.sure_at && at - *edit.sure_at < until_committed) edit.sure_at.reset();
    for (auto& [key, state] : records_) {
        if (state.looks_before.empty() || at - state.sure_at >= until_committed) continue;
        state.looks.insert(state.looks.end(), state.looks_before.begin(), state.looks_before.end());
        state.looks_before.clear();
    }
}

// What a look at the records shows as lost, whoever did it: a value, a record, or time.
void Oracle::count_loss(const RecordChange& change) {
    using Kind = RecordChange::Kind;
    const auto is_lost = [&](std::string_view property) {
        return !is_empty(field(change.before, property)) && is_empty(field(change.after, property));
    };
    const bool lost_value = change.kind == Kind::changed &&
                            std::ranges::any_of(properties_of(change.key.table), is_lost);
    const auto count = [&](const std::string& table, std::string id) {
        Losses& losses = lost_[{change.key.system, table}];
        if (losses.records.empty()) losses.since = change.at;
        losses.records.insert(std::move(id));
    };
    if (change.kind == Kind::removed || change.is_restore || lost_value)
        count(change.key.table, change.key.id);
    const std::size_t slash = change.key.id.find('/');
    if (slash != std::string::npos)  // told with its thing
        count("things", change.key.id.substr(0, slash));
}

void Oracle::expect_silence(int guarantee, std::string when) {
    verdict_.tried(8);
    verdict_.tried(guarantee);
    silence_ = guarantee;
    silent_when_ = std::move(when);
}

}  // namespace entente::oracle
