#include "sim/webshop.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"

namespace entente::sim {
namespace {

constexpr std::int64_t page_size_max = 250;
constexpr std::int64_t page_max = 100'000'000;
constexpr std::size_t orders = 2;
constexpr std::string_view id_letters[] = {"c-", "p-", "o-"};

std::vector<Field> customer_fields() {
    return {{.path = "name", .max = 120, .required = true},
            {.path = "email", .max = 120, .has_at_sign = true},
            {.path = "phone", .max = 40},
            {.path = "vat_id", .max = 20},
            {.path = "address.street"},
            {.path = "address.zip"},
            {.path = "address.city"},
            {.path = "address.country", .letters = 2},
            {.path = "newsletter", .type = FieldType::boolean, .initial = false},
            {.path = "tags", .type = FieldType::texts, .initial = Value::list()}};
}

std::vector<Field> product_fields() {
    return {{.path = "sku", .max = 40, .required = true, .unique = true},
            {.path = "title", .max = 200, .required = true},
            {.path = "price", .type = FieldType::number},
            {.path = "currency", .letters = 3},
            {.path = "active", .type = FieldType::boolean, .initial = true},
            {.path = "image_url"}};
}

std::vector<Field> order_fields() {
    return {
        {.path = "number", .max = 40, .required = true, .unique = true},
        {.path = "customer_id", .type = FieldType::reference, .required = true, .to = "customers"},
        {.path = "ordered_on", .type = FieldType::date},
        {.path = "currency", .letters = 3},
        {.path = "comment", .max = 500},
        {.path = "status", .max = 20, .initial = "open"},
        {.path = "total", .type = FieldType::number, .read_only = true}};
}

std::string fold_for_search(std::string_view, const Value& value) {
    return value.is_text() ? text::lower(text::trim(value.as_text())) : json::write(value);
}

SystemDescription describe() {
    return {.kind = "custom-webshop",
            .root = "/api/",
            .created_at = "created_at",
            .modified_at = "updated_at",
            .quota_per_minute = 1200,
            .resources = {{"customers",
                           101,
                           customer_fields(),
                           {{"email", "email"}, {"vat_id", "vat_id"}, {"name", "name"}}},
                          {"products", 101, product_fields(), {{"sku", "sku"}}},
                          {"orders", 101, order_fields(), {{"number", "number"}}}},
            .fold = fold_for_search};
}

struct Meaning {
    int status;
    std::string_view code;
};

Meaning meaning_of(Trouble trouble) {
    switch (trouble) {
        case Trouble::unauthorized:
            return {401, "unauthorized"};
        case Trouble::not_found:
            return {404, "not_found"};
        case Trouble::no_method:
            return {405, "bad_request"};
        case Trouble::invalid:
        case Trouble::duplicate:
            return {422, "invalid"};
        case Trouble::too_many:
            return {429, "too_many"};
        case Trouble::unavailable:
            return {503, "unavailable"};
        default:
            return {400, "bad_request"};
    }
}

std::string page_body(const std::vector<const Row*>& rows, std::int64_t page, std::int64_t size,
                      std::size_t total) {
    std::string body = R"({"items":[)";
    const char* comma = "";
    for (const Row* row : rows) {
        body += comma;
        body += row->body;
        comma = ",";
    }
    fmt::format_to(std::back_inserter(body), R"(],"page":{},"page_size":{},"total":{}}})", page,
                   size, total);
    return body;
}

}  // namespace

Webshop::Webshop(const SimOptions& options) : RecordSystem(describe(), options) {}

bool Webshop::is_authorised(const http::Headers& headers) const {
    return http::find(headers, "X-Api-Key") == std::string_view(credential());
}

http::Response Webshop::refuse_with(Trouble trouble, const std::string& text,
                                    const std::string& field) const {
    const Meaning meaning = meaning_of(trouble);
    Value error(Value::Object{{"code", meaning.code}, {"message", text}});
    if (!field.empty()) error.set("field", field);
    return json_response(meaning.status, json::write(Value(Value::Object{{"error", error}})));
}

http::Response Webshop::list(std::size_t resource, const Call& call) const {
    const auto page = number_parameter(call.query, "page", 1, page_max);
    const auto size = number_parameter(call.query, "page_size", 100, page_size_max);
    if (!page || !size) {
        return refuse_with(Trouble::bad_request,
                           fmt::format("page is 1 or more, page_size is 1 to {}", page_size_max),
                           "");
    }
    std::optional<Instant> since;
    if (const std::string* text = parameter(call.query, "updated_since"); text != nullptr) {
        const Result<Instant> parsed = parse_instant(*text);
        if (!parsed) return refuse_with(Trouble::bad_request, "updated_since is no time", "");
        since = *parsed;
    }
    const auto skip = static_cast<std::size_t>((*page - 1) * *size);
    const auto count = static_cast<std::size_t>(*size);
    const Table& table = books().table(resource);
    auto rows = searched(resource, call.query);
    if (!rows && since) {
        return json_response(200, page_body(table.page_since(*since, skip, count), *page, *size,
                                            table.count_since(*since)));
    }
    if (!rows) {
        return json_response(200, page_body(table.page(skip, count), *page, *size, table.size()));
    }
    if (since) {
        std::erase_if(*rows, [&](const Row* row) { return row->modified < *since; });
        std::ranges::stable_sort(*rows, {}, [](const Row* row) { return row->modified; });
    }
    const std::size_t total = rows->size();
    rows->erase(rows->begin(), rows->begin() + static_cast<std::ptrdiff_t>(std::min(skip, total)));
    rows->resize(std::min(rows->size(), count));
    return json_response(200, page_body(*rows, *page, *size, total));
}

std::optional<std::int64_t> Webshop::id_number(std::size_t resource, std::string_view text) const {
    const std::string_view letters = id_letters[resource];
    if (!text.starts_with(letters)) return std::nullopt;
    const auto number = parse_whole(text.substr(letters.size()));
    // "c-0101" is another text than "c-101".
    return number && id_value(resource, *number) == Value(text) ? number : std::nullopt;
}

Value Webshop::id_value(std::size_t resource, std::int64_t id) const {
    return Value(fmt::format("{}{}", id_letters[resource], id));
}

Accepted<bool> Webshop::complete(std::size_t resource, Value& record, const Value& sent,
                                 bool is_new, const Surroundings& surroundings) {
    if (resource != orders) return false;
    const Value* given = sent.find("lines");
    if (given == nullptr) {
        if (is_new) return refuse("must be a list of 1 line or more", "lines");
        return false;
    }
    const Value old = is_new ? Value::list() : *record.find("lines");
    Accepted<Value> lines = merge_lines(old, *given, surroundings, counters().last_line_id);
    if (!lines) return std::unexpected(lines.error());
    const bool has_changed = is_new || !(*lines == old);
    record.set("total", Value(total_of(*lines)));
    record.set("lines", *std::move(lines));
    return has_changed;
}

}  // namespace entente::sim
