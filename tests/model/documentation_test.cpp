// docs/CONFIGURATION.md is true: every YAML block in it loads.
#include <fstream>
#include <sstream>

#include "loading.hpp"

namespace entente::model {
namespace {

std::vector<std::string> yaml_blocks() {
    std::ifstream file(ENTENTE_SOURCE_DIR "/docs/CONFIGURATION.md");
    std::stringstream content;
    content << file.rdbuf();
    const std::string text = content.str();
    const std::string open = "```yaml\n";
    std::vector<std::string> blocks;
    for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
        at += open.size();
        const std::size_t end = text.find("```", at);
        blocks.push_back(text.substr(at, end - at));
        at = end;
    }
    return blocks;
}

TEST(Documentation, every_example_loads) {
    const std::vector<std::string> blocks = yaml_blocks();
    ASSERT_EQ(blocks.size(), 13u);
    const std::string connectors = "catalog/connectors/";

    const LoadResult workspace = load_text(blocks[0]);
    EXPECT_TRUE(workspace.workspace.has_value()) << all_text(workspace.diagnostics);
    const LoadResult flows = load_text(with(blocks[0], "flows: derived\n", blocks[1]));
    EXPECT_TRUE(flows.workspace.has_value()) << all_text(flows.diagnostics);

    const LoadResult custom_field =
        load_text(blocks[0], {{"catalog/models/product.yaml", blocks[2]},
                              {connectors + "custom-erp/products.yaml", blocks[3]}});
    EXPECT_TRUE(custom_field.workspace.has_value()) << all_text(custom_field.diagnostics);

    // The connector of the example has other hosts than the workspace's: only the catalogue counts.
    const LoadResult catalog =
        load_text("workspace: w\nsystems: {S: {connector: custom-webshop}}\n",
                  {{"catalog/models/order.yaml", blocks[4]},
                   {"catalog/models/organisation.yaml", blocks[5]},
                   {connectors + "custom-erp/connector.yaml", blocks[6]},
                   {connectors + "ledger/connector.yaml", blocks[7]},
                   {connectors + "exact-online/connector.yaml", blocks[8]},
                   {connectors + "custom-webshop/orders.yaml", blocks[9]},
                   {connectors + "exact-online/sales-order-lines.yaml", blocks[10]},
                   {connectors + "exact-online/sales-orders.yaml", blocks[11]},
                   {connectors + "custom-erp/order-lines.yaml", blocks[12]}});
    EXPECT_TRUE(catalog.workspace.has_value()) << all_text(catalog.diagnostics);
}

}  // namespace
}  // namespace entente::model
