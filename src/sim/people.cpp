#include "sim/people.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sim/desk.hpp"
#include "sim/words.hpp"

namespace entente::sim {
namespace {

constexpr int tries_max = 20;
// People remember at most so many pages of each resource: enough to choose from, not the whole system.
constexpr int pages_max = 20;

// How often each act happens, of 100.
constexpr std::array<unsigned, acts> act_weights{22, 10, 14, 14, 10, 4, 6, 4, 6, 2, 4, 4, 0};

struct Editable {
    std::string_view model, property;
};
constexpr Editable editable[] = {{"organisation", "phone"},
                                 {"organisation", "street"},
                                 {"product", "price"},
                                 {"order", "comment"}};
// What people change in a record that they are led to.
struct Change {
    std::string_view model, property;
    Act act;
};
constexpr Change changes[] = {{"organisation", "phone", Act::change_phone},
                              {"product", "price", Act::change_price},
                              {"order", "comment", Act::change_comment},
                              {"order_line", "quantity", Act::change_quantity}};
// What records of one thing are called, whichever system shows them.
struct CalledBy {
    std::string_view model, property;
};
constexpr CalledBy called_by[] = {{"organisation", "vat_number"},
                                  {"organisation", "email"},
                                  {"organisation", "name"},
                                  {"product", "sku"},
                                  {"product", "name"}};

}  // namespace

std::string_view name_of(Act act) {
    constexpr std::string_view names[acts] = {
        "change_phone",    "change_address", "change_price",      "change_comment",
        "change_quantity", "clear_value",    "create_customer",   "create_product",
        "create_order",    "add_line",       "different_on_both", "same_on_both",
        "retype_lines"};
    return names[static_cast<std::size_t>(act)];
}

People::People(std::uint64_t seed, std::vector<Workplace> workplaces, Fetch fetch)
    : random_(seed, "people"), workplaces_(std::move(workplaces)), fetch_(std::move(fetch)) {
    CHECK(!workplaces_.empty(), "people work somewhere");
    for (const Workplace& place : workplaces_) {
        CHECK(find_desk(place.kind) != nullptr, "people know the kinds of systems");
    }
    for (int i = 0; i < 4; ++i) salt_ += static_cast<char>('a' + random_.below(26));
}

void People::leave_alone(const std::string& system, const Value& id) {
    untouchable_.emplace(system, json::write(id));
}

void People::leave_alone_what_waits(const Value& truth) {
    const Value* things = truth.find("things");
    if (things == nullptr || !things->is_list()) return;
    for (const Value& thing : things->as_list()) {
        const Value* kind = thing.find("kind");
        const Value* records = thing.find("records");
        if (kind == nullptr || records == nullptr || !records->is_object()) continue;
        const bool waits = *kind == Value("ambiguous") || *kind == Value("double") ||
                           *kind == Value("question") || thing.find("disputed") != nullptr;
        if (!waits) continue;
        for (const auto& [system, ids] : records->as_object()) {
            leave_all_alone(system, ids);
        }
        if (const Value* identity = thing.find("identity")) remember_names(*identity);
    }
}

void People::remember_names(const Value& identity) {
    for (const auto& [model, property] : called_by) {
        const Value* spellings = identity.find(property);
        if (spellings == nullptr || !spellings->is_list()) continue;
        for (const Value& spelling : spellings->as_list()) {
            const std::string name = spelling.is_text() ? text::fold(spelling.as_text()) : "";
            if (!name.empty()) names_that_wait_.insert(name);
        }
    }
}

bool People::is_left_alone(std::size_t place, const std::string& resource, const Value& row) const {
    const Workplace& workplace = workplaces_[place];
    const Desk& desk = *find_desk(workplace.kind);
    if (untouchable_.contains({workplace.name, json::write(*id_of(desk, resource, row))})) {
        return true;
    }
    const std::string_view model = model_of(desk, resource);
    return std::ranges::any_of(called_by, [&](const CalledBy& called) {
        if (called.model != model) return false;
        const Value* name = row.at_path(path_of(desk.kind, model, called.property));
        return name != nullptr && name->is_text() &&
               names_that_wait_.contains(text::fold(name->as_text()));
    });
}

// A list, or several of them by resource.
void People::leave_all_alone(const std::string& system, const Value& ids) {
    if (ids.is_list()) {
        for (const Value& id : ids.as_list()) leave_alone(system, id);
    } else if (ids.is_object()) {
        for (const auto& [resource, list] : ids.as_object()) leave_all_alone(system, list);
    }
}

People::Outcome People::act(Instant now) {
    auto number = static_cast<unsigned>(random_.below(100));
    std::size_t chosen = 0;
    while (number >= act_weights[chosen]) number -= act_weights[chosen++];
    return act(static_cast<Act>(chosen), now);
}

People::Outcome People::act(Act act, Instant now) {
    outcome_ = {};
    now_ = now;
    act_ = act;
    if (const auto done = perform(act); !done) outcome_.error = done.error();
    return std::move(outcome_);
}

People::Outcome People::change_at(const std::string& system, std::string_view url, Instant now) {
    outcome_ = {};
    now_ = now;
    if (const auto done = change_there(system, url); !done) outcome_.error = done.error();
    return std::move(outcome_);
}

Result<void> People::change_there(const std::string& system, std::string_view url) {
    const auto place = std::ranges::find(workplaces_, system, &Workplace::name);
    CHECK(place != workplaces_.end(), "people work in the systems they know");
    const Desk& desk = *find_desk(place->kind);
    const auto named = record_at(desk, url);
    const auto* change_of = std::ranges::find(
        changes, named ? model_of(desk, named->first) : std::string_view(), &Change::model);
    if (change_of == std::end(changes)) {
        return fail(ErrorKind::not_found, "it names no record that people change",
                    std::string(url));
    }
    const auto number = static_cast<std::size_t>(place - workplaces_.begin());
    TRY(Found found, read(number, named->first, Value(named->second)));
    if (is_left_alone(number, named->first, found.record)) {
        return fail(ErrorKind::not_found, "it waits for a person", std::string(url));
    }
    act_ = change_of->act;
    return change(std::move(found), change_of->property, fresh(change_of->property));
}

Result<void> People::perform(Act act) {
    switch (act) {
        case Act::change_phone:
            return change_one("organisation", "phone");
        case Act::change_address:
            return change_one("organisation", "street");
        case Act::change_price:
            return change_one("product", "price");
        case Act::change_comment:
            return change_one("order", "comment");
        case Act::change_quantity:
            return change_quantity();
        case Act::clear_value:
            return clear_one();
        case Act::create_customer:
            return create_customer();
        case Act::create_product:
            return create_product();
        case Act::create_order:
            return create_order();
        case Act::add_line:
            return add_line();
        case Act::different_on_both:
            return change_both(false);
        case Act::same_on_both:
            return change_both(true);
        case Act::retype_lines:
            return retype_lines();
    }
    return fail(ErrorKind::bad_input, "people do no such thing");
}

std::string People::mark() {
    return fmt::format("{}{}", salt_, ++last_mark_);
}

Value People::fresh(std::string_view property) {
    const std::string unique = mark();
    const std::int64_t n = last_mark_;
    const auto number = [](const std::string& s) {
        return Value(Decimal::parse(s).value_or(Decimal()));
    };
    if (property == "phone") {
        return Value(fmt::format("+31 2{:04} {:05}", random_.below(10'000), n % 100'000));
    }
    if (property == "street") return Value(fmt::format("Nieuwe Straat {}, {}", n, unique));
    if (property == "price") {
        return number(fmt::format("{}.{:02}", 1000 + n / 100, n % 100));
    }
    if (property == "quantity") {
        return number(fmt::format("{}.{:03}", 20 + n / 1000, n % 1000));
    }
    const auto comments = words::comments();
    const auto people = words::people();
    return Value(fmt::format("{} ({}, note {})", comments[random_.below(comments.size())],
                             people[random_.below(people.size())], unique));
}

Result<void> People::change_one(std::string_view model, std::string_view property) {
    for (int attempt = 0; attempt < tries_max; ++attempt) {
        TRY(Found found, pick(model, std::nullopt));
        if (path_of(workplaces_[found.place].kind, model, property).empty()) continue;
        return change(std::move(found), property, fresh(property));
    }
    return fail(ErrorKind::not_found, fmt::format("no system has a {} to change", property));
}

Result<void> People::clear_one() {
    for (int attempt = 0; attempt < tries_max; ++attempt) {
        // A price is not cleared: nobody sells without one.
        constexpr std::size_t clearable[] = {0, 1, 3};
        const Editable& e = editable[clearable[random_.below(3)]];
        TRY(Found found, pick(e.model, std::nullopt));
        const std::string_view path = path_of(workplaces_[found.place].kind, e.model, e.property);
        if (path.empty() || is_blank(*found.record.at_path(path))) continue;
        return change(std::move(found), e.property, Value());
    }
    return fail(ErrorKind::not_found, "there is nothing to clear");
}

Result<void> People::change_both(bool is_same_property) {
    for (int attempt = 0; attempt < tries_max; ++attempt) {
        const Editable& e = editable[random_.below(2)];
        TRY(Found found, pick(e.model, std::nullopt));
        Result<Found> other = counterpart(found, e.model);
        if (!other && other.error().kind == ErrorKind::not_found) continue;
        if (!other) return std::unexpected(other.error());
        const std::string_view second =
            is_same_property ? e.property
                             : std::string_view(e.property == "phone" ? "street" : "phone");
        TRY_VOID(change(std::move(found), e.property, fresh(e.property)));
        return change(*std::move(other), second, fresh(second));
    }
    return fail(ErrorKind::not_found, "no record was found on both sides");
}

Result<void> People::change(Found found, std::string_view property, const Value& after) {
    const Desk& desk = *find_desk(workplaces_[found.place].kind);
    const std::string_view model = model_of(desk, found.resource);
    const std::string path(path_of(desk.kind, model, property));
    const Value before = *found.record.at_path(path);
    Value body = Value::object();
    body.set_path(path, after);
    return write_change(std::move(found), path, before, after, body);
}

Result<void> People::write_change(Found found, const std::string& path, const Value& before,
                                  const Value& after, const Value& body) {
    const Desk& desk = *find_desk(workplaces_[found.place].kind);
    const Value id = *id_of(desk, found.resource, found.record);
    const std::string url = record_url(desk, found.resource, id);
    Edit edit{now_,
              after.is_null() ? "clear" : "change",
              std::string(name_of(act_)),
              workplaces_[found.place].name,
              found.resource,
              id,
              path,
              before,
              after,
              true};
    for (int attempt = 0; attempt < tries_max; ++attempt) {
        http::Request request{std::string(desk.write_method), url, {}, json::write(body)};
        if (!found.etag.empty()) request.headers.emplace_back("If-Match", found.etag);
        const Result<http::Response> response = send(found.place, std::move(request));
        if (!response) {
            edit.is_certain = false;
            note(std::move(edit));
            return std::unexpected(response.error());
        }
        if (response->status == 200 || response->status == 204) {
            note(std::move(edit));
            return {};
        }
        // A system that knows versions says 412, or 409 where it is another one.
        if (response->status != 412 && response->status != 409)
            return std::unexpected(refusal_of(*response, url));
        // Somebody else was faster: look at the record again, then type it again.
        TRY(found, read(found.place, found.resource, id));
        if (const Value* now = found.record.at_path(path); now != nullptr) edit.before = *now;
    }
    return fail(ErrorKind::conflict, "the record never stands still", url);
}

Result<People::Found> People::pick(std::string_view model, std::optional<std::size_t> place) {
    for (int attempt = 0; attempt < tries_max; ++attempt) {
        const std::size_t at = place.value_or(some_place());
        const std::string resource(resource_of(workplaces_[at].kind, model));
        TRY_VOID(look_round({at, resource}));
        auto& ids = known_[{at, resource}];
        if (ids.empty()) continue;
        const std::size_t chosen = random_.below(ids.size());
        const Value id = ids[chosen];
        Result<Found> found = read(at, resource, id);
        if (found || found.error().kind != ErrorKind::not_found) return found;
        ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(chosen));
    }
    return fail(ErrorKind::not_found, fmt::format("there is no {} to work on", model));
}

Result<People::Found> People::read(std::size_t place, const std::string& resource,
                                   const Value& id) {
    const Desk& desk = *find_desk(workplaces_[place].kind);
    const std::string url = record_url(desk, resource, id);
    TRY(const http::Response response, send(place, {"GET", url, {}, {}}));
    if (response.status != 200) return std::unexpected(refusal_of(response, url));
    TRY(Value record, record_in(desk, response));
    std::string version = version_in(response, record);
    return Found{place, resource, std::move(record), std::move(version)};
}

Result<People::Found> People::counterpart(const Found& found, std::string_view model) {
    if (workplaces_.size() < 2) return fail(ErrorKind::not_found, "there is no other system");
    const std::string& kind = workplaces_[found.place].kind;
    const std::size_t other =
        (found.place + 1 + random_.below(workplaces_.size() - 1)) % workplaces_.size();
    const Desk& desk = *find_desk(workplaces_[other].kind);
    const std::string resource(resource_of(desk.kind, model));
    const Value* email = found.record.at_path(path_of(kind, model, "email"));
    if (is_blank(*email)) return fail(ErrorKind::not_found, "it has no e-mail address");
    const std::string url =
        search_url(desk, resource, path_of(desk.kind, model, "email"), email->as_text());
    TRY(const http::Response response, send(other, {"GET", url, {}, {}}));
    if (response.status != 200) return std::unexpected(refusal_of(response, url));
    TRY(const Value page, json::read(response.body));
    const Value* rows = rows_of(page);
    if (rows == nullptr || rows->as_list().size() != 1) {
        return fail(ErrorKind::not_found, "it is not found once");
    }
    const Value& row = rows->as_list()[0];
    // The e-mail address alone may be somebody else's by mistake.
    const Value* vat = found.record.at_path(path_of(kind, model, "vat_number"));
    const Value* other_vat = row.at_path(path_of(desk.kind, model, "vat_number"));
    const bool is_same = !is_blank(*vat) && !is_blank(*other_vat) &&
                         text::fold_vat(vat->as_text()) == text::fold_vat(other_vat->as_text());
    const Value id = *id_of(desk, resource, row);
    if (!is_same || is_left_alone(other, resource, row)) {
        return fail(ErrorKind::not_found, "it may be another one");
    }
    return read(other, resource, id);
}

Result<void> People::look_round(const Place& place) {
    if (known_.contains(place)) return {};
    const Workplace& workplace = workplaces_[place.first];
    const Desk& desk = *find_desk(workplace.kind);
    std::vector<Value> ids;
    std::string query(desk.first_page);
    for (int page = 1; page <= pages_max; ++page) {
        const std::string url = list_url(desk, place.second, query);
        TRY(const http::Response response, send(place.first, {"GET", url, {}, {}}));
        if (response.status != 200) return std::unexpected(refusal_of(response, url));
        TRY(const Value body, json::read(response.body));
        const Value* rows = rows_of(body);
        if (rows == nullptr) return fail(ErrorKind::drift, "no rows", url);
        for (const Value& row : rows->as_list()) {
            const Value* id = id_of(desk, place.second, row);
            if (id == nullptr) return fail(ErrorKind::drift, "a record has no id", url);
            if (!is_left_alone(place.first, place.second, row)) ids.push_back(*id);
        }
        const auto next = next_query(desk, body, page);
        if (!next) break;
        query = *next;
    }
    known_[place] = std::move(ids);
    return {};
}

Result<http::Response> People::send(std::size_t place, http::Request request) {
    const Workplace& workplace = workplaces_[place];
    const Desk& desk = *find_desk(workplace.kind);
    request.headers.emplace_back(desk.auth_header,
                                 std::string(desk.auth_prefix) + workplace.credential);
    if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    return fetch_(workplace.name, request);
}

void People::note(Edit edit) {
    outcome_.edits.push_back(std::move(edit));
}

}  // namespace entente::sim
