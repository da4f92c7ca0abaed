// Which of the edits that do not know of each other must have won (G2), reckoned from what people did and saw alone.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "oracle/oracle.hpp"

namespace entente::oracle {

// What `latest` compares: the time by the clock of the editor's system, and no earlier than that of any edit in `upon`.
Instant Oracle::time_told(const Edits& edits, const Edit& edit, const Seen& upon) const {
    Instant told = edit.at + system(edit.record.system).ahead;
    for (std::size_t i = 0; i < edits.all.size(); ++i)
        if (has(upon, i))
            told = std::max(told, edits.all[i].at + system(edits.all[i].record.system).ahead);
    return told;
}

// G2: no edit loses against an earlier one that it did not know of, nor that knew of it. In doubt the winner has seen more.
void Oracle::judge_latest(const std::string& thing, const std::string& property,
                          const Value& value) {
    const Edits& edits = track("things", thing, property);
    Instant won;
    for (const Edit& edit : edits.all)
        if (edit.value == value) won = std::max(won, time_told(edits, edit, edit.known));
    if (won == Instant{}) return;
    for (const Edit& other : edits.all) {
        const bool is_later = time_told(edits, other, other.seen) - won > *latest_apart_;
        if (other.value == value || !is_later || other.is_excused) continue;
        // Typed where our own write of that value was denied, it counts as ours once that was replaced.
        const bool is_common = std::ranges::count(edits.all, other.value, &Edit::value) > 1;
        if (is_common && system(other.record.system).can_deny) continue;
        verdict_.check(2, was_replaced(edits, property, other), [&] {
            return fmt::format("{} of {}: {} is later than {}, and lost", property, thing,
                               json::write(other.value), json::write(value));
        });
    }
}

// Whether the first edit that led to this one, but for those of `without`, was made in the preferred system.
bool Oracle::goes_back_on(const Edits& edits, const Edit& edit, const Seen& without) const {
    Seen line = edit.seen;
    add_to(line, static_cast<std::size_t>(&edit - edits.all.data()));
    for (std::size_t i = 0; i < line.size(); ++i)
        if (has(line, i) && !has(without, i)) return edits.all[i].record.system == *preferred_;
    return false;
}

// G2: an edit upon the preferred system's wins against one that owes it nothing, whoever looked at which first.
void Oracle::judge_preferred(const std::string& thing, const std::string& property,
                             const Value& value) {
    const Edits& edits = track("things", thing, property);
    if (std::ranges::count(edits.all, value, &Edit::value) != 1) return;
    const auto winner = std::ranges::find(edits.all, value, &Edit::value);
    Seen won = winner->known;
    add_to(won, static_cast<std::size_t>(winner - edits.all.begin()));
    const bool owes_nothing = std::ranges::none_of(edits.all, [&](const Edit& edit) {
        const auto number = static_cast<std::size_t>(&edit - edits.all.data());
        return has(won, number) && !edit.is_first && edit.record.system == *preferred_;
    });
    if (!owes_nothing) return;
    for (const Edit& other : edits.all) {
        if (other.is_first || other.is_excused || !goes_back_on(edits, other, won)) continue;
        verdict_.check(2, was_replaced(edits, property, other), [&] {
            return fmt::format(
                "{} of {}: {} goes back on the preferred system, and lost against {}", property,
                thing, json::write(other.value), json::write(value));
        });
    }
}

}  // namespace entente::oracle
