#include "sim/desk.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"

namespace entente::sim {
namespace {

constexpr Desk desks[] = {
    {"custom-webshop", "/api/", "X-Api-Key", "", "page_size=250&page=1", "items"},
    {"custom-erp", "/v1/", "Authorization", "Bearer ", "limit=500", "data"}};

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
                          {"custom-erp", "order_line", "order-lines"}};

struct Place {
    std::string_view model, property, webshop, erp;
};
constexpr Place places[] = {{"organisation", "name", "name", "company_name"},
                            {"organisation", "email", "email", "email"},
                            {"organisation", "vat_number", "vat_id", "vat_number"},
                            {"organisation", "phone", "phone", "telephone"},
                            {"organisation", "street", "address.street", "street"},
                            {"organisation", "city", "address.city", "city"},
                            {"organisation", "country", "address.country", "country_code"},
                            {"product", "sku", "sku", "item_code"},
                            {"product", "name", "title", "description"},
                            {"product", "price", "price", "sales_price"},
                            {"product", "currency", "currency", "currency_code"},
                            {"order", "number", "number", "reference"},
                            {"order", "customer", "customer_id", "customer"},
                            {"order", "date", "ordered_on", "order_date"},
                            {"order", "currency", "currency", "currency_code"},
                            {"order", "comment", "comment", "remarks"},
                            {"order_line", "order", "", "order"},
                            {"order_line", "product", "product_id", "product"},
                            {"order_line", "text", "title", "description"},
                            {"order_line", "quantity", "quantity", "qty"},
                            {"order_line", "unit_price", "unit_price", "price"}};

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
        return kind == "custom-webshop" ? place.webshop : place.erp;
    }
    CHECK(false, "people edit fields that there are");
    return {};
}

std::optional<std::string> next_query(const Desk& desk, const Value& page, int number) {
    if (const Value* next = page.find("next"); next != nullptr) {
        if (!next->is_text()) return std::nullopt;
        return fmt::format("{}&cursor={}", desk.first_page, next->as_text());
    }
    const Value* rows = page.find(desk.rows);
    const Value* size = page.find("page_size");
    if (rows == nullptr || size == nullptr || !(Value(rows->as_list().size()) == *size)) {
        return std::nullopt;
    }
    return fmt::format("page_size={}&page={}", json::write(*size), number + 1);
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
