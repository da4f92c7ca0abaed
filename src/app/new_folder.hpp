// A folder that a command makes as a whole: it is written aside and moved into place, so that a
// failure or a crash leaves nothing half written. For `entente import` and `entente init`.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/error.hpp"
#include "model/loader.hpp"

namespace entente::app {

// bad_input: there is something already that is no empty folder.
Result<void> require_new_folder(const std::filesystem::path& path);

// Requires: the files' paths are relative and stay below the folder; entente.yaml is among them.
// Ensures: all of them are there, private to their owner, or none is and the folder is as it was.
// entente.yaml comes last: a folder without it is no workspace. bad_input: as above, or it cannot be
// written.
Result<void> write_new_folder(const std::filesystem::path& path,
                              std::span<const model::SourceFile> files);

}  // namespace entente::app
