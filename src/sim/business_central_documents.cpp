// Orders, quotes and invoices of the simulated Business Central: whose they are, what their lines add up to, and what
// changes with what.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "sim/business_central.hpp"
#include "sim/business_central_sums.hpp"

namespace entente::sim {
namespace {

using central::Document;

constexpr std::int64_t sequence_step = 10'000;
// No document has more, and a request must stay small.
constexpr std::size_t lines_max = 500;

std::unexpected<Refusal> refuse_as(std::string_view code, std::string text,
                                   std::string_view field) {
    return std::unexpected(
        Refusal{Refusal::Kind::invalid, std::move(text), std::string(field), code});
}

const std::string& text_at(const Value& record, std::string_view name) {
    return record.find(name)->as_text();
}
const Decimal& number_at(const Value& record, std::string_view name) {
    return record.find(name)->as_decimal();
}
bool is_blank(const Value& record, std::string_view name) {
    const std::string& text = text_at(record, name);
    return text.empty() || text == edm::no_guid;
}
// Whether a value was sent that is none of the blanks.
bool was_given(const Value& sent, std::string_view name) {
    const Value* value = sent.find(name);
    return value != nullptr && value->is_text() && !value->as_text().empty() &&
           value->as_text() != edm::no_guid;
}

// What a line costs; a discount in percent decides unless an amount was sent.
void add_up_line(Value& line, const Value& sent) {
    const Decimal gross = number_at(line, "quantity")
                              .times(number_at(line, "unitPrice"))
                              .rounded(central::amount_decimals);
    if (sent.find("discountAmount") != nullptr && sent.find("discountPercent") == nullptr) {
        line.set("discountPercent", 0);
    } else if (!(*line.find("discountPercent") == Value(0))) {
        line.set("discountAmount", central::percent_of(gross, number_at(line, "discountPercent")));
    }
    const Decimal net = gross.minus(number_at(line, "discountAmount"));
    const Decimal tax = central::percent_of(net, Decimal(central::tax_percent));
    line.set("taxPercent", central::tax_percent);
    for (const std::string_view name : {"amountExcludingTax", "netAmount"}) line.set(name, net);
    for (const std::string_view name : {"totalTaxAmount", "netTaxAmount"}) line.set(name, tax);
    for (const std::string_view name : {"amountIncludingTax", "netAmountIncludingTax"}) {
        line.set(name, net.plus(tax));
    }
}

// A property that repeats what another record says, and follows it when that is renamed.
struct Copy {
    std::size_t from;
    std::size_t to;
    std::string_view reference, property;
};
constexpr Copy copies[] = {
    {central::customers, central::sales_orders, "customerId", "customerNumber"},
    {central::customers, central::sales_quotes, "customerId", "customerNumber"},
    {central::customers, central::sales_invoices, "customerId", "customerNumber"},
    {central::items, central::sales_order_lines, "itemId", "lineObjectNumber"},
    {central::items, central::sales_quote_lines, "itemId", "lineObjectNumber"},
    {central::items, central::sales_invoice_lines, "itemId", "lineObjectNumber"}};

std::size_t index_of(const Resource& resource, std::string_view property) {
    const auto at =
        std::ranges::find(resource.search, property, [](const auto& pair) { return pair.second; });
    CHECK(at != resource.search.end(), "what is searched is indexed");
    return static_cast<std::size_t>(at - resource.search.begin());
}

bool is_released(const Value& header) {
    const Value* status = header.find("status");
    return header.find("orderDate") != nullptr && *status == Value("Open");
}

std::unexpected<Refusal> refuse_released(const Value& header) {
    return refuse_as("Application_FieldValidationException",
                     fmt::format("must be equal to 'Open' in Sales Header: Document Type=Order, "
                                 "No.={}. Current value is 'Released'.",
                                 text_at(header, "number")),
                     "Status");
}

}  // namespace

std::optional<Value> BusinessCentral::record_at(std::size_t set, std::string_view guid) const {
    const auto id = id_number(set, guid);
    const Row* row = id ? books().table(set).find(*id) : nullptr;
    return row == nullptr ? std::nullopt : std::optional(central::parsed(*row));
}

std::optional<Value> BusinessCentral::record_with(std::size_t set, std::string_view property,
                                                  const std::string& value) const {
    const auto rows =
        books().table(set).search(index_of(description().resources[set], property), value);
    return rows.empty() ? std::nullopt : std::optional(central::parsed(*rows[0]));
}

Accepted<void> BusinessCentral::choose_customer(Value& record, const Value& sent,
                                                bool is_new) const {
    const bool by_id = was_given(sent, "customerId");
    const bool by_number = was_given(sent, "customerNumber");
    if (!by_id && !by_number) {
        if (is_new || sent.find("customerId") != nullptr) {
            return refuse("or customerNumber must be provided.", "customerId");
        }
        return {};
    }
    const auto customer =
        by_id ? record_at(central::customers, text_at(record, "customerId"))
              : record_with(central::customers, "number", text_at(record, "customerNumber"));
    if (!customer) return refuse("The sell-to customer cannot be found.", "customerId");
    if (by_number && text_at(*customer, "number") != text_at(record, "customerNumber")) {
        return refuse("and customerNumber do not match.", "customerId");
    }
    record.set("customerId", text_at(*customer, "id"));
    record.set("customerNumber", text_at(*customer, "number"));
    record.set("customerName", text_at(*customer, "displayName"));
    const auto take_over = [&](std::string_view property, std::string_view from) {
        if (!was_given(sent, property)) record.set(property, *customer->find(from));
    };
    take_over("sellToAddressLine1", "addressLine1");
    take_over("sellToCity", "city");
    take_over("sellToCountry", "country");
    take_over("sellToPostCode", "postalCode");
    if (sent.find("currencyCode") == nullptr && sent.find("currencyId") == nullptr) {
        take_over("currencyCode", "currencyCode");
        take_over("currencyId", "currencyId");
    }
    return {};
}

Accepted<void> BusinessCentral::complete_document(Value& record, const Value& sent,
                                                  bool is_new) const {
    if (!is_new && is_released(record)) return refuse_released(record);
    return choose_customer(record, sent, is_new);
}

Accepted<void> BusinessCentral::choose_item(Value& record, const Value& sent) const {
    const bool by_id = was_given(sent, "itemId");
    const bool by_number = was_given(sent, "lineObjectNumber");
    if (!is_blank(record, "accountId") && !is_blank(record, "itemId")) {
        return refuse("or accountId can be given, not both.", "itemId");
    }
    if (!is_blank(record, "accountId")) {
        return refuse_as("Internal_InvalidTableRelation", "is no account.", "accountId");
    }
    if (!by_id && !by_number) return {};
    const auto item =
        by_id ? record_at(central::items, text_at(record, "itemId"))
              : record_with(central::items, "number", text_at(record, "lineObjectNumber"));
    if (!item) return refuse("The item cannot be found.", "itemId");
    if (by_number && text_at(*item, "number") != text_at(record, "lineObjectNumber")) {
        return refuse("and lineObjectNumber do not match.", "itemId");
    }
    record.set("itemId", text_at(*item, "id"));
    record.set("lineObjectNumber", text_at(*item, "number"));
    record.set("lineType", "Item");
    const auto take_over = [&](std::string_view property, std::string_view from) {
        if (sent.find(property) == nullptr) record.set(property, *item->find(from));
    };
    take_over("description", "displayName");
    take_over("unitPrice", "unitPrice");
    take_over("unitOfMeasureCode", "baseUnitOfMeasureCode");
    return {};
}

Accepted<void> BusinessCentral::complete_line(const Document& document, Value& record,
                                              const Value& sent, bool is_new,
                                              const Surroundings& surroundings) const {
    const std::string& set = description().resources[document.header].name;
    const Field reference{.path = "documentId", .type = FieldType::reference, .to = set};
    if (is_new && (is_blank(record, "documentId") ||
                   !surroundings.exists(reference, *record.find("documentId")))) {
        return refuse("must be that of a document.", "documentId");
    }
    if (is_new && sent.find("lineType") == nullptr) record.set("lineType", "Item");
    if (auto chosen = choose_item(record, sent); !chosen) return chosen;
    if (is_new) {
        std::int64_t last = 0;
        for (const Value& line : lines_of(document, *record.find("documentId"), {})) {
            if (*line.find("sequence") == *record.find("sequence")) {
                return refuse("is that of another line.", "sequence");
            }
            last = std::max(last, number_at(line, "sequence").to_int().value_or(0));
        }
        if (*record.find("sequence") == Value(0)) record.set("sequence", last + sequence_step);
    }
    add_up_line(record, sent);
    return {};
}

Accepted<void> BusinessCentral::add_children(std::size_t set, std::int64_t id, const Value& sent,
                                             const Call& call, std::vector<Change>& changes) {
    const Document* document = central::document_of(set);
    const Value* nested = document == nullptr ? nullptr : sent.find(document->navigation);
    if (nested == nullptr) return {};
    if (!nested->is_list() || nested->as_list().size() > lines_max) {
        return refuse_as("BadRequest", fmt::format("must be a list of at most {} lines", lines_max),
                         document->navigation);
    }
    const Value parent = id_value(set, id);
    std::set<std::int64_t> sequences;
    for (const Value& line : nested->as_list()) {
        if (!line.is_object()) {
            return refuse_as("BadRequest", "must hold objects", document->navigation);
        }
        Accepted<Value> body = translated(document->lines, line, true);
        if (!body) return std::unexpected(std::move(body).error());
        body->set("documentId", parent);
        const Value* given = body->find("sequence");
        const std::int64_t sequence =
            given == nullptr ? (sequences.empty() ? 0 : *sequences.rbegin()) + sequence_step
                             : given->as_decimal().to_int().value_or(0);
        if (!sequences.insert(sequence).second) {
            return refuse("is that of another line.", "sequence");
        }
        body->set("sequence", sequence);
        const std::int64_t line_id = counters().next_ids[document->lines]++;
        Accepted<Value> record =
            new_record(document->lines, line_id, *body, {call.is_insider, parent});
        if (!record) return std::unexpected(std::move(record).error());
        seal(document->lines, *record, line_id);
        changes.push_back(
            {document->lines, line_id, row_of(document->lines, line_id, call.now, *record)});
    }
    return {};
}

void BusinessCentral::add_dependants(std::size_t set, std::int64_t id,
                                     std::vector<Change>& changes) const {
    const Document* document = central::document_of(set);
    if (document == nullptr) return;
    const std::size_t index = index_of(description().resources[document->lines], "documentId");
    for (const Row* line :
         books().table(document->lines).search(index, id_value(set, id).as_text())) {
        changes.push_back({document->lines, line->id, std::nullopt});
    }
}

// The lines of a document as they will be once `changes` are done.
std::vector<Value> BusinessCentral::lines_of(const Document& document, const Value& header,
                                             const std::vector<Change>& changes) const {
    const std::size_t index = index_of(description().resources[document.lines], "documentId");
    const auto is_changed = [&](std::int64_t id) {
        return std::ranges::any_of(changes, [&](const Change& change) {
            return change.table == document.lines && change.id == id;
        });
    };
    std::vector<Value> lines;
    for (const Row* row : books().table(document.lines).search(index, header.as_text())) {
        if (!is_changed(row->id)) lines.push_back(central::parsed(*row));
    }
    for (const Change& change : changes) {
        if (change.table == document.lines && change.row)
            lines.push_back(central::parsed(*change.row));
    }
    return lines;
}

Accepted<void> BusinessCentral::add_consequences(std::size_t set, std::int64_t id, const Call& call,
                                                 std::vector<Change>& changes) {
    if (const Document* document = central::document_of(set); document && changes[0].row) {
        Value header = central::parsed(*changes[0].row);
        central::add_up_header(header, lines_of(*document, *header.find("id"), changes),
                               number_at(header, "discountAmount"));
        header.erase(central::pending_discount);
        changes[0].row = row_of(set, id, changes[0].row->modified, header);
    }
    if (const Document* document = central::document_with(set); document != nullptr) {
        return touch_header(*document, call, changes);
    }
    rename_copies(set, id, changes);
    return {};
}

// A line is a part of its document: the header's totals and version move with it. An order's discount is taken off when
// somebody reads it.
Accepted<void> BusinessCentral::touch_header(const Document& document, const Call& call,
                                             std::vector<Change>& changes) {
    const Change& line = changes[0];
    const Value shown =
        central::parsed(line.row ? *line.row : *books().table(document.lines).find(line.id));
    const auto id = id_number(document.header, text_at(shown, "documentId"));
    const Row* row = id ? books().table(document.header).find(*id) : nullptr;
    if (row == nullptr) return {};
    Value header = central::parsed(*row);
    if (is_released(header)) return refuse_released(header);
    const bool is_pending = document.header == central::sales_orders &&
                            !(number_at(header, "discountAmount") == Decimal(0));
    central::add_up_header(header, lines_of(document, *header.find("id"), changes),
                           is_pending ? Decimal(0) : number_at(header, "discountAmount"));
    if (is_pending) header.set(central::pending_discount, true);
    const Instant modified = std::max(call.now, row->modified + Duration{1});
    stamp(document.header, header, std::nullopt, modified);
    seal(document.header, header, *id);
    changes.push_back({document.header, *id, row_of(document.header, *id, modified, header)});
    return {};
}

void BusinessCentral::rename_copies(std::size_t set, std::int64_t id,
                                    std::vector<Change>& changes) const {
    const Row* old = books().table(set).find(id);
    if (old == nullptr || !changes[0].row) return;
    const Value now = central::parsed(*changes[0].row);
    const Value* number = now.find("number");
    if (number == nullptr || *number == *central::parsed(*old).find("number")) return;
    for (const Copy& copy : copies) {
        if (copy.from != set) continue;
        const std::size_t index = index_of(description().resources[copy.to], copy.reference);
        for (const Row* row : books().table(copy.to).search(index, text_at(now, "id"))) {
            Value record = central::parsed(*row);
            record.set(copy.property, *number);
            changes.push_back({copy.to, row->id, row_of(copy.to, row->id, row->modified, record)});
        }
    }
}

}  // namespace entente::sim
