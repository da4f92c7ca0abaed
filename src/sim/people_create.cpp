// What people make new: customers, products, orders and lines.
#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sim/desk.hpp"
#include "sim/people.hpp"
#include "sim/words.hpp"

namespace entente::sim {
namespace {

std::string_view some(std::span<const std::string_view> list, Random& random) {
    return list[random.below(list.size())];
}

}  // namespace

Result<Value> People::create(std::size_t place, std::string_view model, const Value& body) {
    const Desk& desk = *find_desk(workplaces_[place].kind);
    const std::string resource(resource_of(desk.kind, model));
    const std::string url = std::string(desk.root) + resource;
    Edit edit{now_,
              "create",
              std::string(name_of(act_)),
              workplaces_[place].name,
              resource,
              Value(),
              "",
              Value(),
              body,
              true};
    const Result<http::Response> response = send(place, {"POST", url, {}, json::write(body)});
    if (!response) {
        edit.is_certain = false;
        note(std::move(edit));
        return std::unexpected(response.error());
    }
    if (response->status != 201) return std::unexpected(refusal_of(*response, url));
    TRY(const Value record, record_in(desk, *response));
    edit.id = *id_of(desk, resource, record);
    const Value id = edit.id;
    if (known_.contains({place, resource})) known_[{place, resource}].push_back(id);
    note(std::move(edit));
    return id;
}

Result<void> People::create_customer() {
    const std::size_t place = some_place();
    const std::string& kind = workplaces_[place].kind;
    const std::string unique = mark();
    const std::string family(some(words::families(), random_));
    const auto set = [&](Value& body, std::string_view property, Value value) {
        body.set_path(path_of(kind, "organisation", property), std::move(value));
    };
    Value body = Value::object();
    set(body, "name",
        Value(
            fmt::format("{} {} {}", family, some(words::trades(), random_), text::upper(unique))));
    set(body, "email", Value(fmt::format("info@{}{}.example", text::fold(family), unique)));
    set(body, "vat_number", Value(fmt::format("LU{:03}{:05}", random_.below(1000), last_mark_)));
    set(body, "phone", fresh("phone"));
    set(body, "street", fresh("street"));
    set(body, "city", "Luxembourg");
    set(body, "country", "LU");
    TRY([[maybe_unused]] const Value id, create(place, "organisation", body));
    return {};
}

Result<void> People::create_product() {
    const std::size_t place = some_place();
    const std::string& kind = workplaces_[place].kind;
    const std::string unique = text::upper(mark());
    const auto set = [&](Value& body, std::string_view property, Value value) {
        body.set_path(path_of(kind, "product", property), std::move(value));
    };
    Value body = Value::object();
    set(body, "sku", Value("NEW-" + unique));
    set(body, "name",
        Value(fmt::format("{} {}, edition {}", some(words::qualities(), random_),
                          some(words::goods(), random_), unique)));
    set(body, "price", fresh("price"));
    if (!path_of(kind, "product", "currency").empty()) set(body, "currency", "EUR");
    TRY([[maybe_unused]] const Value id, create(place, "product", body));
    return {};
}

Result<void> People::create_order() {
    const std::size_t place = some_place();
    const std::string& kind = workplaces_[place].kind;
    const Desk& desk = *find_desk(kind);
    TRY(const Found customer, pick("organisation", place));
    TRY(const Found product, pick("product", place));
    const auto set = [&](Value& body, std::string_view model, std::string_view property,
                         Value value) {
        const std::string_view path = path_of(kind, model, property);
        if (!path.empty()) body.set_path(path, std::move(value));
    };
    Value order = Value::object();
    set(order, "order", "number", Value("P26-" + text::upper(mark())));
    set(order, "order", "customer", *id_of(desk, customer.resource, customer.record));
    set(order, "order", "date", Value(date_of(now_)));
    set(order, "order", "currency", "EUR");
    set(order, "order", "comment", fresh("comment"));
    Value line = Value::object();
    set(line, "order_line", "product", *id_of(desk, product.resource, product.record));
    set(line, "order_line", "text", *product.record.at_path(path_of(kind, "product", "name")));
    set(line, "order_line", "quantity", fresh("quantity"));
    set(line, "order_line", "unit_price", fresh("price"));
    if (!desk.lines_at.empty()) order.set(desk.lines_at, Value(Value::List{line}));
    TRY(const Value id, create(place, "order", order));
    if (!desk.lines_at.empty()) return {};
    set(line, "order_line", "order", id);
    TRY([[maybe_unused]] const Value line_id, create(place, "order_line", line));
    return {};
}

Result<void> People::add_line() {
    TRY(const Found order, pick("order", std::nullopt));
    TRY(const Found product, pick("product", order.place));
    const std::string& kind = workplaces_[order.place].kind;
    const Desk& desk = *find_desk(kind);
    Value line = Value::object();
    const auto set = [&](std::string_view property, Value value) {
        line.set_path(path_of(kind, "order_line", property), std::move(value));
    };
    set("product", *id_of(desk, product.resource, product.record));
    set("text", fresh("text"));
    set("quantity", fresh("quantity"));
    set("unit_price", fresh("price"));
    if (resource_of(kind, "order_line").empty()) return add_nested_line(order, line);
    set("order", *id_of(desk, order.resource, order.record));
    TRY([[maybe_unused]] const Value id, create(order.place, "order_line", line));
    return {};
}

Result<void> People::add_nested_line(const Found& order, const Value& line) {
    // The shop takes the whole list: those that stay are named by their ids.
    Value lines = Value::list();
    for (const Value& old : order.record.find("lines")->as_list()) {
        lines.as_list().push_back(Value(Value::Object{{"id", *old.find("id")}}));
    }
    lines.as_list().push_back(line);
    TRY_VOID(write_change(order, "lines", Value(), line, Value(Value::Object{{"lines", lines}})));
    outcome_.edits.back().act = "add_line";
    return {};
}

Result<void> People::retype_lines() {
    const std::size_t place = some_place();
    const std::string& kind = workplaces_[place].kind;
    if (resource_of(kind, "order_line").empty()) {
        TRY(const Found order, pick("order", place));
        return retype_nested_lines(order);
    }
    TRY(const Found line, pick("order_line", place));
    Value body = Value::object();
    for (const char* property : {"order", "product", "text", "quantity", "unit_price"}) {
        const std::string_view path = path_of(kind, "order_line", property);
        const Value* value = line.record.at_path(path);
        if (value && !is_blank(*value)) body.set_path(path, *value);
    }
    if (random_.chance(50))
        body.set_path(path_of(kind, "order_line", "quantity"), fresh("quantity"));
    TRY_VOID(remove_line(line));
    TRY([[maybe_unused]] const Value id, create(place, "order_line", body));
    return {};
}

Result<void> People::remove_line(const Found& line) {
    const Desk& desk = *find_desk(workplaces_[line.place].kind);
    const Value id = *id_of(desk, line.resource, line.record);
    const std::string url = record_url(desk, line.resource, id);
    http::Request request{"DELETE", url, {}, {}};
    if (!line.etag.empty()) request.headers.emplace_back("If-Match", line.etag);
    TRY(const http::Response response, send(line.place, std::move(request)));
    if (response.status != 200 && response.status != 204)
        return std::unexpected(refusal_of(response, url));
    std::erase(known_[{line.place, line.resource}], id);
    note_removed(line, "", line.record);
    return {};
}

void People::note_removed(const Found& found, const std::string& property, const Value& line) {
    const Workplace& workplace = workplaces_[found.place];
    const Value id = *id_of(*find_desk(workplace.kind), found.resource, found.record);
    note({now_, "remove_line", std::string(name_of(act_)), workplace.name, found.resource, id,
          property, line, Value(), true});
}

// The shop gives every line a new id that is sent without one.
Result<void> People::retype_nested_lines(const Found& order) {
    const auto& old = order.record.find("lines")->as_list();
    const std::size_t chosen = random_.below(old.size());
    Value lines = Value::list();
    for (std::size_t i = 0; i < old.size(); ++i) {
        Value line = old[i];
        line.erase("id");
        if (i == chosen && random_.chance(50)) line.set("quantity", fresh("quantity"));
        lines.as_list().push_back(std::move(line));
    }
    const Value typed = lines.as_list().back();
    TRY_VOID(write_change(order, "lines", Value(), typed, Value(Value::Object{{"lines", lines}})));
    outcome_.edits.back().act = "add_line";
    for (const Value& line : old)
        note_removed(order, fmt::format("lines[{}]", id_text(*line.find("id"))), line);
    return {};
}

Result<void> People::change_quantity() {
    const std::size_t place = some_place();
    if (resource_of(workplaces_[place].kind, "order_line").empty()) {
        TRY(const Found order, pick("order", place));
        return change_nested_line(order);
    }
    TRY(Found line, pick("order_line", place));
    return change(std::move(line), "quantity", fresh("quantity"));
}

Result<void> People::change_nested_line(const Found& order) {
    const auto& old = order.record.find("lines")->as_list();
    const std::size_t chosen = random_.below(old.size());
    const Value after = fresh("quantity");
    Value lines = Value::list();
    for (std::size_t i = 0; i < old.size(); ++i) {
        Value line(Value::Object{{"id", *old[i].find("id")}});
        if (i == chosen) line.set("quantity", after);
        lines.as_list().push_back(std::move(line));
    }
    const std::string path = fmt::format("lines[{}].quantity", id_text(*old[chosen].find("id")));
    return write_change(order, path, *old[chosen].find("quantity"), after,
                        Value(Value::Object{{"lines", lines}}));
}

}  // namespace entente::sim
