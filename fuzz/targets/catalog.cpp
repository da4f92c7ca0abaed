// Any text as a file of a workspace's own catalogue, laid over the shipped one: models, connectors
// and resources, shipped or new.
#include <array>

#include "targets/input.hpp"
#include "targets/loading.hpp"

namespace entente::fuzz {
namespace {

// The first character of an input, from '0', chooses among these. What is new is in use below.
constexpr std::array<std::string_view, 8> paths = {
    "catalog/connectors/shop/items.yaml",              // 0
    "catalog/connectors/shop/connector.yaml",          // 1
    "catalog/models/product.yaml",                     // 2
    "catalog/models/item.yaml",                        // 3
    "catalog/connectors/custom-erp/orders.yaml",       // 4
    "catalog/connectors/custom-erp/connector.yaml",    // 5
    "catalog/connectors/custom-erp/order-lines.yaml",  // 6
    "catalog/models/order.yaml",                       // 7
};

constexpr std::string_view workspace = R"(workspace: acme
systems:
  ERP:
    connector: custom-erp
    base_url: https://erp.example
    auth: {token: "${TOKEN}"}
  Shop:
    connector: shop
    base_url: https://shop.example
)";

constexpr std::string_view shop = R"(connector: shop
protocol: rest
list: {rows: [items]}
paging: {kind: page, page: page, size: size, max: 10}
modified: {property: changed, filter: since}
errors: {message: message}
)";

bool is_in_use(std::string_view path) {
    return path.contains("models/") || path.contains("connectors/custom-erp/");
}

}  // namespace

void fuzz_catalog(Bytes input) {
    std::string_view text = text_of(input);
    const std::string_view path = paths[take_choice(text, paths.size())];
    model::LoadInput load;
    load.workspace = {"entente.yaml", std::string(workspace)};
    for (const model::SourceFile& file : model::shipped_catalog()) {
        if (is_in_use(file.path)) load.catalog.push_back(file);
    }
    if (path != paths[1]) load.overlay.push_back({std::string(paths[1]), std::string(shop)});
    load.overlay.push_back({std::string(path), std::string(text)});
    load.is_set = [](const model::SecretRef&) { return true; };
    check_loaded(model::load(load), workspace);
}

}  // namespace entente::fuzz
