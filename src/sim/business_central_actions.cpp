// What is done to documents of the simulated Business Central as wholes: releasing, shipping, making orders of quotes,
// and the discount that is taken off when an order is read.
#include <algorithm>

#include "base/json.hpp"
#include "sim/business_central.hpp"
#include "sim/business_central_question.hpp"
#include "sim/business_central_sums.hpp"

namespace entente::sim {
namespace {

struct Action {
    std::string_view name;
    std::size_t set;
    bool is_of_people;  // the API does not offer it
};
constexpr Action actions[] = {{"Microsoft.NAV.shipAndInvoice", central::sales_orders, false},
                              {"Microsoft.NAV.makeOrder", central::sales_quotes, false},
                              {"Microsoft.NAV.release", central::sales_orders, true},
                              {"Microsoft.NAV.reopen", central::sales_orders, true}};

}  // namespace

http::Response BusinessCentral::act(std::size_t set, std::int64_t id, const Call& call,
                                    std::string_view action) {
    const auto* at = std::ranges::find(actions, action, &Action::name);
    const bool is_known =
        at != std::end(actions) && at->set == set && (call.is_insider || !at->is_of_people);
    if (!is_known) return refuse_with(Trouble::not_found, "There is no such action.", "");
    if (call.request.method != "POST") {
        return refuse_with(Trouble::no_method, "An action takes POST.", "");
    }
    if (action.ends_with("release")) return set_status(id, call, "Open");
    if (action.ends_with("reopen")) return set_status(id, call, "Draft");
    return set == central::sales_quotes ? turn_into(central::sales_orders, set, id, call)
                                        : turn_into(central::sales_invoices, set, id, call);
}

// "Open" is what the API calls a released order.
http::Response BusinessCentral::set_status(std::int64_t id, const Call& call,
                                           std::string_view status) {
    constexpr std::size_t set = central::sales_orders;
    const Row& row = *books().table(set).find(id);
    Value header = central::parsed(row);
    header.set("status", status);
    const Instant modified = std::max(call.now, row.modified + Duration{1});
    stamp(set, header, std::nullopt, modified);
    seal(set, header, id);
    return commit({{set, id, row_of(set, id, modified, header)}}, "", 204, call);
}

// A new record with everything that both kinds have.
Value BusinessCentral::copied(const Value& from, std::size_t to, std::int64_t id) const {
    Value out(Value::Object{{"id", id_value(to, id)}});
    for (const edm::Property& property : central::entity_of(to).properties) {
        if (property.name == "id") continue;
        const Value* value = from.find(property.name);
        const bool is_own = property.name == "number" || property.name == "status";
        out.set(property.name,
                value == nullptr || is_own ? edm::blank_of(property, central::choices()) : *value);
    }
    return out;
}

// The document disappears, and another one stands for it.
http::Response BusinessCentral::turn_into(std::size_t to, std::size_t from, std::int64_t id,
                                          const Call& call) {
    const central::Document& old_document = *central::document_of(from);
    const central::Document& document = *central::document_of(to);
    const Value old = central::parsed(*books().table(from).find(id));
    const std::vector<Value> lines = lines_of(old_document, *old.find("id"), {});
    if (lines.empty()) return refuse_with(Trouble::invalid, "There is nothing to post.", "");
    const Counters before = counters();
    std::vector<Change> changes{{from, id, std::nullopt}};
    add_dependants(from, id, changes);
    const std::int64_t header_id = counters().next_ids[to]++;
    Value header = copied(old, to, header_id);
    if (to == central::sales_invoices) {
        header.set("status", "Open");
        header.set("orderId", *old.find("id"));
        header.set("orderNumber", *old.find("number"));
    }
    central::add_up_header(header, lines, old.find("discountAmount")->as_decimal());
    stamp(to, header, call.now, call.now);
    seal(to, header, header_id);
    changes.push_back({to, header_id, row_of(to, header_id, call.now, header)});
    for (const Value& old_line : lines) {
        const std::int64_t line_id = counters().next_ids[document.lines]++;
        Value line = copied(old_line, document.lines, line_id);
        line.set("documentId", *header.find("id"));
        seal(document.lines, line, line_id);
        changes.push_back(
            {document.lines, line_id, row_of(document.lines, line_id, call.now, line)});
    }
    http::Response response = commit(std::move(changes), "", 204, call);
    if (response.status != 204) counters() = before;
    return response;
}

// Of the orders that a list is about to show.
void BusinessCentral::settle(const Call& call) {
    const auto question = question_of(call, central::entity_of(central::sales_orders));
    if (question) settle(page_of(central::sales_orders, *question).rows, call);
}

void BusinessCentral::settle(const std::vector<const Row*>& rows, const Call& call) {
    constexpr std::size_t set = central::sales_orders;
    const auto& search = description().resources[set].search;
    const auto at = std::ranges::find(search, central::pending_discount,
                                      [](const auto& pair) { return pair.second; });
    const auto pending =
        books().table(set).search(static_cast<std::size_t>(at - search.begin()), "true");
    std::vector<Change> changes;
    for (const Row* row : pending) {
        if (std::ranges::find(rows, row) == rows.end()) continue;
        Value header = central::parsed(*row);
        central::add_up_header(header, lines_of(*central::document_of(set), *header.find("id"), {}),
                               header.find("discountAmount")->as_decimal());
        header.erase(central::pending_discount);
        const Instant modified = std::max(call.now, row->modified + Duration{1});
        stamp(set, header, std::nullopt, modified);
        seal(set, header, row->id);
        changes.push_back({set, row->id, row_of(set, row->id, modified, header)});
    }
    // An order that could not be written is shown as it was.
    if (!changes.empty()) commit(std::move(changes), "", 204, call);
}

}  // namespace entente::sim
