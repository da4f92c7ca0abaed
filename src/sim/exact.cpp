#include "sim/exact.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sim/exact_ids.hpp"

namespace entente::sim {
namespace {

constexpr std::size_t accounts = 0, quotations = 2, quotation_lines = 3, sales_orders = 4,
                      sales_order_lines = 5;
constexpr std::size_t code_width = 18;
constexpr int status_open_quotation = 25;
constexpr int status_open_order = 12;
// No document has more, and a request must stay small.
constexpr std::size_t lines_max = 500;

constexpr ExactLines line_sets[] = {
    {quotations, quotation_lines, "QuotationLines", "QuotationID", "sync/CRM/QuotationLines"},
    {sales_orders, sales_order_lines, "SalesOrderLines", "OrderID",
     "sync/SalesOrder/SalesOrderLines"}};

template <class Projection, class What>
const ExactLines* find_lines(Projection projection, const What& what) {
    const auto* at = std::ranges::find(line_sets, what, projection);
    return at == std::end(line_sets) ? nullptr : at;
}

std::vector<Field> account_fields() {
    return {{.path = "Code", .max = code_width, .unique = true, .pads_to = code_width},
            {.path = "Name", .max = 50, .required = true},
            {.path = "Status", .max = 1, .initial = "A"},
            {.path = "VATNumber"},
            {.path = "Email"},
            {.path = "Phone"},
            {.path = "AddressLine1"},
            {.path = "Postcode"},
            {.path = "City"},
            {.path = "Country", .letters = 2}};
}

std::vector<Field> item_fields() {
    return {{.path = "Code", .max = 30, .required = true, .unique = true},
            {.path = "Description", .max = 60, .required = true, .cuts = true},
            {.path = "IsSalesItem", .type = FieldType::boolean, .initial = true},
            {.path = "StandardSalesPrice", .type = FieldType::number, .insiders_only = true},
            {.path = "Unit", .initial = "pc"}};
}

std::vector<Field> quotation_fields() {
    return {{.path = "QuotationNumber", .type = FieldType::number, .read_only = true},
            {.path = "OrderAccount",
             .type = FieldType::reference,
             .required = true,
             .to = exact::accounts},
            {.path = "QuotationDate", .type = FieldType::day},
            {.path = "Currency", .letters = 3},
            {.path = "YourRef", .max = 50},
            {.path = "Remarks"},
            {.path = "Description"},
            {.path = "Status",
             .type = FieldType::number,
             .read_only = true,
             .initial = status_open_quotation},
            {.path = "VersionNumber", .type = FieldType::number, .read_only = true, .initial = 1}};
}

std::vector<Field> order_fields() {
    return {{.path = "OrderNumber", .type = FieldType::number, .read_only = true},
            {.path = "OrderedBy",
             .type = FieldType::reference,
             .required = true,
             .fixed = true,
             .to = exact::accounts},
            {.path = "OrderDate", .type = FieldType::day},
            {.path = "Currency", .letters = 3},
            {.path = "YourRef", .max = 50},
            {.path = "Remarks"},
            {.path = "Description"},
            {.path = "Status",
             .type = FieldType::number,
             .read_only = true,
             .initial = status_open_order}};
}

std::vector<Field> line_fields(std::string_view parent_field, std::string_view parent) {
    return {{.path = parent_field,
             .type = FieldType::reference,
             .required = true,
             .fixed = true,
             .to = parent},
            {.path = "Item", .type = FieldType::reference, .required = true, .to = exact::items},
            {.path = "Description"},
            {.path = "Quantity", .type = FieldType::number},
            {.path = "UnitPrice", .type = FieldType::number},
            {.path = "LineNumber", .type = FieldType::number, .read_only = true}};
}

// Compared as it is stored; only the spaces in front of a code do not count here.
std::string fold_for_search(std::string_view path, const Value& value) {
    if (!value.is_text()) return json::write(value);
    return path == "Code" ? text::trim(value.as_text()) : value.as_text();
}

std::vector<std::pair<std::string, std::string>> indexed(
    std::initializer_list<std::string> fields) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const std::string& field : fields) out.emplace_back(field, field);
    return out;
}

SystemDescription describe() {
    return {
        .kind = "exact-online",
        .root = "/api/v1/",
        .created_at = "Created",
        .modified_at = "Modified",
        .quota_per_minute = 60,
        .resources =
            {{std::string(exact::accounts), 1, account_fields(),
              indexed({"Code", "Name", "VATNumber", "Email"}), "ID"},
             {std::string(exact::items), 1, item_fields(), indexed({"Code", "Description"}), "ID"},
             {std::string(exact::quotations), 1, quotation_fields(), indexed({"YourRef"}),
              "QuotationID"},
             {std::string(exact::quotation_lines), 1, line_fields("QuotationID", exact::quotations),
              indexed({"QuotationID"}), "ID"},
             {std::string(exact::sales_orders), 1, order_fields(), indexed({"YourRef"}), "OrderID"},
             {std::string(exact::sales_order_lines), 1, line_fields("OrderID", exact::sales_orders),
              indexed({"OrderID"}), "ID"}},
        .fold = fold_for_search};
}

}  // namespace

const ExactLines* lines_within(std::size_t parent) {
    return find_lines(&ExactLines::parent, parent);
}
const ExactLines* lines_as(std::size_t lines) {
    return find_lines(&ExactLines::lines, lines);
}
const ExactLines* lines_fed_by(std::string_view feed) {
    return find_lines(&ExactLines::feed, feed);
}

