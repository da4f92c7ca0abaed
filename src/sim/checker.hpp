// The judge of a demo or a test: reads every record of every system over HTTP, compares them with the generator's
// truth, and counts what a synchronisation must not leave behind. Independent on purpose: it uses nothing of the
// engine, its catalogue or its folding, only base, and has a table of its own that says which values correspond.
// Serves the tests of G1 (nothing lost), G2 (nothing doubled) and G7 (nothing linked wrongly); it changes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/value.hpp"

namespace entente::checker {

struct System {
    std::string name;  // as truth and ledger call it: "CustomWebshop"
    std::string kind;  // "custom-webshop", "exact-online", ...: it says what its fields are called
    std::string url;   // "http://127.0.0.1:4010"; a path behind it counts for nothing
    std::string credential;
};

// Waits by itself when a system says 429; whatever it returns otherwise is believed.
using Fetch = std::function<Result<http::Response>(const http::Request&)>;

struct Input {
    std::vector<System> systems;
    Value truth;   // docs/SIMULATED.md
    Value ledger;  // list of what people did, or null: creations it names are allowed
    Fetch fetch;
};

// Only a person can know whether a record shows the thing that others show: it waits for the answer.
struct Question {
    std::string model;
    std::string why;  // "one name, two item numbers"
    // System and id of the record that waits; several: one of them does, whichever it is.
    std::vector<std::pair<std::string, std::string>> records;
};

struct Verdict {
    std::int64_t systems = 0;
    std::int64_t truth_things = 0;
    std::int64_t truth_shared = 0;  // what --records says, as far as these systems show it
    std::int64_t truth_own = 0;     // what one system has beyond that
    std::int64_t truth_records = 0;
    std::int64_t linked =
        0;  // records that share a thing and its identity with one in another system
    std::int64_t wrong_links = 0;  // records whose identity is another thing's, or that nobody made
    std::int64_t duplicates = 0;   // records of one thing in one resource beyond the truth's
    std::int64_t differ = 0;       // values that differ between the members of one thing
    std::int64_t missing = 0;      // things that a resource of a system lacks, once for each
    std::int64_t ambiguous = 0;    // things that wait for a person, by the truth
    std::int64_t doubled = 0;
    std::vector<Question> questions;  // that must be asked
    std::int64_t waiting = 0;  // things that a resource lacks because they refer to one of these
    std::vector<std::string> explanations;  // at most 20

    bool is_clean() const {
        return wrong_links == 0 && duplicates == 0 && differ == 0 && missing == 0;
    }
    Value to_json() const;
};

// bad_input: unknown kind or a truth that is none; otherwise what the fetch function returned, or corrupt.
Result<Verdict> check(const Input& input);

}  // namespace entente::checker
