// A simulated system of any traits, for the deterministic world: a pure handler in memory, cheap to make. Every change and every
// record shown is told to a witness; people work in it directly. Its bad habits beyond its traits come and go with its mood.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/http.hpp"
#include "sim/trait_system_records.hpp"
#include "sim/traits.hpp"

namespace entente::sim {

class TraitSystem;

// One change of a record, as only an all-seeing witness knows it; it is told when the tables show it already. A restored backup
// is told as what people would have done to get there.
struct Change {
    enum class Kind { created, changed, removed, returned } kind = Kind::changed;
    bool by_person = false;  // else through the API, by us
    std::string table, id;
    Value before, after;  // the whole record as stored; null: there is none
    Value sent;           // by us: the body of the request
    Instant at;           // true time
};

class Witness {
public:
    virtual ~Witness() = default;
    virtual void changed(const TraitSystem& system, const Change& change) = 0;
    // An answer (to any read, search, list or write) shows this record: `body` as it stands in the answer, with `id`, `etag`,
    // `modified` and `row` where shown; maybe an older one, or a part. Null: a list shows a row of it that cannot be read.
    virtual void shown(const TraitSystem& system, const std::string& table, const std::string& id,
                       const Value& body, Instant at) = 0;
};

// What is wrong with it at the moment.
struct Mood {
    // Reads and lists show what was current less than `lag` ago, the oldest of it, removed records included; lists and searches
    // miss records made less than `visible_after` ago. Writes compare with and answer what is.
    bool stale = false;
    // Lists are empty, with a 200; searches, reads and writes answer 403.
    bool no_rights = false;
    // Shows `note` as an object instead of a text, {"text": ...}, and takes both.
    bool drifted = false;
    // Changes made now never show in polls: their modified time and row version stay what they were; of new records they are
    // long past.
    bool skips_feed = false;
    // Changes made now get a modified time a few seconds before the true one.
    bool early_stamps = false;
    // Ties in the order of lists are broken in one way only.
    bool is_steady = false;
    // What its answers tell of its clock: the time, nothing, or that of another century.
    enum class Date { told, absent, absurd } date = Date::told;
    // Changes made now get a modified time so much after the true one.
    Duration dated{0};
    // The pages of its lists. ring: the last one, if there are several, is never shown, and behind the others the first comes
    // again; last_again: the last page comes again and again, or names itself; empty: every page is empty and names another one,
    // where pages go by cursor or link; too_many: more records are told of than there are.
    enum class Pages { honest, ring, last_again, empty, too_many } pages = Pages::honest;
    // The same of what is searched for.
    Pages found = Pages::honest;
};

// Who asks for this meets with the status, whoever it is, until then.
struct Ailment {
    // `row`: lists and searches show the record, and `property` of its row is none that can be read.
    enum class Asked { any, read, create, update, write, list, row } asked = Asked::any;
    std::string table = "things";
    std::string code;      // of the record; empty: of any
    std::string property;  // of writes that set it; empty: of any
    Value value;           // to this; null: to anything
    int status = 500;
    Instant until = Instant::never();
};
inline constexpr std::string_view ailing = "it does not work with that";

class TraitSystem {
public:
    // Requires: `witness` outlives it.
    TraitSystem(Traits traits, Witness& witness);

    const Traits& traits() const { return traits_; }
    std::string secret() const;  // of its API
    Mood mood;
    // Its clock is set.
    void set_clock(Duration by) { clock_set_.ms += by.ms; }
    Duration skew() const {
        return {traits_.skew.ms + clock_set_.ms};
    }  // its clock minus the true time
    std::vector<Ailment> ailments;

    // `request.url` in origin form; `now` is the true time. Executes at once.
    http::Response handle(const http::Request& request, Instant now);

    // What people do in it. Requires: the record is there (add: the table exists), and the field. What the body of a new record
    // leaves out is null; fields that the system does not have are dropped. `lines` inside a thing: elements without id are new.
    // Lines beside a thing are removed and come back with it. An edit to the same value changes nothing.
    std::string add(const std::string& table, Value body, Instant now);
    void edit(const std::string& table, const std::string& id, const std::string& field,
              Value value, Instant now);
    void remove(const std::string& table, const std::string& id, Instant now);
    // Requires: removed.
    void bring_back(const std::string& table, const std::string& id, Instant now);
    bool is_removed(const std::string& table,
                    const std::string& id) const;  // and can be brought back
    // Everything as it is, to go back to later: an old backup. Ids and versions given since are not given again.
    std::shared_ptr<const void> backup() const;
    void restore(const std::shared_ptr<const void>& backup, Instant now);

    // "things", "owners", "lines": live records by id, in order. Lines inside a thing stand in its body's `lines`.
    const std::map<std::string, StoredRecord>& table(const std::string& name) const;
    // What the API stores when it is given this value for the property of a thing (undeclared forms too).
    Value stored_form(std::string_view property, const Value& value) const;

