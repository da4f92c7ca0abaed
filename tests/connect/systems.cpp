#include "systems.hpp"

#include "model/loader.hpp"

#include <algorithm>
#include <utility>

namespace entente::connect {
namespace {

model::Resource resource(std::string name, std::string path) {
    model::Resource out;
    out.name = std::move(name);
    out.system = SystemIndex{0};
    out.path = std::move(path);
    return out;
}

void add(TestSystem& to, model::Resource made) {
    to.system().resources.push_back({static_cast<std::int32_t>(to.workspace.resources.size())});
    to.workspace.resources.push_back(std::move(made));
}

// The workspace with these systems, on the shipped catalogue and more of it.
model::Workspace loaded(std::string_view systems, std::vector<model::SourceFile> overlay) {
    model::LoadInput input;
    input.workspace = {"entente.yaml", "workspace: w\nsystems:\n" + std::string(systems)};
    input.catalog.assign(model::shipped_catalog().begin(), model::shipped_catalog().end());
    input.overlay = std::move(overlay);
    model::LoadResult made = model::load(input);
    std::string wrong;
    for (const auto& diagnostic : made.diagnostics) wrong += diagnostic.text() + "\n";
    CHECK(made.workspace.has_value(), wrong);
    return *std::move(made.workspace);
}

}  // namespace

Result<RestConnector> TestSystem::try_connector() const {
    return RestConnector::open(workspace, SystemIndex{0}, secrets);
}

RestConnector TestSystem::connector() const {
    Result<RestConnector> made = try_connector();
    CHECK(made.has_value(), made.has_value() ? "" : made.error().message());
    return *std::move(made);
}

TestSystem webshop() {
    TestSystem out;
    model::System system;
    system.name = "CustomWebshop";
    system.connector = "custom-webshop";
    system.base_url = "http://127.0.0.1:4010";
    model::RestProtocol& rest = system.rest;
    rest.auth_header = "X-Api-Key";
    rest.auth_value = "{api_key}";
    rest.auth_needs = {"api_key"};
    rest.rows = {"items"};
    rest.paging = model::RestProtocol::Paging::page;
    rest.page_parameter = "page";
    rest.size_parameter = "page_size";
    rest.page_size = 3;
    rest.modified_at = "updated_at";
    rest.modified_filter = {"updated_since", ""};
    rest.error_message_at = "error.message";
    rest.error_code_at = "error.code";
    rest.error_field_at = "error.field";
    rest.quotas = {{.requests = 1200,
                    .remaining_header = "X-RateLimit-Remaining",
                    .reset_header = "X-RateLimit-Reset"}};
    out.workspace.systems.push_back(std::move(system));
    out.secrets = {{"api_key", "key-of-the-shop"}};
    model::Resource shop_customers = resource("customers", "/api/customers");
    shop_customers.search = {
        {"email", {"email", ""}}, {"vat_id", {"vat_id", ""}}, {"name", {"name", ""}}};
    add(out, std::move(shop_customers));
    add(out, resource("products", "/api/products"));
    add(out, resource("orders", "/api/orders"));
    model::Resource lines = resource("orders.lines", "");
    lines.nested_in = orders;
    lines.key_is_integer = true;
    add(out, std::move(lines));
    return out;
}

TestSystem erp() {
    TestSystem out;
    model::System system;
    system.name = "CustomERP";
    system.connector = "custom-erp";
    system.base_url = "http://127.0.0.1:4020/";
    model::RestProtocol& rest = system.rest;
    rest.auth_header = "Authorization";
    rest.auth_value = "Bearer {token}";
    rest.auth_needs = {"token"};
    rest.rows = {"data"};
    rest.paging = model::RestProtocol::Paging::cursor;
    rest.size_parameter = "limit";
    rest.cursor_parameter = "cursor";
    rest.next_at = "next";
    rest.page_size = 200;
    rest.modified_at = "modified";
    rest.modified_filter = {"modified_since", ""};
    rest.etag_at = "etag";
    rest.precondition_header = "If-Match";
    rest.idempotency_header = "Idempotency-Key";
    rest.error_message_at = "message";
    rest.error_code_at = "code";
    rest.error_field_at = "details.0.field";
    rest.already_exists_codes = {"duplicate"};
    out.workspace.systems.push_back(std::move(system));
    out.secrets = {{"token", "token-of-the-erp"}};
    for (const char* name : {"customers", "products", "orders", "order-lines"}) {
        model::Resource made = resource(name, std::string("/v1/") + name);
        made.key_is_integer = true;
        made.grade = model::CreateGrade::keyed;
        made.search = {{"vat_number", {"vat_number", ""}},
                       {"order", {"order", ""}},
                       {"blocked", {"blocked", ""}}};
        add(out, std::move(made));
    }
    return out;
}

TestSystem exact() {
    return {loaded("  ExactOnline:\n"
                   "    connector: exact-online\n"
                   "    base_url: http://127.0.0.1:4030/api/v1/1234567\n"
                   "    simulated: true\n"
                   "    settings: {division: 1234567}\n"
                   "    auth: {token: \"${TOKEN}\"}\n",
                   {}),
            {{"token", "t"}}};
}

TestSystem business_central() {
    return {loaded("  BC:\n"
                   "    connector: business-central\n"
                   "    base_url: http://127.0.0.1:4040/api/v2.0\n"
                   "    simulated: true\n"
                   "    settings: {tenant: contoso, currency: EUR,\n"
                   "               company: aaaaaaaa-0000-4000-8000-000000000001}\n"
                   "    auth: {client_id: \"${ID}\", client_secret: \"${SECRET}\"}\n",
                   {}),
            {{"client_id", "the-client"}, {"client_secret", "secret-of-bc"}}};
}

TestSystem declared(std::string_view connector, const std::vector<std::string>& resources) {
    std::vector<model::SourceFile> files{
        {"catalog/connectors/other/connector.yaml",
         "connector: other\nauth: {header: X-Key, value: \"{key}\", needs: [key]}\n" +
             std::string(connector)}};
    for (const std::string& text : resources) {
        files.push_back(
            {"catalog/connectors/other/r" + std::to_string(files.size()) + ".yaml", text});
    }
    return {loaded("  Other:\n"
                   "    connector: other\n"
                   "    base_url: https://other.example/api\n"
                   "    auth: {key: \"${KEY}\"}\n",
                   std::move(files)),
            {{"key", "key-of-other"}}};
}

ResourceIndex resource_named(const TestSystem& system, std::string_view name) {
    const auto& all = system.workspace.resources;
    const auto found = std::ranges::find(all, name, &model::Resource::name);
    CHECK(found != all.end(), name);
    return {static_cast<std::int32_t>(found - all.begin())};
}

http::Response json_response(int status, std::string body) {
    return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

}  // namespace entente::connect
