#include "sim/erp.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sim/cursor.hpp"

namespace entente::sim {
namespace {

constexpr std::int64_t limit_max = 500;
constexpr std::size_t orders = 2;
constexpr std::size_t order_lines = 3;

std::vector<Field> customer_fields() {
    return {{.path = "company_name", .max = 60, .required = true},
            {.path = "vat_number", .max = 20, .upper = true, .no_space = true},
            {.path = "email"},
            {.path = "telephone"},
            {.path = "street"},
            {.path = "postal_code"},
            {.path = "city"},
            {.path = "country_code", .letters = 2},
            {.path = "credit_limit", .type = FieldType::number},
            {.path = "account_manager"}};
}

std::vector<Field> product_fields() {
    return {{.path = "item_code", .max = 30, .required = true, .unique = true, .upper = true},
            {.path = "description", .max = 100, .required = true},
            {.path = "sales_price", .type = FieldType::number, .rounds_to = 2},
            {.path = "currency_code", .letters = 3},
            {.path = "blocked", .type = FieldType::boolean, .initial = false},
            {.path = "stock", .type = FieldType::number}};
}

std::vector<Field> order_fields() {
    return {{.path = "order_no", .read_only = true},
            {.path = "reference", .max = 40},
            {.path = "customer", .type = FieldType::reference, .required = true, .to = "customers"},
            {.path = "order_date", .type = FieldType::date},
            {.path = "currency_code", .letters = 3},
            {.path = "remarks", .max = 500},
            {.path = "state", .initial = "open"}};
}

std::vector<Field> order_line_fields() {
    return {{.path = "order",
             .type = FieldType::reference,
             .required = true,
             .fixed = true,
             .to = "orders"},
            {.path = "product", .type = FieldType::reference, .required = true, .to = "products"},
            {.path = "description"},
            {.path = "qty", .type = FieldType::number},
            {.path = "price", .type = FieldType::number}};
}

// Equality is that of the stored form, so what is asked for is put into it first.
std::string fold_for_search(std::string_view path, const Value& value) {
    if (!value.is_text()) return json::write(value);
    const std::string trimmed = text::trim(value.as_text());
    if (path == "vat_number") return text::upper(text::without_spaces(trimmed));
    if (path == "item_code") return text::upper(trimmed);
    return trimmed;
}

SystemDescription describe() {
    return {.kind = "custom-erp",
            .root = "/v1/",
            .created_at = {},
            .modified_at = "modified",
            .quota_per_minute = 1800,
            .resources = {{"customers",
                           4001,
                           customer_fields(),
                           {{"email", "email"},
                            {"vat_number", "vat_number"},
                            {"company_name", "company_name"}}},
                          {"products", 501, product_fields(), {{"item_code", "item_code"}}},
                          {"orders", 10001, order_fields(), {{"reference", "reference"}}},
                          {"order-lines", 20001, order_line_fields(), {{"order", "order"}}}},
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
        case Trouble::bad_request:
            return {400, "bad_request"};
        case Trouble::invalid:
            return {422, "validation"};
        case Trouble::duplicate:
            return {409, "duplicate"};
        case Trouble::stale:
            return {412, "stale"};
        case Trouble::no_precondition:
            return {428, "precondition_required"};
        case Trouble::cursor_expired:
            return {410, "cursor_expired"};
        case Trouble::too_many:
            return {429, "too_many"};
        case Trouble::unavailable:
            return {503, "unavailable"};
    }
    return {400, "bad_request"};
}

// `rows` holds one more than `count` when the list goes on.
std::string list_body(std::vector<const Row*> rows, std::size_t count, Instant now,
                      const std::string& filters) {
    std::string next = "null";
    if (rows.size() > count) {
        rows.resize(count);
        const Row& last = *rows.back();
        next = '"' + write_cursor({now, last.modified, last.id, filters}) + '"';
    }
    std::string body = R"({"data":[)";
    const char* comma = "";
    for (const Row* row : rows) {
        body += comma;
        body += row->body;
        comma = ",";
    }
    return body + R"(],"next":)" + next + "}";
}

}  // namespace

Erp::Erp(const SimOptions& options) : RecordSystem(describe(), options) {}

bool Erp::is_authorised(const http::Headers& headers) const {
    const auto value = http::find(headers, "Authorization");
    return value && *value == "Bearer " + credential();
}

http::Response Erp::refuse_with(Trouble trouble, const std::string& text,
                                const std::string& field) const {
    const Meaning meaning = meaning_of(trouble);
    Value details = Value::list();
    if (!field.empty()) details.as_list().push_back(Value(Value::Object{{"field", field}}));
    return json_response(meaning.status,
                         json::write(Value(Value::Object{
                             {"code", meaning.code}, {"message", text}, {"details", details}})));
}

http::Response Erp::list(std::size_t resource, const Call& call) const {
    const auto limit = number_parameter(call.query, "limit", 200, limit_max);
    if (!limit) {
        return refuse_with(Trouble::bad_request, fmt::format("limit is 1 to {}", limit_max), "");
    }
    http::Query filters = call.query;
    std::erase_if(filters, [](const auto& p) { return p.first == "limit" || p.first == "cursor"; });
    std::optional<Cursor> cursor;
    if (const std::string* text = parameter(call.query, "cursor"); text != nullptr) {
        cursor = read_cursor(*text);
        if (!cursor) return refuse_with(Trouble::bad_request, "the cursor is not one of ours", "");
        if (call.now - cursor->issued > cursor_life) {
            return refuse_with(Trouble::cursor_expired, "the cursor is older than 10 minutes", "");
        }
        filters = http::parse_query(cursor->filters);
    }
    std::optional<Instant> since;
    if (const std::string* text = parameter(filters, "modified_since"); text != nullptr) {
        const Result<Instant> parsed = parse_instant(*text);
        if (!parsed) return refuse_with(Trouble::bad_request, "modified_since is no time", "");
        since = *parsed;
    }
    const auto count = static_cast<std::size_t>(*limit);
    const Table& table = books().table(resource);
    const std::int64_t last = cursor ? cursor->id : INT64_MIN;
    const Instant from = cursor ? cursor->modified : since.value_or(Instant{});
    auto rows = searched(resource, filters);
    if (!rows && since) {
        rows = table.after_place(from, last, count + 1);
    } else if (!rows) {
        rows = table.after(last, count + 1);
    } else if (since) {
        std::erase_if(*rows, [&](const Row* row) {
            return std::pair(row->modified, row->id) <= std::pair(from, last);
        });
        std::ranges::stable_sort(*rows, {}, [](const Row* row) { return row->modified; });
    } else {
        std::erase_if(*rows, [&](const Row* row) { return row->id <= last; });
    }
    rows->resize(std::min(rows->size(), count + 1));
    return json_response(200,
                         list_body(*std::move(rows), count, call.now, http::format_query(filters)));
}

std::optional<std::int64_t> Erp::id_number(std::size_t resource, std::string_view text) const {
    const auto number = parse_whole(text);
    return number && *number > 0 && std::to_string(*number) == text && resource < books().size()
               ? number
               : std::nullopt;
}

Value Erp::id_value(std::size_t, std::int64_t id) const {
    return Value(id);
}

std::optional<http::Response> Erp::check_precondition(const Call& call, const Value& record) const {
    const auto sent = http::find(call.request.headers, "If-Match");
    if (!sent || sent->empty()) {
        return refuse_with(Trouble::no_precondition, "If-Match is required", "");
    }
    // The version is known by its digits: clients differ in whether they keep the quotes.
    std::string version(*sent);
    std::erase(version, '"');
    if (version == record.find("etag")->as_text()) return std::nullopt;
    return refuse_with(Trouble::stale, "the record has another version by now", "");
}

http::Headers Erp::record_headers(const std::string& body) const {
    // The version is the last member of every record: reading it from the end spares a parse.
    constexpr std::string_view name = R"("etag":")";
    const std::size_t at = body.rfind(name);
    CHECK(at != std::string::npos && body.ends_with("\"}"), "a record ends with its version");
    const std::size_t begin = at + name.size();
    return {{"ETag", '"' + body.substr(begin, body.size() - 2 - begin) + '"'}};
}

void Erp::seal(std::size_t resource, Value& record, std::int64_t id) {
    if (resource == orders) record.set("order_no", Value(fmt::format("SO-{}", id)));
    record.set("etag", Value(std::to_string(++counters().last_version)));
}

void Erp::add_dependants(std::size_t resource, std::int64_t id,
                         std::vector<Change>& changes) const {
    if (resource != orders) return;
    for (const Row* line : books().table(order_lines).search(0, std::to_string(id))) {
        changes.push_back({order_lines, line->id, std::nullopt});
    }
}

}  // namespace entente::sim