    struct Counts {
        std::int64_t requests = 0, writes = 0, creates = 0, deletes = 0, throttled = 0, ailing = 0;
        std::int64_t empty_in_a_row =
            0;  // the most empty pages that one look was shown, each naming another
    };
    const Counts& counts() const { return counts_; }
    // Requests in the window that holds `now`, for the judge of quotas.
    std::int64_t in_window(Instant now) const;

private:
    // All that a backup holds.
    struct State {
        TraitTable things, owners, lines;  // of lines inside things only the next id
        std::int64_t row_version = 1;
        std::map<std::string, std::pair<std::string, std::string>> keys;  // key: table, id
        std::set<std::pair<std::string, std::string>> touched;            // table, id
        std::map<std::string, std::vector<std::string>> removed_with;     // lines by their thing
    };
    // Who makes a change: a person, or a request with this body.
    struct Origin {
        bool by_person = false;
        Value sent;
    };
    struct Refusal {
        int status = 422;
        std::string code, field, message;
    };
    struct ListQuery {
        std::string path;
        bool is_feed = false;
        std::optional<Instant> since;
        std::int64_t after = 0;
        std::vector<std::pair<std::string, std::string>> equals;  // of a search
        int page = 1, size = 0;
        bool is_sorted = false;  // by key
        std::string cursor;
        http::Query parameters;  // all but the cursor
    };
    struct Row {
        std::pair<std::int64_t, std::string> place;  // what the list is ordered by, id
        const StoredRecord* record = nullptr;
    };

    bool has_table(const std::string& name) const;
    TraitTable& records(const std::string& table);
    const TraitTable& records(const std::string& table) const;

    // Changes: trait_system.cpp
    void stamp(StoredRecord& record, bool is_new, Instant now);
    void insert(const std::string& table, const std::string& id, Value body, const Origin& origin,
                Instant now);
    void replace(const std::string& table, const std::string& id, Value body, const Origin& origin,
                 Instant now);
    void touch_later(const std::string& table, const std::string& id, const Origin& origin);
    void settle_touched(Instant now);
    void tell(Change::Kind kind, const std::string& table, const std::string& id, Value before,
              Value after, const Origin& origin, Instant now);
    void tell_restored(const std::string& table, const TraitTable& old, Instant now);

    // What a record holds: trait_system_fields.cpp
    Value empty_body(const std::string& table, const std::string& id) const;
    Value lines_from(const Value& given, const Value& stored);
    std::optional<Refusal> fill(const std::string& table, Value& body, const Value& sent,
                                bool is_new);
    std::optional<Refusal> refuse_value(const std::string& table, std::string_view field,
                                        const Value& value) const;
    std::optional<Refusal> refuse_record(const std::string& table, const Value& body) const;

    // Requests: trait_system_http.cpp
    http::Response route(const http::Request& request, Instant now);
    const Ailment* ailment_of(const http::Request& request, Instant now) const;
    const Ailment* ailment_of_row(const std::string& table, const StoredRecord& record,
                                  Instant now) const;
    http::Response route_write(const http::Request& request, const std::string& table,
                               const std::string& id, Instant now);
    http::Response create(const http::Request& request, const Value& sent, const std::string& table,
                          Instant now);
    void create_lines(const std::string& thing, const Value& sent, Instant now);
    http::Response show_created(int status, const std::string& table, const std::string& id,
                                Instant now);
    http::Response update(const http::Request& request, const Value& sent, const std::string& table,
                          const std::string& id, Instant now);
    http::Response show_updated(const std::string& table, const std::string& id, const Value& sent,
                                Instant now);
    http::Response silent_answer(const std::string& table, const std::string& id) const;
    http::Response show(int status, const std::string& table, const std::string& id,
                        const Value& body, Instant now);
    http::Response read(const std::string& table, const std::string& id, Instant now);
    http::Response list(const std::string& table, std::string_view target, bool is_feed,
                        Instant now);
    http::Response throttled(Instant now) const;
    std::int64_t window_at(Instant now) const;
    void put_headers(http::Response& response, Instant now) const;

    // Lists: trait_system_list.cpp
    Result<ListQuery> read_list_query(const std::string& table, std::string_view target,
                                      bool is_feed) const;
    Instant seen_since(Instant now) const;
    bool is_too_new(const StoredRecord& record, Instant now) const;
    std::vector<Row> rows_of(const std::string& table, const ListQuery& query, Instant now) const;
    // One page: its rows, and the cursor of the next one.
    struct Page {
        std::size_t first = 0, count = 0;
        std::string next;
    };
    Page page_of(const std::vector<Row>& rows, const ListQuery& query) const;
    void make_endless(Page& page, const std::vector<Row>& rows, const ListQuery& query);
    http::Response list_page(const std::string& table, const ListQuery& query, Instant now);
    std::string next_of(const ListQuery& query, const std::string& cursor) const;
    Value shown(const std::string& table, const StoredRecord& record) const;

    Traits traits_;
    Witness& witness_;
    Counts counts_;
    State state_;
    Duration clock_set_{0};
    std::int64_t window_ = INT64_MIN;  // the one that requests are counted in
    std::int64_t in_window_ = 0;
};

}  // namespace entente::sim
