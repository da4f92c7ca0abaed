// What the engine asks of a system, and what came back: data only. Connectors turn a Call into an HTTP request and a
// response into an Answer (pure functions); the runner, or the simulated world, carries both.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "base/value.hpp"

namespace entente::sync {

// One page of a resource. `since` empty: everything (a sweep); else what changed at or after it.
// `cursor` is what the page before gave in Answer::next; empty for the first page.
struct ListCall {
    ResourceIndex resource;
    std::optional<Instant> since;
    std::string cursor;
    std::optional<std::int64_t> since_version{};  // `since` of a feed by row version
    bool is_of_removals =
        false;  // what was removed after since_version; rows have an id and a version
};
struct ReadCall {
    ResourceIndex resource;
    std::string external_id;
};
// Fields (paths in the body) and the values that they all must have.
using SearchTerms = std::vector<std::pair<std::string, Value>>;
// All records that meet these terms, or one of the others.
struct SearchCall {
    ResourceIndex resource;
    SearchTerms equals;
    std::string cursor{};  // as of a ListCall
    // Only where the system takes alternatives in one request (RestProtocol::search_any).
    std::vector<SearchTerms> others{};
};
struct CreateCall {
    ResourceIndex resource;
    Value body;
    std::string
        idempotency_key;  // sent where the resource is keyed; the same for every try of one intent
};
// `body` holds the changed properties only, or the whole record where the system cannot patch (RestProtocol::update_full).
struct UpdateCall {
    ResourceIndex resource;
    std::string external_id;
    Value body;
    std::string precondition;  // the version it must still have; empty: unconditional
};
// Whether we may read the resource at all: an empty list may only mean that we may not. The answer is ok or auth.
struct RightsCall {
    ResourceIndex resource;
};
using Call = std::variant<ListCall, ReadCall, SearchCall, CreateCall, UpdateCall, RightsCall>;
bool is_write(const Call& call);
ResourceIndex resource_of(const Call& call);

// A record as a system showed it.
struct SeenRecord {
    std::string external_id;
    Value body;
    std::string etag;                 // empty: none shown
    std::optional<Instant> modified;  // by the system's clock
    std::int64_t row_version = 0;     // of a feed by row version; 0: none shown
};

// A row of a page that could not be read as declared: nothing is known of its record but that it is there (G16).
struct BadRow {
    std::size_t number = 0;   // in its page, from 1
    std::string external_id;  // empty: that could not be read either
    std::string why;          // for people: where in the row, and what
    bool hides_many = false;  // it should hold records, and nobody knows how many
};

enum class Outcome {
    ok,
    not_found,            // 404, 410
    precondition_failed,  // 412 and its kin
    already_exists,       // a unique key is taken
    rejected,             // understood and refused: message, maybe the field
    retry_later,  // certainly not executed (429, cannot connect), or a read that failed in any way
    unknown,      // a write that may have been executed: time-out, reset, 5xx, an unreadable answer
    forbidden,    // 403: this very call is not allowed, certainly not executed; the login is well
    auth,         // 401, or no token: our login is refused, and the system waits for a person
};

struct Answer {
    Outcome outcome = Outcome::ok;
    std::vector<SeenRecord>
        records;  // list, search: all; read, create, update: one, or none where the body was empty
    std::string version;                // update without a body: the version that it made, if told
    bool complete = true;               // the record is whole (a partial answer to a write is not)
    std::string next;                   // list: cursor of the next page; empty: this was the last
    std::optional<std::int64_t> total;  // list: how many records the system says there are
    std::int64_t passed_over = 0;       // list: rows of the page that held none of these records
    std::vector<BadRow> bad_rows;       // list: those that could not be read; the others are above
    // Of a failure: the system as a whole could not serve (it cannot be reached, 401, 429, 503). Nothing is known of what was asked.
    bool is_of_system = false;
    std::string message;      // for people: what the system said
    std::string field;        // rejected: the path of the field it complained of, if it said
    Instant began, ended;     // our clock
    Duration retry_after{0};  // 429, 503: as the system asked
    Duration skew{0};         // the system's clock minus ours, as known when this was answered
    // What its answers tell in the place of a time that could be used: so far off is no wrong time zone.
    std::optional<Duration> absurd_skew{};
};

}  // namespace entente::sync
