// The files of the catalogue -> Catalog: overlay laid over the shipped files, models and connectors
// read and checked. For model, and for report's import, which looks names up in it.
#pragma once

#include <span>

#include "model/definition.hpp"
#include "model/loader.hpp"

namespace entente::model {

Catalog load_catalog(std::span<const SourceFile> shipped, std::span<const SourceFile> overlay,
                     Diagnostics& diagnostics);

}  // namespace entente::model
