#include "oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "sim/checker.hpp"
#include "sim/desk.hpp"

namespace entente::e2e {

namespace {

// "lines[17].quantity" -> {17, "quantity"}; nullopt for a field of the record itself.
struct LineField {
    std::int64_t id = 0;
    std::string field;
};
std::optional<LineField> line_field(const std::string& property) {
    constexpr std::string_view start = "lines[";
    const auto end = property.find(']');
    if (!property.starts_with(start) || end == std::string::npos) return std::nullopt;
    LineField found;
    std::from_chars(property.data() + start.size(), property.data() + end, found.id);
    if (end + 2 <= property.size()) found.field = property.substr(end + 2);
    return found;
}

struct DataTypeName {
    const char* kind;
    const char* resource;
    const char* name;
};
constexpr DataTypeName data_types[] = {
    {"custom-webshop", "customers", "Customer"},
    {"custom-webshop", "products", "Product"},
    {"custom-webshop", "orders", "Order"},
    {"custom-erp", "customers", "Customer"},
    {"custom-erp", "products", "Product"},
    {"custom-erp", "orders", "Order"},
    {"custom-erp", "order-lines", "Order.lines"},
    {"exact-online", "crm/Accounts", "Accounts"},
    {"exact-online", "logistics/Items", "Items"},
    {"exact-online", "salesorder/SalesOrders", "SalesOrders"},
    {"exact-online", "salesorder/SalesOrderLines", "SalesOrders.lines"}};

class Oracle {
public:
    Oracle(const std::string& demo, const std::vector<DemoSystem>& systems, Client& client)
        : demo_(demo), systems_(systems), client_(client) {}

    bool is_kept(const sim::Edit& edit) {
        const auto& system = *std::ranges::find(systems_, edit.system, &DemoSystem::name);
        const Value record = shown_to_people(system, edit);
        if (edit.property.empty() || edit.act == "add_line") return record.is_object();
        const auto line = line_field(edit.property);
        const Value* shown = line ? shown_in_line(record, *line) : record.at_path(edit.property);
        if (shown && *shown == edit.after) return true;
        return stands_in_history(system, edit, line);
    }

private:
    // The record as those see it who typed the edit; null when it is not there.
    Value shown_to_people(const DemoSystem& system, const sim::Edit& edit) {
        const sim::Desk& desk = *sim::find_desk(system.kind);
        http::Request request;
        request.url = system.url + sim::record_url(desk, edit.resource, edit.id);
        request.headers = {
            {std::string(desk.auth_header), std::string(desk.auth_prefix) + system.credential}};
        const auto response = client_.fetch(request);
        if (!response || response->status != 200) return {};
        return sim::record_in(desk, *response).value_or(Value());
    }

    static const Value* shown_in_line(const Value& record, const LineField& line) {
        const Value* lines = record.find("lines");
        if (!lines || !lines->is_list()) return nullptr;
        for (const auto& one : lines->as_list()) {
            if (const Value* id = one.find("id"); id && *id == Value(line.id))
                return one.at_path(line.field);
        }
        return nullptr;
    }

    bool stands_in_history(const DemoSystem& system, const sim::Edit& edit,
                           const std::optional<LineField>& line) {
        const auto* named = std::ranges::find_if(data_types, [&](const auto& d) {
            return d.kind == system.kind && d.resource == edit.resource;
        });
        std::string type = fmt::format("{}.{}", system.name, named->name);
        std::string id = sim::id_text(edit.id);
        if (line) {
            type += ".lines";
            id += fmt::format("/{}", line->id);
        }
        const auto history = entente({"history", demo_, type, id, "--json"});
        const Value told = json_of(history.last_line);
        const Value* events = told.find("events");
        if (!events || !events->is_list()) return false;
        return std::ranges::any_of(events->as_list(), [&](const Value& event) {
            const Value* before = event.find("before");
            const Value* after = event.find("after");
            return (before && *before == edit.after) || (after && *after == edit.after);
        });
    }

    const std::string& demo_;
    const std::vector<DemoSystem>& systems_;
    Client& client_;
};

}  // namespace

std::vector<std::string> lost_edits(const std::string& demo, const std::vector<DemoSystem>& systems,
                                    Client& client, const std::vector<sim::Edit>& edits) {
    Oracle oracle(demo, systems, client);
    std::vector<std::string> lost;
    for (auto edit = edits.begin(); edit != edits.end(); ++edit) {
        const bool is_overtaken =
            std::any_of(std::next(edit), edits.end(), [&](const sim::Edit& later) {
                return later.system == edit->system && later.resource == edit->resource &&
                       later.id == edit->id && later.property == edit->property;
            });
        if (!edit->is_certain || is_overtaken || oracle.is_kept(*edit)) continue;
        lost.push_back(json::write(sim::to_json(*edit)));
    }
    return lost;
}

std::vector<std::string> disagreements(const std::string& demo,
                                       const std::vector<DemoSystem>& systems, Client& client,
                                       const std::vector<sim::Edit>& edits) {
    checker::Input input;
    for (const auto& system : systems)
        input.systems.push_back({system.name, system.kind, system.url, system.credential});
    input.truth = json_of(read_file(demo + "/truth.json"));
    input.ledger = Value::list();
    for (const auto& edit : edits) input.ledger.as_list().push_back(sim::to_json(edit));
    input.fetch = [&](const http::Request& request) { return client.fetch(request); };
    const auto verdict = checker::check(input);
    if (!verdict) return {verdict.error().message()};
    if (verdict->is_clean()) return {};
    auto told = verdict->explanations;
    told.push_back(json::write(verdict->to_json()));
    return told;
}

}  // namespace entente::e2e
