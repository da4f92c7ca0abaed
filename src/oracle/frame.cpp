// G5: what a write changes besides what it means to. Whole records name everything, so they are judged by what people did: what we
// know nothing of stays as it is, and nothing comes back that had been seen and replaced.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "oracle/judged.hpp"
#include "oracle/words.hpp"

namespace entente::oracle {

// G5: nothing changes but what the request named, and a change names nothing that is already so.
void Oracle::check_frame(const RecordChange& change, const RecordState& state) {
    for (const auto& [name, after] : change.after.as_object()) {
        const Value before = field(change.before, name);
        if (system(change.key.system).sends_whole) {
            check_private(change, state, name);
            continue;
        }
        const bool was_sent = change.sent.find(name) != nullptr;
        verdict_.check(5, was_sent || before == after, [&] {
            return fmt::format("{} of {} changed from {} to {} though the write did not name it",
                               name, name_of(change.key, systems_), json::write(before),
                               json::write(after));
        });
    }
    if (system(change.key.system).sends_whole) return;
    for (const std::string_view name : properties_of(change.key.table)) {
        const Value* sent = change.sent.find(name);
        const auto shows = state.properties.find(std::string(name));
        const bool is_repeated = shows != state.properties.end() && shows->second.ours;
        if (!sent || is_repeated || state.changed_since_shown) continue;
        verdict_.check(5, !(*sent == field(change.before, name)), [&] {
            return fmt::format("{} of {} was sent though it has that value already", name,
                               name_of(change.key, systems_));
        });
    }
}

// When people last changed what nobody maps.
void Oracle::note_private(const RecordChange& change, RecordState& state) {
    for (const auto& [name, after] : change.after.as_object())
        if (!contains(properties_of(change.key.table), name) &&
            !(field(change.before, name) == after))
            state.private_edits[name] = change.at;
}

// A field that nobody maps: a whole record may only change it back where a person was quicker than our write, and where writes are
// unconditional (G5's limit).
void Oracle::check_private(const RecordChange& change, const RecordState& state,
                           const std::string& name) {
    const Value before = field(change.before, name), after = field(change.after, name);
    if (contains(properties_of(change.key.table), name)) return;
    verdict_.tried(5);
    if (before == after) return;
    const auto edited = state.private_edits.find(name);
    const bool is_in_window = !system(change.key.system).is_conditional && change.compared_at &&
                              edited != state.private_edits.end() &&
                              edited->second >= *change.compared_at;
    if (is_in_window) {
        ++windows_;
        return;
    }
    verdict_.violated(
        5,
        fmt::format("{} of {}, which is nothing of ours, became {} again; {} stood "
                    "there",
                    name, name_of(change.key, systems_), json::write(after), json::write(before)));
}

// G3, and G5 where a whole record names every property: none may become again what the one who made the present value had seen and
// replaced, be it for a moment.
void Oracle::check_older(const RecordChange& change, const std::string& property) {
    const SystemSight& here = system(change.key.system);
    const Value before = field(change.before, property), after = field(change.after, property);
    if (here.is_difficult(property) || is_empty(before) || is_empty(after)) return;
    // What comes back with what it showed is no edit, and may be wanted all the same.
    const bool is_anything_back = std::ranges::any_of(records_, [&](const auto& entry) {
        return entry.second.thing == change.thing && entry.second.has_returned;
    });
    if (is_anything_back) return;
    const Edits& edits = track(change.key.table, change.thing, property);
    auto now = behind(change.key, change.thing, property, before);
    // A person may have said that it is to be written again.
    std::erase_if(now, [&](std::size_t e) { return edits.all[e].is_excused; });
    const auto then = behind(change.key, change.thing, property, after);
    const auto was_seen = [&](std::size_t old) {
        return std::ranges::all_of(now, [&](std::size_t e) { return has(edits.all[e].seen, old); });
    };
    verdict_.check(here.sends_whole ? 5 : 3,
                   now.empty() || then.empty() || !std::ranges::all_of(then, was_seen), [&] {
                       return fmt::format(
                           "{} of {} became {} again, which had been seen and replaced by {}",
                           property, name_of(change.key, systems_), json::write(after),
                           json::write(before));
                   });
}

// G16: what everybody shows is held nowhere; nor is what only a value that has been replaced would have been refused for.
void Oracle::judge_outlived(const Judged& judged, const std::vector<const RecordKey*>& records,
                            const std::string& thing, const std::string& property) {
    const auto value_in = [&](const RecordKey* key) {
        return field(records_.at(*key).fields, property);
    };
    const bool agree = std::ranges::all_of(
        records, [&](const RecordKey* key) { return value_in(key) == value_in(records.front()); });
    // What is stopped is not observed: nobody knows that it agrees.
    const bool is_stopped =
        std::ranges::any_of(records, [&](const RecordKey* key) { return judged.is_stopped(*key); });
    if (records.size() < 2 || is_stopped) return;
    for (const RecordKey* key : records) {
        const auto& refuses = system(key->system).refuses;
        // What did not stick is held with both values, whatever they are.
        const HeldSight* hold = judged.held(*key, property);
        if (!refuses || !hold || hold->reason.starts_with("did not stick")) continue;
        const bool is_wanted = std::ranges::any_of(records, [&](const RecordKey* other) {
            return !judged.held(*other, property) && !refuses(property, value_in(other));
        });
        verdict_.check(16, !is_wanted, [&] {
            return fmt::format("{} of {} is held though what the others show is not refused there",
                               property, name_of(*key, systems_));
        });
    }
    if (!agree) return;
    // A system that shows a value in a form of its own may stand for a value that the others cannot show.
    const Value shown = value_in(records.front());
    const Edits& edits = track(records.front()->table, thing, property);
    const bool is_another = std::ranges::any_of(edits.all, [&](const Edit& edit) {
        return !(edit.value == shown) && std::ranges::any_of(records, [&](const RecordKey* key) {
            return system(key->system).form(property, edit.value) == shown;
        });
    });
    if (is_another) return;
    for (const RecordKey* key : records)
        verdict_.check(16, !judged.held(*key, property), [&] {
            return fmt::format("{} of {} is still held though all records show the same", property,
                               name_of(*key, systems_));
        });
}

}  // namespace entente::oracle