Exact::Exact(const SimOptions& options)
    : RecordSystem(describe(), options),
      minute_(60, Duration{60'000}, options.clock),
      day_(5000, Duration{86'400'000}, options.clock),
      errors_(options.clock),
      no_rights_(options.no_rights.begin(), options.no_rights.end()),
      clock_(options.clock) {}

bool Exact::has_set(std::string_view name) {
    const SystemDescription all = describe();
    return std::ranges::find(all.resources, name, &Resource::name) != all.resources.end();
}

std::optional<std::int64_t> Exact::id_number(std::size_t resource, std::string_view text) const {
    if (resource >= books().size()) return std::nullopt;
    return exact_number(description().resources[resource].name, text);
}

Value Exact::id_value(std::size_t resource, std::int64_t id) const {
    return Value(exact_guid(description().resources[resource].name, id));
}

Accepted<bool> Exact::complete(std::size_t resource, Value& record, const Value&, bool is_new,
                               const Surroundings&) {
    const ExactLines* lines = lines_as(resource);
    if (lines == nullptr || !is_new) return false;
    record.set("LineNumber", next_line_number(resource, *record.find(lines->parent_field)));
    return true;
}

std::int64_t Exact::next_line_number(std::size_t lines, const Value& parent) {
    if (numbering_.table != lines || !(numbering_.parent == parent)) {
        numbering_ = {lines, parent, 0};
        for (const Row* row : books().table(lines).search(0, parent.as_text())) {
            const Result<Value> record = json::read(row->body);
            CHECK(record.has_value(), "what a system stores is JSON");
            const auto number = record->find("LineNumber")->as_decimal().to_int();
            numbering_.last = std::max(numbering_.last, number.value_or(0));
        }
    }
    return ++numbering_.last;
}

void Exact::stamp(std::size_t resource, Value& record, std::optional<Instant> created,
                  Instant modified) const {
    if (lines_as(resource) != nullptr) return;
    if (created) record.set("Created", date_text(wall_time(*created)));
    record.set("Modified", date_text(wall_time(modified)));
}

void Exact::seal(std::size_t resource, Value& record, std::int64_t id) {
    const std::int64_t version = ++counters().last_version;
    if (lines_as(resource) != nullptr) record.set("Timestamp", version);
    if (resource == accounts) number_account(record);
    if (resource == quotations) record.set("QuotationNumber", id);
    if (resource == sales_orders) record.set("OrderNumber", id);
}

// The smallest number that no account has, from its place in the table on.
void Exact::number_account(Value& record) const {
    if (!record.find("Code")->is_null()) return;
    std::int64_t number = *id_number(accounts, record.find("ID")->as_text());
    while (!books().table(accounts).search(0, std::to_string(number)).empty()) ++number;
    record.set("Code", fmt::format("{:>{}}", number, code_width));
}

Instant Exact::place_of(std::size_t resource, const Value& record, Instant modified) const {
    if (lines_as(resource) == nullptr) return modified;
    return {record.find("Timestamp")->as_decimal().to_int().value_or(0)};
}

Accepted<void> Exact::add_children(std::size_t resource, std::int64_t id, const Value& sent,
                                   const Call& call, std::vector<Change>& changes) {
    const ExactLines* set = lines_within(resource);
    if (set == nullptr) return {};
    const Value* nested = sent.find(set->navigation);
    if (nested == nullptr || !nested->is_list() || nested->as_list().empty() ||
        nested->as_list().size() > lines_max) {
        return refuse(fmt::format("must be a list of 1 to {} lines", lines_max), set->navigation);
    }
    const Value parent = id_value(resource, id);
    for (Value line : nested->as_list()) {
        if (!line.is_object()) return refuse("must hold objects", set->navigation);
        line.set(set->parent_field, parent);
        const std::int64_t line_id = counters().next_ids[set->lines]++;
        Accepted<Value> record = new_record(set->lines, line_id, line, {call.is_insider, parent});
        if (!record) return std::unexpected(record.error());
        seal(set->lines, *record, line_id);
        changes.push_back({set->lines, line_id, row_of(set->lines, line_id, call.now, *record)});
    }
    return {};
}

void Exact::add_dependants(std::size_t resource, std::int64_t id,
                           std::vector<Change>& changes) const {
    const ExactLines* set = lines_within(resource);
    if (set == nullptr) return;
    for (const Row* line : books().table(set->lines).search(0, id_value(resource, id).as_text())) {
        changes.push_back({set->lines, line->id, std::nullopt});
    }
}

http::Response Exact::show_written(std::size_t resource, int status, const std::string& body,
                                   const Call& call) const {
    if (status != 201) return {.status = 204, .headers = {}, .body = {}};
    Value record = shown(resource, body, call, {}, false);
    const auto prefer = http::find(call.request.headers, "Prefer");
    const bool is_whole = prefer && prefer->contains("return=representation");
    if (is_whole && lines_within(resource) == nullptr) {
        return json_response(201, json::write(Value(Value::Object{{"d", record}})));
    }
    const std::string& key = description().resources[resource].id_path;
    for (auto& [name, value] : record.as_object()) {
        if (name != key && name != "__metadata") value = Value();
    }
    return json_response(201, json::write(Value(Value::Object{{"d", record}})));
}

}  // namespace entente::sim
