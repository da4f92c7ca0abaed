// What the targets that load workspaces share. Inside fuzz only.
#pragma once

#include <string_view>

#include "model/loader.hpp"

namespace entente::fuzz {

// Every diagnostic says what is wrong at a place that there is in its file.
void check_diagnostics(const model::Diagnostics& diagnostics, std::string_view input);
// Either a workspace or errors; what was loaded can be described, and its systems opened.
void check_loaded(const model::LoadResult& loaded, std::string_view input);

}  // namespace entente::fuzz
