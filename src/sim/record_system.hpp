// What the simulated systems share: login, quota, routing, creating, changing and removing records through the journal,
// statistics. What differs (paging, errors, versions, lines) is virtual.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/books.hpp"
#include "sim/form.hpp"
#include "sim/generator.hpp"
#include "sim/quota.hpp"
#include "sim/system.hpp"

namespace entente::sim {

// A resource: its table, its fields, and which query parameter searches which field.
struct Resource {
    std::string name;
    std::int64_t first_id = 1;
    std::vector<Field> fields;
    std::vector<std::pair<std::string, std::string>> search;  // query parameter, record path
    std::string id_path = "id";
};

// A system as data.
struct SystemDescription {
    std::string kind;
    std::string root;         // "/api/"
    std::string created_at;   // "created_at"; empty: not shown
    std::string modified_at;  // "updated_at"
    std::int64_t quota_per_minute = 1;
    std::vector<Resource> resources;
    Books::Fold fold = nullptr;
};

// Everything that can be wrong with a request; each system has its own status, code and shape for it.
enum class Trouble {
    unauthorized,
    not_found,
    no_method,
    bad_request,
    invalid,
    duplicate,
    stale,
    no_precondition,
    cursor_expired,
    too_many,
    unavailable,
};

class RecordSystem : public SimulatedSystem {
public:
    RecordSystem(SystemDescription description, const SimOptions& options);

    http::Response handle(const http::Request& request, Instant now) override;
    std::string_view kind() const final { return description_.kind; }

    // Takes up the journal or, where there is none, the generator's records.
    Result<void> start(const SimOptions& options);

protected:
    struct Call {
        const http::Request& request;
        http::Query query;
        Instant now;
        bool is_insider = false;  // a person in the application, not its API's user
    };
    // Who makes a record, and within which other new one.
    struct Maker {
        bool is_insider = false;
        Value parent = {};  // the id of a record that comes to be in the same call, or null
    };

    virtual bool is_authorised(const http::Headers& headers) const = 0;
    virtual http::Response refuse_with(Trouble trouble, const std::string& text,
                                       const std::string& field) const = 0;
    virtual http::Response list(std::size_t resource, const Call& call) const = 0;
    // The number in an id as it stands in a URL; nullopt: no such id can exist.
    virtual std::optional<std::int64_t> id_number(std::size_t resource,
                                                  std::string_view text) const = 0;
    virtual Value id_value(std::size_t resource, std::int64_t id) const = 0;
    // Whether the conditional headers allow to write over `record`; nullopt: yes.
    virtual std::optional<http::Response> check_precondition(const Call& call,
                                                             const Value& record) const;
    virtual http::Headers record_headers(const std::string& body) const;
    // What was sent, in the terms of the table of fields.
    virtual Accepted<Value> translated(std::size_t resource, Value sent, bool is_new) const;
    // Adds what is not in the table of fields: lines, totals, versions. Called once the fields are
    // filled; returns whether anything differs now. `sent` is the request body.
    virtual Accepted<bool> complete(std::size_t resource, Value& record, const Value& sent,
                                    bool is_new, const Surroundings& surroundings);
    // Writes the times of a record; `created` only when it is new.
    virtual void stamp(std::size_t resource, Value& record, std::optional<Instant> created,
                       Instant modified) const;
    // The last touch of a record that did change (its version).
    virtual void seal(std::size_t resource, Value& record, std::int64_t id);
    // Where the record stands among the changes of its table.
    virtual Instant place_of(std::size_t resource, const Value& record, Instant modified) const;
    // What comes to be together with a new record: the lines that were sent nested in it.
    virtual Accepted<void> add_children(std::size_t resource, std::int64_t id, const Value& sent,
                                        const Call& call, std::vector<Change>& changes);
    // The answer to a write that was done: 201, 200, or 204 with an empty body.
    virtual http::Response show_written(std::size_t resource, int status, const std::string& body,
                                        const Call& call) const;
    // What goes with a record that is removed.
    virtual void add_dependants(std::size_t resource, std::int64_t id,
                                std::vector<Change>& changes) const;
    // What changes in other records with what `changes` holds already.
    virtual Accepted<void> add_consequences(std::size_t resource, std::int64_t id, const Call& call,
                                            std::vector<Change>& changes);
    virtual bool has_idempotency_keys() const { return false; }

    http::Response refuse_with(Trouble trouble, const std::string& text) const {
        return refuse_with(trouble, text, "");
    }
    virtual http::Response refuse_with(const Refusal& refusal) const;
    // The rows that meet every search parameter of the query, sorted by id; nullopt: none was given.
    std::optional<std::vector<const Row*>> searched(std::size_t resource,
                                                    const http::Query& query) const;

    const SystemDescription& description() const { return description_; }
    const std::string& credential() const { return credential_; }
    const Books& books() const { return books_; }
    Counters& counters() { return books_.counters(); }
    std::size_t resource_named(std::string_view name) const;  // size() when there is none

    // The record that `sent` makes, not yet stamped and sealed.
    Accepted<Value> new_record(std::size_t resource, std::int64_t id, const Value& sent,
                               const Maker& maker);
    Row row_of(std::size_t resource, std::int64_t id, Instant modified, const Value& record) const;
    http::Response create(std::size_t resource, const Call& call);
    http::Response change(std::size_t resource, std::int64_t id, const Call& call);
    http::Response remove(std::size_t resource, std::int64_t id, const Call& call);
    http::Response statistics() const;
    // Answers a write whose changes are ready; the record that was asked for comes first among them.
    virtual http::Response commit(std::vector<Change> changes, const std::string& key, int status,
                                  const Call& call);

private:
    class Neighbours;

    http::Response answer(const http::Request& request, Instant now, std::string_view path,
                          std::string_view query);
    http::Response route(const Call& call, std::string_view path);
    http::Response one(std::size_t resource, std::int64_t id) const;
    http::Response unchanged(std::size_t resource, const Row& row, const Call& call);
    http::Response answer_with(int status, const std::string& body) const;
    Result<void> load(const std::vector<GeneratedRecord>& records);

    SystemDescription description_;
    std::string credential_;
    std::int64_t clock_;
    Books books_;
    Quota quota_;
};

// "2026-11-21T10:00:00.000Z": always with milliseconds.
std::string format_time(Instant t);
http::Response json_response(int status, std::string body);
// The first value of a query parameter, or null pointer.
const std::string* parameter(const http::Query& query, std::string_view name);
// A whole number within the bounds; `otherwise` when the parameter is not given; nullopt: unusable.
std::optional<std::int64_t> number_parameter(const http::Query& query, std::string_view name,
                                             std::int64_t otherwise, std::int64_t max);
std::optional<std::int64_t> parse_whole(std::string_view text);
// "http://127.0.0.1:4012": where the request was sent to.
std::string origin_of(const http::Request& request);
// The first parameter of the query that is not among `known`; empty when all are.
std::string unknown_parameter(const http::Query& query,
                              std::initializer_list<std::string_view> known);

}  // namespace entente::sim
