// Every tunable number of the program, with what goes wrong if it is larger or smaller.
#pragma once

#include <cstddef>
#include <cstdint>

namespace entente::limits {

// Deeper JSON or YAML is refused: a nested bomb would overflow the stack. Business records nest 3-6
// deep.
inline constexpr int json_depth_max = 64;
// A larger answer is cut off and refused: it would take the memory. Pages are 0.1-2 MB.
inline constexpr std::size_t body_bytes_max = 32u << 20;
// The same for a service's description of itself: those of large systems have 5-15 MB.
inline constexpr std::size_t metadata_bytes_max = 20u << 20;
// Systems of one workspace: each is compared with all others. More are refused before any is looked at.
inline constexpr std::size_t systems_max = 200;
// Entity sets of one service: a file is drafted for each. The largest that are known have some 4 000.
inline constexpr std::size_t metadata_sets_max = 10'000;
// Entries of one list or map of a configuration file: reading compares each with all others. The longest that are known are
// values of a code, some hundred.
inline constexpr std::size_t config_entries_max = 10'000;
// A larger configuration file is refused before it is parsed.
inline constexpr std::size_t config_bytes_max = 4u << 20;
// A match key that more records of one resource carry is no key ("info@", "00000000").
inline constexpr int match_carriers_max = 3;
// The guard: a poll or sweep that clears or loses more than both stops its data type.
inline constexpr int guard_records = 20;
inline constexpr int guard_percent = 5;
// For how long losses count together, whatever look shows them. Longer: people who empty a small list field by field are stopped.
// Shorter: what a slow import empties passes as many small looks.
inline constexpr std::int64_t guard_window_ms = 60'000;
// Edits a line remembers. Longer only when a link stays behind for as many edits; then the oldest
// are dropped, and `prefer` may see the fork later than it was.
inline constexpr std::size_t line_edits_max = 32;
// Records matched in one step. A first match has hundreds of thousands: fewer commits are worth a pause of some 50 ms.
inline constexpr int match_per_step = 2'000;
// Deferred observations replayed and parked records looked at in one step: larger steps mean fewer commits but longer pauses.
inline constexpr int work_per_step = 500;
// How long creates wait for a system of the same connector to be read, which may be the same one. Shorter: less is proved of a
// slow one. Longer: one that is down holds the others up after each start.
inline constexpr std::int64_t sibling_wait_ms = 60'000;
// Answers taken into one step (one durable commit for all of them).
inline constexpr std::size_t answers_per_step = 256;
// A read that was not believed is repeated this often before the record waits for the next sweep.
inline constexpr int doubtful_reads_max = 5;
// Failed answers about one record in a row, while others passed, before it is given up: held, parked, or asked at long intervals.
// Fewer give up what a restart would have mended; more ask in vain.
inline constexpr int unknown_tries_max = 8;
// Records of one resource that are forbidden in a row, none passing, before our rights there count as lost: fewer take one record's
// lock for it, more ask in vain and believe lists that may hide something.
inline constexpr int forbidden_max = 3;
// Walks in doubt in a row after which a resource counts as read all the same: more would keep it out for ever, fewer create upon
// a list that only needed another look.
inline constexpr int doubtful_walks_max = 3;
// The pause before a walk in doubt is repeated; four times as long with each one in a row.
inline constexpr std::int64_t doubtful_walk_pause_ms = 1'000;
// Looks in a row that failed before people are told that a list cannot be read. Fewer: every bad page is told. More: it stands
// still unseen.
inline constexpr int failed_looks_told = 3;
// Bad rows of a list that its trouble names; more are counted only.
inline constexpr std::size_t bad_rows_told = 3;
// After so long a search that ends is enough to end the trouble with one that did not. Less: people are told of both in turns.
inline constexpr std::int64_t trouble_old_after_ms = 3'600'000;
// Pages in a row without a row that was not met before end a walk. One such page is met where rows are put in meanwhile; a
// list that goes in a ring shows nothing else.
inline constexpr int pages_without_news_max = 2;
// Empty pages in a row, each naming a next one, before a look ends. Fewer: a system that filters page by page is cut off. More: one
// that always names a next page costs as many calls with every look.
inline constexpr int empty_pages_max = 20;
// The same of pages that show only what is none of ours: a list of all removals may show those of other kinds for long.
inline constexpr int pages_passed_over_max = 1'000;
// Creates of one resource that are asked about together, alternatives joined in one search, and characters of their values: URLs
// of more than 2 000 characters are cut or refused on the way.
inline constexpr std::size_t pairs_per_look = 50;
inline constexpr std::size_t terms_per_search = 20;
inline constexpr std::size_t search_bytes_max = 1'200;
// Pages of one search: a search that finds more was for what is no key, and has not said what is not there.
inline constexpr int search_pages_max = 20;
// A look before a create is good for so long; later somebody may have typed the thing.
inline constexpr std::int64_t look_good_for_ms = 60'000;
// So far may the machine's time of day leave our clock before we begin anew by it. Less: what a time server slews would count as
// a jump. More: stamps may be so wrong.
inline constexpr std::int64_t clock_jump_ms = 10'000;
// For so long at least our clock must have gone on before what was wrong with it is over.
inline constexpr std::int64_t clock_trusted_after_ms = 600'000;
// How long a clock that has jumped twice within the last of these is left alone, doubled with each jump: every new beginning reads
// all lists.
inline constexpr std::int64_t clock_left_alone_ms_min = 10'000;
inline constexpr std::int64_t clock_left_alone_ms_max = 3'600'000;
// The farthest that a system's clock may be from ours to be used. A wrong time zone is less; more is a clock that nobody set.
inline constexpr std::int64_t skew_ms_max = 86'400'000;
// A system's clock that has moved by more was set: half of the slowest answer that tells a time, doubled.
inline constexpr std::int64_t skew_jump_ms = 5'000;
// Answers in a row that must agree on it.
inline constexpr std::size_t skew_samples_agreeing = 3;
// No pause that a pair waits for is longer, but for a clock that was ahead. Shorter: pauses would end with each start.
inline constexpr std::int64_t dirty_pause_ms_max = 90'000'000;
// A workspace whose store failed is opened again after a pause that doubles between these. Longer: an edit waits for a disk that is
// well again. Shorter: a dead disk keeps a core busy.
inline constexpr std::int64_t store_pause_ms_min = 1'000;
inline constexpr std::int64_t store_pause_ms_max = 60'000;
// A store that fails for so long ends the process: whoever starts it again, or watches it, learns of it.
inline constexpr std::int64_t store_failing_ms_max = 600'000;
// Ctrl-C: how long what is in flight may take to finish.
inline constexpr std::int64_t shutdown_ms_max = 10'000;

}  // namespace entente::limits
