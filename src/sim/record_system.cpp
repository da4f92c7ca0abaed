#include "sim/record_system.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace entente::sim {
namespace {

std::vector<TableShape> shapes_of(const SystemDescription& description) {
    std::vector<TableShape> shapes;
    for (const Resource& resource : description.resources) {
        TableShape shape{resource.name, {}, resource.first_id};
        for (const auto& [query, path] : resource.search) shape.searched.push_back(path);
        shapes.push_back(std::move(shape));
    }
    return shapes;
}

}  // namespace

// What a record sees of the others while its body is judged.
class RecordSystem::Neighbours final : public Surroundings {
public:
    Neighbours(const RecordSystem& system, std::size_t resource, std::int64_t own, Maker maker)
        : system_(system), resource_(resource), own_(own), maker_(std::move(maker)) {}

    bool is_insider() const override { return maker_.is_insider; }

    bool exists(const Field& reference, const Value& id) const override {
        if (!maker_.parent.is_null() && maker_.parent == id) return true;
        const std::size_t target = system_.resource_named(reference.to);
        std::optional<std::int64_t> number;
        if (id.is_text()) {
            number = system_.id_number(target, id.as_text());
        } else if (id.is_decimal() && id.as_decimal().is_whole()) {
            number = system_.id_number(target, id.as_decimal().text());
        }
        // The other spelling of an id (a number as text) is no id.
        return number && system_.id_value(target, *number) == id &&
               system_.books_.table(target).find(*number) != nullptr;
    }

    bool is_taken(const Field& field, const Value& value) const override {
        const auto& search = system_.description_.resources[resource_].search;
        const auto at = std::ranges::find_if(
            search, [&](const auto& pair) { return pair.second == field.path; });
        CHECK(at != search.end(), "a unique field is a searched one");
        const auto rows =
            system_.books_.table(resource_).search(static_cast<std::size_t>(at - search.begin()),
                                                   system_.description_.fold(field.path, value));
        return std::ranges::any_of(rows, [&](const Row* row) { return row->id != own_; });
    }

private:
    const RecordSystem& system_;
    std::size_t resource_;
    std::int64_t own_;
    Maker maker_;
};

RecordSystem::RecordSystem(SystemDescription description, const SimOptions& options)
    : description_(std::move(description)),
      credential_(options.credential),
      clock_(options.clock),
      books_(description_.kind, shapes_of(description_), description_.fold),
      quota_(description_.quota_per_minute, options.clock) {}

http::Response RecordSystem::handle(const http::Request& request, Instant now) {
    const auto [path, query] = http::split_target(request.url);
    if (path == "/sim/stats") return statistics();
    ++books_.counters().requests;
    if (!is_authorised(request.headers)) {
        return refuse_with(Trouble::unauthorized, "the credential is missing or wrong");
    }
    http::Response response;
    if (quota_.take(now)) {
        response = answer(request, now, path, query);
    } else {
        ++books_.counters().rejected_429;
        response = refuse_with(Trouble::too_many, "the quota of this minute is used up");
        response.headers.emplace_back("Retry-After", std::to_string(quota_.seconds_until_one()));
    }
    response.headers.emplace_back("X-RateLimit-Limit", std::to_string(quota_.limit()));
    response.headers.emplace_back("X-RateLimit-Remaining", std::to_string(quota_.remaining()));
    response.headers.emplace_back("X-RateLimit-Reset", std::to_string(quota_.seconds_until_full()));
    if (clock_ != 1) response.headers.emplace_back("X-Sim-Clock", std::to_string(clock_));
    return response;
}

http::Response RecordSystem::answer(const http::Request& request, Instant now,
                                    std::string_view path, std::string_view query) {
    if (!path.starts_with(description_.root)) {
        return refuse_with(Trouble::not_found, "there is nothing at this path");
    }
    const Call call{request, http::parse_query(query), now};
    return route(call, path.substr(description_.root.size()));
}

http::Response RecordSystem::route(const Call& call, std::string_view path) {
    const std::size_t slash = path.find('/');
    const std::size_t resource = resource_named(path.substr(0, slash));
    if (resource == books_.size()) {
        return refuse_with(Trouble::not_found, "there is no such resource");
    }
    const std::string& method = call.request.method;
    if (slash == std::string_view::npos) {
        if (method == "GET") return list(resource, call);
        if (method == "POST") return create(resource, call);
        return refuse_with(Trouble::no_method, "a list takes GET and POST");
    }
    const auto id = id_number(resource, http::percent_decode(path.substr(slash + 1)));
    if (!id || books_.table(resource).find(*id) == nullptr) {
        return refuse_with(Trouble::not_found, "there is no such record");
    }
    if (method == "GET") return one(resource, *id);
    if (method == "PATCH") return change(resource, *id, call);
    if (method == "DELETE") return remove(resource, *id, call);
    return refuse_with(Trouble::no_method, "a record takes GET, PATCH and DELETE");
}

