// Which values of the simulated systems correspond, as the checker sees it: written from docs/SIMULATED.md, not from the
// catalogue, so that a mistake there is found and not repeated. Included by the checker only.
#pragma once

#include <span>
#include <string_view>

namespace entente::checker {

// How a value is reduced to a text that is equal when the values mean the same.
enum class Fold { text, upper, email, vat, phone, money, number, date, yes, no, reference };

struct Column {
    std::string_view property;  // the same word for all kinds of systems
    std::string_view path;
    Fold fold = Fold::text;
    std::string_view to = {};  // reference: the model
    bool is_identity = false;
    std::size_t cut_at = 0;  // the system keeps no more characters; 0: all
    bool only_flows_out =
        false;  // the API cannot write it: it agrees only where it came from there
};

struct Sheet {
    std::string_view model;
    std::string_view resource;  // as truth and ledger call it
    std::string_view path;
    std::string_view id;
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
    {"date", "ordered_on", Fold::date},
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
                                       {"date", "order_date", Fold::date},
                                       {"currency", "currency_code", Fold::upper},
                                       {"comment", "remarks"}};
inline constexpr Column erp_line[] = {{"product", "product", Fold::reference, "product"},
                                      {"quantity", "qty", Fold::number},
                                      {"unit_price", "price", Fold::number},
                                      {"text", "description"}};

inline constexpr Column exact_organisation[] = {{"name", "Name", Fold::text, {}, true},
                                                {"vat_number", "VATNumber", Fold::vat, {}, true},
                                                {"email", "Email", Fold::email, {}, true},
                                                {"phone", "Phone", Fold::phone},
                                                {"street", "AddressLine1"},
                                                {"postal_code", "Postcode"},
                                                {"city", "City"},
                                                {"country", "Country", Fold::upper}};
inline constexpr Column exact_product[] = {{"sku", "Code", Fold::upper, {}, true},
                                           {"name", "Description", Fold::text, {}, true, 60},
                                           {.property = "price",
                                            .path = "StandardSalesPrice",
                                            .fold = Fold::money,
                                            .only_flows_out = true},
                                           {"active", "IsSalesItem", Fold::yes}};
inline constexpr Column exact_sales_order[] = {
    {"number", "YourRef", Fold::text, {}, true},
    {"customer", "OrderedBy", Fold::reference, "organisation"},
    {"date", "OrderDate", Fold::date},
    {"currency", "Currency", Fold::upper},
    {"comment", "Remarks"}};
inline constexpr Column exact_quotation[] = {
    {"number", "YourRef", Fold::text, {}, true},
    {"customer", "OrderAccount", Fold::reference, "organisation"},
    {"date", "QuotationDate", Fold::date},
    {"currency", "Currency", Fold::upper},
    {"comment", "Remarks"}};
inline constexpr Column exact_line[] = {{"product", "Item", Fold::reference, "product"},
                                        {"quantity", "Quantity", Fold::number},
                                        {"unit_price", "UnitPrice", Fold::number},
                                        {"text", "Description"}};

inline constexpr Column central_organisation[] = {
    {"name", "displayName", Fold::text, {}, true},
    {"vat_number", "taxRegistrationNumber", Fold::vat, {}, true},
    {"email", "email", Fold::email, {}, true},
    {"phone", "phoneNumber", Fold::phone},
    {"street", "addressLine1"},
    {"postal_code", "postalCode"},
    {"city", "city"},
    {"country", "country", Fold::upper}};
inline constexpr Column central_product[] = {{"sku", "number", Fold::upper, {}, true},
                                             {"name", "displayName", Fold::text, {}, true},
                                             {"price", "unitPrice", Fold::money},
                                             {"active", "blocked", Fold::no}};
inline constexpr Column central_order[] = {
    {"number", "externalDocumentNumber", Fold::text, {}, true},
    {"customer", "customerId", Fold::reference, "organisation"},
    {"date", "orderDate", Fold::date},
    {"currency", "currencyCode", Fold::upper}};
inline constexpr Column central_line[] = {{"product", "itemId", Fold::reference, "product"},
                                          {"quantity", "quantity", Fold::number},
                                          {"unit_price", "unitPrice", Fold::number},
                                          {"text", "description"}};

inline constexpr Sheet shop_sheets[] = {
    {"organisation", "customers", "/api/customers", "id", shop_organisation, {}, {}, {}, {}},
    {"product", "products", "/api/products", "id", shop_product, {}, {}, {}, {}},
    {"order", "orders", "/api/orders", "id", shop_order, shop_line, "lines", {}, {}}};
inline constexpr Sheet erp_sheets[] = {
    {"organisation", "customers", "/v1/customers", "id", erp_organisation, {}, {}, {}, {}},
    {"product", "products", "/v1/products", "id", erp_product, {}, {}, {}, {}},
    {"order", "orders", "/v1/orders", "id", erp_order, erp_line, {}, "/v1/order-lines", "order"}};
inline constexpr Sheet exact_sheets[] = {{"organisation",
                                          "crm/Accounts",
                                          "/api/v1/1234567/crm/Accounts",
                                          "ID",
                                          exact_organisation,
                                          {},
                                          {},
                                          {},
                                          {}},
                                         {"product",
                                          "logistics/Items",
                                          "/api/v1/1234567/logistics/Items",
                                          "ID",
                                          exact_product,
                                          {},
                                          {},
                                          {},
                                          {}},
                                         {"order",
                                          "salesorder/SalesOrders",
                                          "/api/v1/1234567/salesorder/SalesOrders",
                                          "OrderID",
                                          exact_sales_order,
                                          exact_line,
                                          {},
                                          "/api/v1/1234567/salesorder/SalesOrderLines",
                                          "OrderID"},
                                         {"order",
                                          "crm/Quotations",
                                          "/api/v1/1234567/crm/Quotations",
                                          "QuotationID",
                                          exact_quotation,
                                          exact_line,
                                          {},
                                          "/api/v1/1234567/crm/QuotationLines",
                                          "QuotationID"}};

inline constexpr Sheet central_sheets[] = {
    {"organisation",
     "customers",
     "/v2.0/production/api/v2.0/companies(c0a00000-0000-4000-8000-000000000001)/customers",
     "id",
     central_organisation,
     {},
     {},
     {},
     {}},
    {"product",
     "items",
     "/v2.0/production/api/v2.0/companies(c0a00000-0000-4000-8000-000000000001)/items",
     "id",
     central_product,
     {},
     {},
     {},
     {}},
    {"order",
     "salesOrders",
     "/v2.0/production/api/v2.0/companies(c0a00000-0000-4000-8000-000000000001)/salesOrders",
     "id",
     central_order,
     central_line,
     {},
     "/v2.0/production/api/v2.0/companies(c0a00000-0000-4000-8000-000000000001)/salesOrderLines",
     "documentId"}};

// Exact Online and Business Central are read as the people of the application read them: that uses up nothing of their quotas.
inline constexpr Book books[] = {
    {"custom-webshop", "X-Api-Key", "", "page_size=250&page=1", shop_sheets},
    {"custom-erp", "Authorization", "Bearer ", "limit=500", erp_sheets},
    {"exact-online", "Authorization", "Bearer people:", "", exact_sheets},
    {"business-central", "Authorization", "Bearer people:", "", central_sheets}};

}  // namespace entente::checker
