// YAML in, Workspace out. Pure: files come as text, the environment as a question. Reports every semantic error of every
// file at once, each with file, line and column; a syntax error ends its own file. The grammar is docs/CONFIGURATION.md.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/workspace.hpp"

namespace entente::model {

struct SourceFile {
    std::string path;  // "entente.yaml", "catalog/models/order.yaml": also what diagnostics print
    std::string text;
};

struct LoadResult {
    std::optional<Workspace>
        workspace;  // set when there is no error; things to fill in do not prevent it
    Diagnostics diagnostics;
};

struct LoadInput {
    SourceFile workspace;             // entente.yaml
    std::vector<SourceFile> catalog;  // shipped files: models/*.yaml, connectors/*/*.yaml
    std::vector<SourceFile>
        overlay;  // the workspace's own catalog/, laid over the shipped one key by key (null removes)
    std::function<bool(const SecretRef&)>
        is_set;  // whether a secret can be read now; unset ones are "to fill in"
};

LoadResult load(const LoadInput& input);

// The catalogue compiled into the binary.
std::span<const SourceFile> shipped_catalog();

}  // namespace entente::model