http::Response RecordSystem::one(std::size_t resource, std::int64_t id) const {
    return answer_with(200, books_.table(resource).find(id)->body);
}

Accepted<Value> RecordSystem::new_record(std::size_t resource, std::int64_t id, const Value& sent,
                                         const Maker& maker) {
    const Neighbours neighbours(*this, resource, id, maker);
    const auto& fields = description_.resources[resource].fields;
    Value record = Value::object();
    record.set(description_.resources[resource].id_path, id_value(resource, id));
    const Value empty = blank(fields);
    for (const auto& [name, value] : empty.as_object()) record.set(name, value);
    const auto filled = fill(record, sent, fields, true, neighbours);
    if (!filled) return std::unexpected(filled.error());
    const auto completed = complete(resource, record, sent, true, neighbours);
    if (!completed) return std::unexpected(completed.error());
    return record;
}

void RecordSystem::stamp(std::size_t, Value& record, std::optional<Instant> created,
                         Instant modified) const {
    if (created && !description_.created_at.empty()) {
        record.set(description_.created_at, format_time(*created));
    }
    record.set(description_.modified_at, format_time(modified));
}

Row RecordSystem::row_of(std::size_t resource, std::int64_t id, Instant modified,
                         const Value& record) const {
    return books_.row_of(resource, id, place_of(resource, record, modified), record);
}

http::Response RecordSystem::answer_with(int status, const std::string& body) const {
    http::Response response = json_response(status, body);
    for (auto& header : record_headers(body)) response.headers.push_back(std::move(header));
    return response;
}

http::Response RecordSystem::create(std::size_t resource, const Call& call) {
    std::string key;
    if (has_idempotency_keys()) {
        const auto sent_key = http::find(call.request.headers, "Idempotency-Key");
        // A key belongs to its resource: the same one elsewhere is another promise.
        if (sent_key && !sent_key->empty()) {
            key = description_.resources[resource].name + " " + std::string(*sent_key);
        }
        if (const std::string* first = books_.answer_to(key); !key.empty() && first != nullptr) {
            return answer_with(201, *first);
        }
    }
    Result<Value> body = json::read(call.request.body);
    if (!body || !body->is_object()) {
        return refuse_with(Trouble::bad_request, "the body must be a JSON object");
    }
    const Accepted<Value> sent = translated(resource, *std::move(body), true);
    if (!sent) return refuse_with(sent.error());
    const Counters before = counters();
    const std::int64_t id = counters().next_ids[resource];
    Accepted<Value> record = new_record(resource, id, *sent, {call.is_insider, {}});
    if (!record) {
        counters() = before;
        return refuse_with(record.error());
    }
    stamp(resource, *record, call.now, call.now);
    seal(resource, *record, id);
    ++counters().next_ids[resource];
    ++counters().writes;
    ++counters().creates;
    std::vector<Change> changes;
    changes.push_back({resource, id, row_of(resource, id, call.now, *record)});
    if (const auto added = add_children(resource, id, *sent, call, changes); !added) {
        counters() = before;
        return refuse_with(added.error());
    }
    if (const auto added = add_consequences(resource, id, call, changes); !added) {
        counters() = before;
        return refuse_with(added.error());
    }
    http::Response response = commit(std::move(changes), key, 201, call);
    if (response.status != 201) counters() = before;
    return response;
}

http::Response RecordSystem::change(std::size_t resource, std::int64_t id, const Call& call) {
    const Row& row = *books_.table(resource).find(id);
    Result<Value> body = json::read(call.request.body);
    if (!body || !body->is_object()) {
        return refuse_with(Trouble::bad_request, "the body must be a JSON object");
    }
    Result<Value> record = json::read(row.body);
    CHECK(record.has_value(), "what a system stores is JSON");
    if (auto refused = check_precondition(call, *record)) return *std::move(refused);
    const Accepted<Value> sent = translated(resource, *std::move(body), false);
    if (!sent) return refuse_with(sent.error());
    const Counters before = counters();
    const Neighbours neighbours(*this, resource, id, {call.is_insider, {}});
    const auto filled =
        fill(*record, *sent, description_.resources[resource].fields, false, neighbours);
    if (!filled) return refuse_with(filled.error());
    const auto completed = complete(resource, *record, *sent, false, neighbours);
    if (!completed) {
        counters() = before;
        return refuse_with(completed.error());
    }
    if (!*filled && !*completed) return unchanged(resource, row, call);
    // Two changes within a millisecond must not look like one.
    const Instant modified = std::max(call.now, row.modified + Duration{1});
    stamp(resource, *record, std::nullopt, modified);
    seal(resource, *record, id);
    ++counters().writes;
    std::vector<Change> changes;
    changes.push_back({resource, id, row_of(resource, id, modified, *record)});
    if (const auto added = add_consequences(resource, id, call, changes); !added) {
        counters() = before;
        return refuse_with(added.error());
    }
    http::Response response = commit(std::move(changes), "", 200, call);
    if (response.status >= 300) counters() = before;
    return response;
}

