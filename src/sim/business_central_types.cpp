#include "sim/business_central_types.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "sim/business_central_codes.hpp"
#include "sim/guid.hpp"

namespace entente::sim::central {
namespace {

using edm::Access;
using edm::Choice;
using edm::Entity;
using edm::Property;
using edm::Type;

constexpr std::string_view guid_beginnings[set_count] = {
    "c0570000", "c0270000", "17e30000", "e3010000", "5a1e3000",
    "5a1e3100", "0ffe3000", "0ffe3100", "14b00000", "14b01100"};

constexpr Document documents[] = {
    {sales_orders, sales_order_lines, "salesOrderLines", "S-ORD"},
    {sales_quotes, sales_quote_lines, "salesQuoteLines", "S-QUO"},
    {sales_invoices, sales_invoice_lines, "salesInvoiceLines", "S-INV"}};

Property id() {
    return {.name = "id", .type = Type::guid, .access = Access::silent};
}
Property modified() {
    return {.name = "lastModifiedDateTime", .type = Type::time, .access = Access::silent};
}
Property text(std::string_view name, std::size_t max) {
    return {.name = name, .type = Type::text, .max = max};
}
Property code(std::string_view name, std::size_t max) {
    return {.name = name, .type = Type::code, .max = max};
}
Property key(std::string_view name) {
    return {.name = name, .type = Type::guid};
}
Property amount(std::string_view name) {
    return {.name = name, .type = Type::number, .decimals = 2};
}
Property quantity(std::string_view name) {
    return {.name = name, .type = Type::number};
}
Property flag(std::string_view name) {
    return {.name = name, .type = Type::boolean};
}
Property day(std::string_view name) {
    return {.name = name, .type = Type::date};
}
Property one_of(std::string_view name, std::string_view choice) {
    return {.name = name, .type = Type::choice, .choice = choice};
}
Property indexed(Property property) {
    property.is_indexed = true;
    return property;
}
Property computed(Property property) {
    property.access = Access::computed;
    return property;
}
Property once(Property property) {
    property.access = Access::once;
    return property;
}

void append(std::vector<Property>& to, std::vector<Property> more) {
    to.insert(to.end(), more.begin(), more.end());
}

std::vector<Property> address() {
    return {text("addressLine1", 100), text("addressLine2", 50), text("city", 30),
            text("state", 30),         code("country", 10),      code("postalCode", 20)};
}

Entity customer() {
    std::vector<Property> all{id(), indexed(code("number", 20)), indexed(text("displayName", 100)),
                              one_of("type", "contactType")};
    append(all, address());
    append(all, {text("phoneNumber", 30), indexed(text("email", 80)), text("website", 255),
                 code("salespersonCode", 20), computed(amount("balanceDue")), amount("creditLimit"),
                 flag("taxLiable"), key("taxAreaId"), computed(text("taxAreaDisplayName", 100)),
                 indexed(text("taxRegistrationNumber", 20)), key("currencyId"),
                 code("currencyCode", 10), key("paymentTermsId"), key("shipmentMethodId"),
                 key("paymentMethodId"), one_of("blocked", "customerBlocked"), modified()});
    return {"customer", "customers", std::move(all)};
}

Entity contact() {
    std::vector<Property> all{id(),
                              indexed(code("number", 20)),
                              one_of("type", "contactType"),
                              indexed(text("displayName", 100)),
                              text("jobTitle", 30),
                              indexed(code("companyNumber", 20)),
                              computed(text("companyName", 100)),
                              one_of("contactBusinessRelation", "contactBusinessRelation")};
    append(all, address());
    append(all,
           {text("phoneNumber", 30), text("mobilePhoneNumber", 30), indexed(text("email", 80)),
            text("website", 255), code("searchName", 100), flag("privacyBlocked"),
            text("taxRegistrationNumber", 20), computed(day("lastInteractionDate")), modified()});
    return {"contact", "contacts", std::move(all)};
}

Entity item() {
    return {"item",
            "items",
            {id(),
             indexed(code("number", 20)),
             indexed(text("displayName", 100)),
             text("displayName2", 50),
             one_of("type", "itemType"),
             key("itemCategoryId"),
             code("itemCategoryCode", 20),
             flag("blocked"),
             code("gtin", 14),
             quantity("inventory"),
             quantity("unitPrice"),
             flag("priceIncludesTax"),
             quantity("unitCost"),
             key("taxGroupId"),
             code("taxGroupCode", 20),
             key("baseUnitOfMeasureId"),
             code("baseUnitOfMeasureCode", 10),
             key("generalProductPostingGroupId"),
             code("generalProductPostingGroupCode", 20),
             key("inventoryPostingGroupId"),
             code("inventoryPostingGroupCode", 20),
             modified()}};
}

Entity employee() {
    std::vector<Property> all{id(),
                              indexed(code("number", 20)),
                              computed(text("displayName", 100)),
                              text("givenName", 30),
                              text("middleName", 30),
                              text("surname", 30),
                              text("jobTitle", 30)};
    append(all, address());
    append(all, {text("phoneNumber", 30), text("mobilePhone", 30), indexed(text("email", 80)),
                 text("personalEmail", 80), day("employmentDate"), day("terminationDate"),
                 one_of("status", "employeeStatus"), day("birthDate"),
                 code("statisticsGroupCode", 10), code("iban", 50), modified()});
    return {"employee", "employees", std::move(all)};
}

std::vector<Property> addressee(std::string_view status) {
    return {indexed(key("customerId")),
            code("customerNumber", 20),
            computed(text("customerName", 100)),
            key("billToCustomerId"),
            code("billToCustomerNumber", 20),
            computed(text("billToName", 100)),
            text("shipToName", 100),
            text("shipToContact", 100),
            text("sellToAddressLine1", 100),
            text("sellToCity", 30),
            code("sellToCountry", 10),
            code("sellToPostCode", 20),
            text("shipToAddressLine1", 100),
            text("shipToCity", 30),
            code("shipToCountry", 10),
            code("shipToPostCode", 20),
            key("currencyId"),
            code("currencyCode", 10),
            key("paymentTermsId"),
            key("shipmentMethodId"),
            code("salesperson", 20),
            text("phoneNumber", 30),
            text("email", 80),
            computed(one_of("status", status)),
            amount("discountAmount"),
            computed(flag("discountAppliedBeforeTax")),
            computed(amount("totalAmountExcludingTax")),
            computed(amount("totalTaxAmount")),
            computed(amount("totalAmountIncludingTax")),
            modified()};
}

Entity sales_order() {
    std::vector<Property> all{id(),
                              indexed(computed(code("number", 20))),
                              indexed(code("externalDocumentNumber", 35)),
                              day("orderDate"),
                              day("postingDate"),
                              day("requestedDeliveryDate"),
                              code("shortcutDimension1Code", 20),
                              computed(flag("pricesIncludeTax")),
                              flag("partialShipping"),
                              flag("fullyShipped")};
    append(all, addressee("salesOrderEntityBufferStatus"));
    return {"salesOrder", "salesOrders", std::move(all), {{"salesOrderLines", "salesOrderLine"}}};
}

Entity sales_quote() {
    std::vector<Property> all{id(),
                              indexed(computed(code("number", 20))),
                              indexed(code("externalDocumentNumber", 35)),
                              day("documentDate"),
                              day("postingDate"),
                              day("dueDate"),
                              day("validUntilDate"),
                              computed(day("acceptedDate"))};
    append(all, addressee("salesQuoteEntityBufferStatus"));
    return {"salesQuote", "salesQuotes", std::move(all), {{"salesQuoteLines", "salesQuoteLine"}}};
}

Entity sales_invoice() {
    std::vector<Property> all{id(),
                              indexed(computed(code("number", 20))),
                              indexed(code("externalDocumentNumber", 35)),
                              day("invoiceDate"),
                              day("postingDate"),
                              indexed(computed(key("orderId"))),
                              computed(code("orderNumber", 20))};
    append(all, addressee("invoiceEntityAggregateStatus"));
    return {"salesInvoice",
            "salesInvoices",
            std::move(all),
            {{"salesInvoiceLines", "salesInvoiceLine"}}};
}

Entity line(std::string_view name, std::string_view set) {
    return {name,
            set,
            {id(),
             indexed(once(key("documentId"))),
             once({.name = "sequence", .type = Type::whole}),
             indexed(key("itemId")),
             key("accountId"),
             one_of("lineType", "invoiceLineAggLineType"),
             code("lineObjectNumber", 20),
             text("description", 100),
             text("description2", 50),
             key("unitOfMeasureId"),
             code("unitOfMeasureCode", 10),
             quantity("quantity"),
             quantity("unitPrice"),
             amount("discountAmount"),
             quantity("discountPercent"),
             computed(flag("discountAppliedBeforeTax")),
             computed(amount("amountExcludingTax")),
             code("taxCode", 20),
             computed(quantity("taxPercent")),
             computed(amount("totalTaxAmount")),
             computed(amount("amountIncludingTax")),
             computed(amount("netAmount")),
             computed(amount("netTaxAmount")),
             computed(amount("netAmountIncludingTax")),
             key("itemVariantId"),
             key("locationId")}};
}

Entity order_line() {
    Entity entity = line("salesOrderLine", "salesOrderLines");
    append(entity.properties,
           {computed(amount("invoiceDiscountAllocation")), day("shipmentDate"),
            computed(quantity("shippedQuantity")), computed(quantity("invoicedQuantity")),
            quantity("invoiceQuantity"), quantity("shipQuantity")});
    return entity;
}

Entity company() {
    std::vector<Property> all{id()};
    for (Property property :
         {text("systemVersion", 250), text("name", 30), text("displayName", 250)}) {
        all.push_back(computed(property));
    }
    return {"company", "companies", std::move(all)};
}

const std::vector<Entity>& tables() {
    static const std::vector<Entity> all{
        customer(),      contact(),
        item(),          employee(),
        sales_order(),   order_line(),
        sales_quote(),   line("salesQuoteLine", "salesQuoteLines"),
        sales_invoice(), line("salesInvoiceLine", "salesInvoiceLines")};
    return all;
}

template <class Projection>
const Document* find_document(Projection projection, std::size_t set) {
    const auto* at = std::ranges::find(documents, set, projection);
    return at == std::end(documents) ? nullptr : at;
}

}  // namespace

const Entity& entity_of(std::size_t set) {
    CHECK(set < set_count, "an entity is that of a table");
    return tables()[set];
}

std::span<const Entity* const> all_entities() {
    static const Entity companies = company();
    static const std::vector<const Entity*> all = [] {
        std::vector<const Entity*> list{&companies};
        for (const Entity& entity : tables()) list.push_back(&entity);
        for (const CodeList& codes : code_lists()) list.push_back(&codes.entity);
        return list;
    }();
    return all;
}

std::span<const Choice> choices() {
    static const std::vector<Choice> all{
        {"contactType", {"Company", "Person"}},
        {"customerBlocked", {"_x0020_", "Ship", "Invoice", "All"}},
        {"contactBusinessRelation",
         {"_x0020_", "Customer", "Vendor", "Bank_x0020_Account", "Employee", "None", "Other",
          "Multiple"}},
        {"itemType", {"Inventory", "Service", "Non_x002D_Inventory"}},
        {"employeeStatus", {"Active", "Inactive", "Terminated"}},
        {"salesOrderEntityBufferStatus", {"Draft", "In_x0020_Review", "Open"}},
        {"salesQuoteEntityBufferStatus", {"Draft", "Sent", "Accepted", "Expired_x0020_"}},
        {"invoiceEntityAggregateStatus",
         {"_x0020_", "Draft", "In_x0020_Review", "Open", "Paid", "Canceled", "Corrective"}},
        {"invoiceLineAggLineType",
         {"Comment", "Account", "Item", "Resource", "Fixed_x0020_Asset", "Charge",
          "Allocation_x0020_Account"}}};
    return all;
}

std::string guid_of(std::size_t set, std::int64_t number) {
    CHECK(set < set_count, "a key is that of a table");
    return readable_guid(guid_beginnings[set], number);
}

std::optional<std::int64_t> number_of(std::size_t set, std::string_view guid) {
    CHECK(set < set_count, "a key is that of a table");
    return number_in_guid(guid_beginnings[set], guid);
}

const Document* document_of(std::size_t header) {
    return find_document(&Document::header, header);
}
const Document* document_with(std::size_t lines) {
    return find_document(&Document::lines, lines);
}

}  // namespace entente::sim::central
