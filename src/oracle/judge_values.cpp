// What must be true of values once the engine rests: one everywhere, in each system's form, or held with a cause (G1, G16).
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "oracle/judged.hpp"
#include "oracle/words.hpp"

namespace entente::oracle {

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
            judge_holds(judged, records, std::string(property));
            judge_outlived(judged, records, thing, std::string(property));
            judge_edits(judged, {entity, table, thing, records}, std::string(property));
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
    if (property == "owner" && !all_have_owners(records)) return;
    const auto value_in = [&](const RecordKey* key) {
        return field(records_.at(*key).fields, property);
    };
    const auto shows = [&](const RecordKey* key, const Value& value) {
        const Value here = value_in(key);
        const auto form = [&](const Value& v) { return system(key->system).form(property, v); };
        return here == value || here == form(value) || form(here) == form(value) ||
               (is_empty(here) && is_empty(value));
    };
    std::vector<Value> candidates = values_of(track(table, thing, property), property);
    candidates.emplace_back();
    verdict_.tried(1);
    const bool agrees = std::ranges::any_of(candidates, [&](const Value& value) {
        return std::ranges::all_of(records, [&](const RecordKey* key) {
            return is_free(judged, *key, property) || shows(key, value);
        });
    });
    const bool is_held = std::ranges::any_of(
        records, [&](const RecordKey* key) { return judged.is_held(*key, property); });
    if (agrees && !is_held && table == "things" && property == "name")
        for (const RecordKey* key : records) {
            if (latest_apart_) judge_latest(thing, property, value_in(key));
            if (preferred_) judge_preferred(thing, property, value_in(key));
        }
    if (!agrees) {
        std::string text;
        for (const RecordKey* key : records)
            text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", json::write(value_in(key)),
                                name_of(*key, systems_));
        verdict_.violated(1, fmt::format("{} of {} differs at rest: {}", property, thing, text));
    }
}

bool Oracle::all_have_owners(const std::vector<const RecordKey*>& records) const {
    return std::ranges::all_of(records, [&](const RecordKey* key) {
        return contains(system(key->system).tables, "owners");
    });
}

// Whether the record need not show what the others do.
bool Oracle::is_free(const Judged& judged, const RecordKey& key,
                     const std::string& property) const {
    const SystemSight& here = system(key.system);
    // What refers to a record that waits for a person waits with it.
    const bool waits = property == "owner" &&
                       judged.parked.contains({key.system, "owners", records_.at(key).owner});
    // So does what is told to stay open, or not to be readable, where something fails for ever.
    const std::pair place(records_.at(key).thing, key.system);
    const bool is_open =
        (judged.is_open(place.first, place.second) || contains(judged.sight.unread, place)) &&
        is_ailing(key.system, place.first);
    // What an unconditional write meets where the system does as it likes cannot be told from its form of our value.
    return waits || is_open || judged.is_stopped(key) || judged.is_held(key, property) ||
           (here.is_difficult(property) && !here.is_conditional);
}

// G16: what is held has a cause, and the cause is the very value that the record lacks.
void Oracle::judge_holds(const Judged& judged, const std::vector<const RecordKey*>& records,
                         const std::string& property) {
    for (const RecordKey* key : records) {
        const HeldSight* hold = judged.held(*key, property);
        if (!hold || judged.is_stopped(*key)) continue;
        const SystemSight& here = system(key->system);
        const bool may_be = here.is_difficult(property) &&
                            (hold->is_unreadable || !here.may_spoil || !hold->is_current ||
                             here.may_spoil(property, hold->wanted));
        verdict_.check(16,
                       may_be || !here.tells_own_write || disturbed_.contains(key->system) ||
                           is_ailing(key->system, records_.at(*key).thing),
                       [&] {
                           return fmt::format(
                               "{} of {} is held without a cause: {}; it should show {}", property,
                               name_of(*key, systems_), hold->reason, json::write(hold->wanted));
                       });
    }
}

}  // namespace entente::oracle