http::Response RecordSystem::unchanged(std::size_t resource, const Row& row, const Call& call) {
    ++counters().writes;
    if (const auto noted = books_.note(); !noted) {
        --counters().writes;
        return refuse_with(Trouble::unavailable, noted.error().message());
    }
    return show_written(resource, 200, row.body, call);
}

http::Response RecordSystem::remove(std::size_t resource, std::int64_t id, const Call& call) {
    const Result<Value> record = json::read(books_.table(resource).find(id)->body);
    CHECK(record.has_value(), "what a system stores is JSON");
    if (auto refused = check_precondition(call, *record)) return *std::move(refused);
    std::vector<Change> changes;
    changes.push_back({resource, id, std::nullopt});
    add_dependants(resource, id, changes);
    const Counters before = counters();
    if (const auto added = add_consequences(resource, id, call, changes); !added) {
        counters() = before;
        return refuse_with(added.error());
    }
    ++counters().writes;
    http::Response response = commit(std::move(changes), "", 204, call);
    if (response.status != 204) counters() = before;
    return response;
}

http::Response RecordSystem::commit(std::vector<Change> changes, const std::string& key, int status,
                                    const Call& call) {
    const std::size_t resource = changes[0].table;
    const std::string body = changes[0].row ? changes[0].row->body : std::string();
    if (const auto done = books_.commit(std::move(changes), key); !done) {
        return refuse_with(Trouble::unavailable, done.error().message());
    }
    return show_written(resource, status, body, call);
}

http::Response RecordSystem::statistics() const {
    const Counters& c = books_.counters();
    Value records = Value::object();
    for (std::size_t i = 0; i < books_.size(); ++i) {
        records.set(books_.shape(i).name, books_.table(i).size());
    }
    const Value stats(Value::Object{{"kind", description_.kind},
                                    {"requests", c.requests},
                                    {"writes", c.writes},
                                    {"creates", c.creates},
                                    {"rejected_429", c.rejected_429},
                                    {"quota", quota_.limit() * clock_},
                                    {"records", records}});
    return json_response(200, json::write(stats));
}

http::Response RecordSystem::refuse_with(const Refusal& refusal) const {
    const bool is_duplicate = refusal.kind == Refusal::Kind::duplicate;
    return refuse_with(is_duplicate ? Trouble::duplicate : Trouble::invalid,
                       refusal.field + " " + refusal.text, refusal.field);
}

std::optional<std::vector<const Row*>> RecordSystem::searched(std::size_t resource,
                                                              const http::Query& query) const {
    std::optional<std::vector<const Row*>> rows;
    const auto& search = description_.resources[resource].search;
    for (std::size_t i = 0; i < search.size(); ++i) {
        const std::string* wanted = parameter(query, search[i].first);
        if (wanted == nullptr) continue;
        const std::string key = description_.fold(search[i].second, Value(*wanted));
        if (!rows) {
            rows = books_.table(resource).search(i, key);
        } else {
            std::erase_if(*rows, [&](const Row* row) { return row->keys[i] != key; });
        }
    }
    return rows;
}

std::size_t RecordSystem::resource_named(std::string_view name) const {
    const auto& resources = description_.resources;
    return static_cast<std::size_t>(std::ranges::find(resources, name, &Resource::name) -
                                    resources.begin());
}

// What a system without versions, lines and keys does.
std::optional<http::Response> RecordSystem::check_precondition(const Call&, const Value&) const {
    return std::nullopt;
}
http::Headers RecordSystem::record_headers(const std::string&) const {
    return {};
}
Accepted<Value> RecordSystem::translated(std::size_t, Value sent, bool) const {
    return sent;
}
Accepted<bool> RecordSystem::complete(std::size_t, Value&, const Value&, bool,
                                      const Surroundings&) {
    return false;
}
void RecordSystem::seal(std::size_t, Value&, std::int64_t) {}
Instant RecordSystem::place_of(std::size_t, const Value&, Instant modified) const {
    return modified;
}
Accepted<void> RecordSystem::add_children(std::size_t, std::int64_t, const Value&, const Call&,
                                          std::vector<Change>&) {
    return {};
}
http::Response RecordSystem::show_written(std::size_t, int status, const std::string& body,
                                          const Call&) const {
    if (status == 204) return {.status = 204, .headers = {}, .body = {}};
    return answer_with(status, body);
}
void RecordSystem::add_dependants(std::size_t, std::int64_t, std::vector<Change>&) const {}
Accepted<void> RecordSystem::add_consequences(std::size_t, std::int64_t, const Call&,
                                              std::vector<Change>&) {
    return {};
}

}  // namespace entente::sim
