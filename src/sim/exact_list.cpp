// What the simulated Exact Online shows: lists in pages, feeds of changed lines, single records, each in its envelope.
#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "sim/exact.hpp"
#include "sim/exact_ids.hpp"

namespace entente::sim {
namespace {

using odata::Condition;
using Kind = Condition::Kind;

constexpr std::size_t page_rows = 60;
constexpr std::size_t feed_rows = 1000;
constexpr std::int64_t top_max = 1'000'000'000;
// Twice a year the wall clock is set by so much: only the rows near the asked time need a look.
constexpr Duration clock_shift{3'600'000};

struct TypeName {
    std::string_view set, name;
};
constexpr TypeName type_names[] = {
    {exact::accounts, "Exact.Web.Api.Models.Account"},
    {exact::items, "Exact.Web.Api.Models.Logistics.Item"},
    {exact::quotations, "Exact.Web.Api.Models.CRM.Quotation"},
    {exact::quotation_lines, "Exact.Web.Api.Models.CRM.QuotationLine"},
    {exact::sales_orders, "Exact.Web.Api.Models.SalesOrder.SalesOrder"},
    {exact::sales_order_lines, "Exact.Web.Api.Models.SalesOrder.SalesOrderLine"}};

http::Response envelope(Value rows, const std::string& next, bool is_bare) {
    if (is_bare)
        return json_response(200, json::write(Value(Value::Object{{"d", std::move(rows)}})));
    Value d(Value::Object{{"results", std::move(rows)}});
    if (!next.empty()) d.set("__next", next);
    return json_response(200, json::write(Value(Value::Object{{"d", std::move(d)}})));
}

bool meets_all(const Row& row, const std::vector<Condition>& conditions) {
    const Result<Value> record = json::read(row.body);
    CHECK(record.has_value(), "what a system stores is JSON");
    return std::ranges::all_of(
        conditions, [&](const Condition& condition) { return odata::meets(*record, condition); });
}

}  // namespace

bool Exact::knows(std::size_t resource, const std::string& field) const {
    const Resource& r = description().resources[resource];
    const bool has_times = lines_as(resource) == nullptr;
    const ExactLines* lines = lines_within(resource);
    return field == r.id_path || (has_times && (field == "Created" || field == "Modified")) ||
           (lines != nullptr && field == lines->navigation) ||
           std::ranges::find(r.fields, field, &Field::path) != r.fields.end();
}

bool Exact::is_usable(std::size_t resource, const Condition& condition) const {
    const Resource& r = description().resources[resource];
    const auto field = std::ranges::find(r.fields, condition.field, &Field::path);
    const bool is_key = condition.field == r.id_path;
    const bool is_reference = field != r.fields.end() && field->type == FieldType::reference;
    const bool is_text = field != r.fields.end() && field->type == FieldType::text;
    switch (condition.kind) {
        case Kind::text:
        case Kind::trimmed_text:
            return is_text;
        case Kind::guid:
            return is_key || is_reference;
        case Kind::since:
            return condition.field == "Modified" && lines_as(resource) == nullptr;
        case Kind::after:
            return false;
    }
    return false;
}

// A superset of the rows that meet the conditions, by the best index there is; sorted by id.
std::vector<const Row*> Exact::candidates(std::size_t resource,
                                          const std::vector<Condition>& conditions) const {
    const Table& table = books().table(resource);
    const Resource& r = description().resources[resource];
    for (const Condition& condition : conditions) {
        if (condition.field == r.id_path) {
            const auto id = id_number(resource, condition.text);
            const Row* row = id ? table.find(*id) : nullptr;
            return row == nullptr ? std::vector<const Row*>{} : std::vector<const Row*>{row};
        }
        const auto at = std::ranges::find(r.search, condition.field,
                                          [](const auto& pair) { return pair.second; });
        if (at == r.search.end()) continue;
        return table.search(static_cast<std::size_t>(at - r.search.begin()),
                            description().fold(condition.field, Value(condition.text)));
    }
    const auto since = std::ranges::find(conditions, Kind::since, &Condition::kind);
    if (since == conditions.end()) return table.page(0, table.size());
    auto rows = table.page_since(earliest_at(since->since) - clock_shift, 0, table.size());
    std::ranges::sort(rows, {}, &Row::id);
    return rows;
}

Exact::Page Exact::page_of(std::size_t resource, const std::vector<Condition>& conditions,
                           std::int64_t after, std::size_t count) const {
    std::vector<const Row*> rows;
    if (conditions.empty()) {
        rows = books().table(resource).after(after, count + 1);
    } else {
        for (const Row* row : candidates(resource, conditions)) {
            if (rows.size() > count) break;
            if (row->id > after && meets_all(*row, conditions)) rows.push_back(row);
        }
    }
    Page page{std::move(rows), {}};
    if (page.rows.size() <= count) return page;
    page.rows.resize(count);
    page.next = fmt::format("guid'{}'", id_value(resource, page.rows.back()->id).as_text());
    return page;
}

http::Response Exact::list(std::size_t resource, const Call& call) const {
    const std::string unknown =
        unknown_parameter(call.query, {"$filter", "$select", "$top", "$skiptoken"});
    if (!unknown.empty()) {
        return refuse_with(Trouble::bad_request, unknown + " is not supported", "");
    }
    std::vector<Condition> conditions;
    if (const std::string* filter = parameter(call.query, "$filter"); filter != nullptr) {
        auto parsed = odata::parse_filter(*filter);
        const auto usable = [&](const Condition& c) { return is_usable(resource, c); };
        if (!parsed || !std::ranges::all_of(*parsed, usable)) {
            return refuse_with(Trouble::bad_request, "$filter is not understood: " + *filter, "");
        }
        conditions = *std::move(parsed);
    }
    std::int64_t after = INT64_MIN;
    const std::string* token = parameter(call.query, "$skiptoken");
    if (token != nullptr) {
        const auto guid = odata::parse_guid(*token);
        const auto id = guid ? id_number(resource, *guid) : std::nullopt;
        if (!id) return refuse_with(Trouble::bad_request, "$skiptoken is not one of ours", "");
        after = *id;
    }
    const auto top = number_parameter(call.query, "$top", top_max, top_max);
    if (!top) return refuse_with(Trouble::bad_request, "$top is a number from 1 on", "");
    const std::size_t wanted = static_cast<std::size_t>(*top);
    Page page = page_of(resource, conditions, after, std::min(page_rows, wanted));
    if (wanted <= page_rows) page.next.clear();

    const std::string* chosen = parameter(call.query, "$select");
    const auto select =
        chosen == nullptr ? std::vector<std::string>{} : odata::parse_select(*chosen);
    const auto known = [&](const std::string& field) { return knows(resource, field); };
    if (!select || !std::ranges::all_of(*select, known)) {
        return refuse_with(Trouble::bad_request, "$select names an unknown field: " + *chosen, "");
    }
    Value rows = Value::list();
    for (const Row* row : page.rows) {
        rows.as_list().push_back(shown(resource, row->body, call, *select, false));
    }
    const bool is_bare = description().resources[resource].name == exact::accounts &&
                         token == nullptr && page.next.empty();
    const std::string next = page.next.empty() ? "" : next_url(call, page.next, page.rows.size());
    return envelope(std::move(rows), next, is_bare);
}

http::Response Exact::feed(std::size_t resource, const Call& call) const {
    const std::string unknown = unknown_parameter(call.query, {"$filter", "$select", "$skiptoken"});
    const std::string* filter = parameter(call.query, "$filter");
    const auto conditions = filter == nullptr ? std::nullopt : odata::parse_filter(*filter);
    const bool is_feed_filter = conditions && conditions->size() == 1 &&
                                conditions->front().kind == Kind::after &&
                                conditions->front().field == "Timestamp";
    if (!unknown.empty() || !is_feed_filter) {
        return refuse_with(Trouble::bad_request, "a feed is asked with $filter=Timestamp gt N", "");
    }
    std::int64_t after = conditions->front().number;
    if (const std::string* token = parameter(call.query, "$skiptoken"); token != nullptr) {
        const std::string_view text = *token;
        const auto number = parse_whole(text.substr(0, text.find('L')));
        if (!number) return refuse_with(Trouble::bad_request, "$skiptoken is not one of ours", "");
        after = std::max(after, *number);
    }
    const std::string* chosen = parameter(call.query, "$select");
    const auto select =
        chosen == nullptr ? std::vector<std::string>{} : odata::parse_select(*chosen);
    const auto known = [&](const std::string& field) {
        return field == "Timestamp" || knows(resource, field);
    };
    if (!select || !std::ranges::all_of(*select, known)) {
        return refuse_with(Trouble::bad_request, "$select names an unknown field: " + *chosen, "");
    }
    auto found = books().table(resource).after_place({after}, INT64_MAX, feed_rows + 1);
    std::string next;
    if (found.size() > feed_rows) {
        found.resize(feed_rows);
        next = next_url(call, fmt::format("{}L", found.back()->modified.ms), feed_rows);
    }
    Value rows = Value::list();
    for (const Row* row : found) {
        rows.as_list().push_back(shown(resource, row->body, call, *select, true));
    }
    return envelope(std::move(rows), next, false);
}

http::Response Exact::single(std::size_t resource, std::int64_t id, const Call& call) const {
    const std::string unknown = unknown_parameter(call.query, {"$select"});
    if (!unknown.empty()) {
        return refuse_with(Trouble::bad_request, unknown + " is not supported here", "");
    }
    const std::string* chosen = parameter(call.query, "$select");
    const auto select =
        chosen == nullptr ? std::vector<std::string>{} : odata::parse_select(*chosen);
    const auto known = [&](const std::string& field) { return knows(resource, field); };
    if (!select || !std::ranges::all_of(*select, known)) {
        return refuse_with(Trouble::bad_request, "$select names an unknown field: " + *chosen, "");
    }
    Value record = shown(resource, books().table(resource).find(id)->body, call, *select, false);
    return json_response(200, json::write(Value(Value::Object{{"d", std::move(record)}})));
}

Value Exact::shown(std::size_t resource, const std::string& body, const Call& call,
                   const std::vector<std::string>& select, bool with_timestamp) const {
    Result<Value> record = json::read(body);
    CHECK(record.has_value(), "what a system stores is JSON");
    const Resource& r = description().resources[resource];
    const std::string id = record->find(r.id_path)->as_text();
    const std::string uri = fmt::format("{}{}{}/{}(guid'{}')", origin_of(call.request),
                                        description().root, division, r.name, id);
    const auto type = std::ranges::find(type_names, r.name, &TypeName::set)->name;
    Value out(Value::Object{{"__metadata", Value(Value::Object{{"uri", uri}, {"type", type}})}});
    const auto is_chosen = [&](const std::string& name) {
        return select.empty() || name == r.id_path ||
               std::ranges::find(select, name) != select.end();
    };
    for (auto& [name, value] : record->as_object()) {
        if (name == "Timestamp" && !with_timestamp) continue;
        if (is_chosen(name)) out.set(name, std::move(value));
    }
    const ExactLines* lines = lines_within(resource);
    if (lines != nullptr && is_chosen(std::string(lines->navigation))) {
        const Value deferred(Value::Object{{"uri", fmt::format("{}/{}", uri, lines->navigation)}});
        out.set(lines->navigation, Value(Value::Object{{"__deferred", deferred}}));
    }
    return out;
}

// The same question from `token` on; what $top still allows is what was not shown yet.
std::string Exact::next_url(const Call& call, const std::string& token, std::size_t shown) const {
    const auto [path, query] = http::split_target(call.request.url);
    std::string url = origin_of(call.request) + std::string(path) + "?";
    for (const auto& [name, value] : call.query) {
        if (name == "$skiptoken") continue;
        const auto top = name == "$top" ? parse_whole(value) : std::nullopt;
        const std::string rest =
            top ? std::to_string(*top - static_cast<std::int64_t>(shown)) : value;
        url += fmt::format("{}={}&", name, http::percent_encode(rest));
    }
    return url + "$skiptoken=" + http::percent_encode(token);
}

}  // namespace entente::sim
