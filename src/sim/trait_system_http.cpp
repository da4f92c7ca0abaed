// The door of a system of any traits: login, quota, routes, and the writes.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "sim/trait_system.hpp"

namespace entente::sim {
namespace {

// A window is told to end so much later than it does: whoever reads this clock off by less never comes too early.
constexpr Duration told_late{3'000};
// So far off is a clock whose battery is empty: it may stand anywhere.
constexpr Duration another_century{73 * 365 * 86'400'000LL};

http::Response error(int status, const std::string& code, const std::string& field,
                     const std::string& message) {
    Value error = Value::object();
    error.set("message", Value(message));
    error.set("code", Value(code));
    if (!field.empty()) error.set("field", Value(field));
    Value body = Value::object();
    body.set("error", std::move(error));
    return {status, {{"Content-Type", "application/json"}}, json::write(body)};
}

std::string unquoted(std::string_view tag) {
    if (tag.size() >= 2 && tag.starts_with('"') && tag.ends_with('"'))
        tag = tag.substr(1, tag.size() - 2);
    return std::string(tag);
}

struct Place {
    std::string table, id;  // id empty: the whole table
    bool is_feed = false;
};

Place place_of(std::string_view path) {
    constexpr std::string_view changes = "/changes/";
    if (path.starts_with(changes)) return {std::string(path.substr(changes.size())), "", true};
    if (path.starts_with('/')) path.remove_prefix(1);
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return {std::string(path), "", false};
    return {std::string(path.substr(0, slash)), http::percent_decode(path.substr(slash + 1)),
            false};
}

bool is_create_with_a_bad_line(const Value& sent) {
    const Value* lines = sent.find("lines");
    if (lines == nullptr || !lines->is_list()) return false;
    return std::ranges::any_of(lines->as_list(), [](const Value& line) {
        const Value* text = line.find("text");
        return text == nullptr || !text->is_text() || text->as_text().empty();
    });
}

}  // namespace

http::Response TraitSystem::handle(const http::Request& request, Instant now) {
    settle_touched(now);
    ++counts_.requests;
    if (window_ != window_at(now)) in_window_ = 0;
    window_ = window_at(now);
    ++in_window_;
    if (request.method == "DELETE") ++counts_.deletes;
    http::Response response;
    if (traits_.quota > 0 && in_window_ > traits_.quota) {
        ++counts_.throttled;
        response = throttled(now);
    } else if (http::find(request.headers, "X-Api-Key").value_or("") != secret()) {
        response = error(401, "login", "", "the key is not known");
    } else if (const Ailment* ails = ailment_of(request, now)) {
        ++counts_.ailing;
        response = error(ails->status, "ailing", "", std::string(ailing));
        if (ails->status == 503) response.headers.emplace_back("Retry-After", "1");
    } else {
        response = route(request, now);
    }
    put_headers(response, now);
    return response;
}

const Ailment* TraitSystem::ailment_of(const http::Request& request, Instant now) const {
    if (ailments.empty()) return nullptr;
    const Place place = place_of(http::split_target(request.url).first);
    if (!has_table(place.table)) return nullptr;
    using Asked = Ailment::Asked;
    const bool is_read = request.method == "GET";
    const Asked asked = is_read && place.id.empty() ? Asked::list
                        : is_read                   ? Asked::read
                        : place.id.empty()          ? Asked::create
                                                    : Asked::update;
    const Value sent = is_read ? Value() : json::read(request.body).value_or(Value());
    const StoredRecord* record = place.id.empty() ? nullptr : records(place.table).find(place.id);
    const Value* code = record ? record->body.find("code") : sent.find("code");
    const auto found = std::ranges::find_if(ailments, [&](const Ailment& ails) {
        const bool is_any = ails.asked == Asked::any && asked != Asked::list;
        const bool is_write = ails.asked == Asked::write && !is_read;
        if (now >= ails.until || ails.table != place.table) return false;
        if (ails.asked != asked && !is_any && !is_write) return false;
        if (!ails.code.empty() && !(code && *code == Value(ails.code))) return false;
        if (ails.property.empty()) return true;
        const Value* set = sent.find(ails.property);
        const Value* was = record ? record->body.find(ails.property) : nullptr;
        return set && !(was && *was == *set) && (ails.value.is_null() || *set == ails.value);
    });
    return found == ailments.end() ? nullptr : &*found;
}

const Ailment* TraitSystem::ailment_of_row(const std::string& table, const StoredRecord& record,
                                           Instant now) const {
    const Value* code = record.body.find("code");
    const auto found = std::ranges::find_if(ailments, [&](const Ailment& ails) {
        return ails.asked == Ailment::Asked::row && now < ails.until && ails.table == table &&
               code && *code == Value(ails.code);
    });
    return found == ailments.end() ? nullptr : &*found;
}

std::int64_t TraitSystem::window_at(Instant now) const {
    const std::int64_t at = (now + skew()).ms;
    const std::int64_t per = traits_.quota_per.ms;
    return at >= 0 ? at / per : (at - per + 1) / per;
}

std::int64_t TraitSystem::in_window(Instant now) const {
    return window_ == window_at(now) ? in_window_ : 0;
}

http::Response TraitSystem::throttled(Instant now) const {
    http::Response response = error(429, "throttled", "", "too many requests");
    const std::int64_t left = (window_at(now) + 1) * traits_.quota_per.ms - (now + skew()).ms;
    if (traits_.tells_wait)
        response.headers.emplace_back("Retry-After", std::to_string((left + 999) / 1000));
    return response;
}

void TraitSystem::put_headers(http::Response& response, Instant now) const {
    if (mood.date != Mood::Date::absent) {
        const Duration off = mood.date == Mood::Date::absurd ? another_century : Duration{0};
        response.headers.emplace_back("Date", format_http_date(now + skew() + off));
    }
    const bool is_told = response.status != 429 || traits_.tells_wait;
    if (traits_.quota == 0 || !is_told) return;
    const std::int64_t end = (window_at(now) + 1) * traits_.quota_per.ms + told_late.ms;
    const std::int64_t left = std::max<std::int64_t>(0, traits_.quota - in_window_);
    response.headers.emplace_back("X-Remaining", std::to_string(left));
    response.headers.emplace_back("X-Reset", std::to_string(end));
}

http::Response TraitSystem::route(const http::Request& request, Instant now) {
    const auto [path, query] = http::split_target(request.url);
    if (request.method == "DELETE") return error(405, "method", "", "nothing is deleted here");
    if (traits_.rights && path == "/rights" && request.method == "GET")
        return {200,
                {{"Content-Type", "application/json"}},
                mood.no_rights ? R"({"may":false})" : R"({"may":true})"};
    const Place place = place_of(path);
    const bool is_feed_there = traits_.feed == Traits::Feed::row_version;
    if (!has_table(place.table) || (place.is_feed && !is_feed_there))
        return error(404, "missing", "", "there is nothing at this address");
    if (request.method == "GET" && place.id.empty())
        return list(place.table, request.url, place.is_feed, now);
    if (mood.no_rights) return error(403, "rights", "", "this user may not do that");
    if (request.method == "GET") return read(place.table, place.id, now);
    if (place.is_feed) return error(405, "method", "", "changes can only be read");
    return route_write(request, place.table, place.id, now);
}

http::Response TraitSystem::route_write(const http::Request& request, const std::string& table,
                                        const std::string& id, Instant now) {
    const std::string_view update_verb = traits_.full_update ? "PUT" : "PATCH";
    const bool is_create = request.method == "POST" && id.empty();
    const bool is_update = request.method == update_verb && !id.empty();
    if (!is_create && !is_update) return error(405, "method", "", "no such write here");
    const Result<Value> sent = json::read(request.body);
    if (!sent || !sent->is_object()) return error(400, "json", "", "the body is no object");
    return is_create ? create(request, *sent, table, now) : update(request, *sent, table, id, now);
}

http::Response TraitSystem::create(const http::Request& request, const Value& sent,
                                   const std::string& table, Instant now) {
    std::string key;
    if (traits_.grade == Traits::Grade::keyed)
        key = http::find(request.headers, "Idempotency-Key").value_or("");
    if (const auto made = state_.keys.find(key); !key.empty() && made != state_.keys.end())
        return show_created(200, made->second.first, made->second.second, now);
    Value body = empty_body(table, "");
    if (const auto refusal = fill(table, body, sent, true))
        return error(refusal->status, refusal->code, refusal->field, refusal->message);
    const bool with_lines = table == "things" && traits_.lines == Traits::Lines::with_parent;
    if (with_lines && is_create_with_a_bad_line(sent))
        return error(422, "required", "lines", "a line needs a text");
    const std::string id = records(table).new_id(traits_.name);
    body.set("id", Value(id));
    ++counts_.writes;
    ++counts_.creates;
    if (!key.empty()) state_.keys[key] = {table, id};
    insert(table, id, std::move(body), {.by_person = false, .sent = sent}, now);
    if (with_lines) create_lines(id, sent, now);
    return show_created(201, table, id, now);
}

void TraitSystem::create_lines(const std::string& thing, const Value& sent, Instant now) {
    const Value* lines = sent.find("lines");
    if (lines == nullptr || !lines->is_list()) return;
    for (const Value& line : lines->as_list()) {
        const std::string id = state_.lines.new_id(traits_.name);
        Value body = empty_body("lines", id);
        body.set("of", Value(thing));
        for (const std::string_view name : {"text", "quantity"})
            if (const Value* value = line.find(name)) body.set(name, *value);
        insert("lines", id, std::move(body), {.by_person = false, .sent = line}, now);
    }
}

// A repeated create shows what it made as it is by now, or as it was when it was removed.
http::Response TraitSystem::show_created(int status, const std::string& table,
                                         const std::string& id, Instant now) {
    const StoredRecord* made = records(table).find(id);
    if (made == nullptr) made = records(table).find_removed(id);
    CHECK(made != nullptr, "what a create made is there or was removed");
    if (!traits_.create_shows_key) return show(status, table, id, shown(table, *made), now);
    Value key_only = Value::object();
    key_only.set("id", Value(id));
    return show(status, table, id, std::move(key_only), now);
}

http::Response TraitSystem::update(const http::Request& request, const Value& sent,
                                   const std::string& table, const std::string& id, Instant now) {
    const StoredRecord* record = records(table).find(id);
    if (record == nullptr) return error(404, "missing", "", "there is no such record");
    const auto expected = http::find(request.headers, "If-Match");
    const bool is_versioned = traits_.versions != Traits::Versions::none;
    const std::string version = traits_.versions == Traits::Versions::timed
                                    ? format_instant(record->modified)
                                    : std::to_string(record->version);
    if (is_versioned && expected && unquoted(*expected) != version)
        return error(412, "stale", "", "the record has changed meanwhile");
    Value body = record->body;
    if (const auto refusal = fill(table, body, sent, false))
        return error(refusal->status, refusal->code, refusal->field, refusal->message);
    ++counts_.writes;
    replace(table, id, std::move(body), {.by_person = false, .sent = sent}, now);
    return show_updated(table, id, sent, now);
}

http::Response TraitSystem::show_updated(const std::string& table, const std::string& id,
                                         const Value& sent, Instant now) {
    const Value whole = shown(table, records(table).live().at(id));
    switch (traits_.update_answer) {
        case Traits::Answer::record:
            return show(200, table, id, whole, now);
        case Traits::Answer::nothing:
            return silent_answer(table, id);
        case Traits::Answer::part:
            break;
    }
    Value part = Value::object();
    part.set("id", Value(id));
    for (const auto& [name, value] : sent.as_object())
        if (const Value* stored = records(table).live().at(id).body.find(name))
            part.set(name, name == "note" ? *whole.find(name) : *stored);
    return show(200, table, id, std::move(part), now);
}

// Nothing but the version that the change has made, if there is one.
http::Response TraitSystem::silent_answer(const std::string& table, const std::string& id) const {
    const bool is_counted = traits_.versions == Traits::Versions::counter ||
                            traits_.versions == Traits::Versions::touched;
    if (!is_counted) return {204, {}, ""};
    const StoredRecord& record = records(table).live().at(id);
    return {204, {{"ETag", fmt::format("\"{}\"", record.version)}}, ""};
}

http::Response TraitSystem::show(int status, const std::string& table, const std::string& id,
                                 const Value& body, Instant now) {
    witness_.shown(*this, table, id, body, now);
    return {status, {{"Content-Type", "application/json"}}, json::write(body)};
}

http::Response TraitSystem::read(const std::string& table, const std::string& id, Instant now) {
    const StoredRecord* record = records(table).oldest_since(id, seen_since(now));
    if (record == nullptr) return error(404, "missing", "", "there is no such record");
    return show(200, table, id, shown(table, *record), now);
}

http::Response TraitSystem::list(const std::string& table, std::string_view target, bool is_feed,
                                 Instant now) {
    const auto query = read_list_query(table, target, is_feed);
    if (!query) return error(400, "query", "", query.error().text);
    if (mood.no_rights && !query->equals.empty())
        return error(403, "rights", "", "this user may not do that");
    return list_page(table, *query, now);
}

}  // namespace entente::sim
