// What the simulated Business Central shows: lists in pages, single records, lines within their documents.
#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sim/business_central.hpp"
#include "sim/business_central_question.hpp"
#include "sim/business_central_sums.hpp"

namespace entente::sim {
namespace {

using odata::Comparison;
using odata::Expression;

constexpr std::int64_t page_rows_max = 20'000;
constexpr std::int64_t top_max = 1'000'000'000;
constexpr std::string_view modified = "lastModifiedDateTime";

// The conditions that must hold whatever else the filter says.
std::vector<const Expression*> conjuncts_of(const Expression& expression) {
    std::vector<const Expression*> out;
    if (expression.kind != Expression::Kind::all) return {&expression};
    for (const Expression& part : expression.parts) out.push_back(&part);
    return out;
}

bool is_since(const Expression& expression) {
    return expression.kind == Expression::Kind::compare && expression.property == modified &&
           (expression.comparison == Comparison::greater ||
            expression.comparison == Comparison::greater_or_equal);
}

bool is_equality(const Expression& expression) {
    return expression.kind == Expression::Kind::compare && expression.literal.is_text() &&
           expression.comparison == Comparison::equal && expression.fold == Expression::Fold::none;
}

Instant time_in(const Expression& since) {
    return {since.literal.as_decimal().to_int().value_or(0)};
}

bool is_met(const Row& row, const Expression& expression) {
    if (expression.kind == Expression::Kind::ignored) return true;
    if (!is_since(expression)) return odata::meets(central::parsed(row), expression);
    const Instant time = time_in(expression);
    return row.modified > time ||
           (row.modified == time && expression.comparison == Comparison::greater_or_equal);
}

std::int64_t page_rows(const http::Headers& headers) {
    constexpr std::string_view name = "odata.maxpagesize=";
    const std::string_view prefer = http::find(headers, "Prefer").value_or("");
    const std::size_t at = prefer.find(name);
    if (at == std::string_view::npos) return page_rows_max;
    const std::string_view rest = prefer.substr(at + name.size());
    const auto rows = parse_whole(rest.substr(0, rest.find_first_of(",; ")));
    return rows && *rows >= 1 ? std::min(*rows, page_rows_max) : page_rows_max;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        out.push_back(text::trim(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    return out;
}

std::optional<std::int64_t> number_from_0(const http::Query& query, std::string_view name,
                                          std::int64_t otherwise) {
    const std::string* text = parameter(query, name);
    if (text == nullptr) return otherwise;
    const auto number = parse_whole(*text);
    return number && *number >= 0 && *number <= top_max ? number : std::nullopt;
}

// What is wanted of expanded lines: "salesOrderLines($select=id,quantity)"; nothing stands for all.
std::expected<std::vector<std::string>, std::string> choice_of_lines(std::string_view expand,
                                                                     const edm::Entity& entity) {
    constexpr std::string_view select = "($select=";
    const std::string_view name =
        entity.lines.empty() ? std::string_view() : std::string_view(entity.lines[0].name);
    if (name.empty() || !expand.starts_with(name)) {
        return std::unexpected("only lines can be expanded");
    }
    expand.remove_prefix(name.size());
    if (expand.empty()) return std::vector<std::string>{};
    if (!expand.starts_with(select) || !expand.ends_with(')')) {
        return std::unexpected("'" + std::string(expand) + "' is not understood");
    }
    expand.remove_prefix(select.size());
    expand.remove_suffix(1);
    return words_of(expand);
}

}  // namespace

std::expected<BusinessCentral::Question, std::string> BusinessCentral::question_of(
    const Call& call, const edm::Entity& entity) const {
    Question out;
    const std::string unknown =
        unknown_parameter(call.query, {"$filter", "$orderby", "$top", "$skip", "$select", "$expand",
                                       "$count", "$skiptoken", "$schemaversion"});
    if (!unknown.empty()) return std::unexpected(unknown + " is not understood");
    if (const std::string* filter = parameter(call.query, "$filter"); filter != nullptr) {
        auto expression = odata::parse_expression(*filter, entity);
        if (!expression) return std::unexpected("$filter: " + expression.error());
        out.filter = *std::move(expression);
    }
    if (const std::string* orders = parameter(call.query, "$orderby"); orders != nullptr) {
        auto sorted = odata::parse_orders(*orders, entity);
        if (!sorted) return std::unexpected("$orderby: " + sorted.error());
        out.orders = *std::move(sorted);
    }
    if (const std::string* select = parameter(call.query, "$select"); select != nullptr) {
        out.select = words_of(*select);
        for (const std::string& name : out.select) {
            if (edm::find_property(entity, name) == nullptr) {
                return std::unexpected("$select: '" + name + "' is not understood");
            }
        }
    }
    if (const std::string* expand = parameter(call.query, "$expand"); expand != nullptr) {
        auto chosen = choice_of_lines(*expand, entity);
        if (!chosen) return std::unexpected("$expand: " + chosen.error());
        out.expands_lines = true;
        out.select_of_lines = *std::move(chosen);
    }
    const auto top = number_from_0(call.query, "$top", top_max);
    const auto skip = number_from_0(call.query, "$skip", 0);
    if (!top || !skip) return std::unexpected("$top and $skip are numbers from 0 on");
    out.has_top = parameter(call.query, "$top") != nullptr;
    out.top = static_cast<std::size_t>(*top);
    out.skip = static_cast<std::size_t>(*skip);
    out.page = static_cast<std::size_t>(page_rows(call.request.headers));
    const std::string* count = parameter(call.query, "$count");
    out.counts = count != nullptr && *count == "true";
    if (const std::string* token = parameter(call.query, "$skiptoken"); token != nullptr) {
        const Result<Value> place = json::read(*token);
        const bool is_ours = place && place->is_list() &&
                             place->as_list().size() == out.orders.size() + 1 &&
                             place->as_list().back().is_decimal();
        if (!is_ours) return std::unexpected("$skiptoken is not one of ours");
        out.after = *place;
    }
    return out;
}

// A superset of the rows that meet the filter, by the best index there is; sorted by id.
std::vector<const Row*> BusinessCentral::candidates(std::size_t set,
                                                    const Question& question) const {
    const Table& table = books().table(set);
    const auto& search = description().resources[set].search;
    const auto conjuncts = conjuncts_of(question.filter);
    for (const Expression* part : conjuncts) {
        if (!is_equality(*part)) continue;
        const std::string& text = part->literal.as_text();
        if (part->property == "id") {
            const auto id = id_number(set, text);
            const Row* row = id ? table.find(*id) : nullptr;
            return row == nullptr ? std::vector<const Row*>{} : std::vector<const Row*>{row};
        }
        const auto at =
            std::ranges::find(search, part->property, [](const auto& pair) { return pair.second; });
        const std::string key = description().fold(part->property, part->literal);
        if (at == search.end() || key.empty()) continue;
        return table.search(static_cast<std::size_t>(at - search.begin()), key);
    }
    for (const Expression* part : conjuncts) {
        if (!is_since(*part)) continue;
        auto rows = table.page_since(time_in(*part), 0, table.size());
        std::ranges::sort(rows, {}, &Row::id);
        return rows;
    }
    return table.page(0, table.size());
}

// All rows that are asked for, in their order, from the place on where the page begins.
std::vector<const Row*> BusinessCentral::found(std::size_t set, const Question& question) const {
    const bool is_plain = question.filter.kind == Expression::Kind::ignored &&
                          question.orders.empty() && !question.counts && question.skip == 0;
    if (is_plain) {
        const std::int64_t after =
            question.after ? question.after->as_list()[0].as_decimal().to_int().value_or(0)
                           : INT64_MIN;
        return books().table(set).after(after, std::min(question.page, question.top) + 1);
    }
    std::vector<const Row*> rows = candidates(set, question);
    std::erase_if(rows, [&](const Row* row) {
        return !is_met(*row, question.filter) || !question.is_behind(*row);
    });
    if (question.orders.empty()) return rows;
    if (question.orders.size() == 1 && question.orders[0].property == modified) {
        std::ranges::stable_sort(rows, [&](const Row* a, const Row* b) {
            return question.orders[0].is_descending ? b->modified < a->modified
                                                    : a->modified < b->modified;
        });
        return rows;
    }
    std::vector<std::pair<Value, const Row*>> sorted;
    for (const Row* row : rows) sorted.emplace_back(central::parsed(*row), row);
    std::ranges::stable_sort(sorted, [&](const auto& a, const auto& b) {
        return odata::is_before(a.first, b.first, question.orders);
    });
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = sorted[i].second;
    return rows;
}

BusinessCentral::Page BusinessCentral::page_of(std::size_t set, const Question& question) const {
    Page page{found(set, question), 0, false};
    page.total = page.rows.size();
    const std::size_t skipped = std::min(question.skip, page.rows.size());
    page.rows.erase(page.rows.begin(), page.rows.begin() + static_cast<std::ptrdiff_t>(skipped));
    const std::size_t wanted = std::min(question.page, question.top);
    if (page.rows.size() <= wanted) return page;
    page.rows.resize(wanted);
    // Whoever says how many rows are wanted is not told that there are more.
    page.has_more = !question.has_top && wanted > 0;
    return page;
}

std::string BusinessCentral::next_link(const Call& call, const Question& question,
                                       const Row& last) const {
    std::string link =
        origin_of(call.request) + std::string(http::split_target(call.request.url).first) + "?";
    for (const auto& [name, value] : call.query) {
        if (name == "$skiptoken" || name == "$skip") continue;
        link += fmt::format("{}={}&", name, http::percent_encode(value));
    }
    return link + "$skiptoken=" + http::percent_encode(json::write(question.place_of(last)));
}

http::Response BusinessCentral::list(std::size_t set, const Call& call) const {
    return list_within(set, call, std::nullopt);
}

http::Response BusinessCentral::list_within(std::size_t set, const Call& call,
                                            std::optional<std::string> parent) const {
    const edm::Entity& entity = central::entity_of(set);
    auto question = question_of(call, entity);
    if (!question) return error(400, "Application_FilterErrorException", question.error());
    if (parent) {
        Expression both{.kind = Expression::Kind::all};
        both.parts.push_back({.kind = Expression::Kind::compare,
                              .property = "documentId",
                              .literal = Value(*parent)});
        both.parts.push_back(std::move(question->filter));
        question->filter = std::move(both);
    } else if (central::document_with(set) != nullptr) {
        const auto parts = conjuncts_of(question->filter);
        const bool names_one = std::ranges::any_of(parts, [](const Expression* part) {
            return is_equality(*part) && (part->property == "id" || part->property == "documentId");
        });
        // In the application all lines are seen at once.
        if (!names_one && !call.is_insider) {
            return refuse_with(Trouble::invalid,
                               "You must specify an Id or a Document Id to get the lines.", "");
        }
    }
    const Page page = page_of(set, *question);
    const std::string origin = origin_of(call.request);
    Value out(Value::Object{{"@odata.context", fmt::format("{}{}$metadata#companies({})/{}", origin,
                                                           root, company, entity.set)}});
    if (question->counts) out.set("@odata.count", page.total);
    Value shown_rows = Value::list();
    for (const Row* row : page.rows) {
        const Row* now = seen(set, *row, call);
        if (now != nullptr) shown_rows.as_list().push_back(shown(set, *now, *question));
    }
    out.set("value", std::move(shown_rows));
    if (page.has_more) {
        out.set("@odata.nextLink", next_link(call, *question, *page.rows.back()));
    }
    return json_response(200, json::write(out));
}

http::Response BusinessCentral::single(std::size_t set, std::int64_t id, const Call& call) const {
    const edm::Entity& entity = central::entity_of(set);
    const auto question = question_of(call, entity);
    if (!question) return error(400, "BadRequest", question.error());
    Value out(Value::Object{
        {"@odata.context", fmt::format("{}{}$metadata#companies({})/{}/$entity",
                                       origin_of(call.request), root, company, entity.set)}});
    const Row* row = seen(set, *books().table(set).find(id), call);
    if (row == nullptr) return error(404, "Internal_RecordNotFound", "There is no such record.");
    Value record = shown(set, *row, *question);
    for (auto& [name, value] : record.as_object()) out.set(name, std::move(value));
    return json_response(200, json::write(out));
}

http::Response BusinessCentral::list_codes(const Call& call, std::vector<Value> rows,
                                           const edm::Entity& entity) const {
    const auto question = question_of(call, entity);
    if (!question) return error(400, "Application_FilterErrorException", question.error());
    std::erase_if(rows, [&](const Value& row) { return !odata::meets(row, question->filter); });
    const Value out(
        Value::Object{{"@odata.context",
                       fmt::format("{}{}$metadata#{}", origin_of(call.request), root, entity.set)},
                      {"value", Value(std::move(rows))}});
    return json_response(200, json::write(out));
}

Value BusinessCentral::shown(std::size_t set, const Row& row, const Question& question) const {
    const Value record = central::parsed(row);
    Value out(Value::Object{{"@odata.etag", *record.find("@odata.etag")}});
    for (const edm::Property& property : central::entity_of(set).properties) {
        if (question.chooses(property.name)) out.set(property.name, *record.find(property.name));
    }
    if (!question.expands_lines) return out;
    const central::Document& document = *central::document_of(set);
    Value lines = Value::list();
    for (const Value& line : lines_of(document, *record.find("id"), {})) {
        Value shown_line(Value::Object{{"@odata.etag", *line.find("@odata.etag")}});
        for (const edm::Property& property : central::entity_of(document.lines).properties) {
            if (!question.chooses_of_lines(property.name)) continue;
            shown_line.set(property.name, *line.find(property.name));
        }
        lines.as_list().push_back(std::move(shown_line));
    }
    out.set(document.navigation, std::move(lines));
    return out;
}

http::Response BusinessCentral::show_written(std::size_t set, int status, const std::string& body,
                                             const Call& call) const {
    if (status == 204) return {.status = 204, .headers = {}, .body = {}};
    const Result<Value> record = json::read(body);
    CHECK(record.has_value(), "what a system stores is JSON");
    http::Response response = single(set, *id_number(set, record->find("id")->as_text()),
                                     Call{call.request, {}, call.now, call.is_insider});
    response.status = status;
    return response;
}

}  // namespace entente::sim
