#include "targets/wire.hpp"

#include <map>
#include <utility>

#include "model/loader.hpp"
#include "targets/input.hpp"

namespace entente::fuzz {
namespace {

constexpr std::string_view entente_yaml = R"(workspace: w
systems:
  CustomWebshop:
    connector: custom-webshop
    base_url: https://shop.example
    auth: {api_key: "${SHOP}"}
  CustomERP:
    connector: custom-erp
    base_url: https://erp.example/rest/
    auth: {token: "${ERP}"}
  ExactOnline:
    connector: exact-online
    base_url: http://127.0.0.1:4030/api/v1/1234567
    simulated: true
    settings: {division: 1234567}
    auth: {token: "${EXACT}"}
  Odd:
    connector: odd
    base_url: https://odd.example/a/b
    auth: {token: "${ODD}"}
  Linked:
    connector: linked
    base_url: https://linked.example/api/
    auth: {token: "${LINKED}"}
  Counted:
    connector: counted
    base_url: https://counted.example
    auth: {token: "${COUNTED}"}
)";

// The ways to the next page that the shipped connectors do not take.
constexpr std::string_view linked_connector = R"(connector: linked
protocol: rest
auth: {header: Authorization, value: "Bearer {token}", needs: [token]}
paging: {kind: link_header, size: per_page, page_size: 100}
update: {verb: PUT}
)";
constexpr std::string_view counted_connector = R"(connector: counted
protocol: rest
auth: {header: Authorization, value: "Bearer {token}", needs: [token]}
list: {rows: data}
paging: {kind: offset, offset: from, size: count, page_size: 50}
update: {verb: PATCH}
)";
constexpr std::string_view plain_things = R"(resource: things
path: /things
key: {property: id, type: integer}
create: {grade: none}
properties:
  name: {type: text, required: true}
data_types:
  Thing:
    model: product
    map: {name: name}
)";

constexpr std::string_view odd_connector = R"(connector: odd
protocol: rest
auth: {header: Authorization, value: "Bearer {token}", needs: [token]}
list: {rows: [result.rows, rows]}
single: result
paging: {kind: cursor, cursor: after, next: next}
modified: {property: changed, granularity: 1s, overlap: 5s, filter: since, zone: America/New_York}
version: {etag: version, precondition: If-Match, stale: [409, 412]}
create: {verb: POST}
update: {verb: PATCH}
errors: {message: error.text, code: error.code, field: error.0, inside_ok: error, already_exists_text: [exists]}
)";

constexpr std::string_view odd_things = R"(resource: things
path: /things
key: {property: key.id}
create: {grade: searchable, visible_after: 5s, late_execution: 1min, search: [number]}
properties:
  key.id: {type: text, access: read}
  number: {type: text, max: 10, required: true}
  title: {type: text}
  cost: {type: decimal_text, digits: 3}
  live: {type: boolean}
  changed: {type: instant, access: read}
data_types:
  Thing:
    model: product
    map:
      sku: {path: number, text: [trim]}
      name: {path: title, text: [squeeze]}
      price: cost
      active: live
)";

model::Workspace load() {
    model::LoadInput input;
    input.workspace = {"entente.yaml", std::string(entente_yaml)};
    input.catalog.assign(model::shipped_catalog().begin(), model::shipped_catalog().end());
    input.overlay = {{"catalog/connectors/odd/connector.yaml", std::string(odd_connector)},
                     {"catalog/connectors/odd/things.yaml", std::string(odd_things)},
                     {"catalog/connectors/linked/connector.yaml", std::string(linked_connector)},
                     {"catalog/connectors/linked/things.yaml", std::string(plain_things)},
                     {"catalog/connectors/counted/connector.yaml", std::string(counted_connector)},
                     {"catalog/connectors/counted/things.yaml", std::string(plain_things)}};
    input.is_set = [](const model::SecretRef&) { return true; };
    model::LoadResult loaded = model::load(input);
    for (const auto& diagnostic : loaded.diagnostics) {
        CHECK(diagnostic.severity != model::Diagnostic::Severity::error, diagnostic.text());
    }
    return *std::move(loaded.workspace);
}

}  // namespace

const Wire& Wire::shared() {
    static const Wire wire;
    return wire;
}

Wire::Wire() : workspace_(load()) {
    for (std::size_t i = 0; i < workspace_.systems.size(); ++i) {
        std::map<std::string, std::string> secrets;
        for (const auto& [name, reference] : workspace_.systems[i].secrets) {
            secrets[name] = std::string(secret);
        }
        const SystemIndex system{static_cast<std::int32_t>(i)};
        auto connector = connect::RestConnector::open(workspace_, system, secrets);
        CHECK(connector.has_value(), connector ? "" : connector.error().message());
        connectors_.push_back(*std::move(connector));
    }
}

Choice take_choice_of_call(const Wire& wire, std::string_view& rest) {
    const auto& systems = wire.workspace().systems;
    const SystemIndex system{static_cast<std::int32_t>(take_choice(rest, systems.size()))};
    const auto& resources = systems[system.at()].resources;
    const ResourceIndex resource = resources[take_choice(rest, resources.size())];
    constexpr std::size_t kinds = 6;
    return {system, resource, static_cast<CallKind>(take_choice(rest, kinds))};
}

sync::Call call_of(const Wire& wire, const Choice& choice, std::string_view text) {
    const std::string value(text);
    const model::Resource& resource = wire.workspace().resource(choice.resource);
    Value body = Value::object();
    body.set("text", value);
    switch (choice.kind) {
        case CallKind::list:
            return sync::ListCall{choice.resource, Instant{1'795'219'200'000}, value};
        case CallKind::read:
            return sync::ReadCall{choice.resource, value};
        case CallKind::search: {
            sync::SearchCall search{choice.resource, {}};
            for (const model::SearchField& field : resource.search) {
                search.equals.emplace_back(field.path, Value(value));
            }
            return search;
        }
        case CallKind::create:
            return sync::CreateCall{choice.resource, std::move(body), value};
        case CallKind::update:
            return sync::UpdateCall{choice.resource, value, std::move(body), value};
        case CallKind::rights:
            return sync::RightsCall{choice.resource};
    }
    std::unreachable();
}

}  // namespace entente::fuzz
