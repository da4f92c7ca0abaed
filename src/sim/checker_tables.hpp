// Which values of the simulated systems correspond, as the checker sees it: written from docs/SIMULATED.md, not from the
// catalogue, so that a mistake there is found and not repeated. Included by checker.cpp only.
#pragma once

#include <span>
#include <string_view>

namespace entente::checker {

// How a value is reduced to a text that is equal when the values mean the same.
enum class Fold { text, upper, email, vat, phone, money, number, yes, no, reference };

struct Column {
    std::string_view property;  // the same word for all kinds of systems
    std::string_view path;
    Fold fold = Fold::text;
    std::string_view to = {};  // reference: the model
    bool is_identity = false;
};

struct Sheet {
    std::string_view model;
    std::string_view path;  // of the resource
    std::span<const Column> columns;
    std::span<const Column> lines;
    std::string_view lines_at;      // nested: where in the record
    std::string_view lines_path;    // separate: the resource
    std::string_view lines_parent;  // separate: path of the parent's id
};

struct Book {
    std::string_view kind;
    std::string_view auth_header, auth_prefix;
    std::string_view first_page;  // query of the first page
    std::string_view rows;        // where a page has its rows
    std::span<const Sheet> sheets;
};

inline constexpr Column shop_organisation[] = {{"name", "name", Fold::text, {}, true},
                                               {"vat_number", "vat_id", Fold::vat, {}, true},
                                               {"email", "email", Fold::email, {}, true},
                                               {"phone", "phone", Fold::phone},
                                               {"street", "address.street"},
                                               {"postal_code", "address.zip"},
                                               {"city", "address.city"},
                                               {"country", "address.country", Fold::upper}};
inline constexpr Column shop_product[] = {{"sku", "sku", Fold::upper, {}, true},
                                          {"name", "title", Fold::text, {}, true},
                                          {"price", "price", Fold::money},
                                          {"currency", "currency", Fold::upper},
                                          {"active", "active", Fold::yes}};
inline constexpr Column shop_order[] = {
    {"number", "number", Fold::text, {}, true},
    {"customer", "customer_id", Fold::reference, "organisation"},
    {"date", "ordered_on"},
    {"currency", "currency", Fold::upper},
    {"comment", "comment"}};
inline constexpr Column shop_line[] = {{"product", "product_id", Fold::reference, "product"},
                                       {"quantity", "quantity", Fold::number},
                                       {"unit_price", "unit_price", Fold::number},
                                       {"text", "title"}};

inline constexpr Column erp_organisation[] = {{"name", "company_name", Fold::text, {}, true},
                                              {"vat_number", "vat_number", Fold::vat, {}, true},
                                              {"email", "email", Fold::email, {}, true},
                                              {"phone", "telephone", Fold::phone},
                                              {"street", "street"},
                                              {"postal_code", "postal_code"},
                                              {"city", "city"},
                                              {"country", "country_code", Fold::upper}};
inline constexpr Column erp_product[] = {{"sku", "item_code", Fold::upper, {}, true},
                                         {"name", "description", Fold::text, {}, true},
                                         {"price", "sales_price", Fold::money},
                                         {"currency", "currency_code", Fold::upper},
                                         {"active", "blocked", Fold::no}};
inline constexpr Column erp_order[] = {{"number", "reference", Fold::text, {}, true},
                                       {"customer", "customer", Fold::reference, "organisation"},
                                       {"date", "order_date"},
                                       {"currency", "currency_code", Fold::upper},
                                       {"comment", "remarks"}};
inline constexpr Column erp_line[] = {{"product", "product", Fold::reference, "product"},
                                      {"quantity", "qty", Fold::number},
                                      {"unit_price", "price", Fold::number},
                                      {"text", "description"}};

inline constexpr Sheet shop_sheets[] = {
    {"organisation", "/api/customers", shop_organisation, {}, {}, {}, {}},
    {"product", "/api/products", shop_product, {}, {}, {}, {}},
    {"order", "/api/orders", shop_order, shop_line, "lines", {}, {}}};
inline constexpr Sheet erp_sheets[] = {
    {"organisation", "/v1/customers", erp_organisation, {}, {}, {}, {}},
    {"product", "/v1/products", erp_product, {}, {}, {}, {}},
    {"order", "/v1/orders", erp_order, erp_line, {}, "/v1/order-lines", "order"}};

inline constexpr Book books[] = {
    {"custom-webshop", "X-Api-Key", "", "page_size=250&page=1", "items", shop_sheets},
    {"custom-erp", "Authorization", "Bearer ", "limit=500", "data", erp_sheets}};

}  // namespace entente::checker
