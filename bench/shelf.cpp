#include "bench/shelf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/json.hpp"

namespace entente::bench {
namespace {

constexpr Instant long_ago{1'767'225'600'000};  // 2026-01-01: when every record was made
constexpr std::string_view made_at = "2026-01-01T00:00:00.000Z";

std::string_view value_of(const http::Query& query, std::string_view name) {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return {};
}

std::int64_t number_of(std::string_view text, std::int64_t otherwise) {
    std::int64_t out = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

http::Response json_answer(int status, std::string body) {
    return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

std::string when(Instant t) {
    return t == long_ago ? std::string(made_at) : format_instant(t);
}

}  // namespace

std::string Shelf::name(std::int64_t number) const {
    const auto change = changes_.find(number);
    return change != changes_.end() ? change->second.name
                                    : fmt::format("Company {:07} Trading AS", number);
}

std::string Shelf::id(std::int64_t number) const {
    return kind_ == ShelfKind::webshop ? fmt::format("c-{}", number) : fmt::format("{}", number);
}

std::string Shelf::etag(std::int64_t number) const {
    const auto change = changes_.find(number);
    return fmt::format("{}", change == changes_.end() ? 1 : change->second.version);
}

void Shelf::append_webshop(std::string& out, std::int64_t number) const {
    const auto change = changes_.find(number);
    fmt::format_to(
        std::back_inserter(out),
        R"({{"id":"c-{0}","name":"{1}","email":"post@company{0}.example","phone":"+47 22{0:07}","vat_id":"NO{0:09}MVA",)"
        R"("address":{{"street":"Storgata {0}","zip":"{2:04}","city":"Oslo","country":"NO"}},"newsletter":false,)"
        R"("tags":["retail","since 2024"],"remarks":"Delivers to the back door before nine; the bell does not work, )"
        R"(so call the number above. Invoices go to the head office.","created_at":"{3}","updated_at":"{4}"}})",
        number, name(number), number % 10'000, made_at,
        change == changes_.end() ? std::string(made_at) : when(change->second.modified));
}

void Shelf::append_erp(std::string& out, std::int64_t number) const {
    const auto change = changes_.find(number);
    fmt::format_to(
        std::back_inserter(out),
        R"({{"id":{0},"company_name":"{1}","vat_number":"NO{0:09}MVA","email":"post@company{0}.example",)"
        R"("telephone":"+47 22{0:07}","street":"Storgata {0}","postal_code":"{2:04}","city":"Oslo","country_code":"NO",)"
        R"("credit_limit":25000.00,"account_manager":"Kari Nordmann","payment_terms":"30 days net","remarks":"Delivers to )"
        R"(the back door before nine; the bell does not work, so call the number above.","modified":"{3}","etag":"{4}"}})",
        number, name(number), number % 10'000,
        change == changes_.end() ? std::string(made_at) : when(change->second.modified),
        etag(number));
}

void Shelf::append(std::string& out, std::int64_t number) const {
    if (kind_ == ShelfKind::webshop)
        append_webshop(out, number);
    else
        append_erp(out, number);
}

// First row and number of rows asked for.
std::pair<std::int64_t, std::int64_t> Shelf::window(const http::Query& query) const {
    if (kind_ == ShelfKind::erp)
        return {number_of(value_of(query, "cursor"), 0), number_of(value_of(query, "limit"), 200)};
    const std::int64_t size = number_of(value_of(query, "page_size"), 100);
    return {(number_of(value_of(query, "page"), 1) - 1) * size, size};
}

std::vector<std::int64_t> Shelf::changed_since(Instant since) const {
    std::vector<std::int64_t> out;
    for (const auto& [number, change] : changes_)
        if (change.modified >= since) out.push_back(number);
    return out;
}

std::string Shelf::page_end(std::int64_t first, std::int64_t count, std::int64_t total) const {
    const std::int64_t next = first + count;
    if (kind_ == ShelfKind::webshop) return fmt::format(R"(],"total":{}}})", total);
    return next < total ? fmt::format(R"(],"next":"{}"}})", next)
                        : std::string(R"(],"next":null})");
}

http::Response Shelf::list(const http::Query& query) const {
    const std::string_view since =
        value_of(query, kind_ == ShelfKind::erp ? "modified_since" : "updated_since");
    const auto from = since.empty() ? long_ago : parse_instant(since).value_or(long_ago);
    const bool all = from <= long_ago;
    const std::vector<std::int64_t> changed =
        all ? std::vector<std::int64_t>{} : changed_since(from);
    const std::int64_t total = all ? records_ : static_cast<std::int64_t>(changed.size());
    const auto [first, limit] = window(query);
    const std::int64_t count = std::clamp<std::int64_t>(total - first, 0, limit);
    std::string body = kind_ == ShelfKind::erp ? R"({"data":[)" : R"({"items":[)";
    body.reserve(static_cast<std::size_t>(count) * 620 + 64);
    for (std::int64_t i = first; i < first + count; ++i) {
        if (i > first) body += ',';
        append(body, all ? i + 1 : changed[static_cast<std::size_t>(i)]);
    }
    body += page_end(first, count, total);
    return json_answer(200, std::move(body));
}

http::Response Shelf::patch(std::int64_t number, const http::Request& request, Instant now) {
    if (kind_ == ShelfKind::erp) {
        const auto asked = http::find(request.headers, "If-Match");
        if (!asked)
            return json_answer(428,
                               R"({"code":"precondition_required","message":"send If-Match"})");
        if (asked->find(etag(number)) == std::string_view::npos)
            return json_answer(412, R"({"code":"stale","message":"the version moved on"})");
    }
    const auto body = json::read(request.body);
    const Value* given =
        body ? body->find(kind_ == ShelfKind::erp ? "company_name" : "name") : nullptr;
    if (given == nullptr || !given->is_text())
        return json_answer(
            422, R"({"code":"validation","message":"only the name can be changed here"})");
    ++patches_;
    Change& change = changes_[number];
    ++change.version;
    change.name = given->as_text();
    change.modified = now;
    std::string out;
    append(out, number);
    return {200,
            {{"Content-Type", "application/json"}, {"ETag", "\"" + etag(number) + "\""}},
            std::move(out)};
}

http::Response Shelf::handle(const http::Request& request, Instant now) {
    const auto [path, query_text] = http::split_target(request.url);
    const std::string_view collection =
        kind_ == ShelfKind::erp ? "/v1/customers" : "/api/customers";
    if (!path.starts_with(collection)) {
        const bool erp = kind_ == ShelfKind::erp;
        return json_answer(200, erp ? R"({"data":[],"next":null})" : R"({"items":[],"total":0})");
    }
    std::string_view id = path.substr(collection.size());
    if (id.empty()) return list(http::parse_query(query_text));
    id.remove_prefix(kind_ == ShelfKind::erp ? 1 : 3);  // "/4711", "/c-101"
    const std::int64_t number = number_of(id, 0);
    if (number < 1 || number > records_)
        return json_answer(404, R"({"code":"not_found","message":"no such customer"})");
    if (request.method == "PATCH") return patch(number, request, now);
    std::string body;
    append(body, number);
    return json_answer(200, std::move(body));
}

void Shelf::rename_all(Instant now) {
    for (std::int64_t number = 1; number <= records_; ++number) {
        Change& change = changes_[number];
        change.name = fmt::format("Company {:07} Holding AS", number);
        ++change.version;
        change.modified = now;
    }
}

}  // namespace entente::bench
