#include "report/discover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/load_catalog.hpp"
#include "report/discover_resource.hpp"
#include "report/import_names.hpp"

namespace entente::report {
namespace {

bool has_version(const model::Metadata& metadata) {
    const bool of_sets = std::ranges::any_of(metadata.sets, &model::MetadataSet::has_version);
    return of_sets || std::ranges::any_of(metadata.types, [](const auto& named) {
               return std::ranges::any_of(named.second.properties,
                                          &model::MetadataProperty::is_version);
           });
}

std::string connector_text(const DiscoverInput& input, const std::string& connector) {
    const bool is_v2 = input.metadata.version == "1.0";
    std::string out = fmt::format(
        "# A draft made of $metadata of {}.\n"
        "# What a person must decide is said in comments; docs/CONNECTORS.md shows how.\n"
        "connector: {}\ncalled: [{}]\nprotocol: {}\nhosts: [{}]\n"
        "# Nothing runs before entente.yaml says `settings: {{reviewed: yes}}`; remove this when "
        "all "
        "is filled in.\n"
        "settings: {{reviewed: {{type: text, required: true}}}}\n",
        one_line(input.url), yaml_text(connector), yaml_text(input.system),
        is_v2 ? "odata-v2" : "odata-v4", yaml_text(input.host));
    out += input.header.empty()
               ? "# fill in: the header that carries the login, if there is one.\n"
                 "# auth: {header: Authorization, value: \"Bearer {token}\", needs: [token]}\n"
               : fmt::format("auth: {{header: {}, value: \"{{login}}\", needs: [login]}}\n",
                             yaml_text(input.header));
    out += has_version(input.metadata)
               ? "# Its records have versions: a write names the one that it was made upon.\n"
                 "version: {precondition: If-Match}\n"
               : "# fill in: whether its records show versions that a write can name.\n"
                 "# version: {precondition: If-Match}\n";
    return out +
           "# fill in: where a record says when it changed. Without it every poll reads "
           "everything.\n"
           "# modified: {property: PROPERTY, granularity: 1ms, overlap: 1min}\n"
           "# fill in: what it writes for no value, if it knows no null.\n"
           "# blanks: {text: \"\"}\n"
           "# fill in: how often it may be called.\n"
           "# budget: {requests: 600, per: 1min, concurrent: 4}\n";
}

std::string workspace_text(const DiscoverInput& input, const std::string& connector) {
    std::set<std::string> taken;
    const std::string name = system_name(input.system, taken);
    std::string out = fmt::format(
        "# A workspace with one system, whose connector is a draft: catalog/connectors/{1}.\n"
        "# `entente check` says what is still to be filled in; with --live it tests the "
        "connector.\n"
        "workspace: {2}\n"
        "systems:\n  {0}:\n    connector: {1}\n"
        "    # The connector is a draft: complete it, then say so here.\n"
        "    # settings: {{reviewed: yes}}\n"
        "    base_url: {3}\n",
        name, connector, yaml_text(connector), yaml_text(input.url));
    if (!input.header.empty()) {
        out += fmt::format("    auth: {{login: \"${{{}}}\"}}\n", input.variable);
    }
    return out +
           "  # Next: the system that it is to agree with.\n"
           "flows: derived\nconflicts: latest\n";
}

}  // namespace

Discovered draft_of(const DiscoverInput& input) {
    model::Diagnostics ignored;  // the shipped catalogue has its own tests
    const model::Catalog catalog = model::load_catalog(input.catalog, {}, ignored);
    // A draft under a shipped name would be laid over it.
    std::set<std::string> taken;
    for (const auto& known : catalog.connectors) taken.insert(known.name);
    Discovered made;
    made.connector = slug(input.system, taken);
    const std::string folder = fmt::format("catalog/connectors/{}/", made.connector);
    made.files.push_back({"entente.yaml", workspace_text(input, made.connector)});
    made.files.push_back({folder + "connector.yaml", connector_text(input, made.connector)});
    std::set<std::string> names{"connector"};
    for (const model::MetadataSet& set : input.metadata.sets) {
        if (!is_identifier(set.name)) continue;
        ResourceDraft draft = draft_resource(input.metadata, set, catalog);
        made.files.push_back({folder + slug(set.name, names) + ".yaml", std::move(draft.text)});
        ++made.resources;
        made.mapped += draft.has_data_type ? 1 : 0;
    }
    return made;
}

}  // namespace entente::report
