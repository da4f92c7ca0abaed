// Any bytes as entente.yaml over the shipped catalogue: a workspace that can be used, or errors
// with their places.
#include <algorithm>

#include "targets/input.hpp"
#include "targets/loading.hpp"

namespace entente::fuzz {

void fuzz_workspace(Bytes input) {
    const std::string_view text = text_of(input);
    model::LoadInput load;
    load.workspace = {"entente.yaml", std::string(text)};
    // The models, and those connectors that the text may name: reading the others takes most of the
    // time and changes nothing.
    for (const model::SourceFile& file : model::shipped_catalog()) {
        constexpr std::string_view connectors = "connectors/";
        const std::size_t at = file.path.find(connectors);
        if (at != std::string::npos) {
            const std::string_view rest =
                std::string_view(file.path).substr(at + connectors.size());
            if (!text.contains(rest.substr(0, rest.find('/')))) continue;
        }
        load.catalog.push_back(file);
    }
    load.is_set = [](const model::SecretRef& secret) { return secret.name.size() % 2 == 0; };
    check_loaded(model::load(load), text);
}

}  // namespace entente::fuzz
