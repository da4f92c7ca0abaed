#include "sim/desk.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "sim/exact_ids.hpp"

namespace entente::sim {
namespace {

constexpr Desk desks[] = {
    {"custom-webshop", "/api/", "X-Api-Key", "", "page_size=250&page=1", "PATCH", "lines"},
    {"custom-erp", "/v1/", "Authorization", "Bearer ", "limit=500", "PATCH", ""},
    // In the application, not through its API: what people do uses up nothing of the quota.
    {"exact-online", "/api/v1/1234567/", "Authorization", "Bearer people:", "", "PUT",
     "SalesOrderLines"},
    {"business-central",
     "/v2.0/production/api/v2.0/companies(c0a00000-0000-4000-8000-000000000001)/", "Authorization",
     "Bearer people:", "", "PATCH", "salesOrderLines"}};

struct Room {
    std::string_view kind, model, resource;
};
constexpr Room rooms[] = {{"custom-webshop", "organisation", "customers"},
                          {"custom-webshop", "product", "products"},
                          {"custom-webshop", "order", "orders"},
                          {"custom-webshop", "order_line", ""},
                          {"custom-erp", "organisation", "customers"},
                          {"custom-erp", "product", "products"},
                          {"custom-erp", "order", "orders"},
                          {"custom-erp", "order_line", "order-lines"},
                          {"exact-online", "organisation", exact::accounts},
                          {"exact-online", "product", exact::items},
                          {"exact-online", "order", exact::sales_orders},
                          {"exact-online", "order_line", exact::sales_order_lines},
                          {"business-central", "organisation", "customers"},
                          {"business-central", "product", "items"},
                          {"business-central", "order", "salesOrders"},
                          {"business-central", "order_line", "salesOrderLines"}};

struct Place {
    std::string_view model, property, webshop, erp, exact, central;
};
constexpr Place places[] = {
    {"organisation", "name", "name", "company_name", "Name", "displayName"},
    {"organisation", "email", "email", "email", "Email", "email"},
    {"organisation", "vat_number", "vat_id", "vat_number", "VATNumber", "taxRegistrationNumber"},
    {"organisation", "phone", "phone", "telephone", "Phone", "phoneNumber"},
    {"organisation", "street", "address.street", "street", "AddressLine1", "addressLine1"},
    {"organisation", "city", "address.city", "city", "City", "city"},
    {"organisation", "country", "address.country", "country_code", "Country", "country"},
    {"product", "sku", "sku", "item_code", "Code", "number"},
    {"product", "name", "title", "description", "Description", "displayName"},
    {"product", "price", "price", "sales_price", "StandardSalesPrice", "unitPrice"},
    {"product", "currency", "currency", "currency_code", "", ""},
    {"order", "number", "number", "reference", "YourRef", "externalDocumentNumber"},
    {"order", "customer", "customer_id", "customer", "OrderedBy", "customerId"},
    {"order", "date", "ordered_on", "order_date", "OrderDate", "orderDate"},
    {"order", "currency", "currency", "currency_code", "Currency", "currencyCode"},
    {"order", "comment", "comment", "remarks", "Remarks", ""},
    {"order_line", "order", "", "order", "OrderID", "documentId"},
    {"order_line", "product", "product_id", "product", "Item", "itemId"},
    {"order_line", "text", "title", "description", "Description", "description"},
    {"order_line", "quantity", "quantity", "qty", "Quantity", "quantity"},
    {"order_line", "unit_price", "unit_price", "price", "UnitPrice", "unitPrice"}};

bool is_exact(const Desk& desk) {
    return desk.kind == "exact-online";
}
bool is_central(const Desk& desk) {
    return desk.kind == "business-central";
}

}  // namespace

const Desk* find_desk(std::string_view kind) {
    const auto* at = std::ranges::find(desks, kind, &Desk::kind);
    return at == std::end(desks) ? nullptr : at;
}

std::string_view resource_of(std::string_view kind, std::string_view model) {
    for (const Room& room : rooms) {
        if (room.kind == kind && room.model == model) return room.resource;
    }
    return {};
}

std::string_view model_of(const Desk& desk, std::string_view resource) {
    for (const Room& room : rooms) {
        if (room.kind == desk.kind && room.resource == resource) return room.model;
    }
    return {};
}

std::string_view path_of(std::string_view kind, std::string_view model, std::string_view property) {
    for (const Place& place : places) {
        if (place.model != model || place.property != property) continue;
        if (kind == "exact-online") return place.exact;
        if (kind == "business-central") return place.central;
        return kind == "custom-webshop" ? place.webshop : place.erp;
    }
    CHECK(false, "people edit fields that there are");
    return {};
}

std::string list_url(const Desk& desk, std::string_view resource, std::string_view query) {
    return fmt::format("{}{}{}{}", desk.root, resource, query.empty() ? "" : "?", query);
}

std::string record_url(const Desk& desk, std::string_view resource, const Value& id) {
    const char* form = is_exact(desk)     ? "{}{}(guid'{}')"
                       : is_central(desk) ? "{}{}({})"
                                          : "{}{}/{}";
    return fmt::format(fmt::runtime(form), desk.root, resource, id_text(id));
}

std::optional<std::pair<std::string, std::string>> record_at(const Desk& desk,
                                                             std::string_view url) {
    const std::string_view begin = is_exact(desk) ? "(guid'" : "/";
    const std::string_view end = is_exact(desk) ? "')" : "";
    if (!url.starts_with(desk.root) || !url.ends_with(end) || url.contains('?')) return {};
    url.remove_prefix(desk.root.size());
    const std::size_t at = url.find(begin);
    if (at == std::string_view::npos) return {};
    const std::string_view id = url.substr(at + begin.size());
    return std::pair(std::string(url.substr(0, at)),
                     std::string(id.substr(0, id.size() - end.size())));
}

std::string search_url(const Desk& desk, std::string_view resource, std::string_view path,
                       const std::string& text) {
    http::Query query{{std::string(path), text}};
    if (is_exact(desk) || is_central(desk)) {
        std::string quoted;
        for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
        query = {{"$filter", fmt::format("{} eq '{}'", path, quoted)}};
    }
    return list_url(desk, resource, http::format_query(query));
}

Result<Value> record_in(const Desk& desk, const http::Response& response) {
    TRY(Value body, json::read(response.body));
    if (!is_exact(desk)) return body;
    const Value* record = body.find("d");
    if (record == nullptr) return fail(ErrorKind::drift, "the answer has no record");
    return *record;
}

const Value* id_of(const Desk& desk, std::string_view resource, const Value& record) {
    if (!is_exact(desk)) return record.find("id");
    return record.find(resource == exact::sales_orders ? "OrderID" : "ID");
}

const Value* rows_of(const Value& page) {
    for (const std::string_view path : {"items", "data", "d.results", "d", "value"}) {
        const Value* rows = page.at_path(path);
        if (rows != nullptr && rows->is_list()) return rows;
    }
    return nullptr;
}

std::optional<std::string> next_query(const Desk& desk, const Value& page, int number) {
    if (const Value* next = page.find("next"); next != nullptr) {
        if (!next->is_text()) return std::nullopt;
        return fmt::format("{}&cursor={}", desk.first_page, next->as_text());
    }
    if (const Value* link = page.at_path("d.__next"); link != nullptr && link->is_text()) {
        return link->as_text().substr(link->as_text().find('?') + 1);
    }
    if (const Value* link = page.find("@odata.nextLink"); link != nullptr) {
        return link->as_text().substr(link->as_text().find('?') + 1);
    }
    const Value* rows = rows_of(page);
    const Value* size = page.find("page_size");
    if (rows == nullptr || size == nullptr || !(Value(rows->as_list().size()) == *size)) {
        return std::nullopt;
    }
    return fmt::format("page_size={}&page={}", json::write(*size), number + 1);
}

std::string version_in(const http::Response& response, const Value& record) {
    const Value* version = record.find("@odata.etag");
    return version != nullptr ? version->as_text()
                              : std::string(http::find(response.headers, "ETag").value_or(""));
}

bool is_blank(const Value& value) {
    return value.is_null() || (value.is_text() && value.as_text().empty());
}

std::string id_text(const Value& id) {
    return id.is_text() ? id.as_text() : json::write(id);
}

Error refusal_of(const http::Response& response, const std::string& url) {
    ErrorKind kind = ErrorKind::rejected;
    if (response.status == 404) kind = ErrorKind::not_found;
    if (response.status == 401) kind = ErrorKind::auth;
    if (response.status == 429 || response.status >= 500) kind = ErrorKind::retry_later;
    return {kind, fmt::format("{}: {}", response.status, response.body), url};
}

}  // namespace entente::sim
