// What one simulated system of the deterministic world is like: what its API can do, and which bad habits of real ones it
// has. Facts met in real servers: docs/FAULTS.md. A system of any traits comes with the connector that describes it
// truthfully, so the engine is told of every ability and every declared habit, and of no undeclared one.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"
#include "model/loader.hpp"

namespace entente::sim {

// What a system does to a value that it is given through its API. People's own values are stored as they are.
enum class Form {
    as_is,
    upper,
    trimmed,
    cut,      // to twelve characters
    rounded,  // to two decimals
    ignored,  // an update leaves what was there; a create takes it
    refused,  // setting it (to what is not null, nor there already) is refused with 422, naming the field
    choosy,  // so is a text that holds `unwanted`
};
inline constexpr std::string_view unwanted = "unwanted";

// The mapped properties of a thing that a system may treat in its own way.
inline constexpr std::array<std::string_view, 3> formed_properties{"name", "note", "amount"};

struct Traits {
    std::string name;  // of the system: "A"

    // none: nothing to go by; counter: `etag` in the record, every change moves it, If-Match is heeded; touched: the same, and
    // each write through the API moves it once more a moment later (a trigger, computed fields).
    // timed: its modified time stands for the version, as coarse as it is shown (Requires: it shows one).
    enum class Versions { none, counter, touched, timed } versions = Versions::counter;
    enum class Grade { keyed, searchable, none } grade = Grade::searchable;
    // part: the id and what was sent, as it is stored, and no version.
    enum class Answer { record, nothing, part } update_answer = Answer::record;
    bool create_shows_key = false;  // and nothing else
    // PUT of the whole record: what it leaves out is emptied, be it private. Else PATCH.
    bool full_update = false;
    // none: it shows no time of change either.
    enum class Feed { modified, row_version, none } feed = Feed::modified;
    Duration granularity{1};  // of the modified time it shows
    // page: by number, counted anew for every request; cursor, link: behind the last record shown.
    enum class Paging { none, page, cursor, link } paging = Paging::page;
    int page_size = 3;
    // In every third list that is asked for, the first record comes last, as where all share a place in its order: a row then stands
    // on two pages and another on none. Not in changes, nor in an order by key.
    bool has_ties = false;
    bool tells_total = false;   // each page tells how many there are
    bool sorts_by_key = false;  // it can be asked for an order by key, and the connector does
    // beside: records of their own, pointing to their thing by `of`; with_parent: beside, and made inside its create too.
    enum class Lines { none, inside, beside, with_parent } lines = Lines::none;
    bool owners = false;       // things may refer to owners
    bool rights = false;       // it can be asked whether a list may be believed
    bool unique_code = false;  // a second thing with the code of a live one is refused with 409
    std::array<Form, formed_properties.size()> forms{};
    // The connector tells of the form. Of ignored and refused values none ever tells.
    std::array<bool, formed_properties.size()> declared{true, true, true};

    Duration lag{0};             // L: reads may show an older body for so long
    Duration visible_after{0};   // V: searches may miss a new record for so long
    Duration late_execution{0};  // D: a request without an answer is executed within it or never
    Duration skew{0};            // its clock minus the true time
    // Requests per `quota_per`, a fixed window of its clock; 0: any number.
    int quota = 0;
    Duration quota_per{10'000};
    bool tells_wait = true;  // its 429 says for how long
    Duration poll_every{1'000}, sweep_every{30'000};
    friend bool operator==(const Traits&, const Traits&) = default;
};

// The models, and the connector and resource files of each system, as the loader takes them.
// Systems and data types: things (Thing), owners (Owner), lines (Thing.lines).
std::vector<model::SourceFile> catalog_of(const std::vector<Traits>& systems);

// entente.yaml: the systems in this order, derived flows; `more` is appended (conflict policies).
// Addresses are http://127.0.0.1:1, :2 and so on, in the order of the systems; the credential is "secret-of-NAME",
// and the connector's name for it `api_key`.
std::string workspace_of(const std::vector<Traits>& systems, const std::string& more);

}  // namespace entente::sim
