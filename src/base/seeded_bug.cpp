#include "base/seeded_bug.hpp"

#include <algorithm>
#include <array>
#include <atomic>

namespace entente {
namespace {

using enum SeededBug;

constexpr std::array all{
    SeededBugInfo{
        per_property, "per_property", "G1 G3",
        "One number per link says what was synchronised: a property that was left behind counts as "
        "done once its neighbour is written."},
    SeededBugInfo{
        keep_winner, "keep_winner", "G1 G8",
        "An entity's value that wins a conflict becomes a new revision, so records that agree are "
        "behind again."},
    SeededBugInfo{
        split_answer, "split_answer", "G3",
        "The whole answer to a write is taken as shadow: a person's edit in it is never seen."},
    SeededBugInfo{
        own_write, "own_write", "G2 G3",
        "While a write is under way, what a page shows of it counts as a person's edit: a feed is "
        "read beside the writer."},
    SeededBugInfo{
        settle_unknown, "settle_unknown", "G3 G9",
        "A write without an answer is taken back and decided anew at once: a time-out counts as a "
        "failure."},
    SeededBugInfo{
        confirm, "confirm", "G3 G8",
        "A body that may be an old one is believed at once: reads from a replica that lags."},
    SeededBugInfo{
        exact_version, "exact_version", "G3",
        "A modified time of whole seconds is trusted as a version as soon as it is read."},
    SeededBugInfo{
        stamp, "stamp", "G2 G18",
        "An edit's time is not lifted above what its editor saw: a slow clock loses to the past."},
    SeededBugInfo{
        total, "total", "G2",
        "Edits within one second of each other are decided by the order of systems, which is not "
        "transitive."},
    SeededBugInfo{
        max_agree, "max_agree", "G2",
        "Of two edits to one value the first stamp is kept: deduplication that forgets the later "
        "edit."},
    SeededBugInfo{line, "line", "G2 G3",
                  "A preferred system is looked for in the last editor only: whoever saw and "
                  "replaced its value "
                  "loses to it."},
    SeededBugInfo{
        keep_unseen, "keep_unseen", "G3 G4",
        "What the answer to a write leaves out becomes an empty shadow: a partial answer read as a "
        "whole record."},
    SeededBugInfo{after_unknown, "after_unknown", "G3",
                  "What is found after a lost answer counts as an edit upon the old value: a later "
                  "edit of ours "
                  "is in conflict with itself."},
    SeededBugInfo{rev_as_sent, "rev_as_sent", "G1 G3",
                  "After a write the record counts as showing the newest edit, though an older one "
                  "was sent."},
    SeededBugInfo{
        park_unstuck, "park_unstuck", "G3 G16",
        "A value that did not stick is taken as a person's edit: an ignored field undoes everybody "
        "else's."},
    SeededBugInfo{skip_precondition, "skip_precondition", "G3",
                  "Writes go without If-Match where the system offers versions."},
    SeededBugInfo{skip_compare, "skip_compare", "G3",
                  "A system without versions is written without a look just before."},
    SeededBugInfo{
        shared_shadow, "shared_shadow", "G1 G3 G8",
        "One last value for all records of a thing: an edit seen in one counts as seen in all."},
    SeededBugInfo{
        retry_without_probe, "retry_without_probe", "G6",
        "A create without an answer is sent again, without search and without key: an HTTP client "
        "that retries a POST."},
    SeededBugInfo{
        short_wait, "short_wait", "G6",
        "The search after a lost create waits for late execution, not for the index to show it."},
    SeededBugInfo{cursor_before_commit, "cursor_before_commit", "G10 G1 G6",
                  "A look that failed half-way counts as done, and its cursor moves: the page is "
                  "saved later, "
                  "or never."},
    SeededBugInfo{
        intent_after_call, "intent_after_call", "G10 G6",
        "Nothing durable is written before the call leaves: after a crash nobody knows of it."},
    SeededBugInfo{
        echo_by_memory, "echo_by_memory", "G3",
        "For a minute after a write every difference in the record counts as its echo: a list of "
        "recent writes as loop protection."},
    SeededBugInfo{held_forgotten, "held_forgotten", "G13 G16 G1",
                  "A property that the system refused is written again with every look."},
    SeededBugInfo{refused_for_ever, "refused_for_ever", "G1 G16",
                  "A create that was refused once waits for ever: a queue of failed jobs that "
                  "nobody empties."},
    SeededBugInfo{null_for_missing, "null_for_missing", "G5 G3",
                  "A property missing from a body counts as cleared: a response with fewer fields "
                  "empties the "
                  "others."},
    SeededBugInfo{delete_on_absence, "delete_on_absence", "G12",
                  "A record missing from one sweep counts as deleted without a second look."},
    SeededBugInfo{
        recreate_gone, "recreate_gone", "G12 G6",
        "What was deleted in one system is created there again with the next edit elsewhere."},
    SeededBugInfo{counter_not_persisted, "counter_not_persisted", "G1 G3 G10",
                  "The entity's counter of edits is not saved: numbers are given twice."},
    SeededBugInfo{match_first, "match_first", "G7",
                  "The first of several candidates is linked, where a person should choose."},
    SeededBugInfo{no_rights_check, "no_rights_check", "G12",
                  "An empty list is believed though it may only mean that we may not read it."},
    SeededBugInfo{
        ignore_retry_after, "ignore_retry_after", "G13",
        "After 429 and 503 the next call goes out at once, whatever the system asked for."},
    SeededBugInfo{quota_ignored, "quota_ignored", "G13", "The declared quota holds nothing back."},
    SeededBugInfo{
        guard_off, "guard_off", "G12",
        "A look that clears or loses half of everything is believed: a bad import travels."},
    SeededBugInfo{join_ignored, "join_ignored", "G6",
                  "Records are created in a system that was never read to its end: the first run "
                  "doubles it."},
    SeededBugInfo{
        no_poll_before_create, "no_poll_before_create", "G6",
        "Nobody looks at the target just before a create: what a person made there meanwhile is "
        "doubled."},
    SeededBugInfo{suspect_matched, "suspect_matched", "G6",
                  "What appears while nobody knows what became of a create is matched at once: it "
                  "was the create, and there is a second one."},
    SeededBugInfo{full_body, "full_body", "G5 G3",
                  "An update sends every property as we know it, not only what is needed."},
    SeededBugInfo{drift_is_empty, "drift_is_empty", "G15 G3",
                  "A value that cannot be read as declared counts as cleared: a renamed type "
                  "empties the other "
                  "systems."},
    SeededBugInfo{old_page_believed, "old_page_believed", "G3 G8",
                  "A page that was read before our last write is observed after it: the old value "
                  "comes back as "
                  "an edit."},
    SeededBugInfo{skew_ignored, "skew_ignored", "G18 G2",
                  "Modified times of different systems are compared as they stand, whatever their "
                  "clocks say."},
    SeededBugInfo{blind_retry, "blind_retry", "G6 G9",
                  "The runner sends a failed write again by itself, as a proxy or a retrying "
                  "transport does."},
    SeededBugInfo{unknown_as_failed, "unknown_as_failed", "G6 G9",
                  "A 5xx answer to a write counts as certainly not executed."},
    SeededBugInfo{folded_keys, "folded_keys", "G7",
                  "Item numbers are compared without their punctuation: 10-1 is taken for 101."},
    SeededBugInfo{weaker_rule_links, "weaker_rule_links", "G7",
                  "A name links two records whose numbers say that they are two things."},
    SeededBugInfo{new_line_first, "new_line_first", "G6 G1",
                  "A line that came is made elsewhere before those that went are read: an order "
                  "saved anew is "
                  "doubled."},
    SeededBugInfo{walk_believed, "walk_believed", "G6",
                  "A walk in which a row came twice counts as a sweep: what it hid is made again."},
    SeededBugInfo{newest_held, "newest_held", "G3 G16",
                  "A refusal holds what the entity has become by then: a newer edit is held in the "
                  "place of the refused one, and never sent."},
    SeededBugInfo{hold_outlives, "hold_outlives", "G16",
                  "What is held stays so when a later value has arrived: a list of errors that "
                  "nobody clears."},
    SeededBugInfo{
        evidence_ignored, "evidence_ignored", "G3",
        "What a page showed while a write was under way is not read again afterwards: the "
        "edit in it is never seen."},
    SeededBugInfo{
        guard_by_doubt, "guard_by_doubt", "G12",
        "Records that are read again because a page may be old are believed one by one: a "
        "bad import passes the guard while the system lags."},
    SeededBugInfo{guard_not_for_polls, "guard_not_for_polls", "G12",
                  "Only sweeps are guarded: a bad import that is polled first travels."},
    SeededBugInfo{replayed_blindly, "replayed_blindly", "G3 G8",
                  "What was put aside while a look was judged is observed as if it were read just "
                  "now: the value from before our own write comes back as an edit."},
    SeededBugInfo{stale_body, "stale_body", "G5",
                  "A whole record is written upon the body that was stored when something we map "
                  "changed last: what people typed into other fields since is undone."},
    SeededBugInfo{line_shared, "line_shared", "G6 G7",
                  "Lines are matched one by one and not as a multiset: two equal ones become one "
                  "thing."},
    SeededBugInfo{retry_drops_hold, "retry_drops_hold", "G1 G16",
                  "What did not stick counts as shown when a person says retry: the hold goes, "
                  "nothing is written, and nobody is told."},
    SeededBugInfo{heard_twice, "heard_twice", "G9",
                  "An answer that comes again is taken for one that is awaited: a read that failed "
                  "is sent once more for each."},
    SeededBugInfo{open_expires, "open_expires", "G2 G8",
                  "A write that is open for more than ten minutes is forgotten when the process "
                  "starts: a queue whose jobs expire."},
    SeededBugInfo{
        guard_by_share, "guard_by_share", "G12",
        "The guard knows shares only: in a short list one record that goes stops everything."},
    SeededBugInfo{
        gone_forgets, "gone_forgets", "G3",
        "When a record goes, what was typed in it and is not written elsewhere yet goes with it."},
    SeededBugInfo{poll_slackens, "poll_slackens", "G1",
                  "A list that was read is read again only when its sweep is due: an interval that "
                  "grows while nothing happens."},
    SeededBugInfo{read_again, "read_again", "G13",
                  "Each record that a poll shows is read for itself once more, though nothing of "
                  "it has changed."},
    SeededBugInfo{overlap_forgotten, "overlap_forgotten", "G1",
                  "Polls ask since the very cursor: what was changed in its moment, or behind the "
                  "page that was read, is passed over."},
    SeededBugInfo{cursor_past_now, "cursor_past_now", "G1",
                  "The largest modified time seen becomes the cursor, though it lies ahead of the "
                  "system's own clock, and stays although that is set back."},
    SeededBugInfo{future_believed, "future_believed", "G1",
                  "A time that an earlier life has stored bounds a doubt although it lies in the "
                  "future: the record is blind until then."},
    SeededBugInfo{wait_not_begun_anew, "wait_not_begun_anew", "G6 G3",
                  "A wait found at a start counts from the time that an earlier life has stored: "
                  "that one's clock may have been ten years behind."},
    SeededBugInfo{absurd_skew_used, "absurd_skew_used", "G2 G18 G1",
                  "A Date of another century is a skew like any other."},
    SeededBugInfo{hold_widens, "hold_widens", "G1",
                  "A refused value holds its whole record: nothing else is written there until a "
                  "person has looked."},
    SeededBugInfo{baseline_at_start, "baseline_at_start", "G1",
                  "What the first look of a process shows is what it starts from: edits made while "
                  "nobody ran are taken for known."},
    SeededBugInfo{empty_pages_followed, "empty_pages_followed", "G13",
                  "Whatever page is named is asked for: a list that always names another one is "
                  "read for ever."},
    SeededBugInfo{ring_moves_cursor, "ring_moves_cursor", "G1",
                  "A poll whose pages go in a ring counts as read: what stood behind them is "
                  "passed over."},
    SeededBugInfo{cut_is_absence, "cut_is_absence", "G6",
                  "What a search that was given up has not shown is made again."},
    SeededBugInfo{endless_tries, "endless_tries", "G1 G13 G16",
                  "What fails is tried again for ever: a retry without a bound."},
    SeededBugInfo{
        forbidden_is_login, "forbidden_is_login", "G16",
        "A record that we may not touch counts as a refused login: 401 and 403 are one, and the "
        "whole system waits."},
    SeededBugInfo{absence_believed, "absence_believed", "G12",
                  "A single 404 to a write, a compare or a read back counts as removed."},
    SeededBugInfo{update_not_waited, "update_not_waited", "G3 G6",
                  "An update without an answer is looked at at once: what is executed late is not "
                  "waited for."},
    SeededBugInfo{
        unknown_closed, "unknown_closed", "G3 G6",
        "A write that nobody can tell the outcome of is forgotten after some tries: a queue that "
        "drops what failed too often."},
    SeededBugInfo{
        never_offered, "never_offered", "G1 G16",
        "What was refused is never offered again: a period that is reopened stays closed for "
        "it."},
    SeededBugInfo{bad_row_stops_page, "bad_row_stops_page", "G16 G1",
                  "A row that cannot be read makes its page unreadable: one exception around the "
                  "whole loop."},
    SeededBugInfo{bad_row_hides_nothing, "bad_row_hides_nothing", "G6",
                  "What a row that cannot be read may be is created beside it: bad rows are logged "
                  "and skipped."},
};

// One bug is awake in the process: a choice made before the engine runs, not state of the engine.
constexpr int nothing = -1;
std::atomic<int> planted = nothing;
std::atomic<std::int64_t> reached = 0;

}  // namespace

std::span<const SeededBugInfo> seeded_bugs() {
    return all;
}

std::optional<SeededBug> seeded_bug_named(std::string_view name) {
    const auto* found = std::ranges::find(all, name, &SeededBugInfo::name);
    return found == all.end() ? std::nullopt : std::optional(found->bug);
}

void plant(std::optional<SeededBug> bug) {
    planted = bug ? static_cast<int>(*bug) : nothing;
    reached = 0;
}

bool is_planted(SeededBug bug) {
    return planted.load(std::memory_order_relaxed) == static_cast<int>(bug);
}

bool reach(SeededBug bug) {
    if (!is_planted(bug)) return false;
    reached.fetch_add(1, std::memory_order_relaxed);
    return true;
}

std::int64_t times_reached() {
    return reached;
}

}  // namespace entente
