#include "model/load_catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/load_connector.hpp"
#include "model/load_model.hpp"
#include "model/load_resource.hpp"
#include "model/overlay.hpp"

namespace entente::model {
namespace {

constexpr std::string_view models_folder = "models/";
constexpr std::string_view connectors_folder = "connectors/";
constexpr std::string_view connector_file = "connector.yaml";

// "catalog/models/order.yaml" -> "models/order.yaml": what the shipped file and its overlay have in
// common.
std::string key_of(std::string_view path) {
    for (const std::string_view folder : {models_folder, connectors_folder}) {
        const std::size_t at = path.rfind(folder);
        const bool is_folder = at == 0 || (at != std::string_view::npos && path[at - 1] == '/');
        const auto depth = folder == models_folder ? 1 : 2;
        if (is_folder && std::ranges::count(path.substr(at), '/') == depth) {
            return std::string(path.substr(at));
        }
    }
    return {};
}

// "models/order.yaml" -> "order"
std::string stem_of(std::string_view key) {
    const std::string_view file = key.substr(key.rfind('/') + 1);
    return std::string(file.substr(0, file.rfind('.')));
}

// "connectors/custom-erp/orders.yaml" -> "custom-erp"
std::string connector_of(std::string_view key) {
    key.remove_prefix(connectors_folder.size());
    return std::string(key.substr(0, key.find('/')));
}

// One file of the catalogue. Without a tree it could not be read, which has been reported.
struct CatalogFile {
    std::string path;
    std::optional<yaml::Node> tree;
};
using CatalogFiles = std::map<std::string, CatalogFile>;

void read_files(std::span<const SourceFile> shipped, std::span<const SourceFile> overlay,
                CatalogFiles& files, Diagnostics& diagnostics) {
    Reporter report(diagnostics);
    const auto key_or_report = [&](const SourceFile& file) {
        std::string key = key_of(file.path);
        if (key.empty()) {
            report.error({file.path, 1, 1}, "this is no file of a catalogue",
                         "name it models/MODEL.yaml or connectors/CONNECTOR/RESOURCE.yaml");
        }
        return key;
    };
    for (SourceFile file : shipped) {
        const std::string key = key_or_report(file);
        if (key.empty()) continue;
        // Two files of one name: a person must see which of them is meant.
        if (std::ranges::find(overlay, file.path, &SourceFile::path) != overlay.end()) {
            file.path += " (shipped)";
        }
        auto tree = yaml::parse(file, diagnostics);
        files[key] = {std::move(file.path), std::move(tree)};
    }
    for (const SourceFile& file : overlay) {
        const std::string key = key_or_report(file);
        if (key.empty()) continue;
        auto tree = yaml::parse(file, diagnostics);
        const auto base = files.find(key);
        if (base == files.end()) {
            files[key] = {file.path, std::move(tree)};
        } else if (tree && base->second.tree) {
            lay_over(*base->second.tree, *std::move(tree), report);
        }
    }
}

void load_models(const CatalogFiles& files, Catalog& catalog, Reporter& report) {
    for (const auto& [key, file] : files) {
        if (!key.starts_with(models_folder) || !file.tree) continue;
        auto model = load_model(*file.tree, report);
        if (!model) continue;
        if (model->name != stem_of(key)) {
            report.error(model->at,
                         fmt::format("model '{}' stands in {}.yaml", model->name, stem_of(key)),
                         fmt::format("write `model: {}`, or rename the file", stem_of(key)));
        }
        catalog.models.push_back(*std::move(model));
    }
    check_models(catalog.models, report);
}

void load_resources(const CatalogFiles& files, const Catalog& catalog,
                    ConnectorDefinition& connector, Reporter& report) {
    const std::string folder = fmt::format("{}{}/", connectors_folder, connector.name);
    for (const auto& [key, file] : files) {
        if (!key.starts_with(folder) || key.ends_with(connector_file) || !file.tree) continue;
        auto resource = load_resource(*file.tree, connector, catalog.models, report);
        if (resource) connector.resources.push_back(*std::move(resource));
    }
}

void load_connectors(const CatalogFiles& files, Catalog& catalog, Reporter& report) {
    for (const auto& [key, file] : files) {
        if (!key.starts_with(connectors_folder)) continue;
        const std::string name = connector_of(key);
        const std::string main = fmt::format("{}{}/{}", connectors_folder, name, connector_file);
        if (!files.contains(main)) {
            report.error({file.path, 1, 1}, fmt::format("connector {} has no connector.yaml", name),
                         "write one beside this file, or correct the folder's name");
        }
        if (key != main) continue;
        auto connector = file.tree ? load_connector(*file.tree, report) : std::nullopt;
        if (!connector) {
            catalog.unreadable.push_back(name);
            continue;
        }
        if (connector->name != name) {
            report.error(connector->at,
                         fmt::format("connector '{}' stands in folder {}", connector->name, name),
                         fmt::format("write `connector: {}`, or rename the folder", name));
            connector->name = name;
        }
        load_resources(files, catalog, *connector, report);
        check_connector(*connector, catalog.models, report);
        catalog.connectors.push_back(*std::move(connector));
    }
}

}  // namespace

ModelIndex Catalog::find_model(std::string_view name) const {
    const auto model = std::ranges::find(models, name, &Model::name);
    if (model == models.end()) return ModelIndex::none();
    return {static_cast<std::int32_t>(model - models.begin())};
}

const ConnectorDefinition* Catalog::find_connector(std::string_view name) const {
    const auto connector = std::ranges::find(connectors, name, &ConnectorDefinition::name);
    return connector == connectors.end() ? nullptr : &*connector;
}

Catalog load_catalog(std::span<const SourceFile> shipped, std::span<const SourceFile> overlay,
                     Diagnostics& diagnostics) {
    CatalogFiles files;
    read_files(shipped, overlay, files, diagnostics);
    Reporter report(diagnostics);
    Catalog catalog;
    load_models(files, catalog, report);
    load_connectors(files, catalog, report);
    return catalog;
}

}  // namespace entente::model
