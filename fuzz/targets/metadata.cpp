// Any bytes as the $metadata of an OData service: refused, or drafted into a workspace that loads.
#include "model/metadata.hpp"

#include <string>

#include "report/discover.hpp"
#include "targets/input.hpp"
#include "targets/loading.hpp"

namespace entente::fuzz {
namespace {

void check_types(const model::Metadata& metadata) {
    for (const model::MetadataSet& set : metadata.sets) {
        const model::MetadataType* type = metadata.find_records(set.name);
        if (!type) continue;
        const auto properties = metadata.properties_of(*type);
        CHECK(properties.size() >= type->properties.size(), "a type keeps its own properties");
        for (const std::string& part : metadata.key_of(*type))
            CHECK(!part.empty(), "a part of a key has a name");
    }
}

}  // namespace

void fuzz_metadata(Bytes input) {
    auto metadata = model::read_metadata(text_of(input));
    if (!metadata) return check_message(metadata.error().message());
    check_types(*metadata);
    const report::Discovered made = report::draft_of({.url = "https://depot.example/odata",
                                                      .host = "depot.example",
                                                      .system = "Depot",
                                                      .metadata = *std::move(metadata),
                                                      .header = "X-Key",
                                                      .variable = "DEPOT_LOGIN",
                                                      .catalog = model::shipped_catalog()});
    model::LoadInput load{.workspace = made.files.front()};
    const auto shipped = model::shipped_catalog();
    load.catalog.assign(shipped.begin(), shipped.end());
    load.overlay.assign(made.files.begin() + 1, made.files.end());
    const model::LoadResult loaded = model::load(load);
    CHECK(loaded.workspace.has_value(), "a draft loads");
    check_loaded(loaded, made.files.front().text);
}

}  // namespace entente::fuzz
