// What people who watch a run are told, as it happens. The CLI prints it; correctness never depends
// on it. Called on the runner's thread, so an implementation must be quick.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "run/call_queue.hpp"
#include "sync/event.hpp"

namespace entente::run {

inline constexpr std::size_t purposes = static_cast<std::size_t>(sync::Purpose::search) + 1;
std::string_view name_of(sync::Purpose purpose);
std::string_view name_of(Work work);
std::string_view name_of(sync::Notice::Kind kind);

// What was asked of one system since the runner began.
struct CallCounts {
    std::int64_t calls = 0;
    std::int64_t throttled = 0;  // answered 429
    std::int64_t failed = 0;     // not sent, no answer, 5xx, unreadable
    std::array<std::int64_t, purposes> by_purpose{};
    std::array<std::int64_t, works> by_work{};
    std::int64_t records_read = 0;  // in pages
};

using NoticeCounts = std::map<sync::Notice::Kind, std::int64_t>;

// How far a run has come.
struct Progress {
    std::int64_t records_read = 0;
    std::int64_t calls = 0;
    const NoticeCounts& notices;
};

enum class Health {
    well,
    down,     // cannot be reached, or answers nothing that can be read
    refused,  // does not accept our login
};

class Watcher {
public:
    virtual ~Watcher() = default;
    virtual void notice(const sync::Notice&) {}
    // The system's health has changed; `why` is for people.
    virtual void health(SystemIndex, Health, const std::string& /*why*/) {}
    // Calls of one resource wait: too many of them were refused, and more would shut us out of it.
    virtual void waits(ResourceIndex, Instant /*until*/) {}
    // The system's quota is used up: what is left to do there waits, and longer than a moment.
    virtual void out_of_quota(SystemIndex, Instant /*until*/) {}
    // Some answers have been worked through.
    virtual void progress(const Progress&) {}
};

}  // namespace entente::run
