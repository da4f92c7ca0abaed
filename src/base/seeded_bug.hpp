// Bugs planted on purpose, to prove that the tests find them: each is one rule of the engine left out. The library variants
// `entente_*_seeded` hold them all, asleep, and a test wakes one; every other build, the program's too, holds none.
// In a source file `if (x && !SEEDED(skip_compare))` marks the place of a rule. Never in a header: its code is shared by builds
// with and without. Put the mark last in its condition, so that it is reached only where the rule would have mattered;
// SEEDED_WHERE(bug, condition) does so for a condition that nobody else asks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace entente {

enum class SeededBug : std::uint8_t {
    // How agreement is computed: fifteen rules.
    per_property,
    keep_winner,
    split_answer,
    own_write,
    settle_unknown,
    confirm,
    exact_version,
    stamp,
    total,
    max_agree,
    line,
    keep_unseen,
    after_unknown,
    rev_as_sent,
    park_unstuck,
    // Around it: what is read, written, created, believed and asked for.
    skip_precondition,
    skip_compare,
    shared_shadow,
    retry_without_probe,
    short_wait,
    cursor_before_commit,
    intent_after_call,
    echo_by_memory,
    held_forgotten,
    refused_for_ever,
    null_for_missing,
    delete_on_absence,
    recreate_gone,
    counter_not_persisted,
    match_first,
    no_rights_check,
    ignore_retry_after,
    quota_ignored,
    guard_off,
    join_ignored,
    no_poll_before_create,
    suspect_matched,
    full_body,
    drift_is_empty,
    old_page_believed,
    skew_ignored,
    blind_retry,
    unknown_as_failed,
    folded_keys,
    weaker_rule_links,
    new_line_first,
    walk_believed,
    // What is held, put aside, guarded and written whole.
    newest_held,
    hold_outlives,
    evidence_ignored,
    guard_by_doubt,
    guard_not_for_polls,
    replayed_blindly,
    stale_body,
    line_shared,
    // While nobody runs it, at rest, and when people answer.
    retry_drops_hold,
    heard_twice,
    open_expires,
    guard_by_share,
    gone_forgets,
    poll_slackens,
    read_again,
    overlap_forgotten,
    cursor_past_now,
    future_believed,
    wait_not_begun_anew,
    absurd_skew_used,
    hold_widens,
    baseline_at_start,
    // Where pages have no end.
    empty_pages_followed,
    ring_moves_cursor,
    cut_is_absence,
    // What lasts.
    endless_tries,
    forbidden_is_login,
    absence_believed,
    update_not_waited,
    unknown_closed,
    never_offered,
    bad_row_stops_page,
    bad_row_hides_nothing,
};

struct SeededBugInfo {
    SeededBug bug;
    std::string_view name;
    std::string_view violates;  // guarantees: "G3 G6"
    std::string_view
        left_out;  // one sentence: the rule, and how the same mistake is made in earnest
};

// All of them, in the order of the enumeration. Only in seeded builds, as everything below.
std::span<const SeededBugInfo> seeded_bugs();
std::optional<SeededBug> seeded_bug_named(std::string_view name);

// Wakes that bug, or none, in the whole process, and counts from zero.
void plant(std::optional<SeededBug> bug);
bool is_planted(SeededBug bug);  // whether this is the bug that is awake
bool reach(SeededBug bug);       // the same, asked by a mark: a yes is counted
// How often the mark of the bug that is awake was reached: zero says that nothing has exercised it.
std::int64_t times_reached();

}  // namespace entente

#ifdef ENTENTE_SEEDED_BUGS
#define SEEDED(bug) (::entente::reach(::entente::SeededBug::bug))
#define SEEDED_WHERE(bug, condition) \
    (::entente::is_planted(::entente::SeededBug::bug) && (condition) && SEEDED(bug))
#else
#define SEEDED(bug) false
#define SEEDED_WHERE(bug, condition) (false && (condition))
#endif
