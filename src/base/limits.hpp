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
// A larger configuration file is refused before it is parsed.
inline constexpr std::size_t config_bytes_max = 4u << 20;
// A match key that more records of one resource carry is no key ("info@", "00000000").
inline constexpr int match_carriers_max = 3;
// The guard: a poll or sweep that clears or loses more than both stops its data type.
inline constexpr int guard_records = 20;
inline constexpr int guard_percent = 5;
// Edits a line remembers. Longer only when a link stays behind for as many edits; then the oldest
// are dropped, and `prefer` may see the fork later than it was.
inline constexpr std::size_t line_edits_max = 32;
// Records matched in one step. A first match has hundreds of thousands: fewer commits are worth a pause of some 50 ms.
inline constexpr int match_per_step = 2'000;
// Deferred observations replayed and parked records looked at in one step: larger steps mean fewer commits but longer pauses.
inline constexpr int work_per_step = 500;
// Answers taken into one step (one durable commit for all of them).
inline constexpr std::size_t answers_per_step = 256;
// A read that was not believed is repeated this often before the record waits for the next sweep.
inline constexpr int doubtful_reads_max = 5;
// Tries of one open intent whose outcome stays unknown before it is parked for a person.
inline constexpr int unknown_tries_max = 8;
// Ctrl-C: how long what is in flight may take to finish.
inline constexpr std::int64_t shutdown_ms_max = 10'000;

}  // namespace entente::limits
