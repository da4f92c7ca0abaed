#include "model/loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>

#include "model/load_catalog.hpp"
#include "model/load_flows.hpp"
#include "model/load_system.hpp"

namespace entente::model {
namespace {

constexpr std::string_view default_store = "state/entente.db";

bool is_time_zone(std::string_view name) {
    const bool is_clean = std::ranges::all_of(name, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("/_+-").contains(c);
    });
    return is_clean && (name == "UTC" ||
                        (name.contains('/') && !name.starts_with('/') && !name.ends_with('/')));
}

bool is_country(std::string_view code) {
    return code.size() == 2 &&
           std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

void read_basics(MapReader& map, Workspace& workspace, Reporter& report) {
    workspace.name = map.text("workspace").value_or("");
    map.demand("workspace", "workspace: NAME");
    workspace.store_path = map.text("store").value_or(std::string(default_store));
    if (workspace.store_path.empty() || workspace.store_path.contains("://")) {
        report.error(map.at("store"), "`store` is no path of a file",
                     fmt::format("write {}", default_store));
    }
    const auto zone = map.text("timezone");
    if (zone && !is_time_zone(*zone)) {
        report.error(map.at("timezone"), fmt::format("'{}' is no time zone", *zone),
                     "write one like Europe/Amsterdam, or UTC");
    }
    workspace.country = map.text("country").value_or("");
    if (!workspace.country.empty() && !is_country(workspace.country)) {
        report.error(map.at("country"), fmt::format("'{}' is no country code", workspace.country),
                     "write two capital letters: NL");
    }
}

void load_workspace(const yaml::Node& file, const LoadInput& input, const Catalog& catalog,
                    Workspace& workspace, Reporter& report) {
    MapReader map(file, "workspace", report);
    read_basics(map, workspace, report);
    workspace.models = catalog.models;
    map.demand("systems", "systems: {NAME: {connector: ...}}");
    if (const yaml::Node* systems = map.take("systems")) {
        load_systems(*systems, {catalog, input.is_set}, workspace, report);
    }
    load_flows(map.take("flows"), map.at("systems"), workspace, report);
    const yaml::Node* conflicts = map.take("conflicts");
    load_policies(conflicts, map.take("properties"), workspace, report);
    map.finish();
}

// Of all texts but those of connectors that no system has. Another digest says that anything may be different.
Digest configuration_of(const LoadInput& input, const Workspace& workspace) {
    const auto is_used = [&](const SourceFile& file) {
        constexpr std::string_view folder = "connectors/";
        const std::size_t at = file.path.find(folder);
        return at == std::string::npos ||
               std::ranges::any_of(workspace.systems, [&](const System& system) {
                   return file.path.substr(at + folder.size()).starts_with(system.connector + '/');
               });
    };
    Digest digest = digest_of(input.workspace.text);
    for (const auto* files : {&input.catalog, &input.overlay})
        for (const SourceFile& file : *files)
            if (is_used(file)) digest = digest_of(file.path + '\n' + file.text, digest.low);
    return digest;
}

}  // namespace

LoadResult load(const LoadInput& input) {
    LoadResult result;
    const Catalog catalog = load_catalog(input.catalog, input.overlay, result.diagnostics);
    Reporter report(result.diagnostics);
    Workspace workspace;
    if (const auto file = yaml::parse(input.workspace, result.diagnostics)) {
        load_workspace(*file, input, catalog, workspace, report);
    }
    // As a person reads: the workspace first, then file by file from the top.
    std::ranges::stable_sort(result.diagnostics, {}, [&](const Diagnostic& diagnostic) {
        const Mark& at = diagnostic.at;
        return std::tuple(at.file != input.workspace.path, std::string_view(at.file), at.line,
                          at.column);
    });
    workspace.configuration = configuration_of(input, workspace);
    if (!has_errors(result.diagnostics)) result.workspace = std::move(workspace);
    return result;
}

}  // namespace entente::model
