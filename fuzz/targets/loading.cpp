#include "targets/loading.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "base/text.hpp"
#include "connect/rest_connector.hpp"
#include "model/describe.hpp"
#include "targets/input.hpp"

namespace entente::fuzz {
namespace {

void check_systems(const model::Workspace& workspace) {
    for (std::size_t i = 0; i < workspace.systems.size(); ++i) {
        std::map<std::string, std::string> secrets;
        for (const auto& [name, reference] : workspace.systems[i].secrets) secrets[name] = "secret";
        const SystemIndex system{static_cast<std::int32_t>(i)};
        const auto connector = connect::RestConnector::open(workspace, system, secrets);
        if (!connector) check_message(connector.error().message());
    }
}

void check_indexes(const model::Workspace& workspace) {
    CHECK(workspace.policies.size() == workspace.models.size(), "every model has its policies");
    for (const model::Flow& flow : workspace.flows) {
        const auto& from = workspace.data_type(flow.from);
        const auto& to = workspace.data_type(flow.to);
        CHECK(from.model == to.model, "a flow joins data types of one model");
        CHECK(!(from.system == to.system), "a flow joins two systems");
    }
    for (const model::DataType& data_type : workspace.data_types) {
        const model::Model& model = workspace.model(data_type.model);
        CHECK(data_type.mapping_of.size() == model.properties.size(), "one mapping a property");
        CHECK(workspace.resource(data_type.resource).system == data_type.system,
              "a data type is of its resource's system");
    }
}

}  // namespace

void check_diagnostics(const model::Diagnostics& diagnostics, std::string_view input) {
    const auto lines = 1 + std::ranges::count(input, '\n');
    for (const model::Diagnostic& diagnostic : diagnostics) {
        CHECK(diagnostic.at.line > 0 && diagnostic.at.column > 0, "a diagnostic has a place");
        CHECK(diagnostic.at.file != "entente.yaml" || diagnostic.at.line <= lines + 1,
              "a diagnostic's line is in its file");
        CHECK(!diagnostic.what.empty(), "a diagnostic says something");
        check_message(diagnostic.text());
    }
}

void check_loaded(const model::LoadResult& loaded, std::string_view input) {
    check_diagnostics(loaded.diagnostics, input);
    CHECK(loaded.workspace.has_value() != has_errors(loaded.diagnostics),
          "either a workspace or errors");
    if (!loaded.workspace) return;
    check_indexes(*loaded.workspace);
    check_systems(*loaded.workspace);
    for (const std::string& line : model::describe(*loaded.workspace)) {
        CHECK(text::is_utf8(line), "a workspace is described in UTF-8");
    }
}

}  // namespace entente::fuzz
